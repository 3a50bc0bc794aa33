//! Logins of programs with client credentials (RFC 6749 §4.4), with the real program: no person, no refresh token.

mod keys;
mod login;
mod refresh;

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{
    scripted_server::{
        AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer, metadata,
        token_response,
    },
    test_home::{CommandResult, TestHome},
};

const SECRET: &str = "c4n4ry client:secret";

/// [`SECRET`] and the client id, form-encoded and in Base64.
const BASIC: &str = "Basic cm9ib3Q6YzRuNHJ5K2NsaWVudCUzQXNlY3JldA==";

/// A server that lists `methods` for client authentication, and whose token response is changed by `change`.
fn serve(methods: &[&str], change: impl Fn(&mut Value) + Send + Sync + 'static) -> ScriptedServer {
    let methods = json!(methods);
    AuthorizationServerScript {
        metadata: Box::new(move |url| {
            let mut body = metadata(url);
            body["token_endpoint_auth_methods_supported"] = methods.clone();
            ScriptedResponse::json(200, &body)
        }),
        token: Box::new(move |_| {
            let mut body = token_response();
            change(&mut body);
            ScriptedResponse::json(200, &body)
        }),
        ..AuthorizationServerScript::default()
    }
    .serve()
}

fn login(home: &TestHome, server: &ScriptedServer, options: &[&str], input: &str) -> CommandResult {
    let arguments = [
        "--no-input",
        "login",
        "--client-credentials",
        "--issuer",
        &server.url,
        "--client-id",
        "robot",
    ];
    home.run_with_input(&[&arguments[..], options].concat(), input)
}

fn field(received: &ReceivedRequest, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(received.body.as_bytes());
    let value = fields.find(|(known, _)| known == name)?.1;
    Some(value.into_owned())
}

/// The requests to `path`.
fn sent_to(server: &ScriptedServer, path: &str) -> Vec<ReceivedRequest> {
    let mut received = server.received();
    received.retain(|received| received.path == path);
    received
}
