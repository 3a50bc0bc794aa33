//! A key in the environment needs no other file, directory or account.

use std::process::Command;

use super::{NAME, service, write};
use crate::support::process::ExitedProcess;
use crate::support::users::{ROOT, Users, VICTIM, run};

const KEY: &str = "lonely-c4n4ry-key";

/// Prepares a command in one way.
type Prepare = fn(&Users, &mut Command);

const PLACES: &[(&str, Prepare)] = &[
    ("no HOME and no account", |_, command| {
        command.env_remove("HOME");
    }),
    ("relative HOME", |_, command| {
        command.env("HOME", "here");
    }),
    ("HOME is a file", |users, command| {
        write(&users.path("a-file"), b"", 0o644);
        command.env("HOME", users.path("a-file"));
    }),
    ("HOME of another user", |users, command| {
        command.env("HOME", users.home(ROOT));
    }),
    ("damaged index", |users, command| {
        let data = users.path("damaged");
        let _ = std::fs::create_dir(&data);
        write(&data.join("profiles.json"), b"{\"pro", 0o600);
        crate::support::users::set_owner_and_mode(&data.join("profiles.json"), VICTIM, 0o600);
        crate::support::users::set_owner_and_mode(&data, VICTIM, 0o700);
        command.env("BRAINMAPS_DATA_DIR", data);
    }),
    ("index of another user", |users, command| {
        let data = users.path("closed");
        let _ = std::fs::create_dir(&data);
        crate::support::users::set_owner_and_mode(&data, ROOT, 0o700);
        command.env("BRAINMAPS_DATA_DIR", data);
    }),
];

#[test]
fn a_key_in_the_environment_is_sufficient() {
    let Some(users) = Users::new("a_key_in_the_environment_is_sufficient") else {
        return;
    };
    let server = service();
    let run_in = |prepare: Prepare, variable: bool, arguments: &[&str]| -> ExitedProcess {
        let mut command = users.command(VICTIM, std::path::Path::new("/"), arguments);
        command.env("BRAINMAPS_API_URL", &server.url);
        if variable {
            command.env(NAME, KEY);
        }
        prepare(&users, &mut command);
        run(&mut command, "")
    };
    for (place, prepare) in PLACES {
        for command in [
            &["whoami"][..],
            &["token", "list"],
            &["credential", "print"],
            &["status"],
            &["credential", "explain"],
        ] {
            let ended = run_in(*prepare, true, command);
            assert_eq!(ended.code, Some(0), "{place}: {command:?}: {ended:?}");
            assert!(!ended.stderr.contains("error:"), "{place}: {ended:?}");
        }
        let ended = run_in(*prepare, false, &["whoami"]);
        assert!(matches!(ended.code, Some(1 | 2 | 4)), "{place}: {ended:?}");
        assert!(ended.stderr.contains("error: "), "{place}: {ended:?}");
    }
}
