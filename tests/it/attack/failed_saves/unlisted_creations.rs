//! Interrupted creations whose token cannot be looked for, because the service lists no tokens, never or for a time.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const CREATE: [&str; 4] = ["token", "create", "ci", "--json"];
const LIST: &str = "[tokens.list]\ncall = \"GET /keys\"\nitems = [\"/keys\"]\n\
                    paging = { style = \"next_link\", next = \"/next\" }\n";
const INTERRUPTED: &str = "was interrupted";

/// How the server responds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The response to a creation is lost.
    CreationFails,
    ListFails,
    ListHasManyPages,
    Works,
}

struct Maps {
    home: TestHome,
    mode: Arc<Mutex<Mode>>,
}

fn reply(mode: Mode, received: &ReceivedRequest, url: &str) -> ScriptedResponse {
    let (_, page) = received.path.split_once('=').unwrap_or_default();
    let page: u32 = page.parse().unwrap_or(0);
    let next = (mode == Mode::ListHasManyPages).then(|| format!("{url}/keys?page={}", page + 1));
    match received.method.as_str() {
        "POST" if mode == Mode::CreationFails => ScriptedResponse::json(503, &json!({})),
        "POST" => ScriptedResponse::json(201, &json!({ "key": "maps_c4n4ry", "id": "new" })),
        _ if mode == Mode::ListFails => ScriptedResponse::json(403, &json!({})),
        _ => {
            let keys = [json!({ "id": format!("old-{page}"), "label": "other" })];
            ScriptedResponse::json(200, &json!({ "keys": keys, "next": next }))
        }
    }
}

impl Maps {
    /// A service with the `calls` besides the one that creates tokens.
    fn with_calls(calls: &str) -> Self {
        let mode = Arc::new(Mutex::new(Mode::Works));
        let current = Arc::clone(&mode);
        let server = ScriptedServer::start(move |received: &ReceivedRequest, url: &str| {
            reply(*current.lock().unwrap(), received, url)
        });
        let mut home = TestHome::new();
        home.set("MAPS_API_KEY", "maps_c4n4ry_in_use");
        home.set("BRAINMAPS_PROFILE", "maps");
        let folder = home.path().join(".config/brainmaps/providers");
        fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "id = \"maps\"\nname = \"Our maps\"\napi_url = \"{}\"\n\
             [environment]\napi_key = \"MAPS_API_KEY\"\n[headers]\napi_key = {{ name = \"X-API-Key\" }}\n\
             [tokens.create]\ncall = \"POST /keys\"\nbody = {{ label = \"name\" }}\nsecret = \"/key\"\n\
             [tokens.fields]\nid = \"/id\"\nname = \"/label\"\n{calls}",
            server.url
        );
        fs::write(folder.join("maps.toml"), text).unwrap();
        Self { home, mode }
    }

    fn set_mode(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }

    /// Creates a token in `mode`.
    fn create(&self, mode: Mode) -> CommandResult {
        self.set_mode(mode);
        self.home.run(&CREATE)
    }

    /// Returns the names of the open journals' files.
    fn journals(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.data().join("creations")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    /// Returns the lines of `doctor` about journals.
    fn diagnosis(&self) -> Vec<Value> {
        let report = self.home.run(&["doctor", "--offline", "--json"]).json();
        let checks = report["checks"].as_array().unwrap().iter();
        checks
            .filter(|check| check["name"] == "journals")
            .cloned()
            .collect()
    }
}

fn is_reported(outcome: &CommandResult) -> bool {
    outcome.stderr.contains(INTERRUPTED)
}

#[test]
fn creation_at_a_service_without_a_list_is_reported_once_and_then_by_doctor() {
    let maps = Maps::with_calls("");
    let failed = maps.create(Mode::CreationFails).expect(6);
    let hint = failed.json()["error"]["hint"].to_string();
    assert!(hint.contains("on the website of the service"), "{failed}");
    for command in [&["status"][..], &["token", "list"]] {
        let outcome = maps.home.run(command);
        assert!(is_reported(&outcome), "{outcome}");
    }
    let first = maps.create(Mode::Works).expect(0);
    assert!(
        is_reported(&first) && first.stderr.contains("has no call that lists tokens"),
        "{first}"
    );
    let second = maps.create(Mode::Works).expect(0);
    let status = maps.home.run(&["status"]);
    assert!(!is_reported(&second) && !is_reported(&status), "{second}");

    let [check] = maps.diagnosis().try_into().unwrap();
    let message = check["message"].as_str().unwrap();
    assert!(message.contains(INTERRUPTED), "{check}");
    let [name] = maps.journals().try_into().unwrap();
    let path = maps.home.data().join("creations").join(name);
    let hint = format!("run `rm '{}'`", path.display());
    assert!(check["hint"].as_str().unwrap().contains(&hint), "{check}");
    fs::remove_file(path).unwrap();
    assert_eq!(maps.diagnosis()[0]["state"], "ok");
}

#[test]
fn creation_stays_open_while_the_list_fails_or_is_too_long() {
    for (mode, reason) in [
        (Mode::ListFails, "cannot be listed"),
        (Mode::ListHasManyPages, "more than 20 pages"),
    ] {
        let maps = Maps::with_calls(LIST);
        maps.create(Mode::CreationFails).expect(6);
        for _ in 0..2 {
            let outcome = maps.create(mode).expect(0);
            assert!(
                is_reported(&outcome) && outcome.stderr.contains(reason),
                "{outcome}"
            );
            assert!(is_reported(&maps.home.run(&["status"])), "{reason}");
        }
        let outcome = maps.create(Mode::Works).expect(0);
        assert!(!is_reported(&outcome), "{outcome}");
        assert_eq!(maps.journals(), [""; 0], "{reason}");
    }
}
