//! Resources and servers that lie about each other.

use serde_json::json;

use super::*;

/// A server whose document at `at` is changed.
fn server_with_document(
    at: &'static str,
    change: impl Fn(&mut Value, &str) + Send + Sync + 'static,
) -> ScriptedServer {
    server_with(move |received, url| {
        let mut document = match at {
            RESOURCE_METADATA => resource_metadata(url),
            _ => issuer_metadata(url),
        };
        change(&mut document, url);
        (path(received) == at).then(|| ScriptedResponse::json(200, &document))
    })
}

#[test]
fn rfc9728_3_3_metadata_about_another_resource_ends_the_login() {
    for other in ["/other", "/mcp/", "/MCP", "", "x"] {
        let server = server_with_document(RESOURCE_METADATA, move |document, url| {
            document["resource"] = format!("{url}{other}").into();
        });
        let (_home, failed) = failed_login(&server, &[], 1);
        assert!(failed.stdout.contains("about another resource"), "{failed}");
        assert_eq!(server.count(ISSUER_METADATA), 0);
        assert_eq!(server.count("/register"), 0);
    }
}

#[test]
fn rfc8414_3_3_issuer_that_looks_alike_ends_the_login() {
    for other in ["/", "x", "/t"] {
        let server = server_with_document(ISSUER_METADATA, move |document, url| {
            document["issuer"] = format!("{url}{other}").into();
        });
        let (_home, failed) = failed_login(&server, &[], 1);
        assert!(failed.stdout.contains("another issuer"), "{failed}");
        assert_eq!(server.count("/register"), 0);
    }
}

#[test]
fn endpoints_of_another_server_and_a_server_without_pkce_are_not_used() {
    let thief = ScriptedServer::start(respond);
    for (member, code) in [
        ("registration_endpoint", 1),
        ("token_endpoint", 1),
        ("authorization_endpoint", 1),
    ] {
        let url = format!("{}/stolen", thief.url);
        let server = server_with_document(ISSUER_METADATA, move |document, _| {
            document[member] = url.clone().into();
        });
        failed_login(&server, &[], code);
    }
    assert_eq!(thief.received().len(), 0);
    for methods in [json!(null), json!([]), json!(["plain"])] {
        let server = server_with_document(ISSUER_METADATA, move |document, _| {
            document["code_challenge_methods_supported"] = methods.clone();
        });
        let (_home, failed) = failed_login(&server, &[], 2);
        assert!(failed.stdout.contains("PKCE"), "{failed}");
    }
}

#[test]
fn huge_documents_and_redirects_to_other_servers_are_not_followed() {
    let thief = ScriptedServer::start(respond);
    for at in [RESOURCE_METADATA, ISSUER_METADATA] {
        let server = server_with(move |received, _| {
            (path(received) == at).then(|| ScriptedResponse::stream(8 * 1024 * 1024))
        });
        let (_home, failed) = failed_login(&server, &[], 1);
        assert!(failed.stdout.contains("larger than 64 KiB"), "{failed}");
        let to = format!("{}{at}", thief.url);
        let server = server_with(move |received, _| {
            (path(received) == at).then(|| ScriptedResponse::redirect(302, &to))
        });
        let (_home, failed) = failed_login(&server, &[], 1);
        assert!(failed.stdout.contains("redirects to"), "{failed}");
    }
    assert_eq!(thief.received().len(), 0);
}

#[test]
fn endless_response_of_a_resource_does_not_delay_the_login() {
    let home = TestHome::new();
    let server = server_with(|received, url| {
        let is_open = path(received) == "/mcp" && received.header("authorization").is_none();
        is_open.then(|| {
            let _ = url;
            ScriptedResponse::drip()
        })
    });
    let login = start_login(&home, &server, &[]);
    assert_eq!(login.parameter("scope"), "tools:read tools:write");
    login.approve("");
    login.wait().expect(0);
}

#[test]
fn resource_without_metadata_is_an_error_with_the_known_ways() {
    let server = ScriptedServer::start(|_, _| ScriptedResponse::json(404, &json!({})));
    let (_home, failed) = failed_login(&server, &[], 2);
    assert_eq!(failed.error_code(), "UNSUPPORTED");
    assert!(failed.stdout.contains("--issuer"), "{failed}");
    let home = TestHome::new();
    for bad in [
        "mcp.example.com/mcp",
        "http://mcp.example.com/mcp",
        "https://a.b/#x",
    ] {
        home.run(&["login", "--resource", bad]).expect(2);
    }
}
