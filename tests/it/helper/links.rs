//! Links to this program, as other programs start them.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use super::{KEY, home_with_profile};
use crate::support::test_home::{CommandResult, TestHome};

const SERVER: &str = "https://host.example.com";

/// A home with an API key for [`SERVER`] in the profile `work`, for which every program is configured.
fn installed() -> TestHome {
    let home = home_with_profile(SERVER);
    for program in ["docker", "keyring", "pnpm", "terraform"] {
        home.run(&["--profile", "work", "helper", "install", program])
            .expect(0);
    }
    home
}

/// Starts the link `link` below the home directory.
fn start(home: &TestHome, link: &str, arguments: &[&str], input: &str) -> CommandResult {
    let template = home.command(&[]);
    let mut command = Command::new(home.path().join(link));
    let variables = template.get_envs();
    let variables = variables.filter_map(|(name, value)| Some((name, value?)));
    command
        .env_clear()
        .envs(variables)
        .args(arguments)
        .current_dir(home.work());
    home.start_command(&mut command, &["helper", "keyring", "get"], input)
        .wait()
}

const KEYRING: &str = ".local/lib/brainmaps/keyring/keyring";
const TERRAFORM: &str = ".terraform.d/plugins/terraform-credentials-brainmaps";

#[test]
fn link_responds_with_the_protocol_of_its_name() {
    let home = installed();
    let bearer = format!("Token {KEY}\n");
    for (link, arguments, input, expected) in [
        (
            ".local/lib/brainmaps/brainmaps-token-work",
            &[][..],
            "",
            &*bearer,
        ),
        (
            TERRAFORM,
            &["get", "host.example.com"],
            "",
            &format!("{{\"token\":\"{KEY}\"}}\n"),
        ),
        (
            TERRAFORM,
            &["--profile", "work", "get", "HOST.example.com:443"],
            "",
            &format!("{{\"token\":\"{KEY}\"}}\n"),
        ),
        (TERRAFORM, &["get", "evil.example"], "", "{}\n"),
        (
            TERRAFORM,
            &["get", "host.example.com.evil.example"],
            "",
            "{}\n",
        ),
        (TERRAFORM, &["forget", "host.example.com"], "", ""),
        (
            KEYRING,
            &["get", "https://host.example.com/simple/", "me"],
            "",
            &format!("{KEY}\n"),
        ),
        (
            KEYRING,
            &["get", "host.example.com", "me"],
            "",
            &format!("{KEY}\n"),
        ),
        (
            KEYRING,
            &["--mode", "creds", "get", "https://host.example.com"],
            "",
            &format!("oauth2accesstoken\n{KEY}\n"),
        ),
        (
            ".local/bin/docker-credential-brainmaps-work",
            &["get"],
            "host.example.com",
            &format!(
                "{{\"Secret\":\"{KEY}\",\"ServerURL\":\"host.example.com\",\"Username\":\"oauth2accesstoken\"}}\n"
            ),
        ),
    ] {
        let outcome = start(&home, link, arguments, input).expect(0);
        assert_eq!(outcome.stdout, expected, "{link} {arguments:?}");
        assert_eq!(outcome.stderr, "", "{link} {arguments:?}");
    }
    let store = start(
        &home,
        TERRAFORM,
        &["store", "host.example.com"],
        "{\"token\":\"x\"}",
    )
    .expect(2);
    assert_eq!(store.stdout, "");
}

#[test]
fn keyring_responds_for_the_bound_server_only() {
    let home = installed();
    for service in [
        "evil.example",
        "https://host.example.com@evil.example/",
        "http://host.example.com",
        "host.example.com:8443",
    ] {
        let outcome = start(&home, KEYRING, &["get", service, "me"], "").expect(1);
        assert_eq!(outcome.stdout + &outcome.stderr, "", "{service}");
    }
    for change in ["set", "del"] {
        let outcome = start(
            &home,
            KEYRING,
            &[change, "host.example.com", "me"],
            "hunter2",
        )
        .expect(1);
        assert_eq!(outcome.stdout, "");
        assert!(outcome.stderr.contains("stores no passwords"), "{outcome}");
    }
}

fn put_program(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn keyring_passes_other_requests_to_the_next_one_in_the_path_and_never_to_itself() {
    let mut home = installed();
    let top = home.path().to_owned();
    let program = top.join(KEYRING);
    // Another link to this program, and a script that starts it.
    fs::create_dir(top.join("second")).unwrap();
    symlink(env!("CARGO_BIN_EXE_brainmaps"), top.join("second/keyring")).unwrap();
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", program.display());
    put_program(&top.join("script/keyring"), &script);
    let directories =
        [".local/lib/brainmaps/keyring", "second", "script", "real"].map(|it| top.join(it));
    let search = std::env::join_paths(directories)
        .unwrap()
        .into_string()
        .unwrap();
    home.set("PATH", &search);
    let none = start(&home, KEYRING, &["get", "evil.example", "me"], "").expect(1);
    assert_eq!(none.stdout + &none.stderr, "");
    put_program(
        &top.join("real/keyring"),
        "#!/bin/sh\necho real \"$@\"\nexit 3\n",
    );
    for arguments in [
        &["get", "evil.example", "me"][..],
        &["--list-backends"],
        &["-b", "x", "set", "s", "u"],
    ] {
        let passed = start(&home, KEYRING, arguments, "").expect(3);
        assert_eq!(passed.stdout, format!("real {}\n", arguments.join(" ")));
    }
    let own = start(&home, KEYRING, &["get", "host.example.com", "me"], "").expect(0);
    assert_eq!(own.stdout, format!("{KEY}\n"));
}

#[test]
fn signed_out_profile_is_named_on_stderr_and_nothing_is_printed() {
    let home = installed();
    home.run(&["--profile", "work", "logout"]).expect(0);
    for (link, arguments) in [
        (".local/lib/brainmaps/brainmaps-token-work", &[][..]),
        (TERRAFORM, &["get", "host.example.com"]),
        (KEYRING, &["get", "host.example.com", "me"]),
    ] {
        let outcome = start(&home, link, arguments, "").expect(4);
        assert_eq!(outcome.stdout, "", "{link}");
        assert!(
            outcome.stderr.contains("work") && outcome.stderr.contains("brainmaps login")
                || outcome.stderr.contains("login"),
            "{outcome}"
        );
    }
}

#[test]
fn pnpm_gets_nothing_without_an_installation_for_the_server() {
    let mut home = installed();
    let link = ".local/lib/brainmaps/brainmaps-token-work";
    home.set("BRAINMAPS_API_URL", "https://other.example")
        .set("BRAINMAPS_API_KEY", "key-0ther-c4n4ry");
    let other = start(&home, link, &[], "").expect(4);
    assert_eq!(other.stdout, "");
    assert!(other.stderr.contains("helper install pnpm"), "{other}");
}

#[test]
fn link_with_any_other_name_runs_the_normal_program() {
    let home = TestHome::new();
    symlink(env!("CARGO_BIN_EXE_brainmaps"), home.path().join("bm")).unwrap();
    let version = start(&home, "bm", &["--version"], "").expect(0);
    assert!(version.stdout.starts_with("brainmaps "), "{version}");
}
