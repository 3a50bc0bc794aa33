//! The client of a login: known, a document, or registered, in this order.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::*;
use crate::browser_login::forms;
use crate::support::unused_port;

/// Signs in as [`paste`], with a redirect URI whose port stays free until the next login.
fn paste_at_unused_port(home: &TestHome, server: &ScriptedServer) {
    let (resource, port) = (format!("{}/mcp", server.url), unused_port().to_string());
    #[rustfmt::skip]
    let arguments = ["login", "--resource", &resource, "--browser", "--paste", "--no-open", "--callback-port", &port];
    home.run_with_input(&arguments, "code-c4n4ry").expect(0);
}

fn registrations(server: &ScriptedServer) -> Vec<Value> {
    let received = server.received().into_iter();
    let received = received.filter(|it| it.path == "/register");
    received
        .map(|it| serde_json::from_str(&it.body).unwrap())
        .collect()
}

#[test]
fn rfc7591_3_1_registration_is_native_and_used_again_for_the_same_redirect() {
    let (home, server) = (TestHome::new(), server());
    paste_at_unused_port(&home, &server);
    let sent = registrations(&server).swap_remove(0);
    assert_eq!(sent["application_type"], "native");
    assert_eq!(sent["token_endpoint_auth_method"], "none");
    let redirect_uri = sent["redirect_uris"][0].as_str().unwrap();
    let client = format!("client-of-{redirect_uri}");
    let file = home.data().join("clients.json");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let second = start_login(&home, &server, &["--replace"]);
    assert_eq!(second.parameter("client_id"), client);
    assert_eq!(second.redirect_uri.as_str(), redirect_uri);
    let address = second.redirect_uri.socket_addrs(|| None).unwrap()[0];
    second.approve("");
    second.wait().expect(0);
    assert_eq!(registrations(&server).len(), 1);

    // Another program has the port, or the system has not released it: the registration is void.
    let _taken = TcpListener::bind(address);
    let third = start_login(&home, &server, &["--replace"]);
    assert_ne!(third.redirect_uri.as_str(), redirect_uri);
    assert_ne!(third.parameter("client_id"), client);
    third.approve("");
    third.wait().expect(0);
    assert_eq!(registrations(&server).len(), 2);
}

#[test]
fn client_of_a_failed_login_is_registered_again() {
    let (home, server) = (TestHome::new(), server());
    paste_at_unused_port(&home, &server);
    let login = start_login(&home, &server, &["--replace"]);
    login.redirect(&format!(
        "error=unauthorized_client&state={}",
        login.parameter("state")
    ));
    login.wait().expect(8);
    assert_eq!(registrations(&server).len(), 1);
    sign_in(&home, &server, &["--replace"]);
    assert_eq!(registrations(&server).len(), 2);
}

#[test]
fn client_that_the_server_deleted_is_registered_again() {
    let (home, server) = (
        TestHome::new(),
        server_with(|received, _| {
            let is_refresh = received.body.contains("grant_type=refresh_token");
            let body = json!({ "error": "invalid_client" });
            is_refresh.then(|| ScriptedResponse::json(401, &body))
        }),
    );
    paste(&home, &server);
    let refused = home.run(&["credential", "refresh", "--force"]).expect(4);
    assert!(refused.stderr.contains("brainmaps login"), "{refused}");
    paste(&home, &server);
    assert_eq!(registrations(&server).len(), 2);
}

#[test]
fn rfc7591_3_2_issued_secret_is_sent_as_registered_and_to_its_server_only() {
    let (home, server) = (
        TestHome::new(),
        server_with(|received, _| {
            (path(received) == "/register").then(|| {
                let mut client = registered(received);
                client["client_secret"] = "secret-c4n4ry".into();
                client["token_endpoint_auth_method"] = "client_secret_post".into();
                ScriptedResponse::json(201, &client)
            })
        }),
    );
    sign_in(&home, &server, &[]);
    assert_eq!(
        forms(&server, "/token")[0]["client_secret"],
        "secret-c4n4ry"
    );
    let with_secret = server.received().into_iter();
    let with_secret = with_secret.filter(|it| it.body.contains("secret-c4n4ry"));
    assert!(with_secret.into_iter().all(|it| it.path == "/token"));
}

#[test]
fn known_client_is_used_before_any_other() {
    let (home, server) = (TestHome::new(), server());
    let login = start_login(&home, &server, &["--client-id", "known"]);
    assert_eq!(login.parameter("client_id"), "known");
    login.approve("");
    login.wait().expect(0);
    let login = start_login(&home, &server, &["--replace"]);
    assert_eq!(login.parameter("client_id"), "known");
    login.approve("");
    login.wait().expect(0);
    assert_eq!(registrations(&server).len(), 0);
}

#[test]
fn client_id_of_a_profile_is_not_used_at_another_server() {
    let other = ScriptedServer::start(respond);
    let (second, moved) = (other.url.clone(), std::sync::atomic::AtomicBool::new(false));
    let server = server_with(move |received, url| {
        let mut document = resource_metadata(url);
        if path(received) != RESOURCE_METADATA {
            return None;
        }
        if moved.swap(true, std::sync::atomic::Ordering::Relaxed) {
            document["authorization_servers"] = json!([second]);
        }
        Some(ScriptedResponse::json(200, &document))
    });
    let home = TestHome::new();
    sign_in(&home, &server, &["--client-id", "pinned-client"]);
    let again = ["login", "--no-browser", "--replace"];
    let failed = home.run(&again).expect(1);
    assert!(
        failed.stderr.contains("another authorization server"),
        "{failed}"
    );
    assert!(
        other
            .received()
            .iter()
            .all(|it| !it.path.contains("pinned-client"))
    );
}

#[test]
fn cimd_document_is_the_client_id_only_if_the_server_supports_it() {
    let document = "https://example.com/brainmaps.json";
    for is_supported in [true, false] {
        let (home, server) = (
            TestHome::new(),
            server_with(move |received, url| {
                let mut document = issuer_metadata(url);
                document["client_id_metadata_document_supported"] = is_supported.into();
                (path(received) == ISSUER_METADATA).then(|| ScriptedResponse::json(200, &document))
            }),
        );
        home.run(&["config", "set", "client_metadata_url", document])
            .expect(0);
        let login = start_login(&home, &server, &[]);
        assert_eq!(login.parameter("client_id") == document, is_supported);
        assert_eq!(registrations(&server).is_empty(), is_supported);
        login.approve("");
        login.wait().expect(0);
    }
}

#[test]
fn cimd_document_is_printed_for_its_url() {
    let home = TestHome::new();
    let failed = home.run(&["provider", "client-metadata"]).expect(2);
    assert!(failed.stderr.contains("--url"), "{failed}");
    let url = "https://example.com/brainmaps.json";
    let printed = home.run(&["provider", "client-metadata", "--url", url]);
    let document: Value = serde_json::from_str(&printed.expect(0).stdout).unwrap();
    assert_eq!(document["client_id"], url);
    assert_eq!(document["token_endpoint_auth_method"], "none");
    home.run(&[
        "config",
        "set",
        "client_metadata_url",
        "https://example.com",
    ])
    .expect(2);
}

#[test]
fn server_without_registration_requires_a_client_id() {
    let server = server_with(|received, url| {
        let mut document = issuer_metadata(url);
        document
            .as_object_mut()
            .unwrap()
            .remove("registration_endpoint");
        (path(received) == ISSUER_METADATA).then(|| ScriptedResponse::json(200, &document))
    });
    let (_home, failed) = failed_login(&server, &[], 2);
    assert!(failed.stdout.contains("--client-id"), "{failed}");
    let server = server_with(|received, _| {
        let body = json!({ "error": "invalid_client_metadata", "error_description": "not today" });
        (path(received) == "/register").then(|| ScriptedResponse::json(400, &body))
    });
    let (_home, failed) = failed_login(&server, &[], 8);
    assert!(failed.stdout.contains("not today"), "{failed}");
}

/// The secret of a client in the environment or a file belongs to one server, and a resource can name any other one.
#[test]
fn client_secret_is_not_sent_to_a_server_that_only_the_resource_names() {
    let secret = "secret-c4n4ry";
    let mut home = TestHome::new();
    let file = home.work().join("secret");
    fs::write(&file, secret).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let file = file.to_str().unwrap().to_owned();
    let (server, resource) = (server(), |server: &ScriptedServer| {
        format!("{}/mcp", server.url)
    });
    let resource = resource(&server);
    let named = [
        "login",
        "--resource",
        &resource,
        "--client-id",
        "known",
        "--no-open",
        "--json",
    ];
    let refuse = |home: &TestHome, more: &[&str]| {
        let refused = home.run(&[&named, more].concat()).expect(2);
        assert!(
            refused.stdout.contains("not known to belong to"),
            "{refused}"
        );
        assert!(refused.stdout.contains("--issuer"), "{refused}");
    };
    refuse(&home, &["--client-secret-file", &file]);
    let mut other = TestHome::new();
    other.set("BRAINMAPS_CLIENT_SECRET_FILE", &file);
    refuse(&other, &[]);
    home.set("BRAINMAPS_CLIENT_SECRET", secret);
    refuse(&home, &[]);
    let sent =
        |server: &ScriptedServer| server.received().iter().any(|it| it.body.contains(secret));
    assert!(!sent(&server));
    assert_eq!(server.count("/token"), 0);

    // The user names the server, too.
    let known =
        Login::wait_for_page(home.start(&[&named[..], &["--issuer", &server.url]].concat()));
    known.approve("");
    known.wait().expect(0);
    assert_eq!(server.count("/token"), 1);
}

/// The port is in `TIME_WAIT` when the second login begins.
#[test]
fn second_login_at_once_uses_the_registered_client() {
    let (home, server) = (TestHome::new(), server());
    let port = unused_port().to_string();
    sign_in(&home, &server, &["--browser", "--callback-port", &port]);
    sign_in(&home, &server, &["--replace"]);
    assert_eq!(registrations(&server).len(), 1);
}
