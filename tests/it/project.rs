//! Directories bound to a profile, with the real program.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::test_home::{CommandResult, TestHome};

const KEY: &str = "key-c4n4ry-of-a-test";

fn signed_in(home: &TestHome, profile: &str) {
    let login = ["--profile", profile, "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, &format!("{KEY}-{profile}"))
        .expect(0);
}

fn two_profiles() -> TestHome {
    let home = TestHome::new();
    home.run(&["profile", "add", "work", "--provider", "brainmaps"])
        .expect(0);
    signed_in(&home, "brainmaps");
    signed_in(&home, "work");
    home
}

fn print_credential(home: &TestHome, arguments: &[&str]) -> String {
    let all = [arguments, &["credential", "print"]].concat();
    home.run(&all).expect(0).stdout.trim().to_owned()
}

fn in_folder(home: &TestHome, folder: &Path, arguments: &[&str]) -> CommandResult {
    let mut command = home.command(arguments);
    home.start_command(command.current_dir(folder), arguments, "")
        .wait()
}

/// Returns the sources that are not absent, each with its verdict.
fn existing_sources(home: &TestHome) -> Vec<(String, String)> {
    let explained = home.run(&["credential", "explain", "--json"]).expect(0);
    let explained = explained.json();
    let sources = explained["candidates"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pairs = sources.map(|it| (text(&it["source"]), text(&it["verdict"])));
    pairs.filter(|(_, verdict)| verdict != "absent").collect()
}

#[test]
fn a_bound_directory_uses_its_profile_unless_another_is_named() {
    let mut home = two_profiles();
    assert_eq!(print_credential(&home, &[]), format!("{KEY}-brainmaps"));
    home.run(&["project", "set-cloud", "--profile", "work"])
        .expect(0);
    let file = home.work().join(".brainmaps.toml");
    assert_eq!(fs::read_to_string(&file).unwrap(), "profile = \"work\"\n");
    assert_eq!(print_credential(&home, &[]), format!("{KEY}-work"));
    assert_eq!(
        print_credential(&home, &["--profile", "brainmaps"]),
        format!("{KEY}-brainmaps")
    );

    let below = home.work().join("a/b");
    fs::create_dir_all(&below).unwrap();
    let printed = in_folder(&home, &below, &["project", "show", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&printed["mode"], &printed["profile"]),
        (&json!("cloud"), &json!("work"))
    );
    assert_eq!(
        (&printed["state"], &printed["source"]),
        (&json!("unverified"), &json!("stored"))
    );
    assert_eq!(
        existing_sources(&home),
        [
            (file.display().to_string(), "routes".to_owned()),
            ("the stored credential".to_owned(), "used".to_owned()),
        ]
    );

    home.set("BRAINMAPS_PROFILE", "brainmaps");
    assert_eq!(print_credential(&home, &[]), format!("{KEY}-brainmaps"));
    let printed = home.run(&["project", "show", "--json"]).expect(0).json();
    assert_eq!(
        (&printed["overruled"], &printed["profile"]),
        (&json!(true), &json!("brainmaps"))
    );
}

#[test]
fn a_local_directory_needs_no_credential() {
    let home = two_profiles();
    home.run(&["project", "set-local"]).expect(0);
    for command in [
        &["whoami"][..],
        &["credential", "print"],
        &["token", "list"],
        &["credential", "refresh"],
    ] {
        let outcome = home.run(&[command, &["--json"]].concat()).expect(2);
        assert_eq!(outcome.error_code(), "UNSUPPORTED", "{outcome}");
        assert!(outcome.stdout.contains("local"), "{outcome}");
    }
    for arguments in [&["status", "--json"][..], &["status", "--check", "--json"]] {
        let status = home.run(arguments).expect(0).json();
        let status = &status["profiles"][0];
        assert_eq!(
            (&status["state"], &status["kind"]),
            (&json!("local"), &json!(null))
        );
    }
    let file = home.work().join(".brainmaps.toml");
    assert_eq!(
        existing_sources(&home),
        [
            (file.display().to_string(), "used".to_owned()),
            ("the stored credential".to_owned(), "shadowed".to_owned()),
        ]
    );
    assert_eq!(
        print_credential(&home, &["--profile", "work"]),
        format!("{KEY}-work")
    );
    let shown = home.run(&["project", "show"]).expect(0).stdout;
    assert!(shown.contains("mode:\tlocal"), "{shown}");
}

#[test]
fn a_key_in_the_environment_takes_precedence_over_the_binding() {
    let mut home = TestHome::new();
    home.run(&["project", "set-local"]).expect(0);
    home.set("BRAINMAPS_API_KEY", "variable-c4n4ry-key");
    assert_eq!(print_credential(&home, &[]), "variable-c4n4ry-key");
    let printed = home.run(&["project", "set-local"]).expect(0);
    assert!(
        printed
            .stderr
            .contains("BRAINMAPS_API_KEY takes precedence"),
        "{printed}"
    );
}

#[test]
fn binding_beside_a_key_in_a_file_says_that_the_file_takes_precedence() {
    let home = two_profiles();
    let file = home.work().join(".env");
    fs::write(&file, "BRAINMAPS_API_KEY=file-c4n4ry-key\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    for (command, bound) in [
        (&["project", "set-local"][..], "is local\n"),
        (
            &["project", "set-cloud", "--profile", "work"],
            "is bound to the profile `work`\n",
        ),
    ] {
        let printed = home.run(command).expect(0);
        let warning = ".env takes precedence";
        assert!(printed.stderr.contains(warning), "{printed}");
        assert!(printed.stdout.ends_with(bound), "{printed}");
        assert_eq!(print_credential(&home, &[]), "file-c4n4ry-key");
    }
    fs::remove_file(&file).unwrap();
    let printed = home.run(&["project", "set-local"]).expect(0);
    assert!(!printed.stderr.contains("precedence"), "{printed}");
    assert!(printed.stdout.contains("no credential"), "{printed}");
}

#[test]
fn local_directory_and_a_variable_that_names_a_profile_are_reported() {
    let mut home = two_profiles();
    home.set("BRAINMAPS_PROFILE", "work");
    let printed = home.run(&["project", "set-local"]).expect(0);
    let warning = "BRAINMAPS_PROFILE names profile \"work\" and takes precedence";
    assert!(printed.stderr.contains(warning), "{printed}");
    assert_eq!(print_credential(&home, &[]), format!("{KEY}-work"));
}

#[test]
fn cloud_without_a_credential_is_an_error_and_logins_do_not_change_the_binding() {
    let home = two_profiles();
    let file = home.work().join(".brainmaps.toml");
    for binding in [&["set-cloud", "--profile", "work"][..], &["set-local"]] {
        home.run(&[&["project"], binding].concat()).expect(0);
        let before = fs::read_to_string(&file).unwrap();
        let logout = home.run(&["logout"]).expect(0);
        assert_eq!(fs::read_to_string(&file).unwrap(), before);
        if before.contains("work") {
            assert_eq!(
                home.run(&["whoami", "--json"]).expect(4).error_code(),
                "LOGIN_REQUIRED"
            );
        }
        let login = ["login", "--with-token", "--no-verify"];
        let login = home.run_with_input(&login, KEY).expect(0);
        assert_eq!(fs::read_to_string(&file).unwrap(), before);
        let choice = if before.contains("work") {
            "using profile \"work\" (./.brainmaps.toml)"
        } else {
            let hint = "bind the directory: `brainmaps project set-cloud`";
            assert!(login.stderr.contains(hint), "{login}");
            "using the default profile \"brainmaps\": ./.brainmaps.toml declares this directory local"
        };
        for command in [logout, login] {
            assert!(command.stderr.contains(choice), "{choice}: {command}");
        }
    }
    // In the local directory, both used the default profile and said so.
    assert_eq!(print_credential(&home, &["--profile", "brainmaps"]), KEY);
    assert_eq!(print_credential(&home, &["--profile", "work"]), KEY);
}

#[test]
fn doctor_names_the_profile_and_why_it_is_used() {
    let mut home = two_profiles();
    let profile = |home: &TestHome, arguments: &[&str]| -> String {
        let doctor = [arguments, &["doctor", "--offline"]].concat();
        let printed = home.run(&doctor).expect(0).stdout;
        let mut lines = printed.lines();
        let line = lines.find(|line| line.starts_with("ok      profile: "));
        line.expect(&printed).to_owned()
    };
    assert!(profile(&home, &[]).ends_with("\"brainmaps\", the default profile"));
    home.run(&["project", "set-cloud", "--profile", "work"])
        .expect(0);
    let bound = profile(&home, &[]);
    assert!(bound.contains("\"work\", to which `"), "{bound}");
    home.run(&["project", "set-local"]).expect(0);
    let local = profile(&home, &[]);
    let expected = ".brainmaps.toml` declares this directory local";
    assert!(
        local.contains("\"brainmaps\", the default profile") && local.contains(expected),
        "{local}"
    );
    let named = "which --profile or BRAINMAPS_PROFILE names";
    assert!(profile(&home, &["--profile", "work"]).ends_with(named));
    home.set("BRAINMAPS_PROFILE", "work");
    assert!(profile(&home, &[]).ends_with(named));
}

#[test]
fn an_invalid_binding_is_an_error() {
    let home = two_profiles();
    let file = home.work().join(".brainmaps.toml");
    for (text, says) in [
        (
            "profile = \"missing\"",
            "names profile \\\"missing\\\", which does not exist",
        ),
        (
            "profile = \"work\"\napi_url = \"https://evil.test\"",
            "line 2",
        ),
        ("local = 1", "line 1"),
        ("", "either"),
    ] {
        fs::write(&file, text).unwrap();
        if says.starts_with("line") {
            home.run(&["project", "set-cloud"]).expect(2);
            assert_eq!(fs::read_to_string(&file).unwrap(), text, "not replaced");
        }
        let outcome = home.run(&["credential", "print", "--json"]).expect(2);
        assert_eq!(outcome.error_code(), "CONFIG", "{outcome}");
        assert!(
            outcome.stdout.contains(says) && outcome.stdout.contains(".brainmaps.toml"),
            "{outcome}"
        );
        assert_eq!(
            print_credential(&home, &["--profile", "work"]),
            format!("{KEY}-work")
        );
    }
    home.run(&["project", "set-cloud", "--profile", "missing"])
        .expect(2);
    home.run(&["project", "set-cloud"]).expect(0);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "profile = \"brainmaps\"\n"
    );
}
