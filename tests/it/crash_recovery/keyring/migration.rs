//! Migration from the file to the keyring and back leaves one copy, in the requested backend.

use super::{Kept, KeyringFixture, TO_FILE, TO_KEYRING};
use crate::crash_recovery::{FORCE, PRINT};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_with_storage_migrates_the_session() {
    let Some(place) = KeyringFixture::new("moving by login") else {
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
#[ignore = "slow: run by ./tests/run"]
fn the_setting_migrates_a_session_at_its_next_refresh_and_storage_takes_precedence() {
    let Some(place) = KeyringFixture::new("moving by setting") else {
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
#[ignore = "slow: run by ./tests/run"]
fn the_stale_copy_of_a_killed_migration_is_not_used_and_deleted_later() {
    let Some(place) = KeyringFixture::new("a copy that was left") else {
        return;
    };
    // Killed between the write to the keyring and the write of the index: the file is used.
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
    assert!(doctor.stdout.contains("contains an old copy"), "{doctor}");
    place.run(&FORCE).expect(0);
    assert_eq!(place.kept(), Kept::InFile);
    kill();
    place.fixture.forget_requests();
    place.run(&["logout"]).expect(0);
    assert_eq!(place.kept(), Kept::Nowhere);
    assert_eq!(
        place.fixture.received("/oauth2/revoke"),
        4,
        "both sessions are over at the server, each by two tokens"
    );

    // Killed between the write of the index and the deletion of the file: the keyring is used.
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
