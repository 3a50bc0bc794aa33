//! Login at a protected resource (RFC 9728) with the real program. The test acts as the browser, and one server acts as the
//! resource `/mcp` and its authorization server.

mod added_scope;
mod attacks;
mod binding;
mod client;
#[cfg(feature = "sandbox")]
mod client_credentials;
mod flow;

use serde_json::{Value, json};

use crate::browser_login::Login;
use crate::support::{
    scripted_server::{
        ReceivedRequest, ScriptedResponse, ScriptedServer, metadata, token_response,
    },
    test_home::{CommandResult, TestHome},
};

const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";
const ISSUER_METADATA: &str = "/.well-known/oauth-authorization-server";

/// A server that responds with `more`, else as usual.
fn server_with(
    more: impl Fn(&ReceivedRequest, &str) -> Option<ScriptedResponse> + Send + Sync + 'static,
) -> ScriptedServer {
    ScriptedServer::start(move |received, url| {
        more(received, url).unwrap_or_else(|| respond(received, url))
    })
}

fn server() -> ScriptedServer {
    server_with(|_, _| None)
}

fn path(received: &ReceivedRequest) -> &str {
    received.path.split('?').next().unwrap_or_default()
}

fn respond(received: &ReceivedRequest, url: &str) -> ScriptedResponse {
    match path(received) {
        RESOURCE_METADATA => ScriptedResponse::json(200, &resource_metadata(url)),
        ISSUER_METADATA => ScriptedResponse::json(200, &issuer_metadata(url)),
        "/register" => ScriptedResponse::json(201, &registered(received)),
        "/token" => ScriptedResponse::json(200, &token_response()),
        "/revoke" => ScriptedResponse::text(200, "text/plain", ""),
        _ if received.header("authorization").is_some() => {
            ScriptedResponse::json(200, &json!({ "path": received.path }))
        }
        _ => challenge(url, ", scope=\"tools:read\""),
    }
}

fn challenge(url: &str, more: &str) -> ScriptedResponse {
    let value = format!("Bearer resource_metadata=\"{url}{RESOURCE_METADATA}\"{more}");
    ScriptedResponse::json(401, &json!({})).header("www-authenticate", &value)
}

fn resource_metadata(url: &str) -> Value {
    json!({
        "resource": format!("{url}/mcp"),
        "authorization_servers": [url],
        "scopes_supported": ["tools:read", "tools:write"],
    })
}

/// The metadata of an authorization server without device flow.
fn issuer_metadata(url: &str) -> Value {
    let mut document = metadata(url);
    let members = document.as_object_mut().unwrap();
    members.remove("device_authorization_endpoint");
    for (name, path) in [
        ("authorization_endpoint", "authorize"),
        ("registration_endpoint", "register"),
    ] {
        members.insert(name.to_owned(), format!("{url}/{path}").into());
    }
    document
}

/// Registers what the client requests, with another id each time.
fn registered(received: &ReceivedRequest) -> Value {
    let mut client: Value = serde_json::from_str(&received.body).unwrap();
    let redirect_uri = client["redirect_uris"][0].as_str().unwrap().to_owned();
    client["client_id"] = format!("client-of-{redirect_uri}").into();
    client
}

/// Starts `login --resource URL/mcp`, which shows the page and opens none.
fn start_login(home: &TestHome, server: &ScriptedServer, more: &[&str]) -> Login {
    let resource = format!("{}/mcp", server.url);
    let usual = ["login", "--resource", &resource, "--no-browser", "--json"];
    Login::wait_for_page(home.start(&[&usual, more].concat()))
}

/// Signs in, and returns the result.
fn sign_in(home: &TestHome, server: &ScriptedServer, more: &[&str]) -> CommandResult {
    let login = start_login(home, server, more);
    login.approve("");
    login.wait().expect(0)
}

/// Signs in with a pasted code: nothing listens at the redirect URI.
fn paste(home: &TestHome, server: &ScriptedServer) -> CommandResult {
    let resource = format!("{}/mcp", server.url);
    let arguments = [
        "login",
        "--resource",
        &resource,
        "--no-browser",
        "--browser",
        "--paste",
    ];
    home.run_with_input(&arguments, "code-c4n4ry").expect(0)
}

/// Runs a login that fails before a page is shown.
fn failed_login(server: &ScriptedServer, more: &[&str], code: i32) -> (TestHome, CommandResult) {
    let home = TestHome::new();
    let resource = format!("{}/mcp", server.url);
    let usual = ["login", "--resource", &resource, "--no-browser", "--json"];
    let failed = home.run(&[&usual, more].concat()).expect(code);
    assert!(!home.data().join("profiles.json").exists(), "{failed}");
    (home, failed)
}
