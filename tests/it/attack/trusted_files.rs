//! Trusted files: links, pipes, foreign owners and permissive modes are refused, also for root.

use crate::support::users::{ATTACKER, ROOT, Users, VICTIM, directory, fifo, file, link, run};

#[test]
fn program_runs_as_each_user_and_stored_key_is_private() {
    let Some(users) = Users::new("program_runs_as_each_user_and_stored_key_is_private") else {
        return;
    };
    for user in [ROOT, VICTIM, ATTACKER] {
        users.store_key(user, "key-c4n4ry");
        let work = directory(&users.home(user).join("work"), user, 0o755);
        file(&work.join("a"), "", user, 0o600);
        link(&work.join("b"), "a", user);
        fifo(&work.join("c"), user);
        let ended = users.run(user, &work, &["credential", "print"]);
        assert_eq!(ended.stdout, "key-c4n4ry\n", "{ended:?}");
    }
    let mut command = users.command(ATTACKER, &users.path(""), &["credential", "print"]);
    let data = users.home(VICTIM).join(".local/share/brainmaps");
    let ended = run(command.env("BRAINMAPS_DATA_DIR", data), "");
    assert_ne!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stdout.contains("c4n4ry"), "{ended:?}");
}
