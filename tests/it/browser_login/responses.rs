//! Responses that are errors, forged, or from another server (RFC 6749 §4.1.2.1, RFC 9207, RFC 9700 §4.4).

use serde_json::json;

use super::*;

/// Returns the result of a login whose browser sends the state and `query` to the redirect URI.
fn login_with_response(server: &ScriptedServer, query: &str) -> CommandResult {
    let home = TestHome::new();
    let login = Login::start(&home, server);
    let page = login.redirect(&format!("state={}&{query}", login.parameter("state")));
    assert!(!page.contains("c4n4ry"), "{page}");
    assert!(!page.to_lowercase().contains("\r\nlocation:"), "{page}");
    let done = login.wait();
    expect_nothing_stored(&home);
    done
}

#[test]
fn errors_of_the_server_have_their_exit_codes() {
    let server = server(json!({}));
    for (error, exit, code) in [
        ("access_denied", 3, "DENIED"),
        ("invalid_scope", 8, "REJECTED"),
        ("unauthorized_client", 8, "REJECTED"),
        ("unsupported_response_type", 8, "REJECTED"),
        ("invalid_request", 8, "REJECTED"),
        ("server_error", 6, "UNAVAILABLE"),
        ("temporarily_unavailable", 6, "UNAVAILABLE"),
        ("login_required", 4, "LOGIN_REQUIRED"),
        ("consent_required", 4, "LOGIN_REQUIRED"),
        ("interaction_required", 4, "LOGIN_REQUIRED"),
        ("of_the_future", 8, "REJECTED"),
    ] {
        let query = format!("error={error}&error_description=because+of+it");
        let done = login_with_response(&server, &query).expect(exit);
        assert_eq!(done.error_code(), code, "{done}");
        let error = &done.json()["error"];
        assert!(error["message"].as_str().unwrap().contains("because of it"));
        assert!(error["hint"].is_string(), "{done}");
    }
    assert_eq!(server.count("/token"), 0);
}

#[test]
fn denial_is_named_on_the_page() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let page = login.redirect(&format!(
        "state={}&error=access_denied",
        login.parameter("state")
    ));
    assert!(page.contains("The sign-in was declined"), "{page}");
    login.wait().expect(3);
}

#[test]
fn rfc9207_2_4a_response_of_another_issuer_ends_the_login_without_its_texts() {
    let server = server(json!({"authorization_response_iss_parameter_supported": true}));
    for issuer in [
        "https://evil.test".to_owned(),
        format!("{}/", server.url),
        server.url.to_uppercase(),
    ] {
        for rest in [
            format!("code={CODE}"),
            "error=call_me&error_description=call+me".to_owned(),
        ] {
            let query = format!("{rest}&iss={issuer}");
            let done = login_with_response(&server, &query).expect(1);
            assert_eq!(done.error_code(), "FAILED", "{done}");
            assert!(done.stdout.contains(&server.url), "{done}");
            assert!(!done.stdout.contains("call"), "{done}");
        }
    }
    assert_eq!(server.count("/token"), 0, "no code is sent");
}

#[test]
fn rfc9207_2_4b_announced_iss_is_required() {
    let announcing = server(json!({"authorization_response_iss_parameter_supported": true}));
    for query in [
        format!("code={CODE}"),
        "error=call_me&error_description=call+me".to_owned(),
    ] {
        let done = login_with_response(&announcing, &query).expect(1);
        assert!(done.stdout.contains("has no `iss`"), "{done}");
        assert!(!done.stdout.contains("call me"), "{done}");
    }
    assert_eq!(announcing.count("/token"), 0);
    let home = TestHome::new();
    let login = Login::start(&home, &announcing);
    login.approve(&format!("&iss={}", announcing.url));
    login.wait().expect(0);
}

#[test]
fn repeated_parameters_end_the_login() {
    let server = server(json!({}));
    for query in [
        format!("code={CODE}&code=x"),
        format!("code={CODE}&iss={0}&iss={0}", server.url),
    ] {
        let done = login_with_response(&server, &query).expect(1);
        assert!(done.stdout.contains("more than once"), "{done}");
    }
    assert_eq!(server.count("/token"), 0);
}

#[test]
fn rfc6749_10_12_response_with_another_state_is_ignored() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    for query in [
        "code=attacker&state=wrong".to_owned(),
        "code=attacker".to_owned(),
        "error=access_denied".to_owned(),
        format!("code=attacker&state=x&state={}", login.parameter("state")),
        String::new(),
    ] {
        let page = login.redirect(&query);
        assert!(page.starts_with("HTTP/1.1 400 "), "{page}");
        assert!(page.contains("Not accepted"), "{page}");
    }
    login.approve("");
    login.wait().expect(0);
    let codes: Vec<_> = token_forms(&server)
        .into_iter()
        .map(|mut form| form.remove("code").unwrap())
        .collect();
    assert_eq!(codes, [CODE]);
}

#[test]
fn rfc9700_4_4_page_of_another_server_is_not_opened() {
    let honest = server(json!({}));
    for member in [
        "authorization_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        let evil = server(json!({member: format!("{}/authorize", honest.url)}));
        let home = TestHome::new();
        let done = home.run(&arguments(&evil, &["--browser", "--no-browser"]));
        let done = done.expect(1);
        assert!(done.stdout.contains(&honest.url), "{done}");
        assert!(!done.stderr.contains("authorization_url"), "{done}");
        assert_eq!(honest.received().len(), 0);
        expect_nothing_stored(&home);
    }
}
