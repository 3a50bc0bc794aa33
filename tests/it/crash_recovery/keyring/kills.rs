//! SIGKILL at random moments of a migration: a valid credential always exists, the old or the new one, and after the
//! next write there is one copy.

use super::{CopyLocation, KeyringFixture, TO_FILE, TO_KEYRING};
use crate::{
    crash_recovery::{
        FORCE, LOGIN, PRINT,
        kills::{Found, Operation, kill_repeatedly},
    },
    support::test_home::{RunningCommand, TestHome},
};

/// `login --storage` with the other backend.
struct ByLogin {
    fixture: KeyringFixture,
    before: String,
}

impl Operation for ByLogin {
    fn home(&self) -> &TestHome {
        &self.fixture.session.home
    }

    fn start(&mut self) -> RunningCommand {
        let login = match self.fixture.copy_location() {
            CopyLocation::InFile => &TO_KEYRING,
            _ => &TO_FILE,
        };
        self.fixture.session.home.start(login)
    }

    fn classify_state(&mut self) -> Found {
        let found = self.fixture.run(&PRINT).expect(0).stdout;
        self.fixture.run(&["whoami"]).expect(0);
        let is_new = found != self.before;
        self.fixture.run(&FORCE).expect(0);
        assert!(
            matches!(
                self.fixture.copy_location(),
                CopyLocation::InFile | CopyLocation::InKeyring
            ),
            "the credential is stored in one backend"
        );
        self.before = self.fixture.run(&PRINT).expect(0).stdout;
        if is_new { Found::New } else { Found::Old }
    }
}

/// `credential refresh` with the other backend in the settings.
struct ByRefresh {
    fixture: KeyringFixture,
    before: String,
}

impl Operation for ByRefresh {
    fn home(&self) -> &TestHome {
        &self.fixture.session.home
    }

    fn start(&mut self) -> RunningCommand {
        let word = match self.fixture.copy_location() {
            CopyLocation::InFile => "keyring",
            _ => "file",
        };
        self.fixture
            .run(&["config", "set", "storage", word])
            .expect(0);
        self.fixture.session.home.start(&FORCE)
    }

    fn classify_state(&mut self) -> Found {
        let is_new = self.fixture.run(&PRINT).expect(0).stdout != self.before;
        let next = self.fixture.run(&FORCE);
        let lost = next.code != Some(0);
        let received = next.json()["refreshed"] == true;
        if lost {
            assert!(next.stdout.contains("its response was lost"), "{next}");
            assert_eq!(next.expect(4).error_code(), "LOGIN_EXPIRED");
            self.fixture.run(&LOGIN).expect(0);
        }
        assert!(
            matches!(
                self.fixture.copy_location(),
                CopyLocation::InFile | CopyLocation::InKeyring
            ),
            "the credential is stored in one backend"
        );
        self.before = self.fixture.run(&PRINT).expect(0).stdout;
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
    let Some(fixture) = KeyringFixture::new("a login that moves, killed") else {
        return;
    };
    let before = fixture.run(&PRINT).expect(0).stdout;
    let mut operation = ByLogin { fixture, before };
    kill_repeatedly("login --storage, the other backend", &mut operation);
    // The last migration ends in the keyring, so that the logout deletes it there.
    operation.fixture.run(&TO_KEYRING).expect(0);
    operation.fixture.run(&["logout"]).expect(0);
    assert_eq!(operation.fixture.copy_location(), CopyLocation::Nowhere);
    assert_eq!(operation.fixture.keyring.all_entries(), 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_refresh_with_migration_leaves_a_valid_session_or_reports_its_loss() {
    let Some(fixture) = KeyringFixture::new("a refresh that moves, killed") else {
        return;
    };
    let before = fixture.run(&PRINT).expect(0).stdout;
    let mut operation = ByRefresh { fixture, before };
    kill_repeatedly("credential refresh, to the other backend", &mut operation);
    // The last migration ends in the keyring, so that the logout deletes it there.
    operation.fixture.run(&TO_KEYRING).expect(0);
    operation.fixture.run(&["logout"]).expect(0);
    assert_eq!(operation.fixture.copy_location(), CopyLocation::Nowhere);
    assert_eq!(operation.fixture.keyring.all_entries(), 0);
}
