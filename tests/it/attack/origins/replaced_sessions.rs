//! A login at another server replaces a stored credential only with consent, and the replaced session is revoked.

use serde_json::json;

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

fn server() -> ScriptedServer {
    AuthorizationServerScript {
        other: Box::new(|_| ScriptedResponse::json(200, &json!({ "email": "demo@example.org" }))),
        ..AuthorizationServerScript::default()
    }
    .serve()
}

fn device(home: &TestHome, server: &ScriptedServer, more: &[&str]) -> CommandResult {
    let login = [
        "--api-url",
        &server.url,
        "login",
        "--device",
        "--no-browser",
    ];
    home.run(&[&login[..], more].concat())
}

fn stored(home: &TestHome) -> String {
    std::fs::read_to_string(home.data().join("credentials/brainmaps.json")).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn session_of_another_server_is_replaced_only_with_replace() {
    let (issuer, other) = (server(), server());
    let home = TestHome::new();
    device(&home, &issuer, &[]).expect(0);
    let before = (stored(&home), issuer.received().len());

    let url = ["--api-url", other.url.as_str()];
    #[rustfmt::skip]
    let methods: [(&[&str], &str); 5] = [
        (&["login"], ""),
        (&["login", "--device", "--no-browser"], ""),
        (&["login", "--username", "me@example.org", "--password-stdin"], "hunter2-c4n4ry\n"),
        (&["login", "--with-token"], "other-c4n4ry-key"),
        (&["config", "set-token"], "other-c4n4ry-key"),
    ];
    for (method, input) in methods {
        let arguments = [&url[..], method, &["--json"]].concat();
        let outcome = home.run_with_input(&arguments, input).expect(2);
        assert_eq!(outcome.error_code(), "USAGE");
        let error = outcome.json()["error"].to_string();
        for printed in [&*issuer.url, &*other.url, "--replace", "profile add"] {
            assert!(error.contains(printed), "{printed}: {outcome}");
        }
        let add = format!("brainmaps --api-url {} profile add", other.url);
        assert!(error.contains(&add), "{outcome}");
        assert_eq!(stored(&home), before.0, "{method:?}");
    }
    assert_eq!(issuer.received().len(), before.1);
    let posts = other
        .received()
        .into_iter()
        .filter(|it| it.method == "POST");
    assert_eq!(posts.count(), 0, "nothing was sent to the other server");
    home.run(&["whoami"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn replaced_session_is_revoked_at_its_own_server() {
    let (issuer, other) = (server(), server());
    let home = TestHome::new();
    device(&home, &issuer, &[]).expect(0);
    let outcome = device(&home, &other, &["--replace"]).expect(0);
    assert!(
        outcome.stderr.contains(&format!("for {}", issuer.url)),
        "{outcome}"
    );
    let received = issuer.received().into_iter();
    let revoked: Vec<_> = received.filter(|it| it.path == "/revoke").collect();
    assert!(revoked[0].body.contains("refresh-c4n4ry-1"), "{revoked:?}");
    assert_eq!(other.count("/revoke"), 0);
    assert!(stored(&home).contains(&other.url));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_failed_revocation_of_the_replaced_session_is_reported_even_with_quiet() {
    let other = server();
    let home = TestHome::new();
    let gone = AuthorizationServerScript {
        metadata: Box::new(|url| {
            let mut metadata = crate::support::scripted_server::metadata(url);
            metadata["revocation_endpoint"] = json!(null);
            ScriptedResponse::json(200, &metadata)
        }),
        ..AuthorizationServerScript::default()
    }
    .serve();
    device(&home, &gone, &[]).expect(0);
    let outcome = device(&home, &other, &["--replace", "--quiet"]).expect(0);
    let printed = format!("the replaced access token for {} is still valid", gone.url);
    assert!(outcome.stderr.contains(&printed), "{outcome}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_second_login_at_the_same_server_needs_no_confirmation_and_reports_what_stays_valid() {
    let grants = std::sync::atomic::AtomicU32::new(0);
    let issuer = AuthorizationServerScript {
        token: Box::new(move |_| {
            let number = grants.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut grant = crate::support::scripted_server::token_response();
            grant["access_token"] = json!(format!("access-c4n4ry-{number}"));
            ScriptedResponse::json(200, &grant)
        }),
        ..AuthorizationServerScript::default()
    }
    .serve();
    let home = TestHome::new();
    let first = device(&home, &issuer, &[]).expect(0);
    assert!(!first.stderr.contains("still valid"), "{first}");
    let second = device(&home, &issuer, &[]).expect(0);
    assert!(second.stderr.contains("still valid at"), "{second}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_expired_session_is_replaced_without_confirmation() {
    let (issuer, other) = (server(), server());
    let home = TestHome::new();
    device(&home, &issuer, &[]).expect(0);
    let path = home.data().join("credentials/brainmaps.json");
    let mut session: serde_json::Value = serde_json::from_str(&stored(&home)).unwrap();
    session.as_object_mut().unwrap().remove("refresh_token");
    session["issued_at"] = json!("2020-01-01T00:00:00Z");
    session["expires_at"] = json!("2020-01-01T01:00:00Z");
    std::fs::write(&path, session.to_string()).unwrap();
    device(&home, &other, &[]).expect(0);
    assert_eq!(issuer.count("/revoke"), 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_confirmation_names_both_servers_and_defaults_to_no() {
    let (issuer, other) = (server(), server());
    let home = TestHome::new();
    device(&home, &issuer, &[]).expect(0);
    let login = ["--api-url", &other.url, "login", "--device", "--no-browser"];
    let received = crate::terminal::on_a_terminal(&home, &login, "\n")
        .wait()
        .expect(3);
    let question = format!("is signed in at {}", issuer.url);
    assert!(format!("{received}").contains(&question), "{received}");
    assert!(stored(&home).contains(&issuer.url));
    crate::terminal::on_a_terminal(&home, &login, "y\n")
        .wait()
        .expect(0);
    assert!(stored(&home).contains(&other.url));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn config_set_token_asks_on_a_terminal_and_replaces_with_replace() {
    let (issuer, other) = (server(), server());
    let home = TestHome::new();
    device(&home, &issuer, &[]).expect(0);
    let set = ["--api-url", &other.url, "config", "set-token"];
    let received = crate::terminal::on_a_terminal(&home, &set, "n\n")
        .wait()
        .expect(3);
    let question = format!("is signed in at {}", issuer.url);
    assert!(format!("{received}").contains(&question), "{received}");
    assert!(stored(&home).contains(&issuer.url));
    let replace = [&set[..], &["--replace"]].concat();
    home.run_with_input(&replace, "other-c4n4ry-key").expect(0);
    assert!(stored(&home).contains(&other.url));
}
