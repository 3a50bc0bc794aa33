//! Which `.env` and `.brainmaps.toml` are used.

use std::os::unix::net::UnixListener;
use std::path::Path;

use super::{EVIL_ENV, OWN_KEY, expect_own_key, expect_refused, print, shared};
use crate::support::users::{ATTACKER, ROOT, Users, VICTIM, directory, fifo, file, link};

/// Runs the attack against an unprivileged user and against root.
fn against_both(test: &str, attack: impl Fn(&Users, &Path)) {
    let Some(users) = Users::new(test) else {
        return;
    };
    let shared = shared(&users);
    attack(&users, &shared);
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        let below = directory(&shared.join(format!("of-{}", user.0)), user, 0o755);
        for folder in [&shared, &below] {
            let ended = print(&users, user, folder);
            expect_own_key(&ended);
            assert_eq!(
                ended.stderr.matches("ignoring ").count(),
                1,
                "one warning a command: {ended:?}"
            );
            assert!(ended.stderr.contains("another user"), "{ended:?}");
        }
    }
}

#[test]
fn env_file_of_another_user_is_ignored_with_one_warning() {
    against_both(
        "env_file_of_another_user_is_ignored_with_one_warning",
        |_, shared| drop(file(&shared.join(".env"), EVIL_ENV, ATTACKER, 0o644)),
    );
}

#[test]
fn an_unreadable_env_file_of_another_user_is_ignored() {
    against_both(
        "an_unreadable_env_file_of_another_user_is_ignored",
        |_, shared| drop(file(&shared.join(".env"), EVIL_ENV, ATTACKER, 0o600)),
    );
}

#[test]
fn link_of_another_user_is_not_followed_even_to_a_trusted_file() {
    against_both(
        "link_of_another_user_is_not_followed_even_to_a_trusted_file",
        |users, shared| {
            let log = file(&users.path("log"), EVIL_ENV, ROOT, 0o644);
            link(&shared.join(".env"), log, ATTACKER);
        },
    );
}

#[test]
fn a_pipe_of_another_user_does_not_block() {
    against_both("a_pipe_of_another_user_does_not_block", |_, shared| {
        fifo(&shared.join(".env"), ATTACKER);
    });
}

#[test]
fn a_project_file_of_another_user_is_ignored() {
    against_both("a_project_file_of_another_user_is_ignored", |_, shared| {
        let text = "profile = \"missing\"\n";
        file(&shared.join(".brainmaps.toml"), text, ATTACKER, 0o644);
    });
}

#[test]
fn nothing_is_read_in_a_directory_of_another_user() {
    let test = "nothing_is_read_in_a_directory_of_another_user";
    let Some(users) = Users::new(test) else {
        return;
    };
    let folder = directory(&users.path("theirs"), ATTACKER, 0o755);
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        file(&folder.join(".env"), EVIL_ENV, user, 0o600);
        let ended = print(&users, user, &folder);
        expect_own_key(&ended);
        assert!(ended.stderr.contains("ignoring .env: "), "{ended:?}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_untrusted_own_env_file_is_an_error() {
    let Some(users) = Users::new("an_untrusted_own_env_file_is_an_error") else {
        return;
    };
    let home = users.home(VICTIM);
    users.store_key(VICTIM, OWN_KEY);
    let folder = |name: &str| directory(&home.join(name), VICTIM, 0o755);
    let env = "BRAINMAPS_API_KEY=other-c4n4ry\n";
    for mode in [0o666, 0o664, 0o646] {
        let folder = folder(&format!("{mode:o}"));
        file(&folder.join(".env"), env, VICTIM, mode);
        let ended = print(&users, VICTIM, &folder);
        expect_refused(
            &ended,
            2,
            &[".env", "writable by other users", "chmod go-w"],
        );
    }
    let huge = folder("huge");
    file(
        &huge.join(".env"),
        &"#".repeat(1024 * 1024 + 1),
        VICTIM,
        0o600,
    );
    expect_refused(&print(&users, VICTIM, &huge), 2, &[".env", "larger than"]);
    let closed = folder("closed");
    file(&closed.join(".env"), env, VICTIM, 0o000);
    expect_refused(&print(&users, VICTIM, &closed), 2, &[".env", "denied"]);
    let pipe = folder("pipe");
    fifo(&pipe.join(".env"), VICTIM);
    expect_refused(
        &print(&users, VICTIM, &pipe),
        2,
        &[".env", "not a regular file"],
    );
    let socket = folder("socket");
    let listener = UnixListener::bind(socket.join(".env")).unwrap();
    std::os::unix::fs::chown(socket.join(".env"), Some(VICTIM.0), None).unwrap();
    expect_refused(
        &print(&users, VICTIM, &socket),
        2,
        &[".env", "not a regular file"],
    );
    drop(listener);
}

#[test]
fn an_unusable_file_affects_only_commands_that_need_it() {
    let test = "an_unusable_file_affects_only_commands_that_need_it";
    let Some(users) = Users::new(test) else {
        return;
    };
    for (name, text) in [
        (".env", "BRAINMAPS_API_KEY=other-c4n4ry\n"),
        (".brainmaps.toml", "profile = \"missing\"\n"),
    ] {
        let folder = directory(&users.home(VICTIM).join(&name[1..]), VICTIM, 0o755);
        file(&folder.join(name), text, VICTIM, 0o666);
        users.store_key_in(VICTIM, &folder, OWN_KEY);
        let doctor = users.run(VICTIM, &folder, &["doctor", "--offline"]);
        assert!(doctor.stdout.contains("credentials"), "{doctor:?}");
        let status = users.run(VICTIM, &folder, &["status", "--json"]);
        assert!(status.stdout.starts_with("{\"profiles\""), "{status:?}");
        // `--profile` selects a profile, but not the source of the credential.
        let print_code = if name == ".env" { 2 } else { 0 };
        for (arguments, code) in [
            (
                &["--profile", "brainmaps", "credential", "print"][..],
                print_code,
            ),
            (&["logout", "--local"], 0),
        ] {
            let ended = users.run(VICTIM, &folder, arguments);
            assert_eq!(ended.code, Some(code), "{arguments:?}: {ended:?}");
        }
        let left = users
            .home(VICTIM)
            .join(".local/share/brainmaps/credentials/brainmaps.json");
        assert!(!left.exists(), "{name}");
    }
}

#[test]
fn the_search_ends_at_the_work_tree_and_at_the_home_directory() {
    let test = "the_search_ends_at_the_work_tree_and_at_the_home_directory";
    let Some(users) = Users::new(test) else {
        return;
    };
    users.store_key(VICTIM, OWN_KEY);
    let home = users.home(VICTIM);
    let (tree, below) = (home.join("above/tree"), home.join("above/tree/below"));
    for folder in [&home.join("above"), &tree, &below] {
        directory(folder, VICTIM, 0o755);
    }
    let env = "BRAINMAPS_API_KEY=env-c4n4ry\n";
    let expect = |folder: &Path, key: &str| {
        let ended = print(&users, VICTIM, folder);
        assert_eq!(ended.stdout, format!("{key}\n"), "{ended:?}");
    };
    file(&home.join(".env"), env, VICTIM, 0o600);
    expect(&below, OWN_KEY);
    expect(&home, "env-c4n4ry");
    file(&home.join("above/.env"), env, VICTIM, 0o600);
    expect(&below, "env-c4n4ry");
    directory(&tree.join(".git"), VICTIM, 0o755);
    expect(&below, OWN_KEY);
    file(&tree.join(".env"), env, VICTIM, 0o600);
    expect(&below, "env-c4n4ry");
}
