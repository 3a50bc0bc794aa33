//! A key in an env file is replaced only with `--force`, or when it is the rotated key.

use std::fs;

use super::{Fixture, NEW_KEY, OLD_KEY, OTHER_ACCOUNT_KEY, OTHER_KEY, REJECTED_KEY};

#[test]
fn key_in_an_env_file_is_not_replaced_without_force() {
    for before in [
        format!("A=1\nBRAINMAPS_API_KEY={OLD_KEY}\nB=2\n"),
        format!("export BRAINMAPS_API_KEY=\"{OLD_KEY}\"  # prod"),
        format!("\u{feff}BRAINMAPS_API_KEY = '{OLD_KEY}'\r\n"),
    ] {
        let fixture = Fixture::new();
        fixture.put(&before);
        let received = fixture.requests();
        let refused = fixture.create(&["--json"]).expect(2);
        assert_eq!(refused.error_code(), "USAGE");
        let message = refused.json()["error"]["message"].to_string();
        assert!(message.contains("BRAINMAPS_API_KEY"), "{refused}");
        assert!(
            message.contains("the old key works until it is revoked"),
            "{refused}"
        );
        assert!(!refused.stdout.contains(OLD_KEY), "{refused}");
        assert_eq!(fixture.read(), before);
        assert_eq!(fixture.requests(), received, "nothing is sent");

        let replaced = fixture.create(&["--force"]).expect(0);
        assert!(
            replaced.stderr.contains("which works until it is revoked"),
            "{replaced}"
        );
        assert!(fixture.read().contains(NEW_KEY) && !fixture.read().contains(OLD_KEY));
    }
}

#[test]
fn empty_variable_is_filled_without_force() {
    let fixture = Fixture::new();
    fixture.put("BRAINMAPS_API_KEY= # the bot's\nA=1");
    fixture.create(&[]).expect(0);
    let url = fixture.url();
    let expected = format!("BRAINMAPS_API_KEY={NEW_KEY} # the bot's\nA=1\n{url}");
    assert_eq!(fixture.read(), expected);
}

#[test]
fn rotation_without_the_file_or_the_variable_sends_nothing() {
    let fixture = Fixture::new();
    let received = fixture.requests();
    let refused = fixture.rotate().expect(2);
    let message = refused.json()["error"]["message"].to_string();
    assert!(
        message.contains("app.env") && message.contains("does not exist"),
        "{refused}"
    );
    assert!(!fixture.file().exists());
    for before in [
        "",
        "A=1\n",
        "#BRAINMAPS_API_KEY=x\n",
        "BRAINMAPS_API_KEY=\n",
    ] {
        fixture.put(before);
        let refused = fixture.rotate().expect(2);
        assert!(
            refused.stdout.contains("does not set BRAINMAPS_API_KEY"),
            "{refused}"
        );
        assert_eq!(fixture.read(), before);
    }
    assert_eq!(fixture.requests(), received);
}

#[test]
fn rotation_rejects_a_revoked_key_and_a_key_of_another_account() {
    for (key, says) in [
        (REJECTED_KEY, "rejects"),
        (OTHER_ACCOUNT_KEY, "stranger@example.org"),
    ] {
        let fixture = Fixture::new();
        let before = format!("BRAINMAPS_API_KEY={key}\n");
        fixture.put(&before);
        let refused = fixture.rotate().expect(2);
        assert!(refused.stdout.contains(says), "{refused}");
        assert_eq!(fixture.read(), before);
        assert_eq!(fixture.created(), 0);
    }
}

#[test]
fn rotated_key_is_replaced_and_everything_else_stays() {
    let fixture = Fixture::new();
    fixture.put(&format!(
        "# mine\r\nexport BRAINMAPS_API_KEY='{OLD_KEY}' # bot\r\nB=2\r\n"
    ));
    fixture.rotate().expect(0);
    let url = fixture.url().replace('\n', "\r\n");
    let expected = format!("# mine\r\nexport BRAINMAPS_API_KEY='{NEW_KEY}' # bot\r\nB=2\r\n{url}");
    assert_eq!(fixture.read(), expected);
}

/// A service may accept a revoked key for some time, and the key may belong to a token that the list omits.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn replaced_key_that_still_works_is_reported_and_the_new_key_stays() {
    let fixture = Fixture::new();
    fixture.put(&format!("BRAINMAPS_API_KEY={OTHER_KEY}\n"));
    let rotated = fixture.rotate().expect(0);
    let warning = "the key that was replaced still works";
    assert!(rotated.stderr.contains(warning), "{rotated}");
    assert!(fixture.read().contains(NEW_KEY));
}

#[test]
fn dash_is_rejected_as_an_env_file() {
    let fixture = Fixture::new();
    let received = fixture.requests();
    for command in ["create", "rotate"] {
        let refused = fixture
            .home
            .run(&["token", command, "1", "--env-file", "-"]);
        let refused = refused.expect(2);
        assert!(refused.stderr.contains("not a file"), "{refused}");
    }
    assert_eq!(fixture.requests(), received);
    assert!(fixture.names().is_empty());
}

#[test]
fn use_and_expiry_of_a_new_key_are_reported() {
    let fixture = Fixture::new();
    let create = ["token", "create", "ci", "--env-file", ".env"];
    let made = fixture.home.run(&create).expect(0);
    let directory = fixture.home.work();
    let note = format!(
        "used in {} and its subdirectories",
        directory.canonicalize().unwrap().display()
    );
    assert!(made.stderr.contains(&note), "{made}");
    let other = fixture.create(&[]).expect(0);
    assert!(!other.stderr.contains("and its subdirectories"), "{other}");

    let env_file = directory.join(".env");
    let text = fs::read_to_string(&env_file)
        .unwrap()
        .replace(NEW_KEY, OLD_KEY);
    fs::write(&env_file, text).unwrap();
    let revoked = fixture
        .home
        .run(&["token", "revoke", "1", "--yes"])
        .expect(0);
    assert!(
        revoked
            .stderr
            .contains(".env\" still sets BRAINMAPS_API_KEY"),
        "{revoked}"
    );
}

#[test]
fn a_file_that_git_would_commit_is_reported() {
    if !crate::support::peer::has_program("a_file_that_git_would_commit_is_reported", "git") {
        return;
    }
    let mut fixture = Fixture::new();
    fixture.home.set("PATH", "/usr/local/bin:/usr/bin:/bin");
    let work = fixture.home.work();
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        let done = command
            .arg("-C")
            .arg(&work)
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "--quiet"]);
    // The program that a malicious repository configures.
    let trap = fixture.home.path().join("trap");
    let run = format!("touch {}", trap.display());
    git(&["config", "core.fsmonitor", &run]);
    let printed = "not ignored";
    let made = fixture.create(&[]).expect(0);
    assert!(made.stderr.contains(printed), "{made}");
    fs::write(work.join(".gitignore"), "*.env\n").unwrap();
    let made = fixture.create(&["--force"]).expect(0);
    assert!(!made.stderr.contains(printed), "{made}");
    assert!(!trap.exists());
}
