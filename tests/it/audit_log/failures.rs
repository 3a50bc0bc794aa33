//! A log that cannot be written never fails a command.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{events, log_file, service};
use crate::support::test_home::TestHome;

const WARNING: &str = "warning: cannot write the audit log";

#[test]
fn log_that_cannot_be_written_is_one_warning_and_the_command_goes_on() {
    let (_server, home) = service();
    let path = log_file(&home);
    home.run(&["credential", "print"]).expect(0);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stderr.matches(WARNING).count(), 1, "{printed}");
    assert!(!printed.stdout.is_empty());
    let revoked = home.run(&["token", "revoke", "1", "2", "--yes"]).expect(0);
    assert_eq!(revoked.stderr.matches(WARNING).count(), 1, "{revoked}");
    let doctor = home.run(&["doctor", "--offline", "--json"]);
    let checks = doctor.json();
    let mut checks = checks["checks"].as_array().unwrap().iter();
    let check = checks.find(|check| check["name"] == "audit log").unwrap();
    assert_eq!(check["state"], "failure");
    assert!(check["hint"].as_str().unwrap().contains("chmod 600"));
    let refused = home.run(&["credential", "log", "--json"]).expect(2);
    assert_eq!(refused.error_code(), "CONFIG");
}

#[test]
fn events_of_a_removed_profile_are_listed_and_an_unknown_profile_is_an_error() {
    let (_server, home) = service();
    home.run(&["profile", "add", "old", "--provider", "brainmaps"])
        .expect(0);
    let old = ["--profile", "old"];
    home.run(&[&old[..], &["credential", "print"]].concat())
        .expect(0);
    home.run(&["profile", "remove", "old"]).expect(0);
    let log = ["credential", "log", "--json"];
    let listed = home.run(&[&old[..], &log].concat()).expect(0).json();
    assert_eq!(listed["events"][0]["profile"], "old", "{listed}");
    let unknown = home.run(&[&["--profile", "nosuch"][..], &log].concat());
    assert_eq!(unknown.expect(2).error_code(), "CONFIG");
}

#[test]
fn verification_without_a_log_does_not_succeed() {
    let (_server, home) = service();
    let path = log_file(&home);
    let verify = ["credential", "log", "--verify"];
    let empty = home.run(&verify).expect(0);
    assert!(empty.stderr.contains("the log has no lines"), "{empty}");
    home.run(&["credential", "print"]).expect(0);
    let intact = home.run(&[&verify[..], &["--json"]].concat()).expect(0);
    assert_eq!(intact.json()["newest_missing"], false);
    let rotated = path.with_file_name("audit.jsonl.1");
    fs::rename(&path, &rotated).unwrap();
    let cut = home.run(&verify).expect(9);
    assert!(cut.stderr.contains("the newest lines are missing"), "{cut}");
    assert!(cut.stderr.contains("audit.jsonl` is missing, but"), "{cut}");

    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let cut = home.run(&verify).expect(9);
    assert!(cut.stderr.contains("the newest lines are missing"), "{cut}");
    assert!(cut.stderr.contains("audit.jsonl` is empty, but"), "{cut}");
    let cut = home.run(&[&verify[..], &["--json"]].concat()).expect(9);
    assert_eq!(cut.json()["newest_missing"], true);

    fs::remove_file(&path).unwrap();
    fs::remove_file(&rotated).unwrap();
    let missing = home.run(&verify).expect(1);
    let message = format!("error: no audit log at `{}`", path.display());
    assert!(missing.stderr.contains(&message), "{missing}");
    home.run(&["credential", "log"]).expect(0);
}

#[test]
fn link_in_place_of_the_log_is_not_followed() {
    let (_server, home) = service();
    let (path, target) = (log_file(&home), home.path().join("target"));
    fs::write(&target, "").unwrap();
    fs::remove_file(&path).unwrap();
    symlink(&target, &path).unwrap();
    let printed = home.run(&["credential", "print"]).expect(0);
    assert!(printed.stderr.contains(WARNING), "{printed}");
    assert_eq!(fs::read_to_string(&target).unwrap(), "");
    let shown = home.run(&["credential", "log"]).expect(2);
    let doctor = home.run(&["doctor", "--offline"]);
    for hint in [&shown.stderr, &doctor.stdout] {
        assert!(hint.contains("config set audit_log FILE"), "{hint}");
        assert!(!hint.contains("BRAINMAPS_DATA_DIR"), "{hint}");
    }
    let other = home.path().join("other.jsonl");
    let set = home.run(&["config", "set", "audit_log", other.to_str().unwrap()]);
    let warning = "cannot write the change to the previous audit log";
    assert!(set.expect(0).stderr.contains(warning), "{warning}");
}

#[test]
fn token_with_targets_is_recorded_once_also_if_no_target_has_it() {
    let create = ["token", "create", "ci"];
    for (targets, result) in [
        (&["--to", "true"][..], "token-create ok"),
        (&["--config", "c.json", "--key", "k"], "token-create ok"),
        (&["--env-file", "a", "--to", "true"], "token-create ok"),
        (&["--env-file", "a", "--to", "false"], "token-create ok"),
        (&["--to", "false"], "token-create FAILED"),
        (
            &["--to", "true", "--config", "/no/a.json", "--key", "k"],
            "token-create STORAGE",
        ),
    ] {
        let (_server, home) = service();
        home.run(&[&create[..], targets].concat());
        assert_eq!(events(&home), [result], "{targets:?}");
        let log = super::log(&home, &[]);
        let event = &log["events"][0];
        let is_created = event["result"] == "ok";
        assert_eq!(event["token_id"] == "7", is_created, "{event}");
        assert_eq!(event["fingerprint"].is_string(), is_created, "{event}");
    }
}

#[test]
fn failed_command_is_recorded_with_its_code() {
    let mut home = TestHome::new();
    super::turn_on(&home);
    home.run(&["credential", "print"]).expect(4);
    home.set("BRAINMAPS_API_KEY", super::KEY)
        .set("BRAINMAPS_API_URL", "http://localhost:1");
    home.run(&["api", "/"]).expect(6);
    home.run(&["token", "create", "x"]).expect(6);
    let expected = [
        "print LOGIN_REQUIRED",
        "api UNREACHABLE",
        "token-create UNREACHABLE",
    ];
    assert_eq!(events(&home), expected);
}
