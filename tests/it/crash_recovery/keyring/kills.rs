//! SIGKILL at random moments of a change of place: there is always a credential that works, the old one or the new one, and
//! after the next write there is one copy of it.

use super::{Kept, Place, TO_FILE, TO_KEYRING};
use crate::{
    crash_recovery::{
        FORCE, LOGIN, PRINT,
        kills::{Found, Subject, kill_again_and_again},
    },
    support::test_home::{TestHome, Underway},
};

/// `login --storage`, to where the session is not.
struct ByLogin {
    place: Place,
    before: String,
}

impl Subject for ByLogin {
    fn home(&self) -> &TestHome {
        &self.place.fixture.home
    }

    fn start(&mut self) -> Underway {
        let login = match self.place.kept() {
            Kept::InFile => &TO_KEYRING,
            _ => &TO_FILE,
        };
        self.place.fixture.home.start(login)
    }

    fn look(&mut self) -> Found {
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

/// `credential refresh` under a setting that names the other place.
struct ByRenewal {
    place: Place,
    before: String,
}

impl Subject for ByRenewal {
    fn home(&self) -> &TestHome {
        &self.place.fixture.home
    }

    fn start(&mut self) -> Underway {
        let word = match self.place.kept() {
            Kept::InFile => "keyring",
            _ => "file",
        };
        self.place
            .run(&["config", "set", "storage", word])
            .expect(0);
        self.place.fixture.home.start(&FORCE)
    }

    fn look(&mut self) -> Found {
        let is_new = self.place.run(&PRINT).expect(0).stdout != self.before;
        let next = self.place.run(&FORCE);
        let lost = next.code != Some(0);
        let asked = next.json()["refreshed"] == true;
        if lost {
            assert!(next.stdout.contains("the answer was lost"), "{next}");
            assert_eq!(next.expect(4).error_code(), "LOGIN_EXPIRED");
            self.place.run(&LOGIN).expect(0);
        }
        assert!(
            matches!(self.place.kept(), Kept::InFile | Kept::InKeyring),
            "one copy after a write"
        );
        self.before = self.place.run(&PRINT).expect(0).stdout;
        match (lost, is_new, asked) {
            (true, _, _) => Found::Explained,
            (false, true, _) => Found::New,
            (false, false, true) => Found::Old,
            (false, false, false) => Found::Rescued,
        }
    }
}

#[test]
fn a_login_that_moves_and_is_killed_leaves_a_session_that_works_and_then_one_copy() {
    let Some(place) = Place::new("a login that moves, killed") else {
        return;
    };
    let before = place.run(&PRINT).expect(0).stdout;
    let mut subject = ByLogin { place, before };
    kill_again_and_again("login --storage, the other place", &mut subject);
    // The last move ends in the keyring, so that the logout clears it there.
    subject.place.run(&TO_KEYRING).expect(0);
    subject.place.run(&["logout"]).expect(0);
    assert_eq!(subject.place.kept(), Kept::Nowhere);
    assert_eq!(subject.place.keyring.all_entries(), 0);
}

#[test]
fn a_renewal_that_moves_and_is_killed_leaves_a_session_that_works_or_says_why_not_and_then_one_copy()
 {
    let Some(place) = Place::new("a renewal that moves, killed") else {
        return;
    };
    let before = place.run(&PRINT).expect(0).stdout;
    let mut subject = ByRenewal { place, before };
    kill_again_and_again("credential refresh, to the other place", &mut subject);
    // The last move ends in the keyring, so that the logout clears it there.
    subject.place.run(&TO_KEYRING).expect(0);
    subject.place.run(&["logout"]).expect(0);
    assert_eq!(subject.place.kept(), Kept::Nowhere);
    assert_eq!(subject.place.keyring.all_entries(), 0);
}
