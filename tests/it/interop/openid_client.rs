//! npm `openid-client`, an OpenID-certified client, against `brainmaps sandbox serve`.

use serde_json::{Value, json};

use crate::support::{
    peer::{Peer, can_run_peers},
    sandbox::{CLIENT_ID, Sandbox},
    test_home::TestHome,
};

struct ClientFixture {
    home: TestHome,
    sandbox: Sandbox,
    client: Peer,
}

impl ClientFixture {
    fn new(more: &[&str]) -> Self {
        Self::with_options(
            more,
            &json!({ "client_id": CLIENT_ID, "scope": "openid offline_access" }),
        )
    }

    fn with_options(more: &[&str], options: &Value) -> Self {
        let home = TestHome::new();
        let sandbox = Sandbox::start(&home, more);
        let mut options = options.clone();
        options["issuer"] = sandbox.url.as_str().into();
        let client = Peer::start("openid-client.mjs", &options, home.record());
        Self {
            home,
            sandbox,
            client,
        }
    }

    fn ask(&self, what: &str) -> Value {
        self.client.ask(&json!({ "do": what }))
    }

    /// Starts a login; the demo account decides on it.
    fn start_and(&self, decision: &str) {
        let shown = self.ask("start");
        let code = shown["user_code"].as_str().unwrap();
        self.home.run(&["sandbox", decision, code]).expect(0);
    }

    fn status_of_who_am_i(&self) -> Value {
        let url = format!("{}/api/auth/me/", self.sandbox.url);
        self.client.ask(&json!({ "do": "use", "url": url }))["status"].clone()
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_third_party_client_logs_in_refreshes_and_revokes() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let meeting = ClientFixture::new(&["--interval", "1"]);
    let metadata = &meeting.client.ready["metadata"];
    assert_eq!(metadata["issuer"], meeting.sandbox.url);
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        json!(["S256"])
    );

    meeting.start_and("approve");
    let grant = meeting.ask("finish");
    assert_eq!(
        grant["token_type"].as_str().unwrap().to_lowercase(),
        "bearer",
        "{grant}"
    );
    assert!(grant["expires_in"].as_i64().unwrap() > 0, "{grant}");
    assert_eq!(meeting.status_of_who_am_i(), 200);

    let refreshed = meeting.ask("refresh");
    assert_eq!(refreshed["rotated"], true, "{refreshed}");
    assert_eq!(meeting.status_of_who_am_i(), 200);

    meeting.ask("revoke");
    assert_eq!(meeting.ask("refresh")["refused"], "invalid_grant");
    assert_eq!(
        meeting.status_of_who_am_i(),
        401,
        "the access token of the family is revoked, too"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_wrong_or_missing_verifier_is_rejected() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let meeting = ClientFixture::new(&["--interval", "1"]);
    for kind in ["wrong", "missing"] {
        meeting.start_and("approve");
        let response = meeting
            .client
            .ask(&json!({ "do": "finish", "verifier": kind }));
        assert_eq!(response["refused"], "invalid_grant", "{kind}: {response}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_denied_request_is_reported_as_access_denied() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let meeting = ClientFixture::new(&["--interval", "1"]);
    meeting.start_and("deny");
    assert_eq!(meeting.ask("finish")["refused"], "access_denied");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_token_used_twice_ends_the_whole_family() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let meeting = ClientFixture::new(&["--interval", "1"]);
    meeting.start_and("approve");
    meeting.ask("finish");
    meeting.ask("refresh");
    assert_eq!(meeting.ask("refresh_again")["refused"], "invalid_grant");
    assert_eq!(
        meeting.ask("refresh")["refused"],
        "invalid_grant",
        "the newer refresh token is revoked, too"
    );
    assert_eq!(meeting.status_of_who_am_i(), 401);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn default_discovery_and_the_code_flow_with_openid_connect_work() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let options = json!({ "client_id": CLIENT_ID, "scope": "openid email offline_access" });
    let meeting = ClientFixture::with_options(&["--auto-approve", "--memory"], &options);
    let metadata = &meeting.client.ready["metadata"];
    assert_eq!(metadata["response_types_supported"], json!(["code"]));
    for pushed in [false, true] {
        let request = json!({
            "do": "authorize", "redirect_uri": "http://127.0.0.1:41231/callback", "pushed": pushed
        });
        let result = meeting.client.ask(&request);
        assert_eq!(result["claims"]["aud"], CLIENT_ID, "{result}");
        assert_eq!(result["claims"]["iss"], meeting.sandbox.url, "{result}");
        assert_eq!(result["userinfo"]["email"], "demo@brainmaps.test");
        assert_eq!(meeting.status_of_who_am_i(), 200);
    }
    assert_eq!(meeting.ask("refresh")["rotated"], true);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn discovery_by_rfc_8414_works() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let options = json!({ "client_id": CLIENT_ID, "scope": "brains:read", "algorithm": "oauth2" });
    let meeting = ClientFixture::with_options(&["--auto-approve", "--memory"], &options);
    let request = json!({
        "do": "authorize", "redirect_uri": "http://[::1]:41231/", "pushed": false
    });
    let result = meeting.client.ask(&request);
    assert_eq!(result["scope"], "brains:read", "{result}");
    assert_eq!(result["claims"], Value::Null);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_response_with_another_issuer_or_state_is_rejected_by_the_client() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    for (fault, parameter) in [
        ("authorize=set:iss=https://example.org", "iss"),
        ("authorize=without:iss", "iss"),
        ("authorize=set:state=x", "state"),
    ] {
        let options = json!({ "client_id": CLIENT_ID, "scope": "openid" });
        let arguments = ["--auto-approve", "--memory", "--fault", fault];
        let meeting = ClientFixture::with_options(&arguments, &options);
        let request = json!({
            "do": "authorize", "redirect_uri": "http://127.0.0.1:1/callback", "pushed": false
        });
        let result = meeting.client.ask(&request);
        let reason = result["rejected"].as_str().unwrap_or_default();
        assert!(reason.contains(parameter), "{fault}: {result}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_confidential_client_uses_its_credentials_and_introspects() {
    if !can_run_peers("openid_client", false) {
        return;
    }
    let options = json!({
        "client_id": "sandbox-service", "secret": "sandbox-service-secret", "scope": "brains:read"
    });
    let meeting = ClientFixture::with_options(&["--memory"], &options);
    let grant = meeting.ask("client_credentials");
    assert_eq!(grant["scope"], "brains:read", "{grant}");
    let facts = meeting.ask("introspect");
    assert_eq!(facts["active"], true, "{facts}");
    assert_eq!(facts["sub"], "sandbox-service", "{facts}");
}
