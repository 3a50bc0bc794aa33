//! `profile rename` and `profile remove` of a profile whose credential is in the keyring.

use super::{KeyringFixture, TO_KEYRING};

const KEY: &str = "key-c4n4ry-of-a-test";

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_renamed_profile_keeps_its_credential_in_the_keyring() {
    let Some(fixture) = KeyringFixture::new("renaming a profile") else {
        return;
    };
    // A session of another profile stays.
    fixture.run(&TO_KEYRING).expect(0);
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    fixture.run(&add).expect(0);
    let login = [
        "login",
        "--with-token",
        "--no-verify",
        "--storage",
        "keyring",
    ];
    let login = [&["--profile", "work"], &login[..]].concat();
    fixture.session.home.run_with_input(&login, KEY).expect(0);
    let entries = |profile: &str| fixture.keyring.entries(&fixture.entry_name(profile));
    assert_eq!((entries("work"), entries("company")), (1, 0));
    fixture
        .run(&["profile", "rename", "work", "company"])
        .expect(0);
    assert_eq!((entries("work"), entries("company")), (0, 1));
    assert!(!fixture.session.credential("company").exists());
    let print = ["--profile", "company", "credential", "print"];
    assert_eq!(fixture.run(&print).expect(0).stdout.trim(), KEY);
    let logout = ["--profile", "company", "logout", "--local"];
    fixture.run(&logout).expect(0);
    fixture.run(&["profile", "remove", "company"]).expect(0);
    assert_eq!((entries("company"), entries("brainmaps")), (0, 1));
}
