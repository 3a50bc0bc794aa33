//! Trusted certificates, and the messages for untrusted ones.

use std::sync::Arc;

use rustls::ServerConfig;
use serde_json::json;

use crate::support::authority::{Authority, authority_as_server_config, self_signed_config};
use crate::support::scripted_server::{
    AuthorizationServerScript, ScriptedResponse, ScriptedServer,
};
use crate::support::test_home::{CommandResult, TestHome};

const KEY: &str = "tls-c4n4ry-key";

fn service(tls: Arc<ServerConfig>) -> ScriptedServer {
    ScriptedServer::start_secure("localhost", tls, |_, _| {
        ScriptedResponse::json(200, &json!({ "email": "demo@example.org" }))
    })
}

/// A home with a key, whose only system authority is `system`.
fn home_trusting(system: &Authority) -> TestHome {
    let mut home = TestHome::new();
    let roots = system.write_certificate(home.path(), "system.pem");
    home.set("SSL_CERT_FILE", roots.to_str().unwrap());
    home.set("BRAINMAPS_API_KEY", KEY);
    home
}

fn whoami(home: &TestHome, server: &ScriptedServer, more: &[&str]) -> CommandResult {
    let arguments = [&["--api-url", &server.url, "whoami"], more].concat();
    home.run(&arguments)
}

#[test]
fn a_named_authority_is_trusted_in_addition_to_the_systems() {
    let (system, own) = (Authority::new("system"), Authority::new("own"));
    let mut home = home_trusting(&system);
    let file = own.write_certificate(home.path(), "own.pem");
    let file = file.to_str().unwrap();
    let theirs = service(system.server_config("localhost"));
    let ours = service(own.server_config("localhost"));

    whoami(&home, &theirs, &[]).expect(0);
    whoami(&home, &ours, &[]).expect(6);
    assert_eq!(
        ours.received().len(),
        0,
        "nothing is sent to another server"
    );

    whoami(&home, &ours, &["--ca-cert", file]).expect(0);
    whoami(&home, &theirs, &["--ca-cert", file]).expect(0);
    home.set("BRAINMAPS_CA_CERT", file);
    whoami(&home, &ours, &[]).expect(0);
    whoami(&home, &theirs, &[]).expect(0);
}

#[test]
fn named_authorities_suffice_without_system_authorities() {
    let own = Authority::new("own");
    let mut home = home_trusting(&own);
    let file = own.write_certificate(home.path(), "own.pem");
    home.set("SSL_CERT_FILE", "/nowhere/to/be/found.pem");
    home.set("SSL_CERT_DIR", "/nowhere/to/be/found");
    let server = service(own.server_config("localhost"));
    let refused = whoami(&home, &server, &[]).expect(1);
    assert!(refused.stderr.contains("--ca-cert"), "{refused}");
    whoami(&home, &server, &["--ca-cert", file.to_str().unwrap()]).expect(0);
}

#[test]
fn variables_replace_or_extend_the_systems_authorities() {
    let (system, own) = (Authority::new("system"), Authority::new("own"));
    let mut home = home_trusting(&system);
    let (theirs, ours) = (
        service(system.server_config("localhost")),
        service(own.server_config("localhost")),
    );
    // As Kubernetes mounts a service account: other files beside the certificate.
    let directory = home.path().join("account");
    std::fs::create_dir(&directory).unwrap();
    own.write_certificate(&directory, "ca.crt");
    std::fs::write(directory.join("token"), "eyJhbGciOiJub25lIn0.e30.").unwrap();
    whoami(&home, &ours, &[]).expect(6);
    home.set("SSL_CERT_DIR", &format!("/nowhere:{}", directory.display()));
    whoami(&home, &ours, &[]).expect(0);
    whoami(&home, &theirs, &[]).expect(0);

    home.set("SSL_CERT_FILE", "").set("SSL_CERT_DIR", "");
    let doctor = home.run(&["doctor", "--offline"]);
    assert!(
        !doctor.stdout.contains("SSL_CERT"),
        "empty is unset: {doctor}"
    );
    home.set("SSL_CERT_DIR", directory.to_str().unwrap());
    whoami(&home, &ours, &[]).expect(0);

    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        home.set("SSL_CERT_FILE", "")
            .set(variable, "certificates/ca.pem");
        let outcome = whoami(&home, &ours, &[]).expect(2);
        let says = [variable, "relative"]
            .iter()
            .all(|it| outcome.stderr.contains(it));
        assert!(says, "{outcome}");
        home.set("SSL_CERT_DIR", directory.to_str().unwrap());
    }
    home.set("SSL_CERT_DIR", "")
        .set("SSL_CERT_FILE", "/nowhere/ca.pem");
    let outcome = whoami(&home, &ours, &[]).expect(1);
    assert!(outcome.stderr.contains("SSL_CERT_FILE"), "{outcome}");
}

#[test]
fn a_byte_order_mark_before_a_certificate_is_ignored() {
    let own = Authority::new("own");
    let mut home = home_trusting(&Authority::new("system"));
    let pem = std::fs::read(own.write_certificate(home.path(), "own.pem")).unwrap();
    let marked = home.path().join("marked.pem");
    std::fs::write(&marked, [b"\xef\xbb\xbf", &*pem].concat()).unwrap();
    let server = service(own.server_config("localhost"));
    whoami(&home, &server, &["--ca-cert", marked.to_str().unwrap()]).expect(0);
    home.set("SSL_CERT_FILE", marked.to_str().unwrap());
    whoami(&home, &server, &[]).expect(0);
}

#[test]
fn an_invalid_certificate_is_reported_with_host_reason_and_hint() {
    let system = Authority::new("system");
    let other = Authority::new("other");
    let home = home_trusting(&system);
    let cases: [(Arc<ServerConfig>, &[&str], &str); 6] = [
        (
            authority_as_server_config("localhost"),
            &["is a CA certificate"],
            "CA:FALSE",
        ),
        (
            system.server_config_between("localhost", 2001, 2002),
            &["expired on 2002-01-01", "clock says 20"],
            "check the clock of this computer",
        ),
        (
            system.server_config_between("localhost", 3000, 3001),
            &["not valid before 3000-01-01", "clock says 20"],
            "check the clock of this computer",
        ),
        (
            system.server_config("elsewhere.test"),
            &["is for elsewhere.test, not for localhost"],
            "check the host name",
        ),
        (
            other.server_config("localhost"),
            &["issued by an untrusted authority"],
            "--ca-cert FILE",
        ),
        (
            self_signed_config("localhost"),
            &["is self-signed"],
            "--ca-cert FILE",
        ),
    ];
    for (certificate, facts, hint) in cases {
        let server = service(certificate);
        let outcome = whoami(&home, &server, &["-vv"]).expect(6);
        let host = format!("cannot establish a secure connection to {}/", server.url);
        for fact in facts.iter().chain([&host.as_str()]) {
            assert!(outcome.stderr.contains(fact), "{fact}: {outcome}");
        }
        let mut hints = outcome.stderr.lines().filter(|it| it.starts_with("hint:"));
        assert!(hints.any(|line| line.contains(hint)), "{outcome}");
        assert_eq!(server.received().len(), 0, "nothing was sent: {outcome}");
        let outcome = whoami(&home, &server, &["--json"]).expect(6);
        assert_eq!(outcome.error_code(), "UNREACHABLE");
    }
}

#[test]
fn a_self_signed_certificate_can_be_named() {
    let system = Authority::new("system");
    let home = home_trusting(&system);
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let path = home.path().join("self.pem");
    std::fs::write(&path, key.cert.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![key.cert.der().clone()],
            key.signing_key.serialize_der().try_into().unwrap(),
        );
    let server = service(Arc::new(tls.unwrap()));
    whoami(&home, &server, &[]).expect(6);
    whoami(&home, &server, &["--ca-cert", path.to_str().unwrap()]).expect(0);
}

#[test]
fn a_file_without_certificates_is_an_error_before_any_request() {
    let system = Authority::new("system");
    let home = home_trusting(&system);
    let server = service(system.server_config("localhost"));
    let key = "-----BEGIN PRIVATE KEY-----\nc4n4ryc4n4ry\n-----END PRIVATE KEY-----\n";
    let cut = "-----BEGIN CERTIFICATE-----\nc4n4ryc4n4ry";
    let garbage = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";
    let contents = [None, Some(""), Some(key), Some(cut), Some(garbage)];
    for (number, text) in contents.into_iter().enumerate() {
        let path = home.path().join(format!("wrong-{number}.pem"));
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, mode).unwrap();
        }
        let path = path.to_str().unwrap();
        let outcome = whoami(&home, &server, &["--ca-cert", path, "--json"]).expect(2);
        assert_eq!(outcome.error_code(), "CONFIG");
        assert!(outcome.stdout.contains(path), "{outcome}");
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
fn plain_http_off_loopback_is_rejected() {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY);
    let plain = "http://api.example.com";
    home.run(&["--api-url", plain, "whoami"]).expect(2);
    let login = ["login", "--device", "--issuer", plain, "--client-id", "x"];
    let outcome = home.run(&login).expect(2);
    assert!(outcome.stderr.contains("plain http"), "{outcome}");
    home.set("BRAINMAPS_API_URL", plain);
    let outcome = home.run(&["whoami"]).expect(2);
    assert!(outcome.stderr.contains("plain http"), "{outcome}");
}

#[test]
fn file_of_authorities_that_does_not_exist_is_an_error_for_http_too() {
    let server = AuthorizationServerScript::default().serve();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", "tls-c4n4ry-key");
    let whoami = [
        "--api-url",
        &server.url,
        "--ca-cert",
        "/nowhere/ca.pem",
        "whoami",
    ];
    let outcome = home.run(&whoami).expect(2);
    assert!(outcome.stderr.contains("/nowhere/ca.pem"), "{outcome}");
    assert_eq!(server.received().len(), 0);
}
