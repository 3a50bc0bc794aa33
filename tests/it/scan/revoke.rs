//! `--revoke` with the key itself and at the issuer, and `--dry-run`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{LETTERS, Scene, random};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};

pub(super) fn jwt(issuer: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({"iss": issuer, "exp": 4_000_000_000_u64});
    let signature = random(LETTERS, 300, 1);
    format!(
        "{}.{}.{signature}",
        part(&json!({"alg": "RS256"})),
        part(&claims)
    )
}

fn key(seed: u64) -> String {
    format!("acme_{}", random(LETTERS, 32, seed))
}

/// Adds a description whose file ends with `rest`.
pub(super) fn add_description(scene: &Scene, id: &str, url: &str, rest: &str) {
    let folder = scene.home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!("id = \"{id}\"\nname = \"Acme\"\napi_url = \"{url}\"\n{rest}\n");
    std::fs::write(folder.join(format!("{id}.toml")), text).unwrap();
}

const KEYS: &str = "[headers]\napi_key = { name = \"Authorization\", scheme = \"Bearer\" }\n\
     [key]\nprefix = \"acme_\"\nlength = 32\nalphabet = \"alphanumeric\"\n\
     [tokens]\nrevoke_self = \"DELETE /keys/self\"\n";

pub(super) const SESSIONS: &str = "[headers]\naccess_token = { name = \"Authorization\", scheme = \"Bearer\" }\n\
     [oauth]\nclient_id = \"cli\"\n";

/// A server that accepts every request, with the metadata of an authorization server.
fn server() -> ScriptedServer {
    ScriptedServer::start(|received, url| {
        if received.path.contains("/.well-known/") {
            return ScriptedResponse::json(
                200,
                &json!({
                    "issuer": url,
                    "token_endpoint": format!("{url}/token"),
                    "device_authorization_endpoint": format!("{url}/device"),
                    "revocation_endpoint": format!("{url}/revoke"),
                }),
            );
        }
        ScriptedResponse::json(200, &json!({}))
    })
}

#[test]
fn a_key_revokes_itself_at_its_own_service() {
    let scene = Scene::new();
    let (service, other) = (server(), server());
    add_description(&scene, "acme", &service.url, KEYS);
    scene.write("a.txt", key(1)).write(
        ".env",
        format!("ACME_API_KEY={}\nACME_API_URL={}\n", key(2), other.url),
    );
    let arguments = ["a.txt", "--revoke"];
    let planned = scene.findings(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(planned[0]["revocation"], "key");
    assert_eq!(planned[0]["state"], Value::Null);
    assert_eq!(service.received().len(), 0);
    let log = scene.home.path().join("audit.jsonl");
    let set = ["config", "set", "audit_log", log.to_str().unwrap()];
    scene.home.run(&set).expect(0);
    let revoked = scene.findings(&[&arguments[..], &["--yes"]].concat());
    assert_eq!(revoked[0]["state"], "revoked");
    let recorded = scene.home.run(&["credential", "log", "--json"]).json();
    let event = &recorded["events"][0];
    assert_eq!(recorded["events"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&event["event"], &event["result"]),
        (&json!("token-revoke"), &json!("ok"))
    );
    assert!(event["fingerprint"].is_string(), "{event}");
    assert_eq!(revoked[0]["revocation"], Value::Null);
    let received = service.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(
        (received[0].method.as_str(), received[0].path.as_str()),
        ("DELETE", "/keys/self")
    );
    let header = format!("Bearer {}", key(1));
    assert_eq!(received[0].header("authorization"), Some(header.as_str()));
    assert_eq!(other.received().len(), 0);
}

#[test]
fn a_jwt_is_revoked_at_its_issuer() {
    let scene = Scene::new();
    let (issuer, other) = (server(), server());
    add_description(&scene, "acme", &issuer.url, SESSIONS);
    let token = jwt(&issuer.url);
    scene.write("a.txt", &token).write("b.txt", jwt(&other.url));
    let planned = scene.scan(&["--revoke", "--dry-run"]).expect(9);
    assert!(planned.stdout.contains("at the issuer"), "{planned}");
    assert_eq!(issuer.received().len(), 0);
    let findings = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["state"], "revoked");
    let received = issuer.received();
    let sent = received.iter().find(|it| it.path == "/revoke").unwrap();
    let body = &sent.body;
    let parts = [format!("token={token}"), "client_id=cli".to_owned()];
    assert!(parts.iter().all(|part| body.contains(part)), "{body}");
    assert_eq!(other.received().len(), 0);
}

#[test]
fn a_jwt_of_several_services_names_all_of_them_and_is_sent_nowhere() {
    let scene = Scene::new();
    let issuer = server();
    let rest = format!("{SESSIONS}issuer = \"{}\"", issuer.url);
    add_description(&scene, "acme", "https://acme.example", &rest);
    add_description(&scene, "best", "https://best.example", &rest);
    scene.write("a.txt", jwt(&issuer.url));
    let findings = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(findings[0]["providers"], json!(["acme", "best"]));
    assert_eq!(findings[0]["provider"], Value::Null);
    assert_eq!(issuer.received().len(), 0);
}

#[test]
fn a_key_that_no_call_revokes_is_revoked_by_hand() {
    let scene = Scene::new();
    let service = server();
    let (keys, _) = KEYS.split_once("[tokens]").unwrap();
    add_description(&scene, "acme", &service.url, keys);
    scene.write("a.txt", key(1));
    let planned = scene.findings(&["--revoke", "--dry-run"]);
    assert_eq!(planned[0]["revocation"], "manual");
    let scanned = scene.scan(&["--revoke", "--yes"]).expect(9);
    let hint = "revoke it on the website of Acme";
    assert!(scanned.stderr.contains(hint), "{scanned}");
    assert_eq!(service.received().len(), 0);
    let failed = scene.scan(&["--dry-run", "--json"]).expect(2);
    assert_eq!(failed.error_code(), "USAGE");
}

#[test]
fn options_that_exclude_each_other_are_refused() {
    let scene = Scene::new();
    scene.write("a.txt", key(1));
    for wrong in [
        // Accepted keys are neither verified nor revoked, and SARIF and annotations show no plan.
        &["--baseline", "b", "--update-baseline", "--verify", "--yes"][..],
        &["--baseline", "b", "--update-baseline", "--revoke", "--yes"],
        &["--revoke", "--dry-run", "--sarif"],
        &["--revoke", "--dry-run", "--annotations", "github"],
        &["--revoke", "--dry-run", "--verify"],
        &["--dry-run"],
        &["--update-baseline"],
        &["--staged", "--stdin"],
    ] {
        scene.scan(wrong).expect(2);
    }
    assert!(!scene.path("b").exists());
}

#[test]
fn examples_and_keys_with_a_wrong_checksum_are_not_reported() {
    let scene = Scene::new();
    let example = key(9);
    let form = format!(
        "[headers]\napi_key = {{ name = \"X-Key\" }}\n[key]\nprefix = \"acme_\"\nexamples = [\"{example}\"]"
    );
    add_description(&scene, "acme", "https://acme.example", &form);
    let checked = "[headers]\napi_key = { name = \"X-Key\" }\n\
         [key]\nprefix = \"best_\"\nlength = 36\nchecksum = \"crc32-base62-6\"";
    add_description(&scene, "best", "https://best.example", checked);
    let (valid, wrong) = ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", "0mLq18");
    scene.write(
        "a.txt",
        format!(
            "{example}\n{}\nbest_{valid}\nbest_{}{wrong}\n",
            key(1),
            &valid[..30]
        ),
    );
    assert_eq!(scene.places(&[]), ["a.txt:2:1", "a.txt:3:1"]);
}
