//! Mix-up (RFC 9700 §4.4): a server that names another server's endpoints beside its own gets neither that server's codes
//! nor its tokens.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    authority::Authority,
    scripted_server::{Reply, Scripted, ScriptedServer, device, metadata},
    test_home::{Outcome, TestHome},
};

/// The real server: it gives a code to whoever asks, and tokens for a code and its verifier.
fn real() -> ScriptedServer {
    Scripted::default().serve()
}

/// A server that names `endpoints` in its metadata, beside its own.
fn naming(endpoints: &[(&'static str, String)]) -> ScriptedServer {
    let endpoints = endpoints.to_vec();
    let changed = move |url: &str| {
        let mut metadata = metadata(url);
        for (name, endpoint) in &endpoints {
            metadata[name] = json!(endpoint);
        }
        Reply::json(200, &metadata)
    };
    let scripted = Scripted {
        metadata: Box::new(changed),
        ..Scripted::default()
    };
    scripted.serve()
}

fn login(home: &TestHome, issuer: &str) -> Outcome {
    #[rustfmt::skip]
    let arguments = ["--profile", "work", "login", "--device", "--issuer", issuer, "--client-id", "native",
        "--no-browser", "--json"];
    home.run(&arguments)
}

/// The forms that the server received.
fn forms(server: &ScriptedServer) -> Vec<String> {
    let asked = server.asked().into_iter();
    let posts = asked.filter(|asked| asked.method == "POST");
    posts.map(|asked| asked.body).collect()
}

/// Refused, with both hosts named, and nothing stored.
#[track_caller]
fn expect_refused(home: &TestHome, outcome: &Outcome, origin: &str) {
    let error = &outcome.json()["error"];
    let told = format!("{} {}", error["message"], error["hint"]);
    assert!(told.contains(origin), "{outcome}");
    assert!(told.contains("[oauth]"), "how to describe it: {outcome}");
    assert!(!home.data().join("credentials/work.json").exists());
}

#[test]
fn server_that_names_another_servers_endpoint_gets_no_code_and_no_token() {
    let real = real();
    let endpoint = |name: &str| format!("{}/{name}", real.url);
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
        let evil = naming(&endpoints);
        let home = TestHome::new();
        let outcome = login(&home, &evil.url).expect(1);
        expect_refused(&home, &outcome, &real.url);
        assert!(outcome.stdout.contains(&evil.url), "{outcome}");
        assert_eq!(forms(&real), [""; 0], "{endpoints:?}");
        assert_eq!(forms(&evil), [""; 0], "{endpoints:?}");
    }
}

#[test]
fn loopback_name_and_address_are_two_servers() {
    let server = ScriptedServer::start(|_, url| {
        let mut metadata = metadata(url);
        let other = url.replace("localhost", "127.0.0.1");
        metadata["token_endpoint"] = json!(format!("{other}/token"));
        Reply::json(200, &metadata)
    });
    let home = TestHome::new();
    let outcome = login(&home, &server.url).expect(1);
    expect_refused(&home, &outcome, "127.0.0.1");
    assert_eq!(forms(&server), [""; 0]);
}

/// Describes a service whose issuer is `issuer`, with these lines about its endpoints.
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
fn description_that_names_one_endpoint_elsewhere_sends_no_code_there() {
    let (real, evil) = (real(), real());
    for name in [
        "token_endpoint",
        "revocation_endpoint",
        "device_authorization_endpoint",
    ] {
        let home = TestHome::new();
        let endpoint = format!("{name} = \"{}/token\"", evil.url);
        describe(&home, &real.url, &endpoint);
        let outcome = home.run(LOGIN).expect(1);
        expect_refused(&home, &outcome, &evil.url);
        assert_eq!(forms(&real), [""; 0], "{name}");
        assert_eq!(forms(&evil), [""; 0], "{name}");
    }
}

#[test]
fn service_whose_endpoints_are_all_on_a_sibling_host_is_described_and_used() {
    let (issuer, sibling) = (naming(&[]), real());
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
fn sibling_host_that_only_the_metadata_names_is_refused_with_the_way_to_describe_it() {
    let sibling = real();
    let at = |path: &str| format!("{}/{path}", sibling.url);
    let issuer = naming(&[
        ("device_authorization_endpoint", at("device_authorization")),
        ("token_endpoint", at("token")),
        ("revocation_endpoint", at("revoke")),
    ]);
    let home = TestHome::new();
    let outcome = login(&home, &issuer.url).expect(1);
    expect_refused(&home, &outcome, &sibling.url);

    // The description names the host by one endpoint, the metadata names the others there.
    let endpoint = format!("token_endpoint = \"{}/token\"", sibling.url);
    describe(&home, &issuer.url, &endpoint);
    home.run(LOGIN).expect(0);
}

#[test]
fn https_issuer_has_no_plain_http_endpoint_and_no_plain_http_page() {
    let real = real();
    let authority = Authority::new("roots");
    let plain = |path: &str| json!(format!("{}/{path}", real.url));
    let metadata_with = |name: &'static str, endpoint: Value| Scripted {
        metadata: Box::new(move |url| {
            let mut metadata = metadata(url);
            metadata[name] = endpoint.clone();
            Reply::json(200, &metadata)
        }),
        ..Scripted::default()
    };
    let page = |page: Value| Scripted {
        device: Box::new(move |url| {
            let mut answer = device(url);
            answer["verification_uri"] = page.clone();
            Reply::json(200, &answer)
        }),
        ..Scripted::default()
    };
    for scripted in [
        metadata_with("token_endpoint", plain("token")),
        metadata_with(
            "device_authorization_endpoint",
            plain("device_authorization"),
        ),
        metadata_with("revocation_endpoint", plain("revoke")),
        page(plain("device")),
        page(json!("http://pages.example/device")),
    ] {
        let tls = authority.server("localhost");
        let server = ScriptedServer::start_secure("localhost", tls, scripted.script());
        let mut home = TestHome::new();
        let roots = authority.file(home.path(), "roots.pem");
        home.set("BRAINMAPS_CA_CERT", roots.to_str().unwrap());
        let outcome = login(&home, &server.url).expect(1);
        let message = outcome.json()["error"]["message"].to_string();
        assert!(message.contains("not safe to use"), "{outcome}");
        assert_eq!(server.count("/token"), 0, "{outcome}");
        assert!(!home.data().join("credentials/work.json").exists());
    }
    assert_eq!(forms(&real), [""; 0]);
}

#[test]
fn plain_http_issuer_names_no_page_on_another_machine_without_tls() {
    let scripted = Scripted {
        device: Box::new(|url| {
            let mut answer = device(url);
            answer["verification_uri"] = json!("http://pages.example/device");
            Reply::json(200, &answer)
        }),
        ..Scripted::default()
    };
    let server = scripted.serve();
    let home = TestHome::new();
    login(&home, &server.url).expect(1);
    assert_eq!(server.count("/token"), 0);
}

#[test]
fn verification_page_on_another_host_is_named_beside_the_issuer() {
    let elsewhere = |url: &str| {
        let mut answer = device(url);
        answer["verification_uri"] = json!("https://pages.example/device");
        Reply::json(200, &answer)
    };
    let scripted = Scripted {
        device: Box::new(elsewhere),
        ..Scripted::default()
    };
    for (server, is_told) in [(scripted.serve(), true), (real(), false)] {
        let home = TestHome::new();
        #[rustfmt::skip]
        let arguments = ["--profile", "work", "login", "--device", "--issuer", &server.url, "--client-id", "native",
            "--no-browser", "--quiet"];
        let outcome = home.run(&arguments).expect(0);
        let host = server.url.trim_start_matches("http://");
        let told = format!("The page is on pages.example, not on {host}");
        assert_eq!(outcome.stderr.contains(&told), is_told, "{outcome}");
    }
}
