//! Trusted files: links, pipes, other owners and permissive modes are rejected, for root as well.

mod contents;
mod data_directory;
mod search;
mod settings;
mod swaps;

use std::path::{Path, PathBuf};

use crate::support::process::ExitedProcess;
use crate::support::users::{ATTACKER, ROOT, User, Users, VICTIM, directory, run};

/// The key that the victim and root have stored.
const OWN_KEY: &str = "own-key-c4n4ry";
/// The env file of the attacker, which no other user may use.
const EVIL_ENV: &str =
    "BRAINMAPS_API_KEY=evil-key-c4n4ry\nBRAINMAPS_API_URL=https://evil.example\n";

/// A directory in which all users can create files, but not replace those of others, like `/tmp`.
fn shared(users: &Users) -> PathBuf {
    directory(&users.path("shared"), ROOT, 0o1777)
}

#[track_caller]
fn expect_own_key(ended: &ExitedProcess) {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout, format!("{OWN_KEY}\n"), "{ended:?}");
}

fn print(users: &Users, user: User, folder: &Path) -> ExitedProcess {
    users.run(user, folder, &["credential", "print"])
}

#[track_caller]
fn expect_refused(ended: &ExitedProcess, code: i32, parts: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    for part in parts {
        assert!(ended.stderr.contains(part), "no `{part}`: {ended:?}");
    }
}

#[test]
fn other_users_cannot_read_the_stored_key() {
    let Some(users) = Users::new("other_users_cannot_read_the_stored_key") else {
        return;
    };
    for user in [ROOT, VICTIM, ATTACKER] {
        users.store_key(user, OWN_KEY);
        expect_own_key(&print(&users, user, &users.home(user)));
    }
    let data = users.home(VICTIM).join(".local/share/brainmaps");
    for user in [ROOT, ATTACKER] {
        let mut command = users.command(user, &users.path(""), &["credential", "print"]);
        let ended = run(command.env("BRAINMAPS_DATA_DIR", &data), "");
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(!ended.stdout.contains("c4n4ry"), "{ended:?}");
    }
}
