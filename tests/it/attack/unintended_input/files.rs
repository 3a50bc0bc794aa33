//! A file in the directory may select the credential, but not silently.

use std::fs;

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const KEY: &str = "key-c4n4ry-of-a-test";

/// BrainMaps, as far as these commands use it.
fn service() -> ScriptedServer {
    ScriptedServer::start(|received: &ReceivedRequest, _: &str| {
        match (received.method.as_str(), received.path.as_str()) {
            ("GET", "/api/auth/me/") => {
                ScriptedResponse::json(200, &json!({ "email": "me@example.com" }))
            }
            ("GET", _) => {
                ScriptedResponse::json(200, &json!({ "results": [{ "id": "1", "name": "ci" }] }))
            }
            ("POST", "/api/tokens/") => ScriptedResponse::json(
                201,
                &json!({ "id": "1", "token": "made-c4n4ry-key", "name": "ci" }),
            ),
            _ => ScriptedResponse::json(200, &json!({})),
        }
    })
}

/// A profile `prod` with a stored key, and a session of the default profile.
fn with_profile(server: &ScriptedServer) -> TestHome {
    let home = TestHome::new();
    let add = [
        "--api-url",
        &server.url,
        "profile",
        "add",
        "prod",
        "--provider",
        "brainmaps",
    ];
    home.run(&add).expect(0);
    let login = ["--profile", "prod", "login", "--with-token"];
    home.run_with_input(&login, KEY).expect(0);
    home
}

#[track_caller]
fn choices(outcome: &CommandResult) -> Vec<&str> {
    let lines = outcome.stderr.lines();
    lines.filter(|line| line.starts_with("using ")).collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_project_file_that_selects_the_profile_is_named_once_on_stderr() {
    let server = service();
    let home = with_profile(&server);
    fs::write(home.work().join(".brainmaps.toml"), "profile = \"prod\"\n").unwrap();
    let expected = format!(
        "using profile \"prod\" (./.brainmaps.toml) at {}",
        server.url
    );
    for command in [
        &["token", "create", "ci"][..],
        &["token", "revoke", "1", "--yes"],
        &["token", "revoke", "1", "2", "--yes"],
        &["credential", "print"],
        &["credential", "print", "--header"],
    ] {
        let outcome = home.run(command).expect(0);
        assert_eq!(choices(&outcome), [expected.as_str()], "{outcome}");
        assert!(!outcome.stdout.contains("using "), "{outcome}");
        let quiet = home.run(&[&["--quiet"], command].concat()).expect(0);
        assert_eq!(choices(&quiet), [""; 0], "{quiet}");
        let program = home.run(&[command, &["--json"]].concat()).expect(0);
        assert_eq!(choices(&program), [expected.as_str()], "{program}");
        program.json();
    }
    for command in [
        &["whoami"][..],
        &["token", "list"],
        &["status"],
        &["credential", "explain"],
        &["token", "revoke", "1", "--dry-run"],
    ] {
        let outcome = home.run(command).expect(0);
        assert_eq!(choices(&outcome), [""; 0], "{outcome}");
    }
    // A profile named by the user needs no message.
    let named = home
        .run(&["--profile", "prod", "credential", "print"])
        .expect(0);
    assert_eq!(choices(&named), [""; 0], "{named}");
}

#[test]
fn login_and_logout_name_the_file_that_selects_the_profile() {
    let server = service();
    let home = with_profile(&server);
    fs::write(home.work().join(".brainmaps.toml"), "profile = \"prod\"\n").unwrap();
    let expected = format!(
        "using profile \"prod\" (./.brainmaps.toml) at {}",
        server.url
    );
    let stored = home
        .run_with_input(&["login", "--with-token"], KEY)
        .expect(0);
    assert_eq!(choices(&stored), [expected.as_str()], "{stored}");
    let set = home.run_with_input(&["config", "set-token"], KEY).expect(0);
    assert_eq!(choices(&set), [expected.as_str()], "{set}");
    let out = home.run(&["logout", "--json"]).expect(0);
    assert_eq!(choices(&out), [expected.as_str()], "{out}");
    out.json();
}

#[test]
fn a_dotenv_in_a_parent_directory_is_named_with_its_server() {
    let server = service();
    let home = TestHome::new();
    let text = format!(
        "BRAINMAPS_API_KEY={KEY}\nBRAINMAPS_API_URL={}\n",
        server.url
    );
    write_private(&home.work().join(".env"), &text);
    let below = home.work().join("a/b");
    fs::create_dir_all(&below).unwrap();
    for (folder, file) in [(home.work(), "./.env"), (below, "../../.env")] {
        let arguments = ["token", "create", "ci"];
        let mut command = home.command(&arguments);
        let outcome = home
            .start_command(command.current_dir(&folder), &arguments, "")
            .wait()
            .expect(0);
        let expected = format!("using BRAINMAPS_API_KEY ({file}) at {}", server.url);
        assert_eq!(choices(&outcome), [expected], "{outcome}");
    }
}

#[test]
fn an_environment_key_needs_no_message_unless_a_file_sets_its_url() {
    let server = service();
    let mut home = with_profile(&server);
    home.set("BRAINMAPS_API_KEY", "variable-c4n4ry-key");
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(choices(&printed), [""; 0], "{printed}");
    fs::write(home.work().join(".brainmaps.toml"), "profile = \"prod\"\n").unwrap();
    let printed = home.run(&["credential", "print"]).expect(0);
    let expected = format!(
        "using profile \"prod\" (./.brainmaps.toml) at {}",
        server.url
    );
    assert_eq!(choices(&printed), [expected], "{printed}");
}

#[test]
fn an_overridden_default_profile_is_reported() {
    let server = service();
    let mut home = with_profile(&server);
    let arguments = ["profile", "use", "brainmaps"];
    let plain = home.run(&arguments).expect(0);
    assert!(!plain.stderr.contains("precedence"), "{plain}");
    fs::write(home.work().join(".brainmaps.toml"), "profile = \"prod\"\n").unwrap();
    let bound = home.run(&arguments).expect(0);
    assert!(bound.stderr.contains("project file"), "{bound}");
    assert!(
        bound.stderr.contains("\"prod\" and takes precedence"),
        "{bound}"
    );
    home.set("BRAINMAPS_PROFILE", "prod");
    let named = home.run(&arguments).expect(0);
    assert!(
        named.stderr.contains("BRAINMAPS_PROFILE names profile"),
        "{named}"
    );
}

#[test]
fn login_and_logout_report_a_key_that_takes_precedence() {
    let server = service();
    let home = with_profile(&server);
    let text = format!("BRAINMAPS_API_KEY={KEY}-of-a-file\n");
    write_private(&home.work().join(".env"), &text);
    for arguments in [
        &["--profile", "prod", "login", "--with-token"][..],
        &["--profile", "prod", "logout"],
    ] {
        let outcome = home.run_with_input(arguments, KEY).expect(0);
        assert!(
            outcome.stderr.contains("BRAINMAPS_API_KEY in "),
            "{outcome}"
        );
    }
}
