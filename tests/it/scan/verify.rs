//! `--verify` and `--revoke`: where keys are sent, and what becomes of them.

use serde_json::{Value, json};

use super::{HEX, Scene, random};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::terminal::on_a_terminal;

fn bp(seed: u64) -> String {
    format!("bp_{}", random(HEX, 64, seed))
}

/// A service that accepts one key.
fn service(accepted: String) -> ScriptedServer {
    ScriptedServer::start(move |received, _| {
        let is_valid = received.header("authorization") == Some(&format!("Bearer {accepted}"));
        let status = if is_valid { 200 } else { 401 };
        ScriptedResponse::json(status, &json!({"success": is_valid, "data": {}}))
    })
}

#[test]
fn keys_are_verified_at_their_own_service_only() {
    let mut scene = Scene::new();
    let (live, dead) = (bp(1), bp(2));
    let (service, evil) = (service(live.clone()), service(live.clone()));
    scene.home.set("BRAINPERCENT_API_URL", &service.url);
    scene.home.record().secret(&live);
    scene.home.record().secret(&dead);
    scene
        .write("a.txt", &live)
        .write("b.txt", &dead)
        .write("c.txt", format!("{live}\n{live}\n"));
    // A file of the tree does not choose the server, and a header of two services chooses none.
    scene.write(
        ".env",
        format!(
            "BRAINPERCENT_API_KEY={live}\nBRAINPERCENT_API_URL={}\n",
            evil.url
        ),
    );
    scene.write(
        "d.txt",
        format!("Authorization: Token {}", random(HEX, 40, 3)),
    );
    let findings = scene.findings(&["--verify", "--yes"]);
    let states: Vec<(&str, &Value)> = findings
        .iter()
        .map(|it| (it["file"].as_str().unwrap(), &it["state"]))
        .collect();
    let (live, dead, unknown) = (json!("live"), json!("revoked"), json!("unknown"));
    let expected = [
        (".env", &live),
        ("a.txt", &live),
        ("b.txt", &dead),
        ("c.txt", &live),
        ("c.txt", &live),
        ("d.txt", &unknown),
    ];
    assert_eq!(states, expected);
    assert_eq!(service.received().len(), 2, "each key is sent once");
    assert_eq!(evil.received().len(), 0);
    assert!(scene.findings(&[]).iter().all(|it| it["state"].is_null()));
}

#[test]
fn nothing_is_sent_without_consent() {
    let mut scene = Scene::new();
    let service = service(bp(1));
    scene.home.set("BRAINPERCENT_API_URL", &service.url);
    scene.write("a.txt", bp(1));
    for option in ["--verify", "--revoke"] {
        let failed = scene.scan(&[option, "--json"]).expect(2);
        assert_eq!(failed.error_code(), "USAGE");
        let url = ["--api-url", &service.url, option, "--yes", "--json"];
        assert_eq!(scene.scan(&url).expect(2).error_code(), "USAGE");
    }
    assert_eq!(service.received().len(), 0);
}

#[test]
fn a_question_names_the_servers_before_keys_are_sent() {
    let mut scene = Scene::new();
    let service = service(bp(1));
    scene.home.set("BRAINPERCENT_API_URL", &service.url);
    scene.home.record().secret(&bp(1));
    scene.write("a.txt", bp(1));
    let tree = scene.tree.path().to_str().unwrap();
    let arguments = ["token", "scan", "--verify", tree];
    let declined = on_a_terminal(&scene.home, &arguments, "n\n")
        .wait()
        .expect(9);
    let question = format!("Send 1 key to {}?", service.url);
    assert!(declined.stdout.contains(&question), "{declined}");
    assert_eq!(service.received().len(), 0);
    let sent = on_a_terminal(&scene.home, &arguments, "y\n")
        .wait()
        .expect(9);
    assert!(sent.stdout.contains("live"), "{sent}");
    assert_eq!(service.received().len(), 1);
}

#[test]
fn a_key_that_its_service_rejects_is_not_reported_as_revoked() {
    let mut scene = Scene::new();
    let service = service(bp(1));
    scene.home.set("BRAINPERCENT_API_URL", &service.url);
    scene.home.record().secret(&bp(2));
    scene.write("a.txt", bp(2));
    let scanned = scene.scan(&["--verify", "--yes"]).expect(9);
    assert!(scanned.stdout.contains("rejected"), "{scanned}");
    assert!(!scanned.stdout.contains("revoked"), "{scanned}");
    // It is not sent again.
    let scanned = scene.findings(&["--verify", "--revoke", "--yes"]);
    assert_eq!(scanned[0]["state"], "revoked");
    assert_eq!(service.received().len(), 2);
}

#[test]
fn declined_revocation_prints_the_keys_and_says_that_nothing_was_revoked() {
    let mut scene = Scene::new();
    let service = service(bp(1));
    scene.home.set("BRAINPERCENT_API_URL", &service.url);
    scene.write("a.txt", bp(1));
    let tree = scene.tree.path().to_str().unwrap();
    let arguments = ["token", "scan", "--revoke", tree];
    let declined = on_a_terminal(&scene.home, &arguments, "n\n").wait();
    for part in ["FINGERPRINT", "nothing was revoked"] {
        assert!(declined.stdout.contains(part), "{part}: {declined}");
    }
    declined.expect(3);
    assert_eq!(service.received().len(), 0);
}

#[test]
fn declined_revocation_prints_the_document_with_the_keys_after_a_question_that_names_them() {
    let mut scene = Scene::new();
    let service = service(bp(1));
    scene.home.set("BRAINPERCENT_API_URL", &service.url);
    scene.write("a.txt", bp(1));
    let fingerprint = scene.findings(&[])[0]["fingerprint"].clone();
    let fingerprint = fingerprint.as_str().unwrap();
    let tree = scene.tree.path().to_str().unwrap();
    for (options, failure) in [
        (&["--json"][..], "\"DENIED\""),
        (&["--sarif"], "nothing was revoked"),
        (&["--jq", ".findings[].fingerprint"], "nothing was revoked"),
    ] {
        let arguments = [&["token", "scan", "--revoke", tree], options].concat();
        let declined = on_a_terminal(&scene.home, &arguments, "n\n").wait();
        let declined = declined.expect(3);
        let (question, answer) = declined.stdout.split_once("Revoke 1 key at").unwrap();
        for part in [fingerprint, failure] {
            assert!(answer.contains(part), "{part}: {declined}");
        }
        assert!(question.contains(fingerprint), "{declined}");
    }
    assert_eq!(service.received().len(), 0);
}

#[test]
fn an_unreachable_service_leaves_the_state_unknown() {
    let mut scene = Scene::new();
    let server = ScriptedServer::start(|_, _| ScriptedResponse::json(500, &json!({})));
    scene.home.set("BRAINPERCENT_API_URL", &server.url);
    scene.write("a.txt", bp(1));
    let scanned = scene.scan(&["--verify", "--yes", "--json"]).expect(9);
    assert_eq!(scanned.json()["findings"][0]["state"], "unknown");
    assert!(
        scanned.stderr.contains("cannot verify the key"),
        "{scanned}"
    );
}

#[test]
#[cfg(feature = "sandbox")]
fn a_key_that_this_computer_created_is_found_and_revoked() {
    let mut scene = Scene::new();
    scene.home.set("BRAINMAPS_SANDBOX", "1");
    let login = [
        "login",
        "--username",
        "demo@brainmaps.test",
        "--password-stdin",
    ];
    scene.home.run_with_input(&login, "demo").expect(0);
    let created = |name: &str| {
        let token = scene
            .home
            .run(&["token", "create", name, "--json"])
            .expect(0)
            .json();
        token["secret"].as_str().unwrap().to_owned()
    };
    let (leaked, other) = (created("leaked"), created("other"));
    // Nothing announces it.
    scene
        .write("notes.txt", format!("see https://a.test/{leaked}/x\n"))
        .write("b.txt", "nothing");
    let findings = scene.findings(&["--verify", "--yes"]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (&findings[0]["known"], &findings[0]["state"]),
        (&json!(true), &json!("live"))
    );
    let revoked = scene.findings(&["--revoke", "--yes"]);
    assert_eq!(revoked[0]["state"], "revoked");
    let listed = scene
        .home
        .run(&["token", "list", "--json"])
        .expect(0)
        .json();
    let active: Vec<&Value> = listed["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["active"] == true)
        .collect();
    assert_eq!(active.len(), 1, "{listed}");
    assert_eq!(active[0]["name"], "other");
    drop(other);
    // A revoked key in a file is still a finding, and needs no second revocation.
    for arguments in [&[][..], &["--revoke", "--yes"]] {
        assert_eq!(scene.findings(arguments).len(), 1);
    }
    let again = scene.scan(&["--revoke", "--yes"]).expect(9);
    assert!(!again.stderr.contains("cannot revoke"), "{again}");
}

#[test]
#[cfg(feature = "sandbox")]
fn a_key_that_the_list_does_not_identify_is_reported() {
    let mut scene = Scene::new();
    scene.home.set("BRAINMAPS_SANDBOX", "1");
    scene.write("a.txt", bp(1));
    let scanned = scene.scan(&["--revoke", "--yes", "--json"]).expect(9);
    assert_eq!(scanned.json()["findings"][0]["state"], Value::Null);
    assert!(
        scanned
            .stderr
            .contains("revoke it on the website of BrainPercent"),
        "{scanned}"
    );
}
