//! The settings of the audit log, of audits and of notices.

use std::fs;

use super::{events, log_file, service};
use crate::support::test_home::TestHome;

fn get(home: &TestHome, key: &str) -> String {
    home.run(&["config", "get", key])
        .stdout
        .trim_end()
        .to_owned()
}

#[test]
fn files_of_a_directory_neither_redirect_nor_turn_off_the_log() {
    let (_server, home) = service();
    for (file, text) in [
        (".brainmaps.toml", "profile = \"brainmaps\"\n"),
        (
            ".env",
            "audit_log=off\nBRAINMAPS_AUDIT_LOG=off\nXDG_CONFIG_HOME=/nowhere\n",
        ),
    ] {
        fs::write(home.work().join(file), text).unwrap();
    }
    home.run(&["credential", "print"]).expect(0);
    assert_eq!(events(&home), ["print ok"]);
    let text = "profile = \"brainmaps\"\naudit_log = \"off\"\n";
    fs::write(home.work().join(".brainmaps.toml"), text).unwrap();
    home.run(&["credential", "print"]).expect(2);
}

#[test]
fn relative_path_is_refused_and_turning_the_log_off_is_recorded() {
    let (_server, home) = service();
    for wrong in ["audit.jsonl", "sylog", "", "/tmp/"] {
        home.run(&["config", "set", "audit_log", wrong]).expect(2);
    }
    let directory = home.work().display().to_string();
    let set = home
        .run(&["config", "set", "audit_log", &directory])
        .expect(0);
    assert!(set.stderr.contains("cannot write the audit log"), "{set}");
    super::turn_on(&home);
    let set = home.run(&["config", "set", "audit_log", "/proc/x/y.jsonl"]);
    assert!(set.expect(0).stderr.contains("cannot write the audit log"));
    super::turn_on(&home);
    assert_eq!(
        get(&home, "audit_log"),
        log_file(&home).display().to_string()
    );
    home.run(&["config", "unset", "audit_log"]).expect(0);
    home.run(&["credential", "print"]).expect(0);
    let listed = home.run(&["credential", "log"]).expect(2);
    assert!(listed.stderr.contains("the audit log is off"), "{listed}");
    super::turn_on(&home);
    assert_eq!(events(&home), ["log-setting ok"; 3]);
}

#[test]
fn members_of_the_audit_policy_are_settings() {
    let (_server, home) = service();
    for (key, value) in [
        ("audit.max_age", "60d"),
        ("audit.observed", "30d"),
        ("audit.allow_scope", "a,b"),
        ("audit.all_profiles", "false"),
        ("audit.fail_on", "error"),
        ("notices", "off"),
    ] {
        home.run(&["config", "set", key, value]).expect(0);
        assert_eq!(get(&home, key), value);
    }
    for (key, value) in [
        ("audit.max_age", "soon"),
        ("audit.fail_on", "fatal"),
        ("audit.ignore", "x"),
        ("notices", "maybe"),
    ] {
        home.run(&["config", "set", key, value]).expect(2);
    }
    let unknown = home.run(&["config", "set", "audit.nope", "1"]).expect(2);
    assert!(
        unknown.stderr.contains("audit.max_age, audit.observed"),
        "{unknown}"
    );
    let list = home.run(&["config", "set", "audit.ignore", "x"]).expect(2);
    assert!(list.stderr.contains("edit [audit]"), "{list}");
    let listed = home.run(&["config", "list"]).expect(0);
    assert!(
        listed.stdout.contains("audit.allow_scope\ta,b\t"),
        "{listed}"
    );
    home.run(&["config", "unset", "audit.max_age"]).expect(0);
    assert_eq!(get(&home, "audit.max_age"), "90d");
}

#[test]
fn doctor_checks_the_policy_in_the_project_file() {
    let (_server, home) = service();
    let checks = |text: &str| {
        fs::write(home.work().join(".brainmaps.toml"), text).unwrap();
        let document = home.run(&["doctor", "--offline", "--json"]).json();
        let checks = document["checks"].as_array().unwrap().iter();
        let mut checks = checks.filter(|check| check["name"] == "audit policy");
        checks.next().map(|check| check["state"].clone())
    };
    assert_eq!(checks("profile = \"brainmaps\"\n"), None);
    assert_eq!(checks("[audit]\nmax_age = \"30d\"\n"), Some("ok".into()));
    let invalid = checks("profile = \"brainmaps\"\n[audit]\nmax_age = 30\n");
    assert_eq!(invalid, Some("failure".into()));
}
