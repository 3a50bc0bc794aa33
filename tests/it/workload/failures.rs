//! Failures name what is missing, and show the claims of the identity beside the response of the server.

use super::{SYSTEMS, home, json, run};

#[test]
fn missing_permission_is_named_with_the_lines_to_add() {
    for (system, expected) in [
        ("github", "permissions: id-token: write"),
        ("github", "permissions: { id-token: write }"),
        (
            "gitlab",
            "id_tokens: { BRAINMAPS_ID_TOKEN: { aud: ISSUER } }",
        ),
        ("kubernetes", "serviceAccountToken"),
    ] {
        let mut home = home();
        let job = [system, "--without-permission"];
        let done = run(&home, &job, &["--json", "login", "--workload"]);
        let error = json(&done)["error"].clone();
        assert_eq!(error["code"], "CONFIG", "{done:?}");
        assert!(
            error["hint"].as_str().unwrap().contains(expected),
            "{error}"
        );
        home.set("BRAINMAPS_LOGIN", "workload");
        let done = run(&home, &job, &["--json", "credential", "print"]);
        let error = json(&done)["error"].clone();
        assert_eq!(error["code"], "CONFIG", "{done:?}");
        assert!(
            error["hint"].as_str().unwrap().contains(expected),
            "{error}"
        );
    }
}

#[test]
fn outside_of_a_job_there_is_no_identity() {
    let mut home = home();
    let failed = home.run(&["--json", "login", "--workload"]).expect(2);
    assert_eq!(failed.error_code(), "CONFIG");
    home.set("BRAINMAPS_LOGIN", "workload");
    home.run(&["api", "/api/brains/"]).expect(2);
    home.set("BRAINMAPS_LOGIN", "device");
    let failed = home.run(&["api", "/api/brains/"]).expect(2);
    assert!(failed.stderr.contains("expected \"workload\""), "{failed}");
}

#[test]
fn rejection_shows_the_claims_and_the_request() {
    for system in SYSTEMS {
        let home = home();
        let job = [system, "--claim", "sub=somebody", "--claim", "exp=1"];
        let done = run(
            &home,
            &job,
            &["--json", "login", "--workload", "--scope", "brains:read"],
        );
        assert_eq!(done.code, Some(8), "{done:?}");
        let error = json(&done)["error"].clone();
        assert_eq!(error["code"], "REJECTED");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("invalid_grant") && message.contains("has expired"),
            "{message}"
        );
        let hint = error["hint"].as_str().unwrap();
        for expected in [
            "iss \"http://127.0.0.1:",
            "sub \"somebody\"",
            "exp 1970-01-01T00:00:01Z",
            "grant \"token-exchange\"",
            "client_id \"brainmaps-cli\"",
            "scope \"brains:read\"",
        ] {
            assert!(hint.contains(expected), "no {expected} in {hint}");
        }
    }
}

#[test]
fn rfc7523_3_identity_for_another_server_is_not_sent() {
    for system in ["gitlab", "kubernetes"] {
        let home = home();
        let job = [system, "--audience", "https://kubernetes.default.svc"];
        let done = run(&home, &job, &["--json", "-v", "login", "--workload"]);
        let error = json(&done)["error"].clone();
        assert_eq!(error["code"], "CONFIG", "{done:?}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("https://kubernetes.default.svc"),
            "{message}"
        );
        assert!(!done.stderr.contains("/oauth2/token"), "{done:?}");
    }
}

#[test]
fn request_token_is_sent_only_over_https_or_to_this_machine() {
    let mut home = home();
    for (name, value) in [
        ("GITHUB_ACTIONS", "true"),
        (
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "http://203.0.113.1/token?x=y",
        ),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-secret"),
    ] {
        home.set(name, value);
    }
    let failed = home.run(&["--json", "login", "--workload"]);
    assert_eq!(failed.error_code(), "CONFIG", "{failed}");
    let shown = super::without_masks(&failed.stderr);
    assert!(!shown.contains("request-secret"), "{failed}");
}

#[test]
fn options_of_the_identity_require_the_method() {
    let home = home();
    home.run(&["login", "--grant", "jwt-bearer"]).expect(2);
    home.run(&["login", "--workload", "--device"]).expect(2);
    home.run(&["login", "--workload", "--grant", "password"])
        .expect(2);
}
