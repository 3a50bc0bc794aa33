//! From the URL of a resource to a stored session.

use serde_json::json;

use super::*;
use crate::browser_login::{approve_on_terminal, forms};
use crate::support::test_home::expire;
use crate::terminal::run_until_prompt;

/// The profile of a server on loopback: its host and port.
fn profile(server: &ScriptedServer) -> String {
    server.url.replace("http://", "").replace(':', "-")
}

#[test]
fn rfc8707_2_resource_is_sent_in_authorization_token_and_refresh_requests() {
    let (home, server) = (TestHome::new(), server());
    let resource = format!("{}/mcp", server.url);
    let login = start_login(&home, &server, &[]);
    assert_eq!(login.parameter("resource"), resource);
    assert_eq!(login.parameter("scope"), "tools:read");
    assert_eq!(login.parameter("code_challenge_method"), "S256");
    login.approve("");
    let done = login.wait().expect(0).json();
    assert_eq!(done["profile"], profile(&server).as_str());
    assert_eq!(done["issuer"], server.url.as_str());
    expire(
        &home
            .data()
            .join(format!("credentials/{}.json", profile(&server))),
    );
    let printed = home.run(&["credential", "print", "--format", "header-json"]);
    let headers = printed.expect(0).stdout;
    assert!(headers.contains("\"Authorization\""), "{headers}");
    let sent = forms(&server, "/token");
    let grants = sent.iter().map(|form| form["grant_type"].as_str());
    let grants: Vec<&str> = grants.collect();
    assert_eq!(grants, ["authorization_code", "refresh_token"]);
    assert!(sent.iter().all(|form| form["resource"] == resource));
    let first = &server.received()[0];
    assert_eq!(first.path, "/mcp");
    assert_eq!(first.header("authorization"), None);
}

#[test]
fn no_resource_parameter_option_is_stored_for_later_logins() {
    let (home, server) = (TestHome::new(), server());
    let login = start_login(&home, &server, &["--no-resource-parameter"]);
    assert_eq!(login.parameter("resource"), "");
    login.approve("");
    login.wait().expect(0);
    // A later login of the profile needs no option.
    let again = ["login", "--no-browser", "--json", "--replace"];
    let login = Login::wait_for_page(home.start(&again));
    assert_eq!(login.parameter("resource"), "");
    login.approve("");
    login.wait().expect(0);
    let sent = forms(&server, "/token");
    assert!(sent.iter().all(|form| !form.contains_key("resource")));
    home.run(&["api", "x"]).expect(0);
    let outside = format!("{}/other", server.url);
    home.run(&["api", &outside]).expect(1);
}

#[test]
fn profile_has_the_name_of_the_host_and_of_the_path_if_that_is_taken() {
    let (home, server) = (
        TestHome::new(),
        server_with(|received, url| {
            let other = "/.well-known/oauth-protected-resource/other";
            let mut document = resource_metadata(url);
            document["resource"] = format!("{url}/other").into();
            match path(received) {
                "/other" => {
                    let value = format!("Bearer resource_metadata=\"{url}{other}\"");
                    let response = ScriptedResponse::json(401, &json!({}));
                    Some(response.header("www-authenticate", &value))
                }
                path if path == other => Some(ScriptedResponse::json(200, &document)),
                _ => None,
            }
        }),
    );
    let name = profile(&server);
    sign_in(&home, &server, &[]);
    let resource = format!("{}/other", server.url);
    let other = ["login", "--resource", &resource, "--no-browser", "--json"];
    let login = Login::wait_for_page(home.start(&other));
    assert_eq!(login.parameter("scope"), "tools:read tools:write");
    login.approve("");
    let done = login.wait().expect(0).json();
    assert_eq!(done["profile"], format!("{name}-other"));
    let done = sign_in(&home, &server, &["--replace"]).json();
    assert_eq!(
        done["profile"], name,
        "the profile of the resource is found again"
    );
}

/// The command of the hint signs in, and its session is sent to the URL.
#[test]
fn hint_for_a_resource_without_metadata_names_a_login_that_works() {
    let server = server_with(|received, _| {
        let is_known = path(received).starts_with("/mcp");
        let is_metadata = path(received).contains("protected-resource");
        let is_refused = is_known && received.header("authorization").is_none();
        let response = ScriptedResponse::text(if is_refused { 401 } else { 404 }, "text/plain", "");
        (is_refused || is_metadata).then_some(response)
    });
    let (home, failed) = failed_login(&server, &[], 2);
    let resource = format!("{}/mcp", server.url);
    let command = format!(
        "brainmaps login --profile NAME --api-url '{resource}' --issuer ISSUER --client-id ID"
    );
    assert!(failed.stdout.contains(&command), "{failed}");
    #[rustfmt::skip]
    let login = ["login", "--profile", "maps", "--api-url", &resource, "--issuer", &server.url,
        "--client-id", "known", "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&login));
    login.approve("");
    login.wait().expect(0);
    let sent = home.run(&["--profile", "maps", "api", "x"]).expect(0);
    assert_eq!(sent.json()["path"], "/mcp/x");
}

#[test]
fn offline_access_is_requested_if_the_authorization_server_lists_it() {
    let (home, server) = (
        TestHome::new(),
        server_with(|received, url| {
            let mut document = issuer_metadata(url);
            document["scopes_supported"] = json!(["tools:read", "offline_access"]);
            (path(received) == ISSUER_METADATA).then(|| ScriptedResponse::json(200, &document))
        }),
    );
    let login = start_login(&home, &server, &[]);
    assert_eq!(login.parameter("scope"), "tools:read offline_access");
    login.redirect(&format!(
        "error=access_denied&state={}",
        login.parameter("state")
    ));
    login.wait().expect(3);
}

#[test]
fn one_of_several_authorization_servers_must_be_named() {
    let other = ScriptedServer::start(respond);
    let second = other.url.clone();
    let server = server_with(move |received, url| {
        let mut document = resource_metadata(url);
        document["authorization_servers"] = json!([url, second]);
        (path(received) == RESOURCE_METADATA).then(|| ScriptedResponse::json(200, &document))
    });
    let (_home, failed) = failed_login(&server, &[], 2);
    let text = failed.stdout.clone() + &failed.stderr;
    assert!(
        text.contains(&other.url) && text.contains("--issuer"),
        "{failed}"
    );
    let (_home, failed) = failed_login(&server, &["--issuer", "https://id.example.com"], 2);
    assert!(
        failed.stdout.contains("does not accept tokens of"),
        "{failed}"
    );
    let home = TestHome::new();
    let done = sign_in(&home, &server, &["--issuer", &other.url]).json();
    assert_eq!(done["issuer"], other.url.as_str());
    let again = sign_in(&home, &server, &["--replace"]).json();
    assert_eq!(again["issuer"], other.url.as_str(), "it is remembered");
    assert_eq!(server.count("/token"), 0);
}

#[test]
fn rfc6750_3_missing_scope_is_named_with_the_command_that_requests_it() {
    let (home, server) = (
        TestHome::new(),
        server_with(|received, _| {
            let challenge = "Bearer error=\"insufficient_scope\", scope=\"tools:write\"";
            let refused = ScriptedResponse::json(403, &json!({}));
            (path(received) == "/mcp/write").then(|| refused.header("www-authenticate", challenge))
        }),
    );
    sign_in(&home, &server, &[]);
    let refused = home.run(&["api", "POST", "write"]).expect(3);
    assert!(refused.stderr.contains("scope tools:write"), "{refused}");
    let command = "brainmaps login --add-scope 'tools:write'";
    assert!(refused.stderr.contains(command), "{refused}");
    assert_eq!(server.count("/mcp/write"), 1, "nothing is repeated");
}

/// A server that requires another scope than the first token has.
fn stepping_up() -> ScriptedServer {
    let count = std::sync::atomic::AtomicUsize::new(0);
    server_with(move |received, _| match path(received) {
        "/token" => {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut issued = token_response();
            issued["access_token"] = format!("access-c4n4ry-{number}").into();
            issued["refresh_token"] = format!("refresh-c4n4ry-{number}").into();
            issued["scope"] = ["tools:read", "tools:read tools:write"][number.min(1)].into();
            Some(ScriptedResponse::json(200, &issued))
        }
        "/mcp/write" if received.header("authorization") == Some("Bearer access-c4n4ry-0") => {
            let challenge = "Bearer error=\"insufficient_scope\", scope=\"tools:write\"";
            let refused = ScriptedResponse::json(403, &json!({}));
            Some(refused.header("www-authenticate", challenge))
        }
        _ => None,
    })
}

const STEP_UP: &str = "the request requires the scope tools:write; sign in again to add it?";

#[test]
fn missing_scope_is_added_at_a_terminal_and_the_request_repeated() {
    let (mut home, server) = (TestHome::new(), stepping_up());
    // As on a machine with a display.
    home.set("BROWSER", "/no/such/browser");
    sign_in(&home, &server, &[]);
    let mut running = run_until_prompt(&home, "api POST write -f a=b -o out", STEP_UP);
    running.type_text("y\n");
    approve_on_terminal(&running);
    let ended = running.wait();
    assert!(ended.stdout.contains("status 0"), "{ended:?}");
    let written = std::fs::read_to_string(home.work().join("out")).unwrap();
    assert_eq!(written, "{\"path\":\"/mcp/write\"}");
    assert_eq!(server.count("/mcp/write"), 2);
    home.record().output("the terminal of api", ended.stdout);
}

#[test]
fn declined_step_up_is_the_failure_with_its_hint() {
    let (home, server) = (TestHome::new(), stepping_up());
    sign_in(&home, &server, &[]);
    let mut running = run_until_prompt(&home, "api POST write", STEP_UP);
    running.type_text("n\n");
    let ended = running.wait();
    assert!(ended.stdout.contains("status 3"), "{ended:?}");
    assert!(ended.stdout.contains("login --add-scope"), "{ended:?}");
    assert_eq!((server.count("/mcp/write"), server.count("/token")), (1, 1));
}

#[test]
fn login_that_cannot_wait_or_names_the_device_flow_has_a_hint_with_the_option() {
    let (home, server) = (TestHome::new(), server());
    let resource = format!("{}/mcp", server.url);
    let refused = home
        .run(&["--no-input", "login", "--resource", &resource])
        .expect(2);
    assert!(
        refused.stderr.contains("to wait anyway, add --browser"),
        "{refused}"
    );
    let refused = home
        .run(&["login", "--device", "--resource", &resource])
        .expect(2);
    let hint = format!("run `brainmaps login --resource '{resource}'`");
    assert!(refused.stderr.contains(&hint), "{refused}");
    assert!(server.received().is_empty());
}
