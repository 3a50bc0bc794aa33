use std::sync::Arc;

use super::*;

use crate::http::HeaderValue;
use crate::http::testing::{Stub, response, response_with_header};

const RESOURCE: &str = "https://mcp.example.com/mcp";
const AT_PATH: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
const AT_HOST: &str = "https://mcp.example.com/.well-known/oauth-protected-resource";

fn resource() -> ResourceUrl {
    RESOURCE.parse().unwrap()
}

/// Serves documents by URL, and a challenge for the resource.
fn serve(challenge: &str, documents: &[(&str, &str)]) -> (Client, Arc<Stub>) {
    let challenge = challenge.to_owned();
    let documents: Vec<(String, String)> = documents
        .iter()
        .map(|(url, body)| ((*url).to_owned(), (*body).to_owned()))
        .collect();
    Stub::client(move |_, request| {
        let url = request.url().as_str();
        if url == RESOURCE {
            return Ok(response_with_header(401, "www-authenticate", &challenge));
        }
        let found = documents.iter().find(|(at, _)| at == url);
        Ok(found.map_or_else(|| response(404, "{}"), |(_, body)| response(200, body)))
    })
}

fn document(resource: &str) -> String {
    format!(
        r#"{{"resource":"{resource}","authorization_servers":["https://id.example.com"],"scopes_supported":["a","b"]}}"#
    )
}

async fn discover(
    challenge: &str,
    documents: &[(&str, &str)],
) -> (Result<ProtectedResource, ResourceError>, Vec<String>) {
    let (client, stub) = serve(challenge, documents);
    let found = discover_resource(&client, &resource()).await;
    (found, stub.urls().split_off(1))
}

#[tokio::test]
async fn rfc9728_5_1_metadata_of_the_challenge_is_used_when_it_is_named() {
    let other = "https://meta.example.com/mcp.json";
    let challenge = format!(
        r#"Basic realm="x", Bearer realm="a, b", Bearer resource_metadata="{other}", scope="c d""#
    );
    let body = document(RESOURCE);
    let (found, asked) = discover(&challenge, &[(other, &body), (AT_PATH, "{}")]).await;
    let found = found.unwrap();
    assert_eq!(asked, [other]);
    assert_eq!(found.authorization_servers, ["https://id.example.com"]);
    assert_eq!(found.scopes, Scopes::parse("c d"));
    assert_eq!(found.reach, Reach::Public);
}

#[tokio::test]
async fn rfc9728_3_1_well_known_part_is_between_host_and_path_and_the_host_is_tried_second() {
    let body = document(RESOURCE);
    let (found, asked) = discover("Bearer", &[(AT_PATH, &body)]).await;
    assert_eq!(found.unwrap().scopes, Scopes::parse("a b"));
    assert_eq!(asked, [AT_PATH]);
    let (found, asked) = discover("Bearer scope=\"c\"", &[(AT_HOST, &body)]).await;
    assert_eq!(found.unwrap().scopes, Scopes::parse("c"));
    assert_eq!(asked, [AT_PATH, AT_HOST]);
    let (found, _) = discover("", &[]).await;
    let text = found.unwrap_err().to_string();
    assert!(
        text.contains("HTTP 401") && text.contains(AT_HOST),
        "{text}"
    );
    let root: ResourceUrl = "https://a.b".parse().unwrap();
    let addresses = well_known_addresses(&root);
    assert_eq!(addresses.len(), 1);
    let query: ResourceUrl = "https://a.b/mcp?x=1".parse().unwrap();
    let expected = "https://a.b/.well-known/oauth-protected-resource/mcp?x=1";
    assert_eq!(well_known_addresses(&query)[0].as_str(), expected);
}

#[tokio::test]
async fn rfc9728_3_3_metadata_of_another_resource_is_not_used() {
    for other in [
        "https://mcp.example.com",
        "https://mcp.example.com/mcp/",
        "https://mcp.example.com/MCP",
        "https://evil.example.com/mcp",
        "",
    ] {
        let body = document(other);
        let (found, asked) = discover("Bearer", &[(AT_PATH, &body), (AT_HOST, &body)]).await;
        let error = found.unwrap_err();
        assert!(matches!(error, ResourceError::Mismatch { .. }), "{error}");
        assert_eq!(asked, [AT_PATH], "the next document is not tried");
    }
}

#[tokio::test]
async fn url_in_the_challenge_of_a_public_server_must_not_lead_into_this_network() {
    for (address, is_unusable) in [
        ("https://10.0.0.1/x", false),
        ("https://[fd00::1]/x", false),
        ("https://localhost/x", false),
        ("https://169.254.169.254/x", false),
        ("http://localhost/x", true),
        ("http://meta.example.com/x", true),
        ("file:///etc/passwd", true),
        ("/relative", true),
    ] {
        let challenge = format!("Bearer resource_metadata=\"{address}\"");
        let (found, asked) = discover(&challenge, &[(AT_PATH, "{}")]).await;
        let error = found.unwrap_err();
        let is_private = matches!(
            &error,
            ResourceError::Oauth(OauthError::Http(HttpError::PrivateAddress { .. }))
        );
        assert_eq!(is_private, !is_unusable, "{address}: {error}");
        assert_eq!(asked, [""; 0], "nothing is sent: {address}");
    }
}

#[tokio::test]
async fn document_without_a_server_and_redirects_elsewhere_are_errors() {
    let body = format!(r#"{{"resource":"{RESOURCE}","authorization_servers":[]}}"#);
    let (found, _) = discover("Bearer", &[(AT_PATH, &body)]).await;
    assert!(matches!(found, Err(ResourceError::NoServer { .. })));
    let (client, stub) = Stub::client(|before, _| {
        let to = "https://evil.example.com/";
        Ok(match before {
            0 => response(401, ""),
            _ => response_with_header(302, "location", to),
        })
    });
    let error = discover_resource(&client, &resource()).await.unwrap_err();
    assert!(error.to_string().contains("redirects to"), "{error}");
    assert!(stub.urls().iter().all(|url| !url.contains("evil")));
}

#[tokio::test]
async fn rfc6750_3_challenge_in_several_headers_is_found() {
    let (client, _) = Stub::client(|_, request| {
        if request.url().as_str() != RESOURCE {
            return Ok(response(200, &document(RESOURCE)));
        }
        let mut rejected = response(401, "");
        for value in [
            "Negotiate abc==",
            "DPoP algs=\"ES256\"",
            "Bearer scope=\"x y\"",
        ] {
            let value = HeaderValue::from_static(value);
            rejected.headers.append(header::WWW_AUTHENTICATE, value);
        }
        Ok(rejected)
    });
    let found = discover_resource(&client, &resource()).await.unwrap();
    assert_eq!(found.scopes, Scopes::parse("x y"));
}

const ISSUER: &str = "https://id.example.com/t";

fn issuer_document(issuer: &str, more: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","token_endpoint":"https://id.example.com/token"{more}}}"#)
}

#[tokio::test]
async fn issuer_metadata_is_found_in_the_order_of_the_specification() {
    let listed = [
        "https://id.example.com/.well-known/oauth-authorization-server/t",
        "https://id.example.com/.well-known/openid-configuration/t",
        "https://id.example.com/t/.well-known/openid-configuration",
    ];
    let body = issuer_document(ISSUER, r#","code_challenge_methods_supported":["S256"]"#);
    for number in 0..listed.len() {
        let (client, stub) = serve("", &[(listed[number], &body)]);
        let found = discover_issuer(&client, ISSUER, Reach::Public).await;
        assert_eq!(found.unwrap().issuer, ISSUER);
        assert_eq!(stub.urls(), listed[..=number]);
    }
    let (client, stub) = serve("", &[]);
    let missing = discover_issuer(&client, ISSUER, Reach::Public).await;
    assert!(matches!(missing, Err(OauthError::NoMetadata { .. })));
    assert_eq!(stub.urls(), listed);
}

#[tokio::test]
async fn issuer_that_looks_alike_or_whose_page_lacks_pkce_is_not_used() {
    let first = "https://id.example.com/.well-known/oauth-authorization-server/t";
    let s256 = r#","code_challenge_methods_supported":["S256"]"#;
    for other in ["https://id.example.com/t/", "https://1d.example.com/t"] {
        let body = issuer_document(other, s256);
        let (client, _) = serve("", &[(first, &body)]);
        let found = discover_issuer(&client, ISSUER, Reach::Public).await;
        assert!(matches!(found, Err(OauthError::IssuerMismatch { .. })));
    }
    for more in ["", r#","code_challenge_methods_supported":["plain"]"#] {
        let body = issuer_document(ISSUER, more);
        let (client, _) = serve("", &[(first, &body)]);
        let found = discover_issuer(&client, ISSUER, Reach::Public).await;
        let page = found.unwrap().check_authorization_endpoint();
        assert!(matches!(page, Err(OauthError::NoPkce { .. })));
    }
    let private = discover_issuer(&serve("", &[]).0, "https://10.0.0.1", Reach::Public).await;
    assert!(matches!(
        private,
        Err(OauthError::Http(HttpError::PrivateAddress { .. }))
    ));
}
