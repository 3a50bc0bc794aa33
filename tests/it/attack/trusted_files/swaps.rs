//! Another user replaces files while the program runs: a check of the path before the open is not enough.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{EVIL_ENV, OWN_KEY, expect_own_key, print};
use crate::support::users::{ATTACKER, ROOT, Users, VICTIM, directory, fifo, file, link};

const ROUNDS: usize = 60;

/// Replaces `name` by a hard link to or a copy of each file in turn until `stop`. It uses only entries of its own
/// directory, as the attacker could.
fn swap(folder: &Path, name: &str, stop: &AtomicBool) {
    let (target, spare) = (folder.join(name), folder.join("spare"));
    while !stop.load(Ordering::Relaxed) {
        for entry in ["file", "link", "pipe"] {
            // For a link, the link itself is renamed.
            let _ = fs::hard_link(folder.join(entry), &spare);
            let _ = fs::rename(&spare, &target);
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn replacing_files_by_links_and_pipes_never_selects_another_users_key() {
    let test = "replacing_files_by_links_and_pipes_never_selects_another_users_key";
    let Some(users) = Users::new(test) else {
        return;
    };
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        for (name, text) in [
            (".env", EVIL_ENV),
            (".brainmaps.toml", "profile = \"missing\"\n"),
        ] {
            // The directory belongs to root, so that its files are trusted; the swap is what a user with write
            // access could do.
            let folder = directory(&users.path(&format!("{}-{name}", user.0)), ROOT, 0o1777);
            file(&folder.join("file"), text, ATTACKER, 0o644);
            let trusted = file(&folder.join("trusted"), text, user, 0o644);
            link(&folder.join("link"), trusted, ATTACKER);
            fifo(&folder.join("pipe"), ATTACKER);
            let stop = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| swap(&folder, name, &stop));
                let outcomes: Vec<_> = (0..ROUNDS / 4)
                    .map(|_| print(&users, user, &folder))
                    .collect();
                stop.store(true, Ordering::Relaxed);
                outcomes.iter().for_each(expect_own_key);
            });
        }
    }
}
