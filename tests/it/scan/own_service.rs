//! Descriptions, profiles and files that try to receive the keys of another service.

use serde_json::json;

use super::{HEX, LETTERS, Scene, random};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};

fn bp(first: &str, seed: u64) -> String {
    format!("bp_{first}{}", random(HEX, 64 - first.len(), seed))
}

fn accepting_server() -> ScriptedServer {
    ScriptedServer::start(|_, _| ScriptedResponse::json(200, &json!({"success": true, "data": {}})))
}

/// Adds a description to the user's own, and returns its path.
fn add_description(scene: &Scene, id: &str, url: &str, key: &str) -> String {
    let folder = scene.home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "id = \"{id}\"\nname = \"Acme\"\napi_url = \"{url}\"\n\
         [environment]\napi_key = \"ACME_API_KEY\"\napi_url = \"ACME_API_URL\"\n\
         [headers]\napi_key = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n\
         [key]\n{key}\n[whoami]\ncall = \"GET /me\"\naccount = \"/login\"\n\
         [tokens]\nrevoke = \"DELETE /keys/{{id}}\"\n\
         [tokens.list]\ncall = \"GET /keys\"\nitems = [\"/keys\"]\n\
         [tokens.fields]\nid = \"/id\"\nname = \"/name\"\nprefix = \"/prefix\"\n"
    );
    let path = folder.join(format!("{id}.toml"));
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_profile_with_the_name_of_another_service_receives_none_of_its_keys() {
    let mut scene = Scene::new();
    let add = ["profile", "add", "brainpercent", "--provider", "brainmaps"];
    scene.home.run(&add).expect(0);
    let (own, other) = (accepting_server(), accepting_server());
    scene.home.set("BRAINPERCENT_API_URL", &own.url);
    scene.home.set("BRAINMAPS_API_URL", &other.url);
    scene.write("a.txt", bp("", 1));
    let findings = scene.findings(&["--verify", "--yes"]);
    assert_eq!(findings[0]["state"], "live");
    assert_eq!((own.received().len(), other.received().len()), (1, 0));
    scene.findings(&["--revoke", "--yes"]);
    assert_eq!(other.received().len(), 0);
}

#[test]
fn a_longer_prefix_does_not_take_the_keys_of_another_service() {
    let mut scene = Scene::new();
    let (own, other) = (accepting_server(), accepting_server());
    scene.home.set("BRAINPERCENT_API_URL", &own.url);
    let file = add_description(&scene, "acme", &other.url, "prefix = \"bp_8\"");
    scene.write("a.txt", bp("8", 1));
    for option in ["--verify", "--revoke"] {
        let findings = scene.findings(&[option, "--yes"]);
        assert_eq!(findings[0]["providers"], json!(["acme", "brainpercent"]));
        assert_eq!(findings[0]["prefix"], "bp_");
    }
    let findings = scene.findings(&["--verify", "--yes"]);
    assert_eq!(findings[0]["state"], "unknown");
    assert_eq!((own.received().len(), other.received().len()), (0, 0));
    let checked = scene.home.run(&["provider", "check", &file, "--json"]);
    let checked = checked.expect(0).json();
    let warnings = checked["warnings"].to_string();
    assert!(warnings.contains("keys of brainpercent"), "{checked}");
}

#[test]
fn revocation_uses_the_stored_credential_at_the_server_of_the_service_only() {
    let mut scene = Scene::new();
    let acme = |seed| format!("acme_{}", random(LETTERS, 32, seed));
    let (leaked, stored) = (acme(1), acme(2));
    let prefix = leaked[..14].to_owned();
    let service = ScriptedServer::start(move |received, _| match received.method.as_str() {
        "GET" => {
            let token = json!({"id": "7", "name": "leaked", "prefix": prefix});
            ScriptedResponse::json(200, &json!({ "keys": [token] }))
        }
        _ => ScriptedResponse::json(200, &json!({})),
    });
    let evil = accepting_server();
    let form = "prefix = \"acme_\"\nlength = 32\nalphabet = \"alphanumeric\"";
    add_description(&scene, "acme", &service.url, form);
    scene.write("a.txt", &leaked).write(
        ".env",
        format!("ACME_API_KEY={}\nACME_API_URL={}\n", acme(3), evil.url),
    );
    // Without a stored credential, no other one is used.
    scene.home.set("ACME_API_KEY", &acme(4));
    let findings = scene.findings(&["--revoke", "--yes"]);
    assert!(findings.iter().all(|it| it["state"].is_null()));
    assert_eq!((service.received().len(), evil.received().len()), (0, 0));
    let login = ["login", "--profile", "acme", "--with-token", "--no-verify"];
    scene.home.run_with_input(&login, &stored).expect(0);
    let arguments = ["--revoke", "--yes", "a.txt"];
    assert_eq!(scene.findings(&arguments)[0]["state"], "revoked");
    assert_eq!(evil.received().len(), 0);
    let received = service.received();
    let header = format!("Bearer {stored}");
    let is_stored = |value: Option<&str>| value == Some(header.as_str());
    assert!(
        received
            .iter()
            .all(|it| is_stored(it.header("authorization")))
    );
    let revoked = |path: &str| path.ends_with("/keys/7");
    assert!(
        received
            .iter()
            .any(|it| it.method == "DELETE" && revoked(&it.path))
    );
}
