//! The authorization code flow: requests, the pages, the code grant, pushed requests.

mod code_grant;
mod pages;
mod pushed_requests;
mod requests;

use std::collections::HashMap;

use brainmaps_sandbox::State;
use url::Url;

use super::fixture::{CHALLENGE, Fixture, SERVICES, TestResponse, VERIFIER};

pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:41231/callback";
pub(crate) const CLIENT_ID: &str = SERVICES[0].1;

/// Returns the parameters of a valid authorization request of the public client.
pub(crate) fn parameters() -> HashMap<&'static str, &'static str> {
    HashMap::from([
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid offline_access brains:read"),
        ("state", "s+t/ä&te"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// Returns [`parameters`] with these changes; an empty value removes a parameter.
pub(crate) fn changed_parameters(
    changes: &[(&'static str, &'static str)],
) -> HashMap<&'static str, &'static str> {
    let mut parameters = parameters();
    parameters.extend(changes.iter().copied());
    parameters.retain(|_, value| !value.is_empty());
    parameters
}

pub(crate) fn url(parameters: &HashMap<&str, &str>) -> String {
    let query = serde_urlencoded::to_string(parameters).unwrap();
    format!("/oauth2/authorize?{query}")
}

/// Returns a sandbox that approves every request.
pub(crate) fn approving() -> Fixture {
    Fixture::with(State::Memory, |settings| settings.auto_approve = true)
}

/// Returns the parameters of the redirect to `target`; fails if the response redirects elsewhere.
fn authorization_response(reply: &TestResponse, target: &str) -> HashMap<String, String> {
    assert_eq!(reply.status, 303, "{reply:?}");
    let location = Url::parse(reply.header("location")).unwrap();
    let (base, _) = location.as_str().split_once('?').unwrap();
    assert_eq!(base, target);
    location.query_pairs().into_owned().collect()
}

/// Approves a request and returns the code.
pub(crate) async fn code(fixture: &Fixture, parameters: &HashMap<&str, &str>) -> String {
    let reply = fixture.get(&url(parameters), "").await;
    authorization_response(&reply, parameters["redirect_uri"])["code"].clone()
}

/// Exchanges the code for tokens, with these changes of the parameters; an empty value removes one.
pub(crate) async fn redeem(
    fixture: &Fixture,
    code: &str,
    changes: &[(&'static str, &'static str)],
) -> TestResponse {
    let mut fields = HashMap::from([
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("code", code),
    ]);
    fields.extend(changes.iter().copied());
    fields.retain(|_, value| !value.is_empty());
    let fields: Vec<_> = fields.into_iter().collect();
    fixture.form("/oauth2/token", &fields).await
}
