//! Migration from the file to the keyring and back leaves one copy, in the requested backend.

use super::{CopyLocation, KeyringFixture, TO_FILE, TO_KEYRING};
use crate::crash_recovery::{FORCE, PRINT};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_with_storage_migrates_the_session() {
    let Some(fixture) = KeyringFixture::new("moving by login") else {
        return;
    };
    assert_eq!(fixture.copy_location(), CopyLocation::InFile);
    for (login, kept) in [
        (&TO_KEYRING, CopyLocation::InKeyring),
        (&TO_FILE, CopyLocation::InFile),
        (&TO_KEYRING, CopyLocation::InKeyring),
    ] {
        fixture.run(login).expect(0);
        assert_eq!(fixture.copy_location(), kept);
        fixture.run(&["whoami"]).expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_setting_migrates_a_session_at_its_next_refresh_and_storage_takes_precedence() {
    let Some(fixture) = KeyringFixture::new("moving by setting") else {
        return;
    };
    for (word, kept) in [
        ("keyring", CopyLocation::InKeyring),
        ("file", CopyLocation::InFile),
    ] {
        let before = fixture.run(&PRINT).expect(0).stdout;
        fixture.run(&["config", "set", "storage", word]).expect(0);
        assert_eq!(fixture.run(&PRINT).expect(0).stdout, before);
        assert_ne!(
            fixture.copy_location(),
            kept,
            "reading does not migrate the credential"
        );
        fixture.run(&FORCE).expect(0);
        assert_eq!(fixture.copy_location(), kept);
        fixture.run(&["whoami"]).expect(0);
        fixture.run(&FORCE).expect(0);
        assert_eq!(fixture.copy_location(), kept);
    }
    fixture.run(&TO_KEYRING).expect(0);
    fixture.run(&FORCE).expect(0);
    assert_eq!(
        fixture.copy_location(),
        CopyLocation::InKeyring,
        "--storage of the login takes precedence over the setting"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_stale_copy_of_a_killed_migration_is_not_used_and_deleted_later() {
    let Some(fixture) = KeyringFixture::new("a copy that was left") else {
        return;
    };
    // Killed between the write to the keyring and the write of the index: the file is used.
    let kill = || {
        fixture.run(&TO_FILE).expect(0);
        let file = fixture.session.credential("brainmaps");
        let before = std::fs::read(&file).unwrap();
        let token = fixture.run(&PRINT).expect(0).stdout;
        fixture.run(&TO_KEYRING).expect(0);
        crate::support::sandbox::write_private(&file, &String::from_utf8(before).unwrap());
        fixture.change_index(|profile| {
            profile["storage"] = "file".into();
            profile["storage_named"] = false.into();
            profile["copy_left"] = true.into();
        });
        assert_eq!(fixture.copy_location(), CopyLocation::InBoth);
        assert_eq!(fixture.run(&PRINT).expect(0).stdout, token);
    };
    kill();
    let doctor = fixture.run(&["doctor"]);
    assert!(doctor.stdout.contains("contains an old copy"), "{doctor}");
    fixture.run(&FORCE).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::InFile);
    kill();
    fixture.session.forget_requests();
    fixture.run(&["logout"]).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::Nowhere);
    assert_eq!(
        fixture.session.received("/oauth2/revoke"),
        4,
        "both tokens of both sessions are revoked"
    );

    // Killed between the write of the index and the deletion of the file: the keyring is used.
    fixture.run(&TO_FILE).expect(0);
    let old = std::fs::read(fixture.session.credential("brainmaps")).unwrap();
    fixture.run(&TO_KEYRING).expect(0);
    let token = fixture.run(&PRINT).expect(0).stdout;
    let file = fixture.session.credential("brainmaps");
    crate::support::sandbox::write_private(&file, &String::from_utf8(old).unwrap());
    fixture.change_index(|profile| profile["copy_left"] = true.into());
    assert_eq!(fixture.run(&PRINT).expect(0).stdout, token);
    fixture.run(&FORCE).expect(0);
    assert_eq!(fixture.copy_location(), CopyLocation::InKeyring);
}
