//! Files that cannot be read are named, and a scan without them does not succeed.

use std::path::PathBuf;

use super::bmc;
use crate::support::users::{self, ROOT, Users, VICTIM};

/// A directory in which only root can read `a0.txt` to `a6.txt` and `dir`.
fn unreadable_tree(users: &Users) -> PathBuf {
    let directory = users.home(VICTIM).join("tree");
    users::directory(&directory, VICTIM, 0o755);
    for number in 0..7 {
        let path = directory.join(format!("a{number}.txt"));
        users::file(&path, "clean\n", ROOT, 0o600);
    }
    users::directory(&directory.join("dir"), ROOT, 0o700);
    directory
}

#[test]
fn files_that_cannot_be_read_are_named_and_a_scan_without_them_does_not_succeed() {
    let Some(users) = Users::new("unreadable files") else {
        return;
    };
    let tree = unreadable_tree(&users);
    let scan = |more: &[&str]| {
        let arguments = [&["token", "scan"], more].concat();
        users.run(VICTIM, &tree, &arguments)
    };
    let scanned = scan(&["--json"]);
    assert_eq!(scanned.code, Some(1), "{scanned:?}");
    let document: serde_json::Value = serde_json::from_str(&scanned.stdout).unwrap();
    assert_eq!(document["unreadable"], 8);
    let names = document["unreadable_files"].as_array().unwrap().iter();
    let names: Vec<_> = names.map(|file| file["name"].as_str().unwrap()).collect();
    let mut expected: Vec<_> = (0..7).map(|number| format!("a{number}.txt")).collect();
    expected.push("dir".to_owned());
    assert_eq!(names, expected);
    for text in [
        "8 files could not be read: \"a0.txt\" (Permission denied",
        "\"a4.txt\"",
        ", and 3 more",
    ] {
        assert!(scanned.stderr.contains(text), "{scanned:?}");
    }
    let scanned = scan(&["--sarif"]);
    assert_eq!(scanned.code, Some(1));
    let log: serde_json::Value = serde_json::from_str(&scanned.stdout).unwrap();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = &invocation["toolExecutionNotifications"];
    assert_eq!(notifications.as_array().unwrap().len(), 8, "{log}");
    assert_eq!(notifications[0]["level"], "error");
    let text = notifications[0]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("cannot read \"a0.txt\": "), "{text}");

    users::file(&tree.join("found.txt"), &bmc(1), VICTIM, 0o600);
    assert_eq!(scan(&[]).code, Some(9));
    assert_eq!(scan(&["--exit-code", "0"]).code, Some(1));
}
