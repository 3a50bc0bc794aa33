//! Logout with a damaged index, and with credentials that the index does not list.

use std::fs;

use crate::{
    crash_recovery::{Fixture, PRINT},
    support::sandbox::write_private,
};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn logout_works_with_a_damaged_index() {
    let fixture = Fixture::signed_in();
    let data = fixture.home.data();
    let session = fs::read_to_string(fixture.credential("brainmaps")).unwrap();
    write_private(&fixture.credential("work"), &session);
    write_private(&fixture.credential("torn"), "{");
    fs::write(data.join("profiles.json"), "{").unwrap();
    fixture.forget_requests();
    let out = fixture.home.run(&["logout", "--all", "--json"]).expect(0);
    assert_eq!(fixture.received("/oauth2/revoke"), 4, "two tokens of each");
    for profile in ["brainmaps", "work", "torn"] {
        assert!(out.stdout.contains(profile), "{out}");
        assert!(!fixture.credential(profile).exists(), "{out}");
    }
    assert!(out.stderr.contains("profiles.json"), "{out}");
    assert!(data.join("credentials/torn.json.corrupt-1").exists());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn logout_removes_a_credential_file_that_the_index_does_not_list() {
    for damaged in [false, true] {
        let fixture = Fixture::signed_in();
        let session = fs::read_to_string(fixture.credential("brainmaps")).unwrap();
        write_private(&fixture.credential("work"), &session);
        if damaged {
            fs::write(fixture.home.data().join("profiles.json"), "{").unwrap();
        }
        let remove = ["profile", "remove", "work", "--json"];
        let refused = fixture.home.run(&remove).expect(2);
        assert!(refused.stdout.contains("logout"), "{refused}");
        fixture.forget_requests();
        fixture.home.run(&["--profile", "work", "logout"]).expect(0);
        assert_eq!(fixture.received("/oauth2/revoke"), 2);
        assert!(!fixture.credential("work").exists());
        if damaged {
            fixture.home.run(&remove).expect(0);
            fixture
                .home
                .run(&["--profile", "brainmaps", "logout"])
                .expect(0);
        }
        assert!(fixture.home.run(&PRINT).code != Some(101));
    }
}
