//! OAuth clients with a secret (RFC 6749 §2.3.1), and logins for one API (RFC 8707), with the real program.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{
    scripted_server::{
        AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer, metadata,
        token_response,
    },
    test_home::{CommandResult, TestHome},
};

const SECRET: &str = "c4n4ry client:secret";

/// [`SECRET`] and the client id, form-encoded and in Base64.
const BASIC: &str = "Basic bmF0aXZlOmM0bjRyeStjbGllbnQlM0FzZWNyZXQ=";

/// A server that lists `methods` for client authentication.
fn serve(methods: Option<Value>) -> ScriptedServer {
    AuthorizationServerScript {
        metadata: Box::new(move |url| {
            let mut body = metadata(url);
            if let Some(methods) = &methods {
                body["token_endpoint_auth_methods_supported"] = methods.clone();
            }
            ScriptedResponse::json(200, &body)
        }),
        token: Box::new(|_| {
            let mut body = token_response();
            body["scope"] = json!("openid,profile,email,offline_access");
            ScriptedResponse::json(200, &body)
        }),
        ..AuthorizationServerScript::default()
    }
    .serve()
}

fn login(home: &TestHome, server: &ScriptedServer, options: &[&str], input: &str) -> CommandResult {
    let arguments = [
        "login",
        "--issuer",
        &server.url,
        "--client-id",
        "native",
        "--no-browser",
    ];
    home.run_with_input(&[&arguments[..], options].concat(), input)
}

fn field(received: &ReceivedRequest, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(received.body.as_bytes());
    let value = fields.find(|(known, _)| known == name)?.1;
    Some(value.into_owned())
}

/// The requests to endpoints that authenticate the client.
fn authenticated(server: &ScriptedServer) -> Vec<ReceivedRequest> {
    let paths = ["/device_authorization", "/token", "/revoke"];
    let mut received = server.received();
    received.retain(|received| paths.contains(&received.path.as_str()));
    received
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_secret_is_sent_as_the_metadata_lists_and_kept_with_the_session() {
    let both = json!(["client_secret_post", "client_secret_basic"]);
    for (methods, is_basic) in [
        (None, false),
        (Some(json!(["client_secret_post"])), false),
        (Some(json!(["client_secret_basic"])), true),
        (Some(both), true),
    ] {
        let server = serve(methods);
        let home = TestHome::new();
        login(&home, &server, &["--client-secret-file", "-"], SECRET).expect(0);
        home.run(&["credential", "refresh", "--force"]).expect(0);
        home.run(&["logout"]).expect(0);
        let received = authenticated(&server);
        let paths: Vec<&str> = received
            .iter()
            .map(|received| received.path.as_str())
            .collect();
        assert!(paths.len() >= 4 && paths.contains(&"/revoke"), "{paths:?}");
        for received in received {
            let header = is_basic.then_some(BASIC);
            let posted = (!is_basic).then_some(SECRET.to_owned());
            assert_eq!(
                received.header("authorization"),
                header,
                "{}",
                received.path
            );
            assert_eq!(
                field(&received, "client_secret"),
                posted,
                "{}",
                received.path
            );
            assert_eq!(field(&received, "client_id").as_deref(), Some("native"));
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_secret_comes_from_a_file_a_variable_or_the_stored_session() {
    let server = serve(None);
    let mut home = TestHome::new();
    let file = home.work().join("secret.txt");
    std::fs::write(&file, format!("\u{feff}{SECRET}\n")).unwrap();
    for (mode, exit) in [(0o644, 1), (0o600, 0)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let done = login(&home, &server, &["--client-secret-file", "secret.txt"], "");
        let done = done.expect(exit);
        assert_eq!(done.stderr.contains("chmod go="), exit == 1, "{done}");
    }
    std::fs::remove_file(&file).unwrap();
    let again = login(&home, &server, &[], "").expect(0);
    assert!(!again.stderr.contains("scopes not granted"), "{again}");
    home.run(&["logout"]).expect(0);
    home.set("BRAINMAPS_CLIENT_SECRET", SECRET);
    login(&home, &server, &[], "").expect(0);
    for received in authenticated(&server) {
        assert_eq!(field(&received, "client_secret").as_deref(), Some(SECRET));
    }
    let missing = login(&home, &server, &["--client-secret-file", "none"], "");
    let missing = missing.expect(1);
    assert!(
        missing.stderr.contains("cannot read the client secret"),
        "{missing}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_secret_is_not_shown() {
    let server = AuthorizationServerScript {
        token: Box::new(|received| {
            let secret = field(received, "client_secret").unwrap_or_default();
            let text = format!("wrong secret {secret}");
            ScriptedResponse::json(
                401,
                &json!({"error": "invalid_client", "error_description": text}),
            )
        }),
        ..AuthorizationServerScript::default()
    }
    .serve();
    let home = TestHome::new();
    let options = ["--client-secret-file", "-", "-vv"];
    let outcome = login(&home, &server, &options, SECRET).expect(8);
    assert!(outcome.stderr.contains("wrong secret ["), "{outcome}");
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!shown.contains("c4n4ry"), "{shown}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn resource_and_audience_are_requested() {
    let server = serve(None);
    let home = TestHome::new();
    let options = ["--resource", "https://api.test/", "--audience", "api"];
    login(&home, &server, &options, "").expect(0);
    home.run(&["credential", "refresh", "--force"]).expect(0);
    for received in authenticated(&server) {
        let is_device = received.path == "/device_authorization";
        let audience = is_device.then_some("api".to_owned());
        let resource = field(&received, "resource");
        assert_eq!(resource.as_deref(), Some("https://api.test/"));
        assert_eq!(field(&received, "audience"), audience, "{}", received.path);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn lifetime_of_zero_is_unknown_and_reported() {
    for lifetime in [json!(0), json!(-1), json!("0")] {
        let server = AuthorizationServerScript {
            token: Box::new(move |_| {
                let mut body = token_response();
                body["expires_in"] = lifetime.clone();
                ScriptedResponse::json(200, &body)
            }),
            ..AuthorizationServerScript::default()
        }
        .serve();
        let home = TestHome::new();
        let outcome = login(&home, &server, &[], "").expect(0);
        let warning = "the expiry of the credential is unknown";
        assert!(outcome.stderr.contains(warning), "{outcome}");
        home.run(&["credential", "print"]).expect(0);
        assert_eq!(server.count("/token"), 1, "a new credential is not expired");
    }
}
