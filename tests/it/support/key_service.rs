//! A described service with at most two tokens, `old` and `new`. A key is valid while its token is listed.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};
use super::test_home::TestHome;

/// The description of the service. It ends inside the table `tokens.fields`, so that a test can add fields.
const DESCRIPTION: &str = r#"
id = "maps"
name = "Maps"
api_url = "https://maps.test"
[headers]
api_key = { name = "X-API-Key" }
[whoami]
call = "GET /me"
account = ["/name"]
[tokens.list]
call = "GET /keys"
items = ["/keys"]
[tokens]
revoke = "DELETE /keys/{id}"
[tokens.fields]
id = "/id"
name = "/name"
scopes = "/scopes"
"#;

/// Returns a home with the description of the service, which ends with `rest`.
pub(crate) fn home_with_description(rest: &str) -> TestHome {
    let home = TestHome::new();
    let folder = home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("maps.toml"), format!("{DESCRIPTION}{rest}")).unwrap();
    home
}

/// The token that a request for a new token creates.
pub(crate) struct CreatedKey {
    pub(crate) key: &'static str,
    /// Returns the facts of the new token from the body of the request.
    pub(crate) facts: Box<dyn Fn(&Value) -> Value + Send + Sync>,
    /// The path that the new key may not read.
    pub(crate) forbidden: Option<&'static str>,
}

pub(crate) struct KeyService {
    pub(crate) server: ScriptedServer,
    tokens: Arc<Mutex<Vec<Value>>>,
}

impl KeyService {
    /// Starts a service that lists `old`.
    pub(crate) fn start(old: Value, created: CreatedKey) -> Self {
        let tokens = Arc::new(Mutex::new(vec![old]));
        let listed = Arc::clone(&tokens);
        let server = ScriptedServer::start(move |received, _| {
            respond(received, &mut listed.lock().unwrap(), &created)
        });
        Self { server, tokens }
    }

    /// Returns a service with another server, whose tokens are not recorded.
    pub(crate) fn with_server(server: ScriptedServer) -> Self {
        let tokens = Arc::default();
        Self { server, tokens }
    }

    /// Returns the ids of the tokens that are not revoked.
    pub(crate) fn ids(&self) -> Vec<String> {
        let tokens = self.tokens.lock().unwrap();
        let ids = tokens.iter().map(|token| token["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    }
}

fn respond(
    received: &ReceivedRequest,
    tokens: &mut Vec<Value>,
    created: &CreatedKey,
) -> ScriptedResponse {
    let mut values = received.headers.iter().map(|(_, value)| value);
    let is_new = values.any(|value| value.ends_with(created.key));
    let id = if is_new { "new" } else { "old" };
    if !tokens.iter().any(|token| token["id"] == id) {
        return ScriptedResponse::json(401, &json!({}));
    }
    let path = received.path.split('?').next().unwrap_or_default();
    let is_list = path.ends_with("keys") || path.ends_with("/tokens/");
    match received.method.as_str() {
        "GET" if is_list => {
            let list = json!({ "keys": *tokens, "results": *tokens, "next": null });
            ScriptedResponse::json(200, &list)
        }
        "POST" if is_list => {
            let mut token = (created.facts)(&serde_json::from_str(&received.body).unwrap());
            token["id"] = json!("new");
            token["name"] = json!("ci");
            tokens.push(token);
            let key = created.key;
            let response = json!({ "id": "new", "name": "ci", "key": key, "token": key });
            ScriptedResponse::json(201, &response)
        }
        "GET" if is_new && created.forbidden == Some(path) => {
            ScriptedResponse::json(403, &json!({}))
        }
        "GET" => ScriptedResponse::json(200, &json!({ "name": "ada", "email": "ada@maps.test" })),
        _ => {
            tokens.retain(|token| !path.contains(token["id"].as_str().unwrap()));
            ScriptedResponse::json(200, &json!({}))
        }
    }
}
