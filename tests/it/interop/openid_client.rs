//! npm `openid-client`, an OpenID-certified client, against `brainmaps sandbox serve`.

use serde_json::{Value, json};

use crate::support::{
    peer::{Peer, available},
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
        let home = TestHome::new();
        let sandbox = Sandbox::start(&home, more);
        let options = json!({ "issuer": sandbox.url, "client_id": CLIENT_ID, "scope": "openid offline_access" });
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
    if !available("openid_client", false) {
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

    let renewed = meeting.ask("refresh");
    assert_eq!(renewed["rotated"], true, "{renewed}");
    assert_eq!(meeting.status_of_who_am_i(), 200);

    meeting.ask("revoke");
    assert_eq!(meeting.ask("refresh")["refused"], "invalid_grant");
    assert_eq!(
        meeting.status_of_who_am_i(),
        401,
        "the access token of the family is dead as well"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_wrong_or_missing_verifier_is_rejected() {
    if !available("openid_client", false) {
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
    if !available("openid_client", false) {
        return;
    }
    let meeting = ClientFixture::new(&["--interval", "1"]);
    meeting.start_and("deny");
    assert_eq!(meeting.ask("finish")["refused"], "access_denied");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_token_used_twice_ends_the_whole_family() {
    if !available("openid_client", false) {
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
        "the newer refresh token is dead too"
    );
    assert_eq!(meeting.status_of_who_am_i(), 401);
}
