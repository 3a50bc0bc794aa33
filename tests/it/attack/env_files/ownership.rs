//! Before it changes anything, a rotation checks whether the key in the env file belongs to its token.

use super::{Fixture, NEW_KEY, OLD_KEY, OTHER_KEY};

fn line(key: &str) -> String {
    format!("BRAINMAPS_API_KEY={key}\n")
}

impl Fixture {
    /// The requests that changed something.
    fn changes(&self) -> Vec<String> {
        let received = self.server.received();
        let changing = received.iter().filter(|received| received.method != "GET");
        changing.map(|received| received.path.clone()).collect()
    }
}

#[test]
fn unknown_key_that_may_be_of_several_tokens_is_not_replaced_without_force() {
    let fixture = Fixture::with_tokens(&["1", "5"]);
    for key in [OLD_KEY, OTHER_KEY] {
        fixture.put(&line(key));
        let refused = fixture.rotate().expect(2);
        assert_eq!(refused.error_code(), "USAGE");
        assert!(refused.stdout.contains("it may belong to 5"), "{refused}");
        assert!(refused.stdout.contains("--force"), "{refused}");
        assert_eq!(fixture.read(), line(key));
        assert!(fixture.changes().is_empty(), "{:?}", fixture.changes());
    }
    fixture.put(&line(OLD_KEY));
    fixture.rotate_token("1", &["--force"]).expect(0);
    assert!(fixture.read().contains(NEW_KEY));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn forced_rotation_over_a_key_that_still_works_reports_it() {
    let fixture = Fixture::with_tokens(&["1", "5"]);
    fixture.put(&line(OTHER_KEY));
    let forced = fixture.rotate_token("1", &["--force"]).expect(0);
    assert!(
        forced
            .stderr
            .contains("the key that was replaced still works"),
        "{forced}"
    );
    assert!(fixture.read().contains(NEW_KEY));
}

#[test]
fn key_that_this_program_created_is_matched_to_its_token_without_a_request() {
    let fixture = Fixture::with_tokens(&["1", "2", "5"]);
    fixture.create(&[]).expect(0);
    let changes = fixture.changes();
    let refused = fixture.rotate_token("1", &["--force"]).expect(2);
    assert!(
        refused
            .stdout
            .contains("app.env\\\" belongs to another token"),
        "{refused}"
    );
    assert_eq!(fixture.changes(), changes, "nothing is changed");

    let received = fixture.requests();
    fixture.rotate_token("2", &[]).expect(0);
    assert!(fixture.read().contains(&format!("{NEW_KEY}-3")));
    let sent = fixture.server.received();
    let created = sent
        .iter()
        .skip(received)
        .position(|it| it.method == "POST");
    assert_eq!(created, Some(1), "only the list is read before");

    let (text, keys) = records(&fixture);
    assert!(!text.contains("c4n4ry"), "{text}");
    assert_eq!(keys, [("2".to_owned(), true), ("3".to_owned(), false)]);
}

/// Returns the record of created keys: its text, and each id with whether its token was revoked here.
fn records(fixture: &Fixture) -> (String, Vec<(String, bool)>) {
    let file = fixture.home.data().join("created-keys.json");
    let text = std::fs::read_to_string(file).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let keys = document["keys"].as_array().unwrap().iter();
    let keys = keys.map(|key| {
        let id = key["id"].as_str().unwrap().to_owned();
        (id, key["revoked"] == true)
    });
    (text, keys.collect())
}

#[test]
fn token_whose_key_is_recorded_is_no_candidate_for_another_key() {
    let fixture = Fixture::with_tokens(&["1", "2"]);
    fixture.create(&[]).expect(0);
    fixture.put(&line(OLD_KEY));
    fixture.rotate().expect(0);
    assert!(fixture.read().contains(&format!("{NEW_KEY}-3")));
}

#[test]
fn revoked_token_is_marked_in_the_record() {
    let fixture = Fixture::with_tokens(&["1", "2"]);
    fixture.create(&[]).expect(0);
    assert_eq!(records(&fixture).1, [("2".to_owned(), false)]);
    fixture
        .home
        .run(&["token", "revoke", "2", "--yes"])
        .expect(0);
    assert_eq!(records(&fixture).1, [("2".to_owned(), true)]);
}

#[test]
fn record_that_cannot_be_written_is_a_warning() {
    let fixture = Fixture::new();
    let lock = fixture.home.data().join("created-keys.lock");
    std::fs::create_dir(lock).unwrap();
    let made = fixture.create(&[]).expect(0);
    assert!(
        made.stderr
            .contains("cannot record which key belongs to token 2"),
        "{made}"
    );
    assert!(fixture.read().contains(NEW_KEY));
}
