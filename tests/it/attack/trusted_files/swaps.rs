//! Files that another user exchanges while the program runs: checking a path and opening it later is not enough.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{EVIL_ENV, OWN_KEY, expect_own_key, print};
use crate::support::users::{ATTACKER, ROOT, Users, VICTIM, directory, fifo, file, link};

const ROUNDS: usize = 60;

/// Gives `name` to a new hard link or copy of each of the files in turn until `stop`. Only its owner's entries are in the
/// directory, so this is what that user could do.
fn swap(folder: &Path, name: &str, stop: &AtomicBool) {
    let (target, spare) = (folder.join(name), folder.join("spare"));
    while !stop.load(Ordering::Relaxed) {
        for entry in ["file", "link", "pipe"] {
            // Of a link, the link itself gets another name.
            let _ = fs::hard_link(folder.join(entry), &spare);
            let _ = fs::rename(&spare, &target);
        }
    }
}

#[test]
fn exchanging_file_link_and_pipe_never_gets_another_users_key_used() {
    let test = "exchanging_file_link_and_pipe_never_gets_another_users_key_used";
    let Some(users) = Users::new(test) else {
        return;
    };
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        for (name, text) in [
            (".env", EVIL_ENV),
            (".brainmaps.toml", "profile = \"nobody\"\n"),
        ] {
            // The directory is root's, so that its files are looked at; the swap plays a directory with write access.
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
