//! `profile rename`, `project unbind` and `config list` with the real program.

use std::fs;

use serde_json::{Value, json};

use crate::support::test_home::{CommandResult, TestHome};

const KEY: &str = "key-c4n4ry-of-a-test";

/// A home whose default profile `work` has a key.
fn with_profile() -> TestHome {
    let home = TestHome::new();
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    home.run(&add).expect(0);
    sign_in(&home);
    home.run(&["profile", "use", "work"]).expect(0);
    home
}

fn sign_in(home: &TestHome) {
    let login = ["login", "--with-token", "--no-verify", "--profile", "work"];
    home.run_with_input(&login, KEY).expect(0);
}

fn rename(home: &TestHome, old: &str, new: &str) -> CommandResult {
    home.run(&["profile", "rename", old, new])
}

fn index(home: &TestHome) -> Value {
    let text = fs::read(home.data().join("profiles.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn credential_files(home: &TestHome) -> Vec<String> {
    let files = fs::read_dir(home.data().join("credentials")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names
        .filter(|name| name.strip_suffix(".json").is_some())
        .collect();
    names.sort();
    names
}

fn key_of(home: &TestHome, profile: &str) -> String {
    let print = home.run(&["--profile", profile, "credential", "print"]);
    print.expect(0).stdout.trim().to_owned()
}

#[test]
fn a_renamed_profile_keeps_its_credential_and_stays_the_default() {
    let home = with_profile();
    let renamed = home
        .run(&["profile", "rename", "work", "company", "--json"])
        .expect(0);
    assert_eq!(renamed.json()["default"], true);
    assert_eq!(index(&home)["current"], "company");
    assert_eq!(index(&home)["profiles"].as_object().unwrap().len(), 1);
    assert_eq!(credential_files(&home), ["company.json"]);
    assert_eq!(
        home.run(&["credential", "print"]).expect(0).stdout.trim(),
        KEY
    );
    home.run(&["--profile", "work", "status"]).expect(2);
}

#[test]
fn journals_follow_the_profile() {
    let home = with_profile();
    let journal = json!({
        "provider": "brainmaps", "origin": "https://api.brainmaps.science",
        "began_at": "2026-11-01T00:00:00Z", "old": "12", "name": "ci", "before": ["12"],
        "place": "profile", "made": null,
    });
    for folder in ["rotations", "creations"] {
        fs::create_dir_all(home.data().join(folder)).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(home.data().join(folder), mode).unwrap();
    }
    let private = |path: &str, content: &Value| {
        let path = home.data().join(path);
        crate::support::sandbox::write_private(&path, &content.to_string());
    };
    private("rotations/work.json", &journal);
    private(
        "creations/work.0123456789abcdef.json",
        &json!({
            "provider": "brainmaps", "origin": "https://api.brainmaps.science",
            "began_at": "2026-11-01T00:00:00Z", "name": "ci",
        }),
    );
    rename(&home, "work", "company").expect(0);
    let is_there = |path: &str| home.data().join(path).exists();
    assert!(is_there("rotations/company.json") && !is_there("rotations/work.json"));
    assert!(is_there("creations/company.0123456789abcdef.json"));
    assert!(!is_there("creations/work.0123456789abcdef.json"));
    let status = home.run(&["status"]).expect(0);
    assert!(
        status
            .stderr
            .contains("rotation of token 12 of profile \"company\""),
        "{status}"
    );
}

#[test]
fn an_interrupted_rename_is_finished_or_undone() {
    // Killed after the copy and before the index changed: the old name is in effect.
    let home = with_profile();
    let credentials = home.data().join("credentials");
    fs::copy(
        credentials.join("work.json"),
        credentials.join("company.json"),
    )
    .unwrap();
    let mut before = index(&home);
    before["profiles"]["work"]["copy_name"] = json!("company");
    fs::write(home.data().join("profiles.json"), before.to_string()).unwrap();
    assert_eq!(key_of(&home, "work"), KEY);
    rename(&home, "work", "other").expect(0);
    assert_eq!(credential_files(&home), ["other.json"]);
    // Killed after the index changed and before the old copy was deleted: the new name is in effect.
    fs::copy(
        credentials.join("other.json"),
        credentials.join("work.json"),
    )
    .unwrap();
    let mut after = index(&home);
    after["profiles"]["other"]["copy_name"] = json!("work");
    fs::write(home.data().join("profiles.json"), after.to_string()).unwrap();
    assert_eq!(key_of(&home, "other"), KEY);
    rename(&home, "work", "other").expect(0);
    assert_eq!(credential_files(&home), ["other.json"]);
    assert_eq!(index(&home)["profiles"]["other"]["copy_name"], json!(null));
    assert_eq!(key_of(&home, "other"), KEY);
}

#[test]
fn names_of_services_and_names_in_use_are_refused() {
    let home = with_profile();
    home.run(&["profile", "add", "second", "--provider", "neuroio"])
        .expect(0);
    for (old, new, says) in [
        ("brainmaps", "x", "profile add x --provider brainmaps"),
        ("work", "neuroio", "a service has this name"),
        ("work", "second", "already exists"),
        ("work", "work", "already exists"),
        ("missing", "x", "does not exist"),
        ("work", "../x", "not a valid name"),
    ] {
        let refused = rename(&home, old, new).expect(2);
        assert!(refused.stderr.contains(says), "{refused}");
    }
    assert_eq!(key_of(&home, "work"), KEY);
}

#[test]
fn a_binding_of_the_old_name_is_reported_and_unbind_removes_it() {
    let home = with_profile();
    home.run(&["project", "set-cloud", "--profile", "work"])
        .expect(0);
    let renamed = rename(&home, "work", "company").expect(0);
    assert!(
        renamed.stderr.contains("still names profile \"work\""),
        "{renamed}"
    );
    assert!(
        renamed
            .stderr
            .contains("project set-cloud --profile company"),
        "{renamed}"
    );
    fs::create_dir(home.work().join("below")).unwrap();
    let mut below = home.command(&["project", "unbind"]);
    below.current_dir(home.work().join("below"));
    let below = home
        .start_command(&mut below, &["project", "unbind"], "")
        .wait()
        .expect(0);
    assert!(
        below.stderr.contains("still binds this directory"),
        "{below}"
    );
    home.run(&["project", "unbind"]).expect(0);
    assert!(!home.work().join(".brainmaps.toml").exists());
    assert_eq!(
        home.run(&["credential", "print"]).expect(0).stdout.trim(),
        KEY
    );
    home.run(&["project", "unbind"]).expect(0);
}

#[test]
fn settings_are_listed_with_their_sources() {
    let mut home = TestHome::new();
    home.run(&["config", "set", "storage", "keyring"]).expect(0);
    home.run(&["config", "set", "workspace.basic-memory", "team"])
        .expect(0);
    home.set("NEUROIO_API_URL", "https://iam.example");
    let listed = home.run(&["config", "ls"]).expect(0).stdout;
    for line in [
        "storage\tkeyring\tconfig.toml",
        "workspace.basic-memory\tteam\tconfig.toml",
        "api_url.neuroio\thttps://iam.example\tNEUROIO_API_URL",
        "api_url.brainmaps\thttps://api.brainmaps.science\tdefault",
    ] {
        assert!(
            listed.lines().any(|found| found == line),
            "{line}: {listed}"
        );
    }
    home.run(&["config", "unset", "storage"]).expect(0);
    let listed = home.run(&["config", "list"]).expect(0).stdout;
    assert!(listed.contains("storage\tfile\tdefault"), "{listed}");
}

#[test]
fn a_second_login_names_the_account_whose_session_it_replaces() {
    let home = with_profile();
    let login = ["login", "--with-token", "--no-verify", "--profile", "work"];
    let again = home.run_with_input(&login, KEY).expect(0);
    assert!(
        again
            .stderr
            .contains("profile \"work\" is signed in with the API key"),
        "{again}"
    );
    let asked = crate::terminal::on_a_terminal(&home, &login, "n\n")
        .wait()
        .expect(3);
    assert!(asked.stdout.contains("sign in again?"), "{asked}");
    assert_eq!(key_of(&home, "work"), KEY);
}

#[test]
fn a_credential_source_that_takes_precedence_is_reported() {
    let mut home = with_profile();
    home.run(&["profile", "add", "second", "--provider", "brainmaps"])
        .expect(0);
    home.run(&["project", "set-cloud", "--profile", "second"])
        .expect(0);
    let login = ["login", "--with-token", "--no-verify", "--profile", "work"];
    let bound = home.run_with_input(&login, KEY).expect(0);
    let says = "names profile \"second\" and takes precedence in this directory";
    assert!(bound.stderr.contains(says), "{bound}");
    let used = home.run(&["profile", "use", "work"]).expect(0);
    assert!(used.stderr.contains(says), "{used}");
    home.run(&["project", "set-local"]).expect(0);
    let used = home.run(&["profile", "use", "work"]).expect(0);
    assert!(
        used.stderr.contains("declares this directory local"),
        "{used}"
    );
    home.set("BRAINMAPS_API_KEY", "key-c4n4ry-of-the-environment");
    let used = home.run(&["profile", "use", "work"]).expect(0);
    let says = "environment variable BRAINMAPS_API_KEY takes precedence";
    assert!(used.stderr.contains(says), "{used}");
}

#[test]
fn a_file_that_cannot_be_read_has_one_exit_code() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = with_profile();
    let env = home.work().join(".env");
    fs::write(&env, "BRAINMAPS_API_KEY=abc\n").unwrap();
    fs::set_permissions(&env, fs::Permissions::from_mode(0o666)).unwrap();
    for arguments in [
        &["status"][..],
        &["whoami"],
        &["--profile", "work", "whoami"],
        &["token", "create", "x", "--env-file", ".env"],
        &["token", "rotate", "1", "--env-file", ".env"],
        &["credential", "print"],
        &["doctor", "--offline"],
    ] {
        let refused = home.run(arguments).expect(2);
        let text = refused.to_string();
        assert!(text.contains("is writable by other users"), "{refused}");
    }
    fs::remove_file(&env).unwrap();
    let config = home.path().join(".config/brainmaps/config.toml");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    fs::write(&config, "storage: file\n").unwrap();
    for arguments in [&["status"][..], &["token", "list"], &["config", "list"]] {
        let refused = home.run(arguments).expect(2);
        assert!(
            refused.stderr.contains("hint: fix the file, or delete it"),
            "{refused}"
        );
    }
}
