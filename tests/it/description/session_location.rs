//! Sessions that a login returns in a header or a cookie.

use serde_json::json;

use super::fixture::{Described, ok};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

fn login(kind: &str, header: &str, secret: &str) -> String {
    format!(
        "{kind} = {{ name = \"{header}\" }}\n[login.password]\ncall = \"POST /login\"\nkind = \"{kind}\"\n\
         json = {{ user = \"{{username}}\", password = \"{{password}}\" }}\nanswer = {{ secret = {secret} }}\n\
         [whoami]\ncall = \"GET /me\"\naccount = \"/name\"\n"
    )
}

fn responses(received: &ReceivedRequest) -> ScriptedResponse {
    match received.path.as_str() {
        "/login" => ScriptedResponse::text(201, "text/plain", "")
            .header("X-Subject-Token", "subject-c4n4ry")
            .header("Set-Cookie", "theme=dark; Path=/")
            .header("Set-Cookie", "session=s-c4n4ry; HttpOnly; Path=/"),
        _ => ok(&json!({ "name": "ada" })),
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn session_is_read_from_a_header_or_a_cookie() {
    for (kind, header, secret, expected) in [
        (
            "session_token",
            "X-Auth-Token",
            "{ header = \"X-Subject-Token\" }",
            "subject-c4n4ry",
        ),
        (
            "cookie",
            "Cookie",
            "{ cookie = \"session\" }",
            "session=s-c4n4ry",
        ),
    ] {
        let maps = Described::start(&login(kind, header, secret), responses);
        let done = maps.log_in().expect(0);
        assert!(!done.stderr.contains("c4n4ry"), "{done}");
        assert_eq!(maps.run(&["whoami"]).expect(0).stdout, "ada\n");
        let last = maps.server.received().pop().unwrap();
        assert_eq!(last.header(&header.to_lowercase()), Some(expected));
    }
    let maps = Described::start(
        &login("session_token", "X-Auth-Token", "{ header = \"X-Other\" }"),
        responses,
    );
    let failed = maps.log_in().expect(1);
    assert!(
        failed.stderr.contains("no credential in its response"),
        "{failed}"
    );
}

#[test]
fn forbidden_login_can_mean_a_wrong_password() {
    let description = format!(
        "{}[[errors.special]]\nstatus = 403\non = \"login\"\nmeans = \"credential_rejected\"\n",
        login("session_token", "X-Auth-Token", "\"/token\"")
    );
    let maps = Described::start(&description, |_| {
        ScriptedResponse::json(403, &json!({ "message": null }))
    });
    let failed = maps.log_in();
    let failed = failed.expect(4);
    assert!(
        failed.stderr.contains("rejected the user name or password"),
        "{failed}"
    );
    // Every other call keeps the meaning of its status.
    maps.run(&["whoami"]).expect(3);
}
