//! `doctor` reports each file and directory that it cannot read, and never says that its content is fine.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::test_home::TestHome;
use crate::support::users::{self, ROOT, Users, VICTIM, run};

const KEY: &str = "unreadable-c4n4ry-key";

/// Returns the checks called `name`.
fn checks(document: &Value, name: &str) -> Vec<Value> {
    let checks = document["checks"].as_array().unwrap().iter();
    checks.filter(|it| it["name"] == name).cloned().collect()
}

fn set_mode(path: &Path, mode: u32) {
    users::set_owner_and_mode(path, VICTIM, mode);
}

/// Creates the files that a program with a longer history has.
fn with_history(users: &Users) -> [PathBuf; 2] {
    users.store_key(VICTIM, KEY);
    let home = users.home(VICTIM);
    for name in [
        ".config",
        ".config/brainmaps",
        ".config/brainmaps/providers",
    ] {
        users::directory(&home.join(name), VICTIM, 0o755);
    }
    let (data, config) = (
        home.join(".local/share/brainmaps"),
        home.join(".config/brainmaps"),
    );
    for name in ["rotations", "creations"] {
        users::directory(&data.join(name), VICTIM, 0o700);
    }
    users::file(&config.join("config.toml"), "", VICTIM, 0o644);
    for (name, text) in [
        ("clients.json", r#"{"version":1,"clients":{}}"#),
        ("rotations.toml", "version = 1\ntokens = []\n"),
    ] {
        users::file(&data.join(name), text, VICTIM, 0o600);
    }
    [data, config]
}

#[test]
fn doctor_reports_each_unreadable_path_with_its_cause_and_a_hint() {
    let Some(users) = Users::new("doctor_reports_each_unreadable_path") else {
        return;
    };
    let [data, config] = with_history(&users);
    let home = users.home(VICTIM);
    let doctor = || {
        let arguments = ["doctor", "--offline", "--json"];
        let ended = users.run(VICTIM, &home, &arguments);
        let document: Value = serde_json::from_str(&ended.stdout).expect(&ended.stdout);
        (ended.code, document)
    };
    let (code, sound) = doctor();
    let is_ok = |check: &Value| check["state"] == "ok";
    assert!(
        code == Some(0) && sound["checks"].as_array().unwrap().iter().all(is_ok),
        "{sound}"
    );
    let mut paths: Vec<(PathBuf, u32, &[&str])> = Vec::new();
    for (name, names) in [
        (
            "",
            &[
                "directory",
                "profiles",
                "credentials",
                "journals",
                "records",
                "lock",
            ][..],
        ),
        ("credentials", &["directory", "credentials", "lock"]),
        ("credentials/brainmaps.json", &["credentials"]),
        ("profiles.json", &["profiles"]),
        ("rotations", &["directory", "journals"]),
        ("creations", &["directory", "journals"]),
        ("clients.json", &["records"]),
        ("rotations.toml", &["records"]),
    ] {
        paths.push((data.join(name), 0, names));
    }
    paths.push((data.clone(), 0o300, &["directory"]));
    paths.push((data.join("rotations"), 0o300, &["directory", "journals"]));
    paths.push((config.join("config.toml"), 0, &["settings"]));
    paths.push((config.join("providers"), 0, &["providers", "profile"]));
    paths.push((config.join("providers"), 0o300, &["providers"]));
    for (path, mode, names) in paths {
        let before = fs::metadata(&path).unwrap();
        set_mode(&path, mode);
        let (code, document) = doctor();
        for name in names {
            let found = checks(&document, name);
            let has_cause = |it: &Value| {
                let is_failure = it["state"] == "failure" && it["hint"].is_string();
                is_failure
                    && it["message"]
                        .as_str()
                        .unwrap()
                        .contains("Permission denied")
            };
            assert!(
                code != Some(0) && found.iter().any(has_cause),
                "{name} of {} with mode {mode:o}: {document:#}",
                path.display()
            );
        }
        set_mode(&path, before.permissions().mode());
    }
    assert_eq!(doctor().0, Some(0));
}

#[test]
fn settings_that_a_key_in_the_environment_replaces_are_reported() {
    let Some(users) = Users::new("settings_that_a_key_in_the_environment_replaces") else {
        return;
    };
    let [_, config] = with_history(&users);
    users::set_owner_and_mode(&config, ROOT, 0o700);
    let home = users.home(VICTIM);
    let mut doctor = users.command(VICTIM, &home, &["doctor", "--offline", "--json"]);
    let ended = run(doctor.env("BRAINMAPS_API_KEY", KEY), "");
    let document: Value = serde_json::from_str(&ended.stdout).expect(&ended.stdout);
    let found = checks(&document, "settings");
    assert_eq!((ended.code, found.len()), (Some(0), 1), "{document:#}");
    assert_eq!(found[0]["state"], "warning");
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("config.toml"), "{message}");
    assert!(message.contains("Permission denied"), "{message}");
}

#[test]
fn damaged_record_and_dangling_link_are_reported() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    let [record, link] = [
        home.data().join("usage.json"),
        home.path().join(".config/brainmaps/providers"),
    ];
    fs::write(&record, "{").unwrap();
    fs::set_permissions(&record, Permissions::from_mode(0o600)).unwrap();
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    symlink("nowhere", &link).unwrap();
    let document = home
        .run(&["doctor", "--offline", "--json"])
        .expect(2)
        .json();
    let [record] = checks(&document, "records").try_into().unwrap();
    assert_eq!(record["state"], "warning", "{document:#}");
    assert!(
        record["message"]
            .as_str()
            .unwrap()
            .contains("usage.json` is damaged")
    );
    let [providers] = checks(&document, "providers").try_into().unwrap();
    let message = providers["message"].as_str().unwrap();
    assert!(
        message.contains("the target of the symbolic link does not exist"),
        "{message}"
    );
}

#[test]
fn unusable_project_file_is_a_failure_of_diagnostic_commands_too() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    let file = home.work().join(".brainmaps.toml");
    fs::write(&file, "profile = 7\n").unwrap();
    for command in [
        &["whoami"][..],
        &["credential", "print"],
        &["credential", "explain"],
    ] {
        let failed = home.run(&[command, &["--json"]].concat()).expect(2);
        assert_eq!(failed.error_code(), "CONFIG", "{failed}");
        assert!(
            failed.stdout.contains(".brainmaps.toml` is invalid"),
            "{failed}"
        );
        assert!(
            failed.stdout.contains("--profile NAME works without it"),
            "{failed}"
        );
    }
    let document = home
        .run(&["doctor", "--offline", "--json"])
        .expect(2)
        .json();
    let [profile]: [Value; 1] = checks(&document, "profile").try_into().unwrap();
    assert_eq!(profile["state"], "failure", "{document:#}");
    assert!(
        profile["message"]
            .as_str()
            .unwrap()
            .contains(".brainmaps.toml")
    );
    assert!(checks(&document, "credential").is_empty(), "{document:#}");

    for arguments in [&["status", "--json"][..], &["status", "--check", "--json"]] {
        let status = home.run(arguments).expect(2).json();
        let status = &status["profiles"][0];
        assert_eq!(status["state"], "none", "{status:#}");
        let problem = status["problem"].as_str().unwrap();
        assert!(problem.contains(".brainmaps.toml` is invalid"), "{problem}");
        let source = status["source"].as_str().unwrap();
        assert!(source.starts_with("project:/"), "{source}");
    }
    // The commands that name a profile or list all of them do not need the file.
    home.run(&["--profile", "brainmaps", "status"]).expect(0);
    home.run(&["status", "--all"]).expect(0);
    let listed = home.run(&["profile", "list"]).expect(0);
    // Login and logout must work with any file, and name the profile that they use.
    let logout = home.run(&["logout", "--local"]).expect(0);
    assert!(logout.stdout.contains("profile `brainmaps`"), "{logout}");
    for command in [listed, logout] {
        let warning = ".brainmaps.toml` is invalid";
        assert!(command.stderr.contains(warning), "{command}");
    }
}
