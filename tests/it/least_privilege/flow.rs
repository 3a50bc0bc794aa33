//! A key with every right that only reads articles becomes a key that can only read articles.

use serde_json::json;

use super::{ARTICLES, Account};
use crate::terminal::on_a_terminal;

#[test]
fn key_that_only_reads_articles_is_narrowed_to_reading_articles() {
    let account = Account::new();
    let old = account.key();
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    account
        .run_with_key(&["api", "/api/v1/articles/art_7", "--silent"])
        .expect(0);
    assert_eq!(account.audit().1[0]["fact"], "observed", "one day");
    account.age_record(20);
    let (findings, unknown) = account.audit();
    assert_eq!(unknown, [json!(null); 0]);
    let finding = &findings[0];
    assert_eq!(finding["id"], account.id);
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["value"], 5);
    assert_eq!(
        finding["message"],
        "has rights that it did not use: permission write, permission delete, scope social, scope projects, scope user; \
         it needs permissions read, scopes articles"
    );
    let fix = format!("brainmaps token rotate {} --narrow", account.id);
    assert_eq!(finding["fix"], fix);

    let rotated = account.rotate(&["--yes", "--json"]).expect(0);
    let new = rotated.json();
    assert_eq!(new["permissions"], json!(["read"]), "{rotated}");
    assert_eq!(new["scopes"], json!(["articles"]));
    assert_eq!(new["replaces"], account.id);
    assert!(
        rotated
            .stderr
            .contains("permissions: read write delete -> read"),
        "{rotated}"
    );
    assert!(!rotated.stderr.contains("differs from"), "{rotated}");
    assert_ne!(account.key(), old);
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    let generate = ["api", "POST", "/api/v1/articles/generate", "-f", "title=x"];
    account.run_with_key(&generate).expect(3);
    account.run_with_key(&["api", "/api/v1/projects"]).expect(3);
    account.run_with(&old, &["api", ARTICLES]).expect(4);
    // The new key is observed from now on.
    assert_eq!(account.audit().0, [json!(null); 0]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn question_about_the_new_rights_shows_them_with_every_option() {
    let account = Account::new();
    account
        .run_with_key(&["api", ARTICLES, "--silent"])
        .expect(0);
    account.age_record(20);
    for option in ["--json", "--quiet"] {
        let rotate = ["token", "rotate", &account.id, "--narrow", option];
        let declined = on_a_terminal(&account.home, &rotate, "n\n")
            .wait()
            .expect(3);
        let question = "Rotate the token to the new rights?";
        let (explained, _) = declined.stdout.split_once(question).unwrap();
        for part in [
            "permissions: read write delete -> read",
            "not recorded: requests from other computers",
        ] {
            assert!(explained.contains(part), "{part}: {declined}");
        }
    }
}

#[test]
fn requests_of_the_proxy_are_recorded_and_failed_ones_are_not() {
    let account = Account::new();
    let key = account.key();
    let script = "import os, urllib.request, urllib.error\n\
        base = os.environ['BRAINPERCENT_API_URL']\n\
        for path in ['/api/v1/projects', '/api/v1/projects/prj_1', '/api/v1/none', '/api/v1/articles/none']:\n\
        \x20   try:\n\
        \x20       urllib.request.urlopen(base + path).read()\n\
        \x20   except urllib.error.HTTPError:\n\
        \x20       pass\n";
    account
        .run_with(
            &key,
            &["exec", "--broker", "--", "/usr/bin/python3", "-c", script],
        )
        .expect(0);
    let usage = account
        .home
        .run(&["credential", "usage", "--format", "{method} {path}"]);
    assert_eq!(
        usage.expect(0).stdout,
        "GET /api/v1/projects\nGET /api/v1/projects/*\n"
    );
    account.age_record(14);
    let message = account.audit().0[0]["message"].to_string();
    assert!(
        message.contains("needs permissions read, scopes projects"),
        "{message}"
    );
}
