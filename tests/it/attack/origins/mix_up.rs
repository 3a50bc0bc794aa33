//! Mix-up (RFC 9700 §4.4): a server whose metadata names endpoints of another server receives neither the codes nor the
//! tokens of that server.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    authority::Authority,
    scripted_server::{
        AuthorizationServerScript, ScriptedResponse, ScriptedServer, device_login, device_response,
        metadata,
    },
    test_home::{CommandResult, TestHome},
};

/// The honest server: it issues a code, and tokens for a code with its verifier.
fn honest_server() -> ScriptedServer {
    AuthorizationServerScript::default().serve()
}

/// A server whose metadata contains `endpoints`.
fn server_with_endpoints(endpoints: &[(&'static str, String)]) -> ScriptedServer {
    let endpoints = endpoints.to_vec();
    let changed = move |url: &str| {
        let mut metadata = metadata(url);
        for (name, endpoint) in &endpoints {
            metadata[name] = json!(endpoint);
        }
        ScriptedResponse::json(200, &metadata)
    };
    let scripted = AuthorizationServerScript {
        metadata: Box::new(changed),
        ..AuthorizationServerScript::default()
    };
    scripted.serve()
}

fn login(home: &TestHome, issuer: &str) -> CommandResult {
    let arguments = [
        &["--profile", "work"][..],
        &device_login(issuer),
        &["--no-browser", "--json"],
    ]
    .concat();
    home.run(&arguments)
}

/// Returns the forms that the server received.
fn forms(server: &ScriptedServer) -> Vec<String> {
    let received = server.received().into_iter();
    let posts = received.filter(|received| received.method == "POST");
    posts.map(|received| received.body).collect()
}

/// The login fails, the message names both hosts, and nothing is stored.
#[track_caller]
fn expect_refused(home: &TestHome, outcome: &CommandResult, origin: &str) {
    let error = &outcome.json()["error"];
    let printed = format!("{} {}", error["message"], error["hint"]);
    assert!(printed.contains(origin), "{outcome}");
    assert!(printed.contains("[oauth]"), "how to describe it: {outcome}");
    assert!(!home.data().join("credentials/work.json").exists());
}

#[test]
fn a_server_with_endpoints_of_another_server_gets_no_code_and_no_token() {
    let honest_server = honest_server();
    let endpoint = |name: &str| format!("{}/{name}", honest_server.url);
    for endpoints in [
        vec![(
            "device_authorization_endpoint",
            endpoint("device_authorization"),
        )],
        vec![("token_endpoint", endpoint("token"))],
        vec![("revocation_endpoint", endpoint("revoke"))],
        vec![
            (
                "device_authorization_endpoint",
                endpoint("device_authorization"),
            ),
            ("token_endpoint", endpoint("token")),
            ("revocation_endpoint", endpoint("revoke")),
        ],
    ] {
        let evil = server_with_endpoints(&endpoints);
        let home = TestHome::new();
        let outcome = login(&home, &evil.url).expect(1);
        expect_refused(&home, &outcome, &honest_server.url);
        assert!(outcome.stdout.contains(&evil.url), "{outcome}");
        assert_eq!(forms(&honest_server), [""; 0], "{endpoints:?}");
        assert_eq!(forms(&evil), [""; 0], "{endpoints:?}");
    }
}

#[test]
fn localhost_and_127_0_0_1_are_different_servers() {
    let server = ScriptedServer::start(|_, url| {
        let mut metadata = metadata(url);
        let other = url.replace("localhost", "127.0.0.1");
        metadata["token_endpoint"] = json!(format!("{other}/token"));
        ScriptedResponse::json(200, &metadata)
    });
    let home = TestHome::new();
    let outcome = login(&home, &server.url).expect(1);
    expect_refused(&home, &outcome, "127.0.0.1");
    assert_eq!(forms(&server), [""; 0]);
}

/// Describes a service with the issuer `issuer` and these endpoint lines.
fn describe(home: &TestHome, issuer: &str, endpoints: &str) {
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "id = \"work\"\nname = \"Work\"\napi_url = \"https://api.work.example\"\n[headers]\n\
        access_token = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n\
        [oauth]\nissuer = \"{issuer}\"\nclient_id = \"native\"\n{endpoints}\n"
    );
    fs::write(folder.join("work.toml"), text).unwrap();
}

const LOGIN: &[&str] = &[
    "--profile",
    "work",
    "login",
    "--device",
    "--no-browser",
    "--json",
];

#[test]
fn a_description_with_one_endpoint_on_another_host_sends_no_code_there() {
    let (honest_server, evil) = (honest_server(), honest_server());
    for name in [
        "token_endpoint",
        "revocation_endpoint",
        "device_authorization_endpoint",
    ] {
        let home = TestHome::new();
        let endpoint = format!("{name} = \"{}/token\"", evil.url);
        describe(&home, &honest_server.url, &endpoint);
        let outcome = home.run(LOGIN).expect(1);
        expect_refused(&home, &outcome, &evil.url);
        assert_eq!(forms(&honest_server), [""; 0], "{name}");
        assert_eq!(forms(&evil), [""; 0], "{name}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_described_service_may_have_all_endpoints_on_a_sibling_host() {
    let (issuer, sibling) = (server_with_endpoints(&[]), honest_server());
    let home = TestHome::new();
    let endpoints = format!(
        "device_authorization_endpoint = \"{0}/device_authorization\"\ntoken_endpoint = \"{0}/token\"\n\
        revocation_endpoint = \"{0}/revoke\"",
        sibling.url
    );
    describe(&home, &issuer.url, &endpoints);
    home.run(LOGIN).expect(0);
    let at = ["--profile", "work"];
    let run = |arguments: &[&str]| home.run(&[&at[..], arguments].concat());
    run(&["credential", "refresh", "--force"]).expect(0);
    run(&["logout"]).expect(0);
    assert_eq!(forms(&issuer), [""; 0]);
    assert_eq!(sibling.count("/token"), 2);
    assert!(sibling.count("/revoke") > 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_undescribed_sibling_host_is_rejected_with_a_hint() {
    let sibling = honest_server();
    let at = |path: &str| format!("{}/{path}", sibling.url);
    let issuer = server_with_endpoints(&[
        ("device_authorization_endpoint", at("device_authorization")),
        ("token_endpoint", at("token")),
        ("revocation_endpoint", at("revoke")),
    ]);
    let home = TestHome::new();
    let outcome = login(&home, &issuer.url).expect(1);
    expect_refused(&home, &outcome, &sibling.url);

    // The description names one endpoint on the host, the metadata the others.
    let endpoint = format!("token_endpoint = \"{}/token\"", sibling.url);
    describe(&home, &issuer.url, &endpoint);
    home.run(LOGIN).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_https_issuer_cannot_have_plain_http_endpoints_or_verification_urls() {
    let honest_server = honest_server();
    let authority = Authority::new("roots");
    let plain = |path: &str| json!(format!("{}/{path}", honest_server.url));
    let metadata_with = |name: &'static str, endpoint: Value| AuthorizationServerScript {
        metadata: Box::new(move |url| {
            let mut metadata = metadata(url);
            metadata[name] = endpoint.clone();
            ScriptedResponse::json(200, &metadata)
        }),
        ..AuthorizationServerScript::default()
    };
    let page = |page: Value| AuthorizationServerScript {
        device: Box::new(move |url| {
            let mut response = device_response(url);
            response["verification_uri"] = page.clone();
            ScriptedResponse::json(200, &response)
        }),
        ..AuthorizationServerScript::default()
    };
    for scripted in [
        metadata_with("token_endpoint", plain("token")),
        metadata_with(
            "device_authorization_endpoint",
            plain("device_authorization"),
        ),
        page(plain("device")),
        page(json!("http://pages.example/device")),
    ] {
        let tls = authority.server_config("localhost");
        let server = ScriptedServer::start_secure("localhost", tls, scripted.script());
        let mut home = TestHome::new();
        let roots = authority.write_certificate(home.path(), "roots.pem");
        home.set("BRAINMAPS_CA_CERT", roots.to_str().unwrap());
        let outcome = login(&home, &server.url).expect(1);
        let message = outcome.json()["error"]["message"].to_string();
        assert!(message.contains("URL in `"), "{outcome}");
        assert_eq!(server.count("/token"), 0, "{outcome}");
        assert!(!home.data().join("credentials/work.json").exists());
    }
    // An optional endpoint is not used, and does not fail the login.
    let tls = authority.server_config("localhost");
    let scripted = metadata_with("revocation_endpoint", plain("revoke"));
    let server = ScriptedServer::start_secure("localhost", tls, scripted.script());
    let mut home = TestHome::new();
    let roots = authority.write_certificate(home.path(), "roots.pem");
    home.set("BRAINMAPS_CA_CERT", roots.to_str().unwrap());
    let outcome = login(&home, &server.url).expect(0);
    let warning = "unusable URL in `revocation_endpoint`";
    assert!(outcome.stderr.contains(warning), "{outcome}");
    home.run(&["--profile", "work", "logout"]).expect(0);
    assert_eq!(forms(&honest_server), [""; 0]);
}

#[test]
fn a_plain_http_issuer_cannot_have_a_remote_plain_http_verification_url() {
    let scripted = AuthorizationServerScript {
        device: Box::new(|url| {
            let mut response = device_response(url);
            response["verification_uri"] = json!("http://pages.example/device");
            ScriptedResponse::json(200, &response)
        }),
        ..AuthorizationServerScript::default()
    };
    let server = scripted.serve();
    let home = TestHome::new();
    login(&home, &server.url).expect(1);
    assert_eq!(server.count("/token"), 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_verification_url_on_another_host_is_printed_with_the_issuer() {
    let elsewhere = |url: &str| {
        let mut response = device_response(url);
        response["verification_uri"] = json!("https://pages.example/device");
        ScriptedResponse::json(200, &response)
    };
    let scripted = AuthorizationServerScript {
        device: Box::new(elsewhere),
        ..AuthorizationServerScript::default()
    };
    for (server, is_printed) in [(scripted.serve(), true), (honest_server(), false)] {
        let home = TestHome::new();
        let arguments = [
            &["--profile", "work"][..],
            &device_login(&server.url),
            &["--no-browser", "--quiet"],
        ]
        .concat();
        let outcome = home.run(&arguments).expect(0);
        let host = server.url.trim_start_matches("http://");
        let printed = format!("The page is on pages.example, but you are signing in to {host}");
        assert_eq!(outcome.stderr.contains(&printed), is_printed, "{outcome}");
    }
}
