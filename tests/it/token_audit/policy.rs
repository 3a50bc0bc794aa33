//! The policy in the project file and in the settings file.

use std::fs;

use serde_json::json;

use super::{found, service};
use crate::support::test_home::TestHome;

fn write_project(home: &TestHome, text: &str) {
    fs::write(home.work().join(".brainmaps.toml"), text).unwrap();
}

fn write_config(home: &TestHome, text: &str) {
    let folder = home.path().join(".config/brainmaps");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), text).unwrap();
}

fn rules(home: &TestHome, options: &[&str], exit: i32) -> Vec<String> {
    let arguments = [&["token", "audit", "--json"], options].concat();
    found(&home.run(&arguments).expect(exit).json())
}

#[test]
fn project_file_sets_the_policy_and_is_named_on_stderr() {
    let (_server, home) = service();
    write_project(
        &home,
        "[audit]\nmax_age = \"300d\"\nunused = \"300d\"\nwithin = \"1d\"\nfail_on = \"error\"\n",
    );
    let audited = home.run(&["token", "audit"]).expect(0);
    assert!(audited.stderr.contains("policy: `"), "{audited}");
    assert!(audited.stderr.contains(".brainmaps.toml`"), "{audited}");
    assert!(!audited.stdout.contains("old"), "{audited}");
    assert_eq!(rules(&home, &["--max-age", "90d"], 0)[0], "old 2");
    // The file binds nothing, so that the profile stays the default one.
    let status = home.run(&["status", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["profile"], "brainmaps");
}

#[test]
fn project_file_can_tighten_the_policy_of_the_user_but_not_loosen_it() {
    let (_server, home) = service();
    write_config(&home, "[audit]\nmax_age = \"99d\"\nwithin = \"30d\"\n");
    write_project(&home, "[audit]\nmax_age = \"300d\"\nwithin = \"1d\"\n");
    let found = rules(&home, &[], 9);
    assert!(found.contains(&"old 2".to_owned()), "{found:?}");
    assert!(found.contains(&"expires-soon 4".to_owned()), "{found:?}");
    write_project(&home, "[audit]\nmax_age = \"9d\"\n");
    let found = rules(&home, &[], 9);
    assert!(found.contains(&"old 1".to_owned()), "{found:?}");
}

/// Each profile sends its own credential, which only the user may ask for.
#[test]
fn project_file_cannot_audit_all_profiles() {
    let (_server, home) = service();
    write_project(&home, "[audit]\nall_profiles = true\n");
    let warned = home.run(&["token", "audit"]).expect(9).stderr;
    let warning = "sets all_profiles, which is read only from your settings";
    assert!(warned.contains(warning), "{warned}");
    let table = |home: &TestHome| home.run(&["token", "audit"]).expect(9).stdout;
    let one = table(&home);
    assert!(!one.contains("PROFILE"), "{one}");
    write_config(&home, "[audit]\nall_profiles = true\n");
    let all = table(&home);
    assert_ne!(one, all);
}

#[test]
fn ignored_finding_is_counted_and_an_expired_entry_is_a_finding() {
    let (_server, home) = service();
    write_project(
        &home,
        r#"
        [audit]
        ignore = [
            { rule = "old", token = "2", until = "2999-01-01", reason = "a printer" },
            { rule = "unused", token = "3", until = "2020-01-01", reason = "a holiday" },
        ]
        "#,
    );
    let document = home.run(&["token", "audit", "--json"]).expect(9).json();
    let found = found(&document);
    assert!(!found.contains(&"old 2".to_owned()), "{found:?}");
    assert!(found.contains(&"unused 3".to_owned()), "{found:?}");
    assert!(found.contains(&"ignore-expired 3".to_owned()), "{found:?}");
    assert_eq!(document["ignored"], 1);
    let findings = document["findings"].as_array().unwrap();
    let expired = findings.iter().find(|it| it["rule"] == "ignore-expired");
    assert_eq!(
        expired.unwrap()["message"],
        json!("the policy ignored \"unused\" until 2020-01-01 (reason: a holiday)")
    );
}

#[test]
fn mistake_in_a_policy_is_an_error_of_the_audit_only() {
    let (server, home) = service();
    for (text, place) in [
        ("[audit]\nmax_age = \"soon\"\n", "line 2"),
        ("[audit]\nmaxage = \"90d\"\n", "line 2"),
        (
            "[audit]\nignore = [{ rule = \"odd\", until = \"2027-01-01\" }]\n",
            "line 2",
        ),
        (
            "[audit]\nignore = [{ rule = \"old\", until = \"tomorrow\" }]\n",
            "line 2",
        ),
    ] {
        write_project(&home, text);
        let refused = home.run(&["token", "audit", "--json"]).expect(2);
        assert_eq!(refused.error_code(), "CONFIG");
        assert!(refused.stdout.contains(place), "{refused}");
        assert!(refused.stdout.contains("[audit] of"), "{refused}");
        assert!(!refused.stdout.contains("set-cloud"), "{refused}");
        home.run(&["status"]).expect(0);
    }
    assert_eq!(server.count("/api/tokens/"), 0);
}

#[test]
fn binding_a_directory_keeps_its_policy() {
    let (_server, home) = service();
    let policy = "[audit] # reviewed in May\nmax_age = \"30d\"\n";
    write_project(&home, policy);
    let file = home.work().join(".brainmaps.toml");
    home.run(&["project", "set-cloud"]).expect(0);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text, format!("profile = \"brainmaps\"\n{policy}"));
    home.run(&["project", "set-local"]).expect(0);
    home.run(&["project", "unbind"]).expect(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), policy);
    let shown = home.run(&["project", "show", "--json"]).expect(0).json();
    assert_eq!(shown["mode"], "unbound");
}

#[test]
fn settings_keep_the_policy() {
    let (_server, home) = service();
    let policy = "[audit]\nmax_age = \"30d\"\n\n[[audit.ignore]]\nrule = \"old\"\ntoken = \"2\"\nuntil = \"2999-01-01\"\n";
    write_config(&home, policy);
    home.run(&["config", "set", "storage", "file"]).expect(0);
    let text = fs::read_to_string(home.path().join(".config/brainmaps/config.toml")).unwrap();
    assert_eq!(text, format!("storage = \"file\"\n{policy}"));
    let found = rules(&home, &[], 9);
    assert!(!found.contains(&"old 2".to_owned()), "{found:?}");
    assert!(found.contains(&"old 3".to_owned()), "{found:?}");
}
