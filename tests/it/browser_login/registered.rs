//! Browser logins at servers that register this program as a client (RFC 7591), because no client id is given.

use serde_json::json;

use super::*;

/// A server with these members in its metadata, which registers what is requested, and rejects the clients for which `knows`
/// returns false when they push a request.
fn registering(
    more: &Value,
    knows: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> ScriptedServer {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let pushed = std::sync::atomic::AtomicUsize::new(0);
    let next = |count: &std::sync::atomic::AtomicUsize| {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1
    };
    let mut members = json!({"registration_endpoint": "/register"});
    members
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    AuthorizationServerScript {
        other: Box::new(move |received| match received.path.as_str() {
            "/register" => {
                let mut client: Value = serde_json::from_str(&received.body).unwrap();
                client["client_id"] = format!("client-{}", next(&count)).into();
                if client["token_endpoint_auth_method"] != "none" {
                    client["client_secret"] = "secret-c4n4ry".into();
                }
                ScriptedResponse::json(201, &client)
            }
            "/par" if knows(next(&pushed)) => ScriptedResponse::json(
                201,
                &json!({"request_uri": "urn:request", "expires_in": 60}),
            ),
            "/par" => ScriptedResponse::json(401, &json!({"error": "invalid_client"})),
            _ => ScriptedResponse::json(404, &json!({})),
        }),
        ..scripted(members)
    }
    .serve()
}

fn start(home: &TestHome, server: &ScriptedServer, more: &[&str]) -> Login {
    #[rustfmt::skip]
    let usual = ["--profile", "work", "login", "--issuer", &server.url, "--no-open", "--json"];
    Login::wait_for_page(home.start(&[&usual, more].concat()))
}

#[test]
fn login_without_client_id_registers_one_and_uses_it_again() {
    let server = registering(&json!({}), |_| true);
    let home = TestHome::new();
    let first = start(&home, &server, &["--browser"]);
    assert_eq!(first.parameter("client_id"), "client-1");
    let redirect_uri = first.redirect_uri.clone();
    first.approve("");
    first.wait().expect(0);
    let shown = home
        .run(&["profile", "show", "work", "--json"])
        .expect(0)
        .json();
    assert_eq!(shown["client_id"], Value::Null, "it is not the user's");

    let unnamed = start(&home, &server, &["--replace"]);
    assert_eq!(unnamed.parameter("client_id"), "client-1");
    assert_eq!(
        unnamed.redirect_uri, redirect_uri,
        "the port is free again at once"
    );
    unnamed.approve("");
    unnamed.wait().expect(0);

    let add = [
        "--profile",
        "work",
        "login",
        "--add-scope",
        "more",
        "--no-open",
        "--json",
    ];
    let added = Login::wait_for_page(home.start(&add));
    assert_eq!(added.parameter("client_id"), "client-1");
    assert_eq!(added.redirect_uri, redirect_uri);
    added.approve("");
    added.wait().expect(0);
    assert_eq!(server.count("/register"), 1);
    let sent = token_forms(&server);
    assert!(
        sent.iter().all(|form| form["client_id"] == "client-1"),
        "{sent:?}"
    );
}

#[test]
fn secret_of_another_client_is_not_sent_for_a_registered_one() {
    let server = registering(&json!({}), |_| true);
    let mut home = TestHome::new();
    home.set("BRAINMAPS_CLIENT_SECRET", "other-c4n4ry");
    let login = start(&home, &server, &["--browser"]);
    login.approve("");
    login.wait().expect(0);
    assert!(
        server
            .received()
            .iter()
            .all(|it| !it.body.contains("other-c4n4ry"))
    );
    let named = [
        "login",
        "--issuer",
        &server.url,
        "--browser",
        "--client-secret-file",
        "-",
    ];
    let refused = home.run_with_input(&named, "other-c4n4ry").expect(2);
    assert!(refused.stderr.contains("--client-id"), "{refused}");
}

#[test]
fn client_has_a_secret_if_the_server_lists_no_other_method() {
    for (methods, expected) in [
        (
            &["client_secret_basic", "client_secret_post"][..],
            "client_secret_post",
        ),
        (&["client_secret_basic"], "client_secret_basic"),
    ] {
        let more = json!({"token_endpoint_auth_methods_supported": methods});
        let server = registering(&more, |_| true);
        let home = TestHome::new();
        for _ in 0..2 {
            let login = start(&home, &server, &["--browser", "--replace"]);
            login.approve("");
            login.wait().expect(0);
        }
        assert_eq!(server.count("/register"), 1);
        let logout = home.run(&["--profile", "work", "logout"]).expect(0);
        assert!(logout.stdout.contains("revoked at the server"), "{logout}");
        for request in server.received() {
            match request.path.as_str() {
                "/register" => {
                    let sent: Value = serde_json::from_str(&request.body).unwrap();
                    assert_eq!(sent["token_endpoint_auth_method"], expected);
                }
                "/token" | "/revoke" => {
                    let is_basic = request.header("authorization").is_some();
                    assert_eq!(is_basic, expected == "client_secret_basic");
                    assert_eq!(request.body.contains("secret-c4n4ry"), !is_basic);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn client_that_the_server_forgot_is_registered_again_once() {
    let members = json!({
        "pushed_authorization_request_endpoint": "/par",
        "require_pushed_authorization_requests": true,
    });
    // The first login, the second with the forgotten client, and that with a new one.
    let server = registering(&members, |number| number != 2);
    let home = TestHome::new();
    for registrations in [1, 2] {
        let login = start(&home, &server, &["--browser", "--replace"]);
        assert_eq!(server.count("/register"), registrations);
        let state = forms(&server, "/par").pop().unwrap()["state"].clone();
        login.redirect(&format!("code={CODE}&state={state}"));
        login.wait().expect(0);
    }
    let sent = token_forms(&server);
    assert_eq!(sent[1]["client_id"], "client-2");

    let server = registering(&members, |number| number == 1);
    let home = TestHome::new();
    let login = start(&home, &server, &["--browser"]);
    let state = forms(&server, "/par").pop().unwrap()["state"].clone();
    login.redirect(&format!("code={CODE}&state={state}"));
    login.wait().expect(0);
    #[rustfmt::skip]
    let again = ["--profile", "work", "login", "--issuer", &server.url, "--browser", "--no-open", "--replace"];
    let failed = home.run(&again).expect(8);
    assert!(failed.stderr.contains("invalid_client"), "{failed}");
    assert_eq!(server.count("/register"), 2);
}

#[test]
fn server_that_registers_no_clients_requires_a_client_id() {
    let home = TestHome::new();
    let server = server(json!({}));
    for named in [&["--browser"][..], &[]] {
        let login = [&["login", "--issuer", &server.url, "--no-open"], named].concat();
        let failed = home.run(&login).expect(2);
        assert!(failed.stderr.contains("--client-id"), "{failed}");
    }
}
