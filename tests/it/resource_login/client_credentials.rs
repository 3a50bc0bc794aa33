//! A program signs in as the client itself at the server that the resource names.

use super::*;
use crate::browser_login::forms;
use crate::support::process::RunningProcess;
use crate::support::sandbox::write_private;
use crate::terminal::run_until_prompt;

const KEY: &str = include_str!("../../../src/oauth/client_key/testdata/p256.pem");
const SECRET: &str = "secret-c4n4ry";

/// Returns `login --client-credentials` at the resource, without an issuer.
fn arguments<'a>(resource: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    #[rustfmt::skip]
    let usual = ["login", "--client-credentials", "--resource", resource, "--client-id", "robot"];
    [&usual, more].concat()
}

fn resource(server: &ScriptedServer) -> String {
    format!("{}/mcp", server.url)
}

#[test]
fn rfc9728_client_with_a_key_signs_in_at_the_server_that_the_resource_names() {
    // A server without a page for people.
    let server = server_with(|received, url| {
        let mut document = issuer_metadata(url);
        let members = document.as_object_mut().unwrap();
        members.remove("authorization_endpoint");
        members.remove("code_challenge_methods_supported");
        members.insert(
            "scopes_supported".to_owned(),
            json!(["tools:read", "offline_access"]),
        );
        (path(received) == ISSUER_METADATA).then(|| ScriptedResponse::json(200, &document))
    });
    let (home, resource) = (TestHome::new(), resource(&server));
    write_private(&home.work().join("key"), KEY);
    let arguments = arguments(&resource, &["--key", "key", "--json"]);
    let done = home.run(&arguments).expect(0).json();
    assert_eq!(done["issuer"], server.url.as_str());
    assert_eq!(done["resource"], resource.as_str());
    let form = &forms(&server, "/token")[0];
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["resource"], resource);
    assert_eq!(form["scope"], "tools:read");
    assert!(!form["client_assertion"].is_empty());

    // The session is bound to the resource, and a later login repeats it.
    let sent = home.run(&["api", "x"]).expect(0).json();
    assert_eq!(sent["path"], "/mcp/x");
    home.run(&["api", &format!("{}/other", server.url)])
        .expect(1);
    home.run(&["--no-input", "login", "--scope", "tools:write"])
        .expect(0);
    let repeated = &forms(&server, "/token")[1];
    assert_eq!(repeated["grant_type"], "client_credentials");
    assert_eq!(repeated["resource"], resource);
    assert_eq!(repeated["scope"], "tools:write");
}

#[test]
fn secret_goes_to_the_server_that_a_resource_names_only_if_the_user_reads_its_name() {
    let (home, server) = (TestHome::new(), server());
    let resource = resource(&server);
    let refused = home
        .run_with_input(&arguments(&resource, &[]), SECRET)
        .expect(2);
    let issuer = format!("--issuer '{}'", server.url);
    assert!(refused.stderr.contains(&issuer), "{refused}");
    write_private(&home.work().join("secret"), SECRET);
    let file = arguments(&resource, &["--client-secret-file", "secret"]);
    home.run(&file).expect(2);
    // What a key signs for another audience could be of use there.
    write_private(&home.work().join("key"), KEY);
    let audience = "https://id.example.com";
    let key = ["--key", "key", "--assertion-audience", audience];
    home.run(&arguments(&resource, &key)).expect(2);
    assert_eq!(server.count("/token"), 0);

    // With the options of the hint, the user names the server, and the session is for the resource.
    #[rustfmt::skip]
    let options = ["--issuer", &server.url, "--profile", "maps", "--api-url", &resource];
    let hint = format!("{issuer} --profile NAME --api-url '{resource}'");
    assert!(refused.stderr.contains(&hint), "{refused}");
    home.run_with_input(&arguments(&resource, &options), SECRET)
        .expect(0);
    let sent = home.run(&["--profile", "maps", "api", "x"]).expect(0);
    assert_eq!(sent.json()["path"], "/mcp/x");

    let typed = arguments(&resource, &[]).join(" ");
    let prompt = format!("Client secret for {}", server.url);
    let mut running: RunningProcess = run_until_prompt(&home, &typed, &prompt);
    running.type_text(&format!("{SECRET}\n"));
    let done = running.wait();
    assert!(done.stdout.contains("status 0"), "{done:?}");
    let sent = forms(&server, "/token");
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|form| form["client_secret"] == SECRET));
}

#[test]
fn resource_without_metadata_is_an_error_and_the_default_service_gets_nothing() {
    let (home, server) = (
        TestHome::new(),
        ScriptedServer::start(|_, _| ScriptedResponse::text(404, "text/plain", "")),
    );
    write_private(&home.work().join("key"), KEY);
    let resource = resource(&server);
    let failed = home.run(&arguments(&resource, &["--key", "key"]));
    let failed = failed.expect(2);
    assert!(
        failed.stderr.contains("does not describe how to sign in"),
        "{failed}"
    );
}
