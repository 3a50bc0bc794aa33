//! `provider add`

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use serde_json::json;

use super::description;
use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};
use crate::terminal::on_a_terminal;

fn draft(home: &TestHome, text: &str) {
    fs::write(home.work().join("draft.toml"), text).unwrap();
}

fn added(home: &TestHome, id: &str) -> PathBuf {
    home.path()
        .join(format!(".config/brainmaps/providers/{id}.toml"))
}

#[test]
fn a_file_is_added_after_showing_what_it_reads_and_sends() {
    let home = TestHome::new();
    let text = description("https://maps.example");
    draft(&home, &text);
    let asked = home.run(&["provider", "add", "draft.toml"]).expect(2);
    for shown in [
        "reads environment variable MAPS_API_KEY",
        "sends API key to https://maps.example",
        "requires --yes",
    ] {
        assert!(asked.stderr.contains(shown), "{asked}");
    }
    assert!(!added(&home, "maps").exists());
    let done = home
        .run(&["provider", "add", "draft.toml", "--yes"])
        .expect(0);
    assert!(done.stdout.starts_with("✓ Added maps as "), "{done}");
    assert!(
        done.stderr.contains("brainmaps --profile maps login"),
        "{done}"
    );
    assert_eq!(fs::read_to_string(added(&home, "maps")).unwrap(), text);
    let mode = fs::metadata(added(&home, "maps"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o022, 0, "others must not change it: {mode:o}");
    home.run(&["provider", "show", "maps"]).expect(0);
    let again = home.run(&["provider", "add", "draft.toml"]).expect(0);
    assert!(again.stdout.contains("maps is already added"), "{again}");
}

#[test]
fn an_existing_description_is_replaced_only_with_the_option() {
    let home = TestHome::new();
    draft(&home, &description("https://maps.example"));
    home.run(&["provider", "add", "draft.toml", "--yes"])
        .expect(0);
    let changed = description("https://other.example");
    draft(&home, &changed);
    let refused = home
        .run(&["provider", "add", "draft.toml", "--yes"])
        .expect(2);
    for shown in [
        "- api_url = \"https://maps.example\"",
        "+ api_url = \"https://other.example\"",
        "--replace",
    ] {
        assert!(refused.stderr.contains(shown), "{refused}");
    }
    assert!(!refused.stderr.contains("- name"), "{refused}");
    let replace = [
        "provider",
        "add",
        "draft.toml",
        "--yes",
        "--replace",
        "--json",
    ];
    let replaced = home.run(&replace).expect(0).json();
    assert_eq!(replaced["added"], json!(true));
    assert_eq!(replaced["changes"].as_array().map(Vec::len), Some(2));
    assert_eq!(fs::read_to_string(added(&home, "maps")).unwrap(), changed);
}

#[test]
fn an_invalid_description_is_refused() {
    let home = TestHome::new();
    draft(
        &home,
        &description("https://maps.example").replace("GET /me", "DELETE /me"),
    );
    let refused = home
        .run(&["provider", "add", "draft.toml", "--yes"])
        .expect(2);
    assert!(
        refused.stderr.contains("whoami.call: expected GET"),
        "{refused}"
    );
    assert!(
        refused
            .stderr
            .contains("brainmaps provider check 'draft.toml'"),
        "{refused}"
    );
    // The variable of another service, and the id of a built-in service at another server.
    for (old, new, expected) in [
        (
            "MAPS_API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SECRET_ACCESS_KEY",
        ),
        (
            "id = \"maps\"",
            "id = \"brainmaps\"",
            "not a server of the built-in service",
        ),
    ] {
        let text = description("https://evil.example").replace(old, new);
        let text = text.replace("[environment]\napi_key = \"MAPS_API_KEY\"\n", "");
        draft(&home, &text);
        let refused = home
            .run(&["provider", "add", "draft.toml", "--yes"])
            .expect(2);
        assert!(refused.stderr.contains(expected), "{refused}");
    }
    assert!(!added(&home, "brainmaps").exists() && !added(&home, "maps").exists());
}

#[test]
fn a_url_is_fetched_without_a_credential_and_inside_its_origin() {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", "secret-c4n4ry-of-brainmaps");
    let elsewhere = ScriptedServer::start(|_, _| {
        ScriptedResponse::text(200, "text/plain", &description("https://evil.example"))
    });
    let target = elsewhere.url.clone();
    let path = |received: &ReceivedRequest| received.path.split('?').next().unwrap().to_owned();
    let server = ScriptedServer::start(move |received, url| match path(received).as_str() {
        "/maps.toml" => ScriptedResponse::text(200, "application/toml", &description(url)),
        "/moved.toml" => ScriptedResponse::redirect(302, &format!("{target}/maps.toml")),
        "/large.toml" => ScriptedResponse::stream(4 * 1024 * 1024),
        _ => ScriptedResponse::text(404, "text/plain", ""),
    });
    let add = |path: &str| {
        home.run(&[
            "provider",
            "add",
            &format!("{}{path}", server.url),
            "--yes",
            "--json",
        ])
    };
    add("/maps.toml").expect(0);
    let received = server.received();
    let names = ["authorization", "x-api-key", "cookie"];
    assert!(names.iter().all(|name| received[0].header(name).is_none()));
    assert_eq!(add("/missing.toml").expect(7).error_code(), "NOT_FOUND");
    for (path, message) in [
        ("/moved.toml", "which is not followed"),
        ("/large.toml", "is larger than 1024 KiB"),
    ] {
        let refused = add(path).expect(1);
        assert!(refused.stdout.contains(message), "{refused}");
    }
    assert_eq!(elsewhere.received().len(), 0);
    let plain = home
        .run(&["provider", "add", "http://maps.example/x.toml", "--yes"])
        .expect(2);
    assert!(plain.stderr.contains("expected an https URL"), "{plain}");
    // Not what may be a secret in a URL.
    let secret = server.url.replace("://", "://ada:c4n4ry@");
    for (url, code, message) in [
        (format!("{secret}/maps.toml"), 2, "without a user name"),
        (
            format!("{}/large.toml?token=c4n4ry", server.url),
            1,
            "is larger than",
        ),
        ("http://[c4n4ry".to_owned(), 2, "cannot fetch"),
    ] {
        for command in [&["add", "--yes"][..], &["check"]] {
            let refused = home.run(&[&["provider"], command, &[url.as_str()]].concat());
            let refused = refused.expect(code);
            assert!(refused.stderr.contains(message), "{refused}");
            let printed = format!("{}{}", refused.stdout, refused.stderr);
            assert!(!printed.contains("c4n4ry"), "{refused}");
        }
    }
}

#[test]
fn a_description_of_the_gallery_becomes_a_service() {
    let home = TestHome::new();
    let listed = home
        .run(&["provider", "list", "--all", "--json"])
        .expect(0)
        .json();
    let listed = listed["providers"].as_array().unwrap().clone();
    let id = listed.iter().find(|it| it["source"] == "gallery").unwrap()["id"].clone();
    let id = id.as_str().unwrap();
    home.run(&["provider", "add", id, "--yes"]).expect(0);
    let shown = home
        .run(&["provider", "show", id, "--json"])
        .expect(0)
        .json();
    assert_eq!(shown["source"], json!("yours"));
    assert!(shown["evidence"]["date"].is_string(), "{shown}");
    assert!(
        shown["description"]["source"]["date"].is_string(),
        "{shown}"
    );
}

#[test]
fn the_user_is_asked_at_a_terminal() {
    for (typed, code) in [("n\n", 3), ("y\n", 0)] {
        let home = TestHome::new();
        draft(&home, &description("https://maps.example"));
        let asked = on_a_terminal(&home, &["provider", "add", "draft.toml"], typed).wait();
        let asked = asked.expect(code);
        let question = "Add Maps as service \"maps\"?";
        assert!(asked.stdout.contains(question), "{asked}");
        assert_eq!(added(&home, "maps").exists(), code == 0);
    }
}

#[test]
fn add_prints_what_is_read_and_sent_before_the_question_with_json() {
    let home = TestHome::new();
    draft(&home, &description("https://maps.example"));
    let add = ["provider", "add", "draft.toml", "--json"];
    let asked = on_a_terminal(&home, &add, "n\n").wait().expect(3);
    let (explained, _) = asked.stdout.split_once("Add Maps as service").unwrap();
    for part in [
        "reads environment variable MAPS_API_KEY",
        "sends API key to https://maps.example",
    ] {
        assert!(explained.contains(part), "{part}: {asked}");
    }
}

#[test]
fn unknown_id_suggests_a_gallery_id() {
    let home = TestHome::new();
    let unknown = home.run(&["provider", "add", "gitlb"]).expect(2);
    for part in ["did you mean `gitlab`?", "brainmaps provider list --all"] {
        assert!(unknown.stderr.contains(part), "{part}: {unknown}");
    }
}

#[test]
fn content_of_another_file_behind_a_link_is_not_printed() {
    let home = TestHome::new();
    draft(&home, &description("https://maps.example"));
    fs::create_dir_all(added(&home, "maps").parent().unwrap()).unwrap();
    let other = home.work().join("other");
    fs::write(&other, "c4n4ry of another program\n").unwrap();
    symlink(&other, added(&home, "maps")).unwrap();
    let asked = home.run(&["provider", "add", "draft.toml", "--replace"]);
    let asked = asked.expect(2);
    assert!(asked.stderr.contains("requires --yes"), "{asked}");
    assert!(!asked.stderr.contains("c4n4ry of"), "{asked}");
    fs::write(&other, description("https://other.example")).unwrap();
    let asked = home.run(&["provider", "add", "draft.toml", "--replace"]);
    assert!(asked.stderr.contains("- api_url"), "{asked}");
}
