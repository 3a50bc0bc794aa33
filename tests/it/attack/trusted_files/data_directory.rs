//! The data directory, its subdirectories and the lock files.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::{OWN_KEY, expect_refused, shared};
use crate::support::process::ExitedProcess;
use crate::support::scripted_server::AuthorizationServerScript;
use crate::support::test_home::TestHome;
use crate::support::users::{
    ATTACKER, ROOT, User, Users, VICTIM, directory, file, link, run, set_owner_and_mode,
};

/// Stores a key below `data`.
fn login(users: &Users, user: User, data: &Path) -> ExitedProcess {
    let mut command = users.login_command(user, &users.home(user));
    run(command.env("BRAINMAPS_DATA_DIR", data), OWN_KEY)
}

/// Returns every path below `folder`.
fn paths_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            let inside = if path.is_dir() {
                paths_below(&path)
            } else {
                Vec::new()
            };
            [vec![path], inside].concat()
        })
        .collect()
}

#[test]
fn no_credential_is_stored_in_a_data_directory_of_another_user() {
    let test = "no_credential_is_stored_in_a_data_directory_of_another_user";
    let Some(users) = Users::new(test) else {
        return;
    };
    for (name, mode) in [("private", 0o700), ("usual", 0o755), ("open", 0o777)] {
        let data = directory(&users.path(name), ATTACKER, mode);
        for user in [ROOT, VICTIM] {
            let ended = login(&users, user, &data);
            expect_refused(&ended, 1, &["BRAINMAPS_DATA_DIR"]);
            if user == ROOT {
                expect_refused(&ended, 1, &["belongs to another user (uid 61002)"]);
            }
            assert_eq!(paths_below(&data), [""; 0].map(std::path::PathBuf::from));
        }
    }
}

#[test]
fn a_link_of_another_user_is_rejected_as_data_directory() {
    let Some(users) = Users::new("a_link_of_another_user_is_rejected_as_data_directory") else {
        return;
    };
    let shared = shared(&users);
    for user in [ROOT, VICTIM] {
        let own = directory(&users.home(user).join("own"), user, 0o755);
        let planted = link(&shared.join(format!("l{}", user.0)), &own, ATTACKER);
        expect_refused(&login(&users, user, &planted), 1, &["another user"]);
        assert_eq!(fs::metadata(&own).unwrap().mode() & 0o7777, 0o755);
        let linked = link(&users.home(user).join("link"), &own, user);
        assert_eq!(login(&users, user, &linked).code, Some(0));
    }
}

#[test]
fn directories_and_locks_of_another_user_are_rejected() {
    let test = "directories_and_locks_of_another_user_are_rejected";
    let Some(users) = Users::new(test) else {
        return;
    };
    for (number, planted) in ["credentials", "profiles.lock", "profiles.json"]
        .iter()
        .enumerate()
    {
        for user in [ROOT, VICTIM] {
            // The directory is sticky and shared, so it is not the attacker's.
            let data = directory(&users.path(&format!("d{number}-{}", user.0)), ROOT, 0o1777);
            let path = data.join(planted);
            if *planted == "credentials" {
                directory(&path, ATTACKER, 0o777);
            } else {
                file(&path, "", ATTACKER, 0o666);
            }
            let ended = login(&users, user, &data);
            expect_refused(&ended, 1, &[planted, "another user"]);
            if *planted == "credentials" {
                assert_eq!(paths_below(&path), [""; 0].map(std::path::PathBuf::from));
            }
        }
    }
}

#[test]
fn a_lock_file_that_others_can_lock_is_rejected_with_the_command_that_fixes_it() {
    let test = "a_lock_file_that_others_can_lock_is_rejected_with_the_command_that_fixes_it";
    let Some(users) = Users::new(test) else {
        return;
    };
    users.store_key(VICTIM, OWN_KEY);
    let credentials = users
        .home(VICTIM)
        .join(".local/share/brainmaps/credentials");
    let lock = credentials.join("brainmaps.lock");
    set_owner_and_mode(&lock, VICTIM, 0o666);
    let ended = users.run(VICTIM, &users.home(VICTIM), &["logout"]);
    expect_refused(&ended, 1, &["brainmaps.lock", "mode 0666", "chmod 600"]);
}

#[test]
fn files_created_by_root_belong_to_root() {
    let Some(users) = Users::new("files_created_by_root_belong_to_root") else {
        return;
    };
    let theirs = directory(&users.path("theirs"), ATTACKER, 0o755);
    let data = theirs.join("brainmaps");
    assert_eq!(login(&users, ROOT, &data).code, Some(0));
    for path in [vec![data.clone()], paths_below(&data)].concat() {
        let found = fs::metadata(&path).unwrap();
        assert_eq!((found.uid(), found.gid()), (0, 0), "{path:?}");
        assert_eq!(found.mode() & 0o077, 0, "{path:?}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn doctor_reports_directories_of_others_and_a_home_writable_by_others() {
    let test = "doctor_reports_directories_of_others_and_a_home_writable_by_others";
    let Some(users) = Users::new(test) else {
        return;
    };
    for user in [ROOT, VICTIM] {
        users.store_key(user, OWN_KEY);
        let home = users.home(user);
        let doctor = || users.run(user, &home, &["doctor", "--offline"]);
        let printed = |ended: &ExitedProcess| [ended.stdout.as_str(), &ended.stderr].concat();
        let healthy = doctor();
        assert!(!printed(&healthy).contains("other users"), "{healthy:?}");
        for (path, mode) in [(&home, 0o777), (&home.join(".local"), 0o775)] {
            let before = fs::metadata(path).unwrap().mode() & 0o7777;
            set_owner_and_mode(path, user, mode);
            let ended = doctor();
            let line = format!("`{}` is writable by other users", path.display());
            assert!(printed(&ended).contains(&line), "{ended:?}");
            set_owner_and_mode(path, user, before);
        }
        let data = home.join(".local/share/brainmaps");
        let rotations = directory(&data.join("rotations"), ATTACKER, 0o700);
        for (path, mode) in [
            (&rotations, 0o700),
            (&data.join("credentials"), 0o755),
            (&data, 0o755),
        ] {
            set_owner_and_mode(path, ATTACKER, mode);
            let ended = doctor();
            let line = format!("`{}` belongs to another user", path.display());
            assert!(printed(&ended).contains(&line), "{line}: {ended:?}");
            assert_eq!(ended.code, Some(1), "{ended:?}");
            set_owner_and_mode(path, user, 0o700);
        }
    }
}

#[test]
fn login_and_doctor_refuse_a_directory_of_credentials_that_others_can_change() {
    let home = TestHome::new();
    let login = ["login", "--with-token", "--no-verify"];
    home.run_with_input(&login, OWN_KEY).expect(0);
    let credentials = home.data().join("credentials");
    fs::set_permissions(&credentials, fs::Permissions::from_mode(0o777)).unwrap();
    let command = format!("chmod 700 '{}'", credentials.display());
    let refused = home.run_with_input(&login, OWN_KEY).expect(1);
    let doctor = home.run(&["doctor", "--offline"]).expect(1);
    for shown in [&refused.stderr, &doctor.stdout] {
        assert!(shown.contains("(mode 0777)"), "{shown}");
        assert!(shown.contains(&command), "{shown}");
    }
    assert!(doctor.stdout.contains("failure"), "{doctor}");
}

#[test]
fn login_finds_a_lock_file_that_cannot_be_used_before_the_first_request() {
    let server = AuthorizationServerScript::default().serve();
    for name in ["profiles.lock", "credentials/brainmaps.lock"] {
        let home = TestHome::new();
        let key = ["login", "--with-token", "--no-verify"];
        home.run_with_input(&key, OWN_KEY).expect(0);
        home.run(&["logout"]).expect(0);
        let path = home.data().join(name);
        let plant: [(&dyn Fn(), &str); 3] = [
            (&|| own_fifo(&path), "rm '"),
            (&|| fs::create_dir(&path).unwrap(), "rm -r '"),
            (&|| open_file(&path), "chmod 600 '"),
        ];
        for (plant, command) in plant {
            fs::remove_file(&path)
                .or_else(|_| fs::remove_dir(&path))
                .unwrap();
            plant();
            for login in [&["login"][..], &["login", "--device", "--no-browser"]] {
                let arguments = [&["--api-url", &server.url], login].concat();
                let outcome = home.run(&arguments).expect(1);
                let hint = format!("{command}{}'", path.display());
                assert!(outcome.stderr.contains(&hint), "{hint}: {outcome}");
                assert!(!outcome.stderr.contains("`brainmaps login"), "{outcome}");
            }
        }
    }
    assert_eq!(server.received().len(), 0, "{:?}", server.received());
}

fn open_file(path: &Path) {
    fs::write(path, "").unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
}

fn own_fifo(path: &Path) {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
}
