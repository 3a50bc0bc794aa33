//! Where the secret comes from, how it is sent, and what is stored.

use super::{BASIC, SECRET, field, login, sent_to, serve};
use crate::support::{sandbox::write_private, test_home::TestHome};

#[test]
fn rfc6749_4_4_request_names_the_scopes_and_the_api() {
    let server = serve(&["client_secret_post"], |_| {});
    let home = TestHome::new();
    let options = [
        "--scope",
        "a b",
        "--scope",
        "c",
        "--audience",
        "api",
        "--resource",
        "https://api.test/",
    ];
    login(&home, &server, &options, SECRET).expect(0);
    let [request] = <[_; 1]>::try_from(sent_to(&server, "/token")).unwrap();
    for (name, value) in [
        ("grant_type", "client_credentials"),
        ("client_id", "robot"),
        ("client_secret", SECRET),
        ("scope", "a b c"),
        ("audience", "api"),
        ("resource", "https://api.test/"),
    ] {
        assert_eq!(field(&request, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn rfc6749_2_3_1_secret_is_sent_as_the_metadata_lists() {
    let rows: [(&[&str], bool); 3] = [
        (&["client_secret_basic", "client_secret_post"], true),
        (&["client_secret_post"], false),
        (&[], false),
    ];
    for (methods, is_basic) in rows {
        let server = serve(methods, |_| {});
        let home = TestHome::new();
        login(&home, &server, &[], SECRET).expect(0);
        home.run(&["logout"]).expect(0);
        let requests = [sent_to(&server, "/token"), sent_to(&server, "/revoke")].concat();
        assert_eq!(requests.len(), 2, "{methods:?}");
        for request in requests {
            assert_eq!(request.header("authorization"), is_basic.then_some(BASIC));
            let posted = (!is_basic).then_some(SECRET.to_owned());
            assert_eq!(field(&request, "client_secret"), posted);
        }
    }
}

#[test]
fn rfc6749_4_4_3_refresh_token_is_neither_stored_nor_used() {
    let server = serve(&[], |body| body["refresh_token"] = "c4n4ry-refresh".into());
    let home = TestHome::new();
    login(&home, &server, &[], SECRET).expect(0);
    home.run(&["credential", "refresh", "--force"]).expect(0);
    home.run(&["logout"]).expect(0);
    let grants = sent_to(&server, "/token");
    let grants: Vec<_> = grants.iter().map(|it| field(it, "grant_type")).collect();
    assert_eq!(grants, vec![Some("client_credentials".to_owned()); 2]);
    let revoked = sent_to(&server, "/revoke");
    assert_eq!(revoked.len(), 1, "only the access token is revoked");
}

#[test]
fn secret_comes_from_a_file_a_variable_its_file_or_stdin() {
    let server = serve(&[], |_| {});
    let mut home = TestHome::new();
    let file = home.work().join("secret.txt");
    write_private(&file, &format!("{SECRET}\n"));
    let path = file.to_str().unwrap().to_owned();
    login(&home, &server, &["--client-secret-file", "secret.txt"], "").expect(0);
    home.run(&["logout"]).expect(0);
    login(&home, &server, &["--client-secret-file", "-"], SECRET).expect(0);
    home.run(&["logout"]).expect(0);
    home.set("BRAINMAPS_CLIENT_SECRET_FILE", &path);
    login(&home, &server, &[], "").expect(0);
    home.set("BRAINMAPS_CLIENT_SECRET", SECRET);
    let both = login(&home, &server, &[], "").expect(2);
    assert!(both.stderr.contains("both are set"), "{both}");
    for request in sent_to(&server, "/token") {
        assert_eq!(field(&request, "client_secret").as_deref(), Some(SECRET));
    }
}

#[test]
fn missing_secret_is_a_usage_error() {
    let server = serve(&[], |_| {});
    let home = TestHome::new();
    let missing = login(&home, &server, &[], "").expect(2);
    assert!(
        missing
            .stderr
            .contains("its secret or private key is missing"),
        "{missing}"
    );
    assert!(
        missing.stderr.contains("--client-secret-file FILE"),
        "{missing}"
    );
    assert!(sent_to(&server, "/token").is_empty());
}

#[test]
fn login_without_a_method_repeats_the_login_of_the_stored_session() {
    let server = serve(&[], |_| {});
    let home = TestHome::new();
    login(&home, &server, &["--scope", "a"], SECRET).expect(0);
    let again = home.run(&["--no-input", "login"]).expect(0);
    assert!(
        again.stderr.contains("Signing in with client credentials"),
        "{again}"
    );
    let requests = sent_to(&server, "/token");
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(field(&request, "scope").as_deref(), Some("a"));
    }
}

#[test]
fn stored_openid_scopes_are_not_requested_without_a_user() {
    let server = serve(&[], |_| {});
    let home = TestHome::new();
    login(
        &home,
        &server,
        &["--scope", "openid a offline_access"],
        SECRET,
    )
    .expect(0);
    home.run(&["logout"]).expect(0);
    login(&home, &server, &[], SECRET).expect(0);
    let requests = sent_to(&server, "/token");
    let scopes: Vec<_> = requests
        .iter()
        .map(|it| field(it, "scope").unwrap())
        .collect();
    assert_eq!(scopes, ["openid a offline_access", "a"]);
}

#[test]
fn narrower_scope_is_a_warning() {
    let server = serve(&[], |body| body["scope"] = "a".into());
    let home = TestHome::new();
    let narrowed = login(&home, &server, &["--scope", "a b"], SECRET).expect(0);
    assert!(
        narrowed.stderr.contains("scopes not granted: b"),
        "{narrowed}"
    );
    let status = home.run(&["status", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["refreshable"], true, "{status}");
}

#[test]
fn service_without_an_authorization_server_is_reported() {
    let home = TestHome::new();
    let arguments = ["--profile", "basira", "login", "--client-credentials"];
    let rejected = home.run(&arguments).expect(2);
    assert!(
        rejected
            .stderr
            .contains("does not support login with client credentials"),
        "{rejected}"
    );
}
