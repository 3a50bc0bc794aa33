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
}

#[test]
fn link_in_place_of_the_log_is_not_followed() {
    let (_server, home) = service();
    let (path, target) = (log_file(&home), home.path().join("target"));
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&target, "").unwrap();
    symlink(&target, &path).unwrap();
    let printed = home.run(&["credential", "print"]).expect(0);
    assert!(printed.stderr.contains(WARNING), "{printed}");
    assert_eq!(fs::read_to_string(&target).unwrap(), "");
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
