//! Pushed authorization requests (RFC 9126).

use serde_json::json;

use super::*;

const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c";

fn pushing(more: &Value, status: u16, body: Value) -> ScriptedServer {
    let mut members = json!({"pushed_authorization_request_endpoint": "/par"});
    let all = members.as_object_mut().unwrap();
    all.extend(more.as_object().unwrap().clone());
    let scripted = AuthorizationServerScript {
        other: Box::new(move |received| match received.path.as_str() {
            "/par" => ScriptedResponse::json(status, &body),
            _ => ScriptedResponse::json(404, &json!({})),
        }),
        ..scripted(members)
    };
    scripted.serve()
}

#[test]
fn rfc9126_4_browser_gets_only_client_and_reference() {
    let body = json!({"request_uri": REQUEST_URI, "expires_in": 60});
    for required in [true, false] {
        let more = json!({"require_pushed_authorization_requests": required});
        let server = pushing(&more, 201, body.clone());
        let mut home = TestHome::new();
        home.set("BRAINMAPS_CLIENT_SECRET", "client-c4n4ry");
        let login = Login::start(&home, &server);
        assert_eq!(login.event["open_within"], 60);
        let pairs: Vec<_> = login.url.query_pairs().into_owned().collect();
        let expected = [("client_id", "native"), ("request_uri", REQUEST_URI)];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs, expected);
        let pushed = forms(&server, "/par").swap_remove(0);
        assert_eq!(pushed["response_type"], "code");
        assert_eq!(pushed["redirect_uri"], login.redirect_uri.as_str());
        assert_eq!(pushed["scope"], "openid");
        assert_eq!(pushed["client_secret"], "client-c4n4ry");
        login.redirect(&format!("code={CODE}&state={}", pushed["state"]));
        login.wait().expect(0);
    }
}

#[test]
fn rfc9126_5_required_endpoint_must_be_listed() {
    let server = server(json!({"require_pushed_authorization_requests": true}));
    let home = TestHome::new();
    let done = home.run(&arguments(&server, &["--browser", "--no-browser"]));
    let done = done.expect(2);
    assert!(
        done.stdout.contains("pushed authorization request"),
        "{done}"
    );
    assert!(!done.stderr.contains("authorization_url"), "{done}");
}

#[test]
fn rfc9126_2_3_error_of_a_pushed_request_ends_the_login_before_the_page() {
    let body = json!({"error": "invalid_scope", "error_description": "no such scope"});
    let server = pushing(&json!({}), 400, body);
    let home = TestHome::new();
    let done = home.run(&arguments(&server, &["--browser", "--no-browser"]));
    let done = done.expect(8);
    assert!(done.stdout.contains("no such scope"), "{done}");
    assert!(done.stdout.contains("check --scope"), "{done}");
    assert!(!done.stderr.contains("authorization_url"), "{done}");
}

#[test]
fn rejected_optional_push_falls_back_to_a_plain_request() {
    let server = pushing(&json!({}), 401, json!({"error": "unauthorized_client"}));
    let home = TestHome::new();
    let login = Login::start(&home, &server);
    assert_eq!(login.parameter("response_type"), "code");
    login.approve("");
    let done = login.wait().expect(0);
    assert!(done.stderr.contains("warning: "), "{done}");
}
