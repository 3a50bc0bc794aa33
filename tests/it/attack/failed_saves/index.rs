//! Signing out with a damaged index, and with credentials that the index does not list.

use std::fs;

use crate::{
    support::sandbox::write_private,
    survival::{House, PRINT},
};

#[test]
fn damaged_index_keeps_no_session_from_being_signed_out() {
    let house = House::of_quick_logins();
    let data = house.journey.data();
    let session = fs::read_to_string(house.credential("brainmaps")).unwrap();
    write_private(&house.credential("work"), &session);
    write_private(&house.credential("torn"), "{");
    fs::write(data.join("profiles.json"), "{").unwrap();
    house.forget_requests();
    let out = house.journey.run(&["logout", "--all", "--json"]).expect(0);
    assert_eq!(house.asked("/oauth2/revoke"), 4, "two tokens of each");
    for profile in ["brainmaps", "work", "torn"] {
        assert!(out.stdout.contains(profile), "{out}");
        assert!(!house.credential(profile).exists(), "{out}");
    }
    assert!(out.stderr.contains("profiles.json"), "{out}");
    assert!(data.join("credentials/torn.json.corrupt-1").exists());
}

#[test]
fn profile_of_a_credential_file_alone_is_signed_out_and_removed() {
    for damaged in [false, true] {
        let house = House::of_quick_logins();
        let session = fs::read_to_string(house.credential("brainmaps")).unwrap();
        write_private(&house.credential("work"), &session);
        if damaged {
            fs::write(house.journey.data().join("profiles.json"), "{").unwrap();
        }
        let remove = ["profile", "remove", "work", "--json"];
        let refused = house.journey.run(&remove).expect(2);
        assert!(refused.stdout.contains("logout"), "{refused}");
        house.forget_requests();
        house
            .journey
            .run(&["--profile", "work", "logout"])
            .expect(0);
        assert_eq!(house.asked("/oauth2/revoke"), 2);
        assert!(!house.credential("work").exists());
        if damaged {
            house.journey.run(&remove).expect(0);
            house
                .journey
                .run(&["--profile", "brainmaps", "logout"])
                .expect(0);
        }
        assert!(house.journey.run(&PRINT).code != Some(101));
    }
}
