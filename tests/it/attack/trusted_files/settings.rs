//! Settings, provider descriptions and session files of other clients.

use std::fs;
use std::path::{Path, PathBuf};

use super::{OWN_KEY, expect_refused, print};
use crate::support::test_home::TestHome;
use crate::support::users::{
    ATTACKER, ROOT, User, Users, VICTIM, directory, fifo, file, link, run, set_owner_and_mode,
};

const DESCRIPTION: &str = "id = \"brainmaps\"\nname = \"Evil\"\napi_url = \"https://evil.example\"\n\
                           [headers]\napi_key = { name = \"X\" }\n";
const SETTINGS: &str = "[api_url]\nbrainmaps = \"https://evil.example\"\n";

/// Returns the configuration directory of `user`, with its parents created.
fn config_directory(users: &Users, user: User) -> PathBuf {
    let home = users.home(user);
    for name in [
        ".config",
        ".config/brainmaps",
        ".config/brainmaps/providers",
    ] {
        directory(&home.join(name), user, 0o755);
    }
    home.join(".config/brainmaps")
}

/// Tries each form in which another user can provide `path`, and removes it again.
fn expect_each_refused(users: &Users, user: User, path: &Path, text: &str) {
    let elsewhere = file(&users.path("elsewhere"), text, ROOT, 0o644);
    let planted: [(&dyn Fn(), &str); 6] = [
        (&|| drop(file(path, text, ATTACKER, 0o644)), "another user"),
        (&|| drop(link(path, &elsewhere, ATTACKER)), "another user"),
        (&|| drop(fifo(path, ATTACKER)), "another user"),
        (&|| drop(fifo(path, user)), "not a regular file"),
        (&|| drop(file(path, text, user, 0o666)), "chmod go-w"),
        (&|| drop(file(path, text, user, 0o664)), "chmod go-w"),
    ];
    for (plant, reason) in planted {
        plant();
        let ended = print(users, user, &users.home(user));
        let name = path.file_name().unwrap().to_str().unwrap();
        expect_refused(&ended, 2, &[name, reason]);
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn settings_and_descriptions_of_another_user_are_refused() {
    let Some(users) = Users::new("settings_and_descriptions_of_another_user_are_refused") else {
        return;
    };
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        let config = config_directory(&users, user);
        expect_each_refused(&users, user, &config.join("config.toml"), SETTINGS);
        let description = config.join("providers/brainmaps.toml");
        expect_each_refused(&users, user, &description, DESCRIPTION);
    }
}

#[test]
fn settings_in_a_directory_of_another_user_are_refused() {
    let Some(users) = Users::new("settings_in_a_directory_of_another_user_are_refused") else {
        return;
    };
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        let config = config_directory(&users, user);
        file(&config.join("config.toml"), SETTINGS, user, 0o600);
        file(
            &config.join("providers/brainmaps.toml"),
            DESCRIPTION,
            user,
            0o600,
        );
        for theirs in [config.join("providers"), config] {
            set_owner_and_mode(&theirs, ATTACKER, 0o755);
            let ended = print(&users, user, &users.home(user));
            expect_refused(&ended, 2, &["another user (uid 61002)"]);
        }
    }
}

#[test]
fn settings_in_a_directory_that_others_can_change_are_refused_and_reported() {
    let test = "settings_in_a_directory_that_others_can_change_are_refused_and_reported";
    let Some(users) = Users::new(test) else {
        return;
    };
    for user in [VICTIM, ROOT] {
        users.store_key(user, OWN_KEY);
        let config = config_directory(&users, user);
        file(&config.join("config.toml"), SETTINGS, user, 0o600);
        let description = config.join("providers/brainmaps.toml");
        file(&description, DESCRIPTION, user, 0o600);
        for open in [config.join("providers"), config] {
            for mode in [0o775, 0o757] {
                set_owner_and_mode(&open, user, mode);
                let line = format!("`{}` is writable by other users", open.display());
                let command = format!("chmod go-w '{}'", open.display());
                let ended = print(&users, user, &users.home(user));
                expect_refused(&ended, 2, &[&line, &command]);
                let doctor = users.run(user, &users.home(user), &["doctor", "--offline"]);
                assert_eq!(doctor.code, Some(2), "{doctor:?}");
                assert!(doctor.stdout.contains(&line), "{doctor:?}");
                assert!(doctor.stdout.contains(&command), "{doctor:?}");
            }
            set_owner_and_mode(&open, user, 0o755);
        }
    }
}

#[test]
fn own_link_to_an_own_directory_of_descriptions_is_followed() {
    let Some(users) = Users::new("own_link_to_an_own_directory_of_descriptions_is_followed") else {
        return;
    };
    let config = config_directory(&users, VICTIM);
    let kept = directory(&users.home(VICTIM).join("dotfiles"), VICTIM, 0o755);
    let mine = DESCRIPTION.replace("brainmaps", "mine");
    file(&kept.join("mine.toml"), &mine, VICTIM, 0o644);
    let providers = config.join("providers");
    fs::remove_dir(&providers).unwrap();
    let show = || users.run(VICTIM, &users.home(VICTIM), &["provider", "show", "mine"]);
    link(&providers, &kept, VICTIM);
    assert_eq!(show().code, Some(0), "{:?}", show());
    fs::remove_file(&providers).unwrap();
    link(&providers, &kept, ATTACKER);
    expect_refused(&show(), 2, &["another user"]);
}

#[test]
fn own_links_to_own_settings_are_followed() {
    let Some(users) = Users::new("own_links_to_own_settings_are_followed") else {
        return;
    };
    let config = config_directory(&users, VICTIM);
    let kept = file(
        &users.home(VICTIM).join("dotfiles.toml"),
        SETTINGS,
        VICTIM,
        0o600,
    );
    link(&config.join("config.toml"), kept, VICTIM);
    let ended = users.run(
        VICTIM,
        &users.home(VICTIM),
        &["config", "get", "api_url.brainmaps"],
    );
    assert_eq!(ended.stdout.trim(), "https://evil.example", "{ended:?}");
}

#[test]
fn description_named_on_the_command_line_may_be_a_pipe() {
    let home = TestHome::new();
    let arguments = ["provider", "check", "/dev/stdin"];
    home.run_with_input(&arguments, DESCRIPTION).expect(0);
    let pipe = home.work().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, DESCRIPTION).unwrap());
        home.run(&["provider", "check", "pipe"]).expect(0);
    });
}

#[test]
fn session_file_of_another_user_is_not_imported() {
    let Some(users) = Users::new("session_file_of_another_user_is_not_imported") else {
        return;
    };
    let session = r#"{"access_token":"a-c4n4ry","refresh_token":"r-c4n4ry","expires_at":4102444800,"token_type":"Bearer"}"#;
    for user in [VICTIM, ROOT] {
        let home = users.home(user);
        let folder = directory(&home.join("session"), user, 0o755);
        let path = folder.join("basic-memory-cloud.json");
        let elsewhere = file(&users.path("elsewhere"), session, ROOT, 0o644);
        let import = || {
            let arguments = ["--profile", "basic-memory", "login", "--import"];
            let mut command = users.command(user, &home, &arguments);
            run(command.env("BASIC_MEMORY_CONFIG_DIR", &folder), "")
        };
        let planted: [(&dyn Fn(), &str); 4] = [
            (
                &|| drop(file(&path, session, ATTACKER, 0o644)),
                "another user",
            ),
            (&|| drop(link(&path, &elsewhere, ATTACKER)), "another user"),
            (&|| drop(file(&path, session, user, 0o622)), "chmod go-w"),
            (&|| drop(fifo(&path, user)), "not a regular file"),
        ];
        for (plant, reason) in planted {
            plant();
            expect_refused(&import(), 1, &[reason]);
            fs::remove_file(&path).unwrap();
        }
    }
}
