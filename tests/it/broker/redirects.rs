//! Redirects are not followed.

use super::{Proxy, home_with_key};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};

#[test]
fn redirects_are_passed_on_and_below_the_base_url_lead_through_the_proxy() {
    let other = super::service();
    let elsewhere = format!("{}/x", other.url);
    let server = ScriptedServer::start({
        let elsewhere = elsewhere.clone();
        move |received, url| match received.path.as_str() {
            "/v1/absolute" => ScriptedResponse::redirect(301, &format!("{url}/v1/new?a=1")),
            "/v1/relative" => ScriptedResponse::redirect(307, "new"),
            "/v1/outside" => ScriptedResponse::redirect(302, "/v2/new"),
            _ => ScriptedResponse::redirect(308, &elsewhere),
        }
    });
    let home = home_with_key(&format!("{}/v1", server.url));
    let proxy = Proxy::start(&home, &[]);
    let path = proxy.path.to_lowercase();
    for (requested, status, expected) in [
        ("/absolute", 301, format!("{path}/new?a=1")),
        ("/relative", 307, format!("{path}/new")),
        ("/outside", 302, format!("{}/v2/new", server.url)),
        ("/other", 308, elsewhere),
    ] {
        let reply = proxy.get(requested);
        assert_eq!(reply.status, status, "{reply:?}");
        assert_eq!(reply.header("location"), Some(&*expected), "{requested}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    }
    assert_eq!(server.received().len(), 4);
    assert!(other.received().is_empty());
}
