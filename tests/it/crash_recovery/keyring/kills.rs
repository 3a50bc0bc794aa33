//! SIGKILL at random moments of a migration: a valid credential always exists, the old or the new one, and after the
//! next write there is one copy.

use super::{Kept, KeyringFixture, TO_FILE, TO_KEYRING};
use crate::{
    crash_recovery::{
        FORCE, LOGIN, PRINT,
        kills::{Found, Operation, kill_repeatedly},
    },
    support::test_home::{RunningCommand, TestHome},
};

/// `login --storage` with the other backend.
struct ByLogin {
    place: KeyringFixture,
    before: String,
}

impl Operation for ByLogin {
    fn home(&self) -> &TestHome {
        &self.place.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        let login = match self.place.kept() {
            Kept::InFile => &TO_KEYRING,
            _ => &TO_FILE,
        };
        self.place.fixture.home.start(login)
    }

    fn classify_state(&mut self) -> Found {
        let found = self.place.run(&PRINT).expect(0).stdout;
        self.place.run(&["whoami"]).expect(0);
        let is_new = found != self.before;
        self.place.run(&FORCE).expect(0);
        assert!(
            matches!(self.place.kept(), Kept::InFile | Kept::InKeyring),
            "one copy after a write"
        );
        self.before = self.place.run(&PRINT).expect(0).stdout;
        if is_new { Found::New } else { Found::Old }
    }
}

/// `credential refresh` with the other backend in the settings.
struct ByRefresh {
    place: KeyringFixture,
    before: String,
}

impl Operation for ByRefresh {
    fn home(&self) -> &TestHome {
        &self.place.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        let word = match self.place.kept() {
            Kept::InFile => "keyring",
            _ => "file",
        };
        self.place
            .run(&["config", "set", "storage", word])
            .expect(0);
        self.place.fixture.home.start(&FORCE)
    }

    fn classify_state(&mut self) -> Found {
        let is_new = self.place.run(&PRINT).expect(0).stdout != self.before;
        let next = self.place.run(&FORCE);
        let lost = next.code != Some(0);
        let received = next.json()["refreshed"] == true;
        if lost {
            assert!(next.stdout.contains("its response was lost"), "{next}");
            assert_eq!(next.expect(4).error_code(), "LOGIN_EXPIRED");
            self.place.run(&LOGIN).expect(0);
        }
        assert!(
            matches!(self.place.kept(), Kept::InFile | Kept::InKeyring),
            "one copy after a write"
        );
        self.before = self.place.run(&PRINT).expect(0).stdout;
        match (lost, is_new, received) {
            (true, _, _) => Found::Explained,
            (false, true, _) => Found::New,
            (false, false, true) => Found::Old,
            (false, false, false) => Found::Rescued,
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_login_with_migration_leaves_a_valid_session_and_later_one_copy() {
    let Some(place) = KeyringFixture::new("a login that moves, killed") else {
        return;
    };
    let before = place.run(&PRINT).expect(0).stdout;
    let mut operation = ByLogin { place, before };
    kill_repeatedly("login --storage, the other place", &mut operation);
    // The last migration ends in the keyring, so that the logout deletes it there.
    operation.place.run(&TO_KEYRING).expect(0);
    operation.place.run(&["logout"]).expect(0);
    assert_eq!(operation.place.kept(), Kept::Nowhere);
    assert_eq!(operation.place.keyring.all_entries(), 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_refresh_with_migration_leaves_a_valid_session_or_reports_its_loss() {
    let Some(place) = KeyringFixture::new("a refresh that moves, killed") else {
        return;
    };
    let before = place.run(&PRINT).expect(0).stdout;
    let mut operation = ByRefresh { place, before };
    kill_repeatedly("credential refresh, to the other place", &mut operation);
    // The last migration ends in the keyring, so that the logout deletes it there.
    operation.place.run(&TO_KEYRING).expect(0);
    operation.place.run(&["logout"]).expect(0);
    assert_eq!(operation.place.kept(), Kept::Nowhere);
    assert_eq!(operation.place.keyring.all_entries(), 0);
}
