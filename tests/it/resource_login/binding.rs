//! The credential of a resource is sent to the resource and below only.

use super::*;

/// Returns the paths of the requests with a credential.
fn authorized_paths(server: &ScriptedServer) -> Vec<String> {
    let received = server.received().into_iter();
    let authorized = received.filter(|it| it.header("authorization").is_some());
    authorized.map(|it| it.path).collect()
}

#[test]
fn api_sends_the_credential_to_the_path_of_the_resource_and_below() {
    let (home, server) = (TestHome::new(), server());
    sign_in(&home, &server, &[]);
    let url = &server.url;
    for (path, expected) in [
        ("/", "/mcp/"),
        ("x", "/mcp/x"),
        (&format!("{url}/mcp"), "/mcp"),
        (&format!("{url}/mcp?a=b"), "/mcp?a=b"),
    ] {
        home.run(&["api", path]).expect(0);
        let last = authorized_paths(&server).pop().unwrap();
        assert_eq!(last, expected);
    }
    let before = authorized_paths(&server).len();
    for outside in [
        "/",
        "/mcpx",
        "/other",
        "/mcp/../other",
        "/mcp/..%2fother",
        "/mcp/%252e%252e/other",
    ] {
        let refused = home.run(&["api", &format!("{url}{outside}")]).expect(1);
        assert!(refused.stderr.contains("is bound to"), "{refused}");
    }
    assert_eq!(authorized_paths(&server).len(), before, "nothing was sent");
}

#[test]
fn other_base_url_and_helpers_get_no_credential() {
    let (home, server) = (TestHome::new(), server());
    sign_in(&home, &server, &[]);
    let other = format!("{}/other", server.url);
    let refused = home.run(&["--api-url", &other, "credential", "print"]);
    let refused = refused.expect(4);
    assert!(
        refused.stderr.contains("/mcp and is not sent to"),
        "{refused}"
    );
    let below = format!("{}/mcp/v1", server.url);
    home.run(&["--api-url", &below, "credential", "print"])
        .expect(0);
    let host = server.url.replace("http://", "");
    let asked = format!("protocol=http\nhost={host}\n\n");
    let given = home.run_with_input(&["helper", "git", "get"], &asked);
    assert!(!given.stdout.contains("password="), "{given}");
}

#[test]
fn login_at_a_known_issuer_keeps_the_parameter_and_binds_to_no_path() {
    let (home, server) = (TestHome::new(), server());
    let url = &server.url;
    let resource = format!("{url}/mcp");
    let arguments = [
        "login",
        "--issuer",
        url,
        "--client-id",
        "known",
        "--resource",
        &resource,
        "--browser",
        "--no-browser",
        "--json",
    ];
    let login = Login::wait_for_page(home.start(&arguments));
    assert_eq!(login.parameter("resource"), resource);
    assert_eq!(login.parameter("client_id"), "known");
    login.approve("");
    let done = login.wait().expect(0).json();
    assert_eq!(done["resource"], resource);
    assert_eq!(server.count("/mcp"), 0, "the resource is not asked");
    home.run(&["api", "/other"]).expect(0);
}

#[test]
fn resource_without_tls_is_refused_at_a_known_issuer() {
    let (home, server) = (TestHome::new(), server());
    for (resource, method) in [
        ("http://api.example.com/v1", "--device"),
        ("http://192.0.2.1/", "--browser"),
        ("http://api.example.com/v1", "--client-credentials"),
    ] {
        #[rustfmt::skip]
        let arguments = ["login", "--issuer", &server.url, "--client-id", "known", "--resource", resource, method];
        let refused = home.run(&arguments).expect(2);
        assert!(refused.stderr.contains("https"), "{refused}");
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
fn result_names_the_resource() {
    let (home, server) = (TestHome::new(), server());
    let resource = format!("{}/mcp", server.url);
    let login = ["login", "--resource", &resource, "--no-open"];
    let login = Login::wait_for_page(home.start(&login));
    login.approve("");
    let done = login.wait().expect(0);
    assert!(
        done.stdout.contains(&format!("resource:\t{resource}")),
        "{done}"
    );
}
