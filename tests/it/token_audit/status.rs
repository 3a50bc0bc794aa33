//! `status --within`: local facts only.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::KEY;
use crate::support::test_home::TestHome;

/// A profile with a stored key that expires in this many days.
fn stored_key(home: &TestHome, profile: &str, days: Option<i64>) {
    let login = ["--profile", profile, "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, KEY).expect(0);
    let file = home.data().join(format!("credentials/{profile}.json"));
    let mut stored: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let now = Timestamp::now();
    stored["issued_at"] = json!(now - SignedDuration::from_hours(24));
    stored["expires_at"] = json!(days.map(|days| now + SignedDuration::from_hours(days * 24 + 1)));
    fs::write(&file, stored.to_string()).unwrap();
}

#[test]
fn credential_that_expires_within_the_time_exits_with_9() {
    let home = TestHome::new();
    stored_key(&home, "brainmaps", Some(10));
    home.run(&["status"]).expect(0);
    home.run(&["status", "--within", "9d"]).expect(0);
    let ending = home.run(&["status", "--within", "11d"]).expect(9);
    assert!(ending.stdout.contains("in 10 days"), "{ending}");
    let json = home.run(&["status", "--within", "11d", "--json"]).expect(9);
    json.json();
    let reason = "warning: the API key of profile `brainmaps` expires in 10 days, which is within";
    for found in [&ending, &json] {
        assert!(found.stderr.starts_with(reason), "{found}");
        assert_eq!(found.stderr.lines().count(), 1, "{found}");
    }
    for (within, exit) in [("9d", 0), ("11d", 9)] {
        let quiet = home.run(&["status", "--within", within, "-q"]).expect(exit);
        assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    }
}

#[test]
fn every_stored_credential_counts_with_all() {
    let home = TestHome::new();
    stored_key(&home, "brainmaps", Some(100));
    stored_key(&home, "neuroio", Some(3));
    home.run(&["status", "--within", "14d"]).expect(0);
    home.run(&["status", "--within", "14d", "--all", "-q"])
        .expect(9);
    home.run(&["status", "--within", "2d", "--all", "-q"])
        .expect(0);
}

#[test]
fn credential_without_an_expiry_or_without_a_login_is_not_reported_as_expiring() {
    let home = TestHome::new();
    let missing = home.run(&["status", "--within", "14d", "-q"]).expect(4);
    assert_eq!((missing.stdout.as_str(), missing.stderr.as_str()), ("", ""));
    stored_key(&home, "brainmaps", None);
    let quiet = home.run(&["status", "--within", "14d", "-q"]).expect(0);
    assert_eq!(quiet.stderr, "");
    let shown = home.run(&["status", "--within", "14d"]).expect(0);
    assert!(shown.stderr.contains("the expiry is unknown"), "{shown}");
    home.run(&["status", "--within", "14d", "--check"])
        .expect(2);
}

#[test]
fn nothing_is_printed_in_the_last_tenth_of_the_lifetime() {
    let home = TestHome::new();
    stored_key(&home, "brainmaps", Some(0));
    let quiet = home.run(&["status", "--within", "1m", "-q"]).expect(0);
    assert_eq!(quiet.stderr, "");
    let quiet = home.run(&["status", "--within", "1d", "-q"]).expect(9);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert!(home.run(&["status"]).expect(0).stderr.contains("warning:"));
}
