//! Headers: those of every request, and HTTP Basic authentication.

use serde_json::json;

use super::fixture::{Described, KEY, expect_rejected, ok};

#[test]
fn fixed_headers_are_in_every_request() {
    let description = "[headers.always]\nAccept = \"application/vnd.maps+json; version=3\"\nX-Client = \"cli\"\n\
        [whoami]\ncall = \"GET /me\"\naccount = \"/name\"\n";
    let maps = Described::start(description, |_| ok(&json!({ "name": "ada" })));
    maps.run(&["whoami"]).expect(0);
    let received = maps.server.received().pop().unwrap();
    assert_eq!(
        received.header("accept"),
        Some("application/vnd.maps+json; version=3")
    );
    assert_eq!(received.header("x-client"), Some("cli"));
    assert_eq!(received.header("x-api-key"), Some(KEY));
}

#[test]
fn credential_can_be_the_password_of_basic_authentication() {
    let description = "session_token = { name = \"X-Auth\", scheme = \"Basic\", basic_user = \"ada\" }\n\
        [login.password]\ncall = \"POST /login\"\nkind = \"session_token\"\nanswer = { secret = \"/token\" }\n\
        json = { user = \"{username}\", password = \"{password}\" }\n\
        [whoami]\ncall = \"GET /me\"\naccount = \"/name\"\n";
    let maps = Described::start(description, |_| {
        ok(&json!({ "name": "ada", "token": "t-c4n4ry" }))
    });
    maps.log_in().expect(0);
    maps.run(&["whoami"]).expect(0);
    let received = maps.server.received().pop().unwrap();
    // base64 of ada:t-c4n4ry
    assert_eq!(received.header("x-auth"), Some("Basic YWRhOnQtYzRuNHJ5"));
}

#[test]
fn headers_of_the_connection_or_a_credential_are_refused() {
    for header in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "Authorization",
        "Cookie",
        "Proxy-Authorization",
        "X-API-Key",
    ] {
        let description = format!("[headers.always]\n{header} = \"x\"\n");
        for failed in expect_rejected(&description) {
            let text = format!("{}{}", failed.stdout, failed.stderr);
            assert!(text.contains("header"), "{failed}");
        }
    }
}
