//! npm `oidc-provider`, an OpenID-certified server: it sends no `interval`, so each login polls every 5 s.

use serde_json::{Value, json};

use crate::support::{
    peer::{Peer, can_run_peers},
    scripted_server::device_login,
    test_home::{RunningCommand, TestHome, expire_all, wait_until_all_expire},
};

/// A server with short-lived access tokens, and a home without a session.
fn server(home: &TestHome, code_ttl: u32) -> Peer {
    Peer::start(
        "oidc-provider.mjs",
        &json!({ "access_ttl": 2, "code_ttl": code_ttl }),
        home.record(),
    )
}

/// A home whose commands log everything, for the leak harness.
fn verbose_home() -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_LOG", "trace");
    home
}

/// Starts a login; returns it with the user code.
fn login(home: &TestHome, server: &Peer) -> (RunningCommand, String) {
    let issuer = server.ready["issuer"].as_str().unwrap();
    let arguments = [
        &device_login(issuer)[..],
        &[
            "--scope",
            "openid",
            "--scope",
            "offline_access",
            "--no-browser",
            "--json",
        ],
    ]
    .concat();
    let login = home.start(&arguments);
    let event = login.running.wait_for_stderr_line(|line| {
        serde_json::from_str::<Value>(line)
            .ok()
            .filter(|event| event["event"] == "device_code")
    });
    assert!(
        event["verification_uri"]
            .as_str()
            .unwrap()
            .starts_with(issuer),
        "{event}"
    );
    assert!(event["expires_in"].as_i64().unwrap() > 0, "{event}");
    let code = event["user_code"].as_str().unwrap().to_owned();
    (login, code)
}

fn signed_in(home: &TestHome, server: &Peer) {
    let (login, code) = login(home, server);
    server.ask(&json!({ "do": "approve", "user_code": code }));
    let done = login.wait().expect(0);
    assert!(done.json().is_object(), "{done}");
}

/// Returns the number of token requests with this grant and this response status.
fn count(server: &Peer, grant_type: &str, status: u16) -> usize {
    let seen = server.ask(&json!({ "do": "seen" }));
    seen.as_array()
        .unwrap()
        .iter()
        .filter(|it| it["grant_type"] == grant_type && it["status"] == status)
        .count()
}

fn active(server: &Peer, token: &str) -> bool {
    server.ask(&json!({ "do": "introspect", "token": token }))["active"]
        .as_bool()
        .unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn login_refreshes_with_rotation_and_logs_out() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = server(&home, 600);
    signed_in(&home, &server);
    wait_until_all_expire(&home);
    let account = home.run(&["whoami", "--json"]).expect(0).json();
    assert!(account["account"].is_string(), "{account}");
    let status = home.run(&["status", "--check", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["state"], "valid", "{status}");

    let mut tokens = Vec::new();
    for _ in 0..3 {
        wait_until_all_expire(&home);
        let printed = home.run(&["credential", "print"]).expect(0);
        tokens.push(printed.stdout.trim().to_owned());
    }
    assert!(
        tokens[0] != tokens[1] && tokens[1] != tokens[2],
        "a new access token each time"
    );
    assert_eq!(
        count(&server, "refresh_token", 200),
        4,
        "each refresh uses the rotated token"
    );
    assert_eq!(
        count(&server, "refresh_token", 400),
        0,
        "no refresh token was used twice"
    );
    assert!(active(&server, &tokens[2]));

    home.run(&["logout"]).expect(0);
    assert!(
        !active(&server, &tokens[2]),
        "the server still accepts the access token"
    );
    let after = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(after.error_code(), "LOGIN_REQUIRED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_denied_login_exits_with_3_and_stores_nothing() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = server(&home, 600);
    let (login, code) = login(&home, &server);
    server.ask(&json!({ "do": "deny", "user_code": code }));
    let ended = login.wait().expect(3);
    assert_eq!(ended.error_code(), "DENIED");
    assert_eq!(home.run(&["credential", "print"]).expect(4).stdout, "");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_expired_code_exits_with_5() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = server(&home, 4);
    let (login, _) = login(&home, &server);
    let ended = login.wait().expect(5);
    assert_eq!(ended.error_code(), "CODE_EXPIRED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn polling_stops_at_the_first_success() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = server(&home, 600);
    signed_in(&home, &server);
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    assert_eq!(count(&server, grant, 200), 1);
    wait_until_all_expire(&home);
    home.run(&["credential", "print"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_revoked_at_the_server_is_reported_as_expired() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = server(&home, 600);
    signed_in(&home, &server);
    server.ask(&json!({ "do": "revoke_everything" }));
    wait_until_all_expire(&home);
    let ended = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(ended.error_code(), "LOGIN_EXPIRED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn thirty_two_processes_refresh_an_expired_token_once() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = Peer::start(
        "oidc-provider.mjs",
        &json!({ "access_ttl": 600, "code_ttl": 600 }),
        home.record(),
    );
    signed_in(&home, &server);
    expire_all(&home);
    let running: Vec<_> = (0..32)
        .map(|_| home.start(&["credential", "print"]))
        .collect();
    let printed: Vec<_> = running
        .into_iter()
        .map(|it| it.wait().expect(0).stdout)
        .collect();
    assert!(
        printed.iter().all(|token| *token == printed[0]),
        "all print the same new token"
    );
    assert_eq!(count(&server, "refresh_token", 200), 1);
    assert_eq!(count(&server, "refresh_token", 400), 0);
}

/// Starts a browser login; returns it with the page.
fn browser_login(home: &TestHome, server: &Peer) -> (RunningCommand, String) {
    let issuer = server.ready["issuer"].as_str().unwrap();
    let arguments = [
        "login",
        "--browser",
        "--issuer",
        issuer,
        "--client-id",
        "browser",
        "--scope",
        "openid offline_access",
        "--no-browser",
        "--json",
    ];
    let login = home.start(&arguments);
    let page = login.running.wait_for_stderr_line(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        event["url"].as_str().map(str::to_owned)
    });
    (login, page)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn browser_login_with_pushed_request_refreshes_and_logs_out() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    for options in [
        json!({ "access_ttl": 2 }),
        json!({ "access_ttl": 2, "par": "required" }),
    ] {
        let home = verbose_home();
        let server = Peer::start("oidc-provider.mjs", &options, home.record());
        let (login, page) = browser_login(&home, &server);
        assert!(page.contains("request_uri="), "{page}");
        assert!(!page.contains("code_challenge"), "{page}");
        let last = server.ask(&json!({ "do": "browse", "url": page }));
        let text = last["text"].as_str().unwrap();
        assert!(text.contains("Sign-in approved"), "{last}");
        let done = login.wait().expect(0).json();
        assert_eq!(done["refreshable"], true, "{done}");
        assert_eq!(count(&server, "authorization_code", 200), 1);
        wait_until_all_expire(&home);
        let printed = home.run(&["credential", "print"]).expect(0);
        assert_eq!(count(&server, "refresh_token", 200), 1);
        home.run(&["logout"]).expect(0);
        assert!(!active(&server, printed.stdout.trim()));
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn browser_login_that_is_declined_exits_with_3() {
    if !can_run_peers("oidc_provider", false) {
        return;
    }
    let home = verbose_home();
    let server = server(&home, 600);
    let (login, page) = browser_login(&home, &server);
    let last = server.ask(&json!({ "do": "browse", "url": page, "abort": true }));
    assert!(last["text"].as_str().unwrap().contains("Sign-in declined"));
    assert_eq!(login.wait().expect(3).error_code(), "DENIED");
}
