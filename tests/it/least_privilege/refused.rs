//! Rotations to fewer rights that are refused: the old key stays, and no new one is left over.

use super::{ARTICLES, Account};

/// Fails unless the refused command left the key and the list of tokens as they were.
#[track_caller]
fn assert_unchanged(account: &Account, key: &str) {
    assert_eq!(account.key(), key);
    let tokens = account
        .home
        .run(&["token", "list", "--format", "{id}"])
        .expect(0);
    assert_eq!(tokens.stdout.trim(), account.id);
}

#[test]
fn rights_that_are_not_known_for_certain_are_not_removed() {
    let account = Account::new();
    let key = account.key();
    let refused = |more: &[&str], expected: &str, fact: &str| {
        let failed = account.rotate(&[&["--yes"], more].concat()).expect(1);
        assert!(failed.stderr.contains(expected), "{failed}");
        assert_unchanged(&account, &key);
        let unknown = account.audit().1;
        assert_eq!(unknown[0]["fact"], fact);
    };
    refused(&[], "no use of its key is recorded", "usage");
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    refused(&[], "recorded for 0 of 14 days", "observed");
    account.run_with_key(&["credential", "print"]).expect(0);
    refused(
        &["--observed", "0d"],
        "given to a program (credential print)",
        "handed_out",
    );
    account
        .home
        .run(&["credential", "usage", "--clear"])
        .expect(0);
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    account.age_record(20);
    // The keys of an account are not in the tables of the documentation.
    let other = account
        .home
        .run(&["token", "create", "x", "--permission", "read", "--json"]);
    let other = other.expect(0).json()["id"].as_str().unwrap().to_owned();
    let delete = format!("/api/v1/api-keys/{other}");
    account
        .run_with_key(&["api", "DELETE", &delete, "--silent"])
        .expect(0);
    refused(
        &[],
        "names no scopes for DELETE /api/v1/api-keys/*",
        "needs",
    );
}

#[test]
fn token_without_unused_rights_is_not_rotated() {
    let account = Account::new();
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    account.rotate(&["--yes", "--observed", "0d"]).expect(0);
    let key = account.key();
    let list = account
        .home
        .run(&["token", "list", "--format", "{id}"])
        .expect(0);
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    let rotate = [
        "token",
        "rotate",
        list.stdout.trim(),
        "--env-file",
        "app.env",
        "--narrow",
    ];
    let again = account
        .home
        .run(&[&rotate[..], &["--yes", "--observed", "0d"]].concat());
    assert!(
        again
            .expect(1)
            .stderr
            .contains("has no right that it did not use")
    );
    assert_eq!(account.key(), key);
}

#[test]
fn narrowing_needs_a_terminal_or_yes() {
    let account = Account::new();
    let key = account.key();
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    for options in [
        &["--observed", "0d"][..],
        &["--no-input", "--observed", "0d"],
    ] {
        let refused = account.rotate(options).expect(2);
        assert!(refused.stderr.contains("--yes"), "{refused}");
        assert_unchanged(&account, &key);
    }
    let conflict = account.rotate(&["--accept-changes", "scopes"]).expect(2);
    assert!(conflict.stderr.contains("--narrow"), "{conflict}");
    let alone = account
        .home
        .run(&["token", "rotate", &account.id, "--observed", "1d"]);
    alone.expect(2);
}
