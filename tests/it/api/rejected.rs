//! Responses by which a service rejects the credential.

use serde_json::json;

use super::{KEY, serve};
use crate::support::scripted_server::{
    AuthorizationServerScript, ScriptedResponse, ScriptedServer, token_response,
};
use crate::support::test_home::TestHome;

/// A service that accepts no access token but the second.
fn service() -> ScriptedServer {
    let refreshed = json!({"access_token": "access-c4n4ry-2", "refresh_token": "refresh-c4n4ry-2"});
    AuthorizationServerScript {
        token: Box::new(move |received| {
            let mut response = token_response();
            if received.body.contains("grant_type=refresh_token") {
                for (name, value) in refreshed.as_object().unwrap() {
                    response[name] = value.clone();
                }
            }
            ScriptedResponse::json(200, &response)
        }),
        other: Box::new(|received| {
            let credential = received.header("authorization").unwrap_or_default();
            if received.path == "/never" || !credential.contains("access-c4n4ry-2") {
                let quoted = format!("bad {credential}");
                return ScriptedResponse::json(401, &json!({ "detail": quoted }));
            }
            ScriptedResponse::json(200, &json!({}))
        }),
        ..AuthorizationServerScript::default()
    }
    .serve()
}

fn signed_in(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    let login = [
        "login",
        "--device",
        "--no-browser",
        "--client-id",
        "c",
        "--issuer",
    ];
    home.run(&[&login[..], &[&server.url]].concat()).expect(0);
    home
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rejected_session_is_refreshed_once_and_the_request_repeated_once() {
    let server = service();
    let home = signed_in(&server);
    std::fs::write(home.work().join("data"), "sent twice").unwrap();
    let before = server.count("/token");
    home.run(&["api", "PUT", "/x", "--input", "data"]).expect(0);
    let bodies: Vec<_> = server
        .received()
        .into_iter()
        .filter(|it| it.path == "/x")
        .map(|it| it.body)
        .collect();
    assert_eq!(bodies, ["sent twice", "sent twice"]);
    assert_eq!(server.count("/token"), before + 1);
    home.run(&["api", "/x"]).expect(0);
    assert_eq!(server.count("/token"), before + 1);
    let outcome = home.run(&["api", "/never"]).expect(4);
    assert_eq!(server.count("/never"), 2, "{outcome}");
    assert!(outcome.stderr.contains("[secret]"), "{outcome}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn body_from_stdin_is_not_repeated_but_the_next_command_has_a_fresh_session() {
    let server = service();
    let home = signed_in(&server);
    let put = ["api", "PUT", "/x", "--input", "-"];
    let outcome = home.run_with_input(&put, "sent once").expect(4);
    assert_eq!(server.count("/x"), 1, "{outcome}");
    assert!(
        outcome.stderr.contains("body came from stdin or a pipe")
            && outcome.stderr.contains("run the command again"),
        "{outcome}"
    );
    home.run_with_input(&put, "sent once").expect(0);
    assert_eq!(server.count("/x"), 2);
}

#[test]
fn failure_with_a_2xx_status_goes_to_stderr() {
    let server = serve(|received| {
        let body = match received.path.as_str() {
            "/ok" => json!({"success": true, "data": []}),
            "/long" => json!({"success": false, "data": "x".repeat(70_000)}),
            _ => json!({"success": false, "error": {"code": "NO", "message": "not today"}}),
        };
        ScriptedResponse::json(200, &body)
    });
    let mut home = TestHome::new();
    home.set("BRAINPERCENT_API_KEY", &format!("bp_{KEY}"))
        .set("BRAINPERCENT_API_URL", &server.url)
        .set("BRAINMAPS_PROFILE", "brainpercent");
    for arguments in [
        &["/fails"][..],
        &["/fails", "--json"],
        &["/fails", "--paginate"],
    ] {
        let outcome = home.run(&[&["api"], arguments].concat()).expect(8);
        let shown = format!("{}{}", outcome.stderr, outcome.stdout);
        assert!(shown.contains("not today (HTTP 200, NO)"), "{outcome}");
        assert!(outcome.stderr.starts_with("{\"error\":"), "{outcome}");
    }
    home.run(&["api", "/ok"]).expect(0);
    // Such a response is not kept in memory.
    let outcome = home.run(&["api", "/long"]).expect(0);
    assert!(outcome.stdout.len() > 70_000);
}
