//! `helper install` and `helper uninstall` for several profiles of one server, and for renamed and deleted profiles.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::test_home::{CommandResult, TestHome};

const SERVER: &str = "https://host.example.com:8443";

/// A home with the profiles `one` and `two` for [`SERVER`], and with git.
fn two_profiles() -> TestHome {
    let mut home = TestHome::new();
    for profile in ["one", "two"] {
        let add = ["profile", "add", profile, "--provider", "brainmaps"];
        home.run(&[&["--api-url", SERVER], &add[..]].concat())
            .expect(0);
    }
    let search = std::env::var("PATH").unwrap();
    home.set("PATH", &search);
    let index = "[registries.x]\nindex = \"sparse+https://host.example.com:8443/\"\n";
    fs::create_dir(home.path().join(".cargo")).unwrap();
    fs::write(home.path().join(".cargo/config.toml"), index).unwrap();
    home
}

fn run(home: &TestHome, profile: &str, command: &str, arguments: &[&str]) -> CommandResult {
    home.run(&[&["--profile", profile, "helper", command], arguments].concat())
}

fn git_values(home: &TestHome) -> String {
    let output = Command::new("git")
        .args(["config", "--global", "--get-regexp", "^credential"])
        .env("HOME", home.path())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("GIT_CONFIG_GLOBAL")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn server_of_another_profile_is_refused_and_not_uninstalled() {
    for program in ["git", "docker", "cargo", "pnpm", "terraform", "keyring"] {
        let home = two_profiles();
        run(&home, "one", "install", &[program]).expect(0);
        let refused = run(&home, "two", "install", &[program]).expect(2);
        for part in [
            &*format!("profile \"one\" already gives {program} the credential for {SERVER}"),
            &format!("--profile one helper uninstall {program} --host {SERVER}"),
        ] {
            assert!(refused.stderr.contains(part), "{refused}");
        }
        let other = run(&home, "two", "uninstall", &[program]).expect(0);
        let says = format!("{program} is not configured for profile `two`");
        assert!(other.stderr.contains(&says), "{other}");
        let again = run(&home, "one", "install", &[program]).expect(0);
        assert!(again.stderr.contains("is configured already"), "{again}");
        run(&home, "one", "uninstall", &[program]).expect(0);
        run(&home, "two", "install", &[program]).expect(0);
    }
}

#[test]
fn renamed_profile_is_reported_and_its_old_name_can_be_uninstalled() {
    let home = two_profiles();
    for program in ["git", "docker", "cargo", "pnpm", "terraform"] {
        run(&home, "one", "install", &[program]).expect(0);
    }
    let host = ["docker", "--host", "registry.example.net"];
    run(&home, "one", "install", &host).expect(0);
    let renamed = home.run(&["profile", "rename", "one", "new"]).expect(0);
    for part in [
        "programs may still name profile \"one\": git, docker, cargo, pnpm",
        "--profile one helper uninstall PROGRAM",
        "--profile new helper install PROGRAM",
    ] {
        assert!(renamed.stderr.contains(part), "{renamed}");
    }
    for program in ["git", "docker", "cargo", "pnpm"] {
        let new = run(&home, "new", "uninstall", &[program]).expect(0);
        let says = format!("{program} is not configured for profile `new`");
        assert!(new.stderr.contains(&says), "{new}");
        assert!(!new.stderr.contains("undid"), "{new}");
        let old = run(&home, "one", "uninstall", &[program]).expect(0);
        assert!(old.stderr.contains("undid the configuration"), "{old}");
    }
    assert_eq!(git_values(&home), "");
    for file in [".docker/config.json", ".npmrc"] {
        assert!(!home.path().join(file).exists(), "{file}");
    }
    let cargo = fs::read_to_string(home.path().join(".cargo/config.toml")).unwrap();
    assert!(!cargo.contains("credential-provider"), "{cargo}");
    // Terraform names no profile.
    let present = run(&home, "new", "install", &["terraform"]).expect(0);
    assert!(
        present.stderr.contains("is configured already"),
        "{present}"
    );
}

#[test]
fn deleted_profile_is_reported_and_can_be_uninstalled() {
    let home = two_profiles();
    for program in ["git", "terraform"] {
        run(&home, "one", "install", &[program]).expect(0);
    }
    let removed = home.run(&["profile", "remove", "one"]).expect(0);
    for part in [
        "programs may still name profile \"one\": git, terraform",
        "--profile one helper uninstall PROGRAM",
    ] {
        assert!(removed.stderr.contains(part), "{removed}");
    }
    for program in ["git", "terraform"] {
        let old = run(&home, "one", "uninstall", &[program]).expect(0);
        assert!(old.stderr.contains("undid the configuration"), "{old}");
    }
    assert_eq!(git_values(&home), "");
    assert!(!home.path().join(".terraformrc").exists());
    run(&home, "one", "install", &["git"]).expect(2);
    let silent = home.run(&["profile", "remove", "two"]).expect(0);
    assert!(!silent.stderr.contains("warning"), "{silent}");
}

/// Keeps GOAUTH in a file of the home directory.
const GO: &str = r#"#!/bin/sh
case $2 in
-w) printf %s "${3#GOAUTH=}" >"$HOME/goauth" ;;
-u) rm "$HOME/goauth" ;;
*) cat "$HOME/goauth" 2>/dev/null || echo netrc ;;
esac
"#;

#[test]
fn go_gets_a_command_for_each_profile_with_another_server() {
    let mut home = two_profiles();
    let other = ["--api-url", "https://other.example", "profile", "add"];
    home.run(&[&other[..], &["three", "--provider", "brainmaps"]].concat())
        .expect(0);
    let go = home.path().join("tools/go");
    fs::create_dir(home.path().join("tools")).unwrap();
    fs::write(&go, GO).unwrap();
    fs::set_permissions(&go, PermissionsExt::from_mode(0o755)).unwrap();
    let search = format!("{}/tools:/usr/bin:/bin", home.path().display());
    home.set("PATH", &search);
    run(&home, "one", "install", &["goauth"]).expect(0);
    let refused = run(&home, "two", "install", &["goauth"]).expect(2);
    let says = "profile \"one\" already gives goauth the credential";
    assert!(refused.stderr.contains(says), "{refused}");
    run(&home, "three", "install", &["goauth"]).expect(0);
    let value = || fs::read_to_string(home.path().join("goauth")).unwrap();
    assert_eq!(value().matches("helper goauth").count(), 2, "{}", value());
    run(&home, "two", "uninstall", &["goauth"]).expect(0);
    run(&home, "one", "uninstall", &["goauth"]).expect(0);
    assert!(value().contains("--profile three"), "{}", value());
    assert!(!value().contains("--profile one"), "{}", value());
    run(&home, "three", "uninstall", &["goauth"]).expect(0);
    assert!(!home.path().join("goauth").exists());
}

#[test]
fn programs_that_ask_only_https_servers_refuse_others() {
    let home = two_profiles();
    for (program, name) in [("terraform", "terraform"), ("goauth", "go")] {
        let host = [program, "--host", "http://127.0.0.1:8000"];
        let refused = run(&home, "one", "install", &host).expect(2);
        let says = format!("{name} asks for https servers only");
        assert!(refused.stderr.contains(&says), "{refused}");
    }
}
