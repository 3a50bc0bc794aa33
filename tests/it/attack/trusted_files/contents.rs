//! Error messages contain no text of the file: a cloned repository may contain a link to a file with secrets.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::test_home::TestHome;

/// Files with secrets, and a part of each that must not be printed.
const SECRETS: &[(&str, &str)] = &[
    ("DB_PASSWORD=hunter2-very-secret\n", "hunter2"),
    ("machine example.org login me password hunter2\n", "hunter2"),
    (
        "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END\n",
        "hunter2",
    ),
    ("{\"refresh_token\": \"hunter2\"}\n", "hunter2"),
    ("[default]\nkey = \"hunter2\"\n", "hunter2"),
    ("profile = \"hunter2 with a space\"\n", "hunter2"),
    ("profile = \"hunter\\u0032 with a space\"\n", "hunter"),
    ("local = \"hunter2\"\n", "hunter2"),
    ("hunter2 = 1\n", "hunter2"),
    ("storage = \"hunter2\"\n", "hunter2"),
    (
        "[api_url]\nbrainmaps = \"https://user:hunter2@host.example\"\n",
        "hunter2",
    ),
    (
        "[api_url]\nbrainmaps = \"http://host.example/hunter2\"\n",
        "hunter2",
    ),
    (
        "id = \"maps\"\nname = \"Maps\"\napi_url = \"https://u:hunter2@host.example\"\n",
        "hunter2",
    ),
    (
        "id = \"maps\"\nname = \"Maps\"\n[headers]\napi_key = { name = \"hunter2 x\" }\n",
        "hunter2",
    ),
    ("id = \"hunter2 x\"\n", "hunter2"),
];

/// Creates a link to each secret file and runs the commands: no output contains the secret, and the first names the
/// location of the error.
fn expect_no_content(home: &TestHome, link: &Path, commands: &[&[&str]]) {
    let secret_file = home.path().join("secret");
    symlink(&secret_file, link).unwrap();
    for (text, secret) in SECRETS {
        fs::write(&secret_file, text).unwrap();
        for command in commands {
            for more in [&[][..], &["--json"], &["-vv"]] {
                let outcome = home.run(&[command, more].concat());
                let shown = [outcome.stdout.as_str(), &outcome.stderr].concat();
                assert!(!shown.contains(secret), "{text}: {outcome}");
                if *command == commands[0] && more == ["--json"] {
                    let outcome = outcome.expect(2);
                    assert_eq!(outcome.error_code(), "CONFIG", "{outcome}");
                }
            }
        }
    }
    fs::remove_file(link).unwrap();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_project_file_linked_to_a_secret_is_not_printed() {
    let home = TestHome::new();
    let commands: &[&[&str]] = &[
        &["credential", "print"],
        &["status"],
        &["doctor", "--offline"],
        &["project", "show"],
        &["logout"],
    ];
    expect_no_content(&home, &home.work().join(".brainmaps.toml"), commands);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn settings_and_descriptions_with_a_secret_are_not_printed() {
    let home = TestHome::new();
    let config = home.path().join(".config/brainmaps");
    fs::create_dir_all(config.join("providers")).unwrap();
    let commands: &[&[&str]] = &[
        &["--profile", "maps", "credential", "print"],
        &["provider", "list"],
        &["provider", "show", "maps"],
    ];
    expect_no_content(&home, &config.join("providers/maps.toml"), commands);
}

#[test]
fn provider_check_prints_no_value() {
    let home = TestHome::new();
    for (text, secret) in SECRETS
        .iter()
        .filter(|(text, _)| !text.starts_with("hunter2 ="))
    {
        let path = home.work().join("maps.toml");
        fs::write(&path, text).unwrap();
        for more in [&[][..], &["--json"]] {
            let outcome = home.run(&[&["provider", "check", "maps.toml"], more].concat());
            let shown = [outcome.stdout.as_str(), &outcome.stderr].concat();
            assert!(!shown.contains(secret), "{text}: {outcome}");
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_config_linked_to_a_secret_is_not_printed() {
    let home = TestHome::new();
    let config = home.path().join(".config/brainmaps");
    fs::create_dir_all(&config).unwrap();
    let commands: &[&[&str]] = &[&["credential", "print"], &["status"], &["config", "list"]];
    expect_no_content(&home, &config.join("config.toml"), commands);
}
