//! `token list` with filters, an order and `--quiet`, and tokens by their names, at the embedded sandbox.

use serde_json::Value;

use crate::support::test_home::{CommandResult, TestHome};

/// A home that is signed in and has created tokens of these names.
fn with_tokens(names: &[&str]) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_SANDBOX", "1");
    let login = [
        "login",
        "--username",
        "demo@brainmaps.test",
        "--password-stdin",
    ];
    home.run_with_input(&login, "demo").expect(0);
    for name in names {
        home.run(&["token", "new", name]).expect(0);
    }
    home
}

fn list(home: &TestHome, options: &[&str]) -> CommandResult {
    home.run(&[&["token", "ls"], options].concat())
}

fn names(home: &TestHome, options: &[&str]) -> Vec<String> {
    let listed = list(home, &[options, &["--json"]].concat())
        .expect(0)
        .json();
    let tokens = listed["tokens"].as_array().unwrap();
    let name = |token: &Value| token["name"].as_str().unwrap().to_owned();
    tokens.iter().map(name).collect()
}

#[test]
fn filters_combine_and_quiet_prints_only_ids() {
    let home = with_tokens(&["ci-1", "ci-2", "deploy", "CI-3"]);
    home.run(&["token", "rm", "ci-2", "--yes"]).expect(0);
    for (options, expected) in [
        (&["--name", "ci-*"][..], &["ci-1", "ci-2"][..]),
        (
            &["--name", "[cC][iI]-?", "--state", "active"],
            &["CI-3", "ci-1"],
        ),
        (&["--state", "revoked"], &["ci-2"]),
        (
            &["--state", "revoked,active"],
            &["CI-3", "ci-1", "ci-2", "deploy"],
        ),
        (&["--state", "expired"], &[]),
        (
            &["--state", "active", "--state", "revoked", "--name", "d*"],
            &["deploy"],
        ),
    ] {
        let mut found = names(&home, options);
        found.sort();
        assert_eq!(found, expected, "{options:?}");
    }
    let all: Vec<_> = names(&home, &["--sort", "name"]);
    assert_eq!(all, ["CI-3", "ci-1", "ci-2", "deploy"]);
    assert_eq!(
        names(&home, &["--sort", "name:desc", "--limit", "2"]),
        ["deploy", "ci-2"]
    );
    let second = ["--sort", "name", "--name", "ci-*", "--offset", "1"];
    assert_eq!(names(&home, &second), ["ci-2"]);
    let quiet = list(&home, &["--name", "ci-*", "-q"]).expect(0);
    let ids: Vec<&str> = quiet.stdout.lines().collect();
    assert_eq!(ids.len(), 2, "{quiet}");
    assert!(ids.iter().all(|id| id.len() == 36), "{quiet}");
    assert_eq!(quiet.stderr, "");
}

#[test]
fn an_empty_result_prints_the_number_of_examined_tokens() {
    let home = with_tokens(&[]);
    assert!(list(&home, &[]).expect(0).stderr.contains("no tokens; run"));
    home.run(&["token", "create", "ci"]).expect(0);
    let none = list(&home, &["--name", "CI"]).expect(0);
    assert_eq!(none.stdout, "");
    assert_eq!(none.stderr, "no token matches the filters (1 examined)\n");
    let quiet = list(&home, &["--name", "CI", "-q"]).expect(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let beyond = list(&home, &["--offset", "5"]).expect(0);
    assert_eq!(beyond.stderr, "no tokens beyond --offset\n");
}

#[test]
fn a_filter_by_an_unreported_fact_is_an_error_and_sends_nothing() {
    let home = with_tokens(&[]);
    for (profile, options, says) in [
        (
            "neuroio",
            &["--name", "x"][..],
            "does not report the names of tokens: --name",
        ),
        (
            "neuroio",
            &["--sort", "name"],
            "the names of tokens: --sort name",
        ),
        (
            "basic-memory",
            &["--state", "revoked"],
            "--state inactive can be used instead",
        ),
        (
            "brainmaps",
            &["--state", "inactive"],
            "which tokens are inactive",
        ),
        ("brainmaps", &["--sort", "kind"], "the kinds of tokens"),
    ] {
        let arguments = [&["--profile", profile, "token", "list", "--json"], options].concat();
        let refused = home.run(&arguments).expect(2);
        assert_eq!(refused.error_code(), "UNSUPPORTED", "{refused}");
        assert!(refused.stdout.contains(says), "{refused}");
    }
    for wrong in [
        &["--state", "alive"][..],
        &["--sort", "size"],
        &["--kind", "x"],
    ] {
        let refused = list(&home, wrong).expect(2);
        assert!(refused.stderr.contains("invalid value for"), "{refused}");
    }
}

#[test]
fn name_selects_the_active_token_and_ignores_revoked_ones() {
    let home = with_tokens(&["ci"]);
    home.run(&["token", "revoke", "ci", "--yes"]).expect(0);
    let second = home
        .run(&["token", "create", "ci", "--json"])
        .expect(0)
        .json();
    let revoked = home
        .run(&["token", "revoke", "ci", "--yes", "--json"])
        .expect(0)
        .json();
    assert_eq!(revoked["results"][0]["id"], second["id"]);
    for _ in 0..2 {
        home.run(&["token", "create", "twice"]).expect(0);
    }
    let several = home.run(&["token", "revoke", "twice", "--yes"]).expect(2);
    assert!(
        several.stderr.contains("matches several tokens: "),
        "{several}"
    );
}

#[test]
fn a_rotation_beside_an_env_file_names_the_command() {
    let home = with_tokens(&[]);
    home.run(&["token", "create", "app", "--env-file", ".env"])
        .expect(0);
    // As if another computer had created the token.
    std::fs::remove_file(home.data().join("sandbox/rotations.toml")).unwrap();
    let refused = home.run(&["token", "rotate", "app"]).expect(2);
    let command = "`brainmaps token rotate app --env-file .env`";
    assert!(refused.stderr.contains(command), "{refused}");
    home.run(&["token", "rotate", "app", "--env-file", ".env"])
        .expect(0);
}
