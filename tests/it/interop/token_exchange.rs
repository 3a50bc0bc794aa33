//! npm `oidc-provider` with grants for the identity of a workload, whose signatures npm `jose` verifies through the issuer's keys.

use serde_json::{Value, json};

use crate::support::peer::{Peer, can_run_peers};
use crate::support::test_home::{CommandResult, TestHome, expire};

fn server(home: &TestHome) -> Peer {
    Peer::start("token-exchange.mjs", &json!({}), home.record())
}

/// Runs this program as a job whose identity is meant for `issuer`. Only GitLab's and Kubernetes' jobs print no mask.
fn job(home: &TestHome, issuer: &str, system: &str, arguments: &[&str]) -> CommandResult {
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let job = ["sandbox", "ci", system, "--audience", issuer, "--", program];
    home.run(&[&job[..], arguments].concat())
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn identity_is_exchanged_and_refreshed_by_both_grants() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    for (grant, system) in [("token-exchange", "gitlab"), ("jwt-bearer", "kubernetes")] {
        let mut home = TestHome::new();
        home.record().secret(brainmaps::sandbox::CANARY_ID_TOKEN);
        let server = server(&home);
        let issuer = server.ready["issuer"].as_str().unwrap();
        home.set("BRAINMAPS_PROFILE", "ci");
        let login = [
            "--json",
            "login",
            "--workload",
            "--issuer",
            issuer,
            "--client-id",
            "ci",
            "--scope",
            "deploy",
            "--grant",
            grant,
        ];
        let result = job(&home, issuer, system, &login).expect(0).json();
        assert_eq!(result["scopes"], json!(["deploy"]));
        assert_eq!(result["refreshable"], true);
        expire(&home.data().join("credentials/ci.json"));
        job(&home, issuer, system, &["credential", "print"]).expect(0);
        let seen = server.ask(&json!({ "do": "seen" }));
        let seen = seen.as_array().unwrap();
        assert_eq!(seen.len(), 2, "{seen:?}");
        let grant_type = format!("urn:ietf:params:oauth:grant-type:{grant}");
        assert!(
            seen.iter()
                .all(|it| it["grant_type"] == grant_type.as_str()),
            "{seen:?}"
        );
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn identity_that_the_server_does_not_trust_is_explained() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = TestHome::new();
    home.record().secret(brainmaps::sandbox::CANARY_ID_TOKEN);
    let server = server(&home);
    let issuer = server.ready["issuer"].as_str().unwrap();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let failed = home.run(&[
        "sandbox",
        "ci",
        "gitlab",
        "--audience",
        issuer,
        "--claim",
        "exp=1",
        "--",
        program,
        "--json",
        "login",
        "--workload",
        "--issuer",
        issuer,
        "--client-id",
        "ci",
    ]);
    let error: Value = failed.expect(8).json()["error"].clone();
    assert_eq!(error["code"], "REJECTED");
    assert!(
        error["hint"].as_str().unwrap().contains("exp 1970-01-01"),
        "{error}"
    );
    let seen = server.ask(&json!({ "do": "seen" }));
    assert_eq!(seen[0]["error"], "ERR_JWT_EXPIRED", "{seen}");
}
