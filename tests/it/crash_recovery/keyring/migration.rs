//! From the file to the keyring and back: one copy afterwards, in the place that was named.

use super::{Kept, Place, TO_FILE, TO_KEYRING};
use crate::crash_recovery::{FORCE, PRINT};

#[test]
fn a_login_that_names_the_other_place_moves_there_and_leaves_one_copy() {
    let Some(place) = Place::new("moving by login") else {
        return;
    };
    assert_eq!(place.kept(), Kept::InFile);
    for (login, kept) in [
        (&TO_KEYRING, Kept::InKeyring),
        (&TO_FILE, Kept::InFile),
        (&TO_KEYRING, Kept::InKeyring),
    ] {
        place.run(login).expect(0);
        assert_eq!(place.kept(), kept);
        place.run(&["whoami"]).expect(0);
    }
}

#[test]
fn the_setting_moves_a_session_with_its_next_renewal_and_a_place_that_was_named_goes_before_it() {
    let Some(place) = Place::new("moving by setting") else {
        return;
    };
    for (word, kept) in [("keyring", Kept::InKeyring), ("file", Kept::InFile)] {
        let before = place.run(&PRINT).expect(0).stdout;
        place.run(&["config", "set", "storage", word]).expect(0);
        assert_eq!(place.run(&PRINT).expect(0).stdout, before);
        assert_ne!(place.kept(), kept, "reading moves nothing");
        place.run(&FORCE).expect(0);
        assert_eq!(place.kept(), kept);
        place.run(&["whoami"]).expect(0);
        place.run(&FORCE).expect(0);
        assert_eq!(place.kept(), kept);
    }
    place.run(&TO_KEYRING).expect(0);
    place.run(&FORCE).expect(0);
    assert_eq!(
        place.kept(),
        Kept::InKeyring,
        "the setting says file, the login said keyring"
    );
}

#[test]
fn a_copy_that_a_killed_move_left_is_never_used_and_goes_with_the_next_write_or_the_logout() {
    let Some(place) = Place::new("a copy that was left") else {
        return;
    };
    // Killed between the write to the keyring and the word of the index: the file still counts.
    let kill = || {
        place.run(&TO_FILE).expect(0);
        let file = place.fixture.credential("brainmaps");
        let before = std::fs::read(&file).unwrap();
        let token = place.run(&PRINT).expect(0).stdout;
        place.run(&TO_KEYRING).expect(0);
        crate::support::sandbox::write_private(&file, &String::from_utf8(before).unwrap());
        place.change_index(|profile| {
            profile["storage"] = "file".into();
            profile["storage_named"] = false.into();
            profile["copy_left"] = true.into();
        });
        assert_eq!(place.kept(), Kept::Twice);
        assert_eq!(place.run(&PRINT).expect(0).stdout, token);
    };
    kill();
    let doctor = place.run(&["doctor"]);
    assert!(doctor.stdout.contains("it holds a copy"), "{doctor}");
    place.run(&FORCE).expect(0);
    assert_eq!(place.kept(), Kept::InFile);
    kill();
    place.fixture.forget_requests();
    place.run(&["logout"]).expect(0);
    assert_eq!(place.kept(), Kept::Nowhere);
    assert_eq!(
        place.fixture.asked("/oauth2/revoke"),
        4,
        "both sessions are over at the server, each by two tokens"
    );

    // Killed between the word of the index and the deletion of the file: the keyring counts.
    place.run(&TO_FILE).expect(0);
    let old = std::fs::read(place.fixture.credential("brainmaps")).unwrap();
    place.run(&TO_KEYRING).expect(0);
    let token = place.run(&PRINT).expect(0).stdout;
    let file = place.fixture.credential("brainmaps");
    crate::support::sandbox::write_private(&file, &String::from_utf8(old).unwrap());
    place.change_index(|profile| profile["copy_left"] = true.into());
    assert_eq!(place.run(&PRINT).expect(0).stdout, token);
    place.run(&FORCE).expect(0);
    assert_eq!(place.kept(), Kept::InKeyring);
}
