//! Env files of other users, and owner, group and mode after a write.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;

use super::{Fixture, NEW_KEY, OLD_KEY, service};
use crate::support::users::{ATTACKER, ROOT, User, Users, VICTIM, directory, file, link, run};

fn sign_in(users: &Users, user: User, url: &str) {
    let login = ["--api-url", url, "login", "--with-token", "--no-verify"];
    let mut command = users.command(user, &users.home(user), &login);
    let ended = run(&mut command, super::KEY_IN_USE);
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

fn facts(path: &Path) -> (u32, u32, u32) {
    let found = path.metadata().unwrap();
    (found.uid(), found.gid(), found.mode() & 0o7777)
}

#[test]
fn root_keeps_owner_group_and_mode_of_an_apps_env_file() {
    let Some(users) = Users::new("root_keeps_owner_group_and_mode_of_an_apps_env_file") else {
        return;
    };
    let server = service(&["1"]);
    sign_in(&users, ROOT, &server.url);
    let app = directory(&users.path("app"), VICTIM, 0o755);
    let path = file(
        &app.join(".env"),
        &format!("BRAINMAPS_API_KEY={OLD_KEY}\n"),
        VICTIM,
        0o640,
    );
    chown(&path, Some(VICTIM.0), Some(ATTACKER.0)).unwrap();
    let config = file(
        &app.join("app.yml"),
        &format!("key: {OLD_KEY}\n"),
        VICTIM,
        0o640,
    );
    chown(&config, Some(VICTIM.0), Some(ATTACKER.0)).unwrap();
    let before = facts(&path);
    #[rustfmt::skip]
    let rotate = ["token", "rotate", "1", "--env-file", path.to_str().unwrap(), "--config", config.to_str().unwrap(),
        "--key", "key"];
    let rotated = users.run(ROOT, Path::new("/"), &rotate);
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    assert_eq!((facts(&path), facts(&config)), (before, before));
    assert!(fs::read_to_string(&config).unwrap().contains(NEW_KEY));
    assert!(fs::read_to_string(&path).unwrap().contains(NEW_KEY));
    let printed = format!("uid {}", VICTIM.0);
    assert!(rotated.stderr.contains(&printed), "{rotated:?}");
    assert!(rotated.stderr.contains("0640"), "{rotated:?}");

    // A new file belongs to root, even in the directory of another user.
    let new = app.join("new.env");
    let create = ["token", "create", "ci", "--env-file", new.to_str().unwrap()];
    let created = users.run(ROOT, Path::new("/"), &create);
    assert_eq!(created.code, Some(0), "{created:?}");
    assert_eq!(facts(&new), (0, 0, 0o600));
    assert_eq!(fs::read_dir(&app).unwrap().count(), 3);
}

/// The commands that write a key to a file, as an env file and as a configuration file.
fn commands_for(name: &str) -> [Vec<&str>; 3] {
    let (create, rotate) = (["token", "create", "ci"], ["token", "rotate", "1"]);
    let config = [
        "--config",
        name,
        "--config-format",
        "properties",
        "--key",
        "A",
    ];
    [
        [&create[..], &["--env-file", name]].concat(),
        [&create[..], &config].concat(),
        [&rotate[..], &config].concat(),
    ]
}

#[test]
fn hint_about_an_unreadable_file_names_a_command_that_shows_why() {
    let Some(users) = Users::new("hint_about_an_unreadable_file_names_a_command_that_shows_why")
    else {
        return;
    };
    let server = service(&["1"]);
    sign_in(&users, VICTIM, &server.url);
    let received = server.received().len();
    let shared = directory(&users.path("shared"), ATTACKER, 0o777);
    file(&shared.join("app.env"), "A=1\n", VICTIM, 0);
    for command in commands_for("app.env") {
        let ended = users.run(VICTIM, &shared, &command);
        assert_eq!(ended.code, Some(1), "{command:?}: {ended:?}");
        let hint = ended.stderr.split('`').find(|it| it.starts_with("ls "));
        let mut shell = Command::new("/bin/sh");
        let shown = shell.args(["-c", hint.unwrap()]).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.starts_with("----------"), "{shown}");
    }
    assert_eq!(server.received().len(), received, "nothing is sent");
}

#[test]
fn no_key_is_written_to_links_and_files_of_other_users() {
    let Some(users) = Users::new("no_key_is_written_to_links_and_files_of_other_users") else {
        return;
    };
    let server = service(&["1"]);
    let shared = directory(&users.path("shared"), ATTACKER, 0o777);
    let secret = file(&users.path("secret"), "ROOT=hunter2\n", ROOT, 0o600);
    link(&shared.join("link.env"), &secret, ATTACKER);
    file(&shared.join("foreign.env"), "A=1\n", ATTACKER, 0o644);
    for user in [ROOT, VICTIM] {
        sign_in(&users, user, &server.url);
        let received = server.received().len();
        let mut refused = vec!["link.env"];
        if user == VICTIM {
            refused.push("foreign.env");
            file(&shared.join("open.env"), "A=1\n", VICTIM, 0o666);
            refused.push("open.env");
        }
        for name in refused {
            let before = fs::read_to_string(shared.join(name)).unwrap();
            for command in commands_for(name) {
                let ended = users.run(user, &shared, &command);
                assert_eq!(ended.code, Some(2), "{command:?}: {ended:?}");
                assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
                assert!(!ended.stderr.contains("DATA_DIR"), "{ended:?}");
                assert_eq!(fs::read_to_string(shared.join(name)).unwrap(), before);
            }
        }
        assert_eq!(server.received().len(), received, "nothing is sent");
    }
    assert_eq!(facts(&secret), (0, 0, 0o600));
}

#[test]
fn the_mode_of_an_own_file_is_kept_and_a_readable_file_is_reported() {
    let fixture = Fixture::new();
    for (mode, has_hint) in [(0o600, false), (0o640, false), (0o644, true)] {
        fixture.put("A=1\n");
        fs::set_permissions(fixture.file(), fs::Permissions::from_mode(mode)).unwrap();
        let made = fixture.create(&[]).expect(0);
        assert_eq!(facts(&fixture.file()).2, mode);
        assert_eq!(made.stderr.contains("chmod o="), has_hint, "{made}");
        assert!(made.stdout.contains(&format!("mode {mode:04o}")), "{made}");
    }
    // The leak harness reads what remains.
    fs::set_permissions(fixture.file(), fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_file_with_several_hard_links_is_rejected() {
    let fixture = Fixture::new();
    fixture.put("A=1\n");
    fs::hard_link(fixture.file(), fixture.home.work().join("same.env")).unwrap();
    let received = fixture.requests();
    let refused = fixture.create(&[]).expect(1);
    assert!(refused.stderr.contains("2 hard links"), "{refused}");
    assert_eq!(fixture.requests(), received);
}
