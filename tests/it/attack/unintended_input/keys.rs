//! An invalid key: no other source is used, and nothing is sent.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

const NAME: &str = "BRAINMAPS_API_KEY";
const STORED: &str = "key-c4n4ry-that-is-stored";

/// Values that cannot be a BrainMaps key, and a part of each that must not be printed.
const WRONG: &[(&str, &str)] = &[
    ("Bearer hidden-c4n4ry", "hidden"),
    ("Token hidden-c4n4ry", "hidden"),
    ("bearer", "hidden"),
    ("Authorization: Token hidden-c4n4ry", "hidden"),
    ("\"hidden-c4n4ry", "hidden"),
    ("'hidden-c4n4ry'", "hidden"),
    ("${{ secrets.HIDDEN }}", "HIDDEN"),
    ("${{secrets.HIDDEN}}", "HIDDEN"),
    ("$HIDDEN", "HIDDEN"),
    ("${HIDDEN}", "HIDDEN"),
    ("<hidden>", "hidden"),
    ("BRAINMAPS_API_KEY=hidden-c4n4ry", "hidden"),
    ("\"hidden-c4n4ry\"", "hidden"),
    ("op://hidden/c4n4ry/key", "hidden"),
    ("/run/secrets/hidden-c4n4ry", "hidden"),
    ("~/.config/hidden-c4n4ry", "hidden"),
    ("hidden***c4n4ry", "hidden"),
    ("{\"hidden\":\"c4n4ry\"}", "hidden"),
    ("two hidden words", "hidden"),
    ("dbm_ak_hidden_c4n4ry0123456789", "hidden"),
    ("bmc_hiddenc4n4ryc4n4ryc4n4ryc4n4ryc", "hidden"),
];

fn server() -> ScriptedServer {
    ScriptedServer::start(|_: &ReceivedRequest, _: &str| {
        ScriptedResponse::json(200, &json!({ "email": "me@example.com", "results": [] }))
    })
}

/// A home with a valid stored key; no request was sent.
fn signed_in(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    home.run_with_input(&["login", "--with-token", "--no-verify"], STORED)
        .expect(0);
    home
}

fn with_variable(home: &TestHome, value: &str, arguments: &[&str]) -> CommandResult {
    let mut command = home.command(arguments);
    command.env(NAME, value);
    home.start_command(&mut command, arguments, STORED).wait()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_mistyped_key_in_the_environment_is_an_error_and_nothing_is_sent() {
    let server = server();
    let home = signed_in(&server);
    for (value, hidden) in WRONG {
        for command in [
            &["whoami"][..],
            &["token", "list"],
            &["token", "create", "ci"],
            &["credential", "print"],
        ] {
            let arguments = [command, &["--json"]].concat();
            let outcome = with_variable(&home, value, &arguments).expect(2);
            assert_eq!(outcome.error_code(), "CONFIG", "{value}: {outcome}");
            assert!(outcome.stdout.contains(NAME), "{outcome}");
            let hint = &outcome.json()["error"]["hint"];
            assert!(hint.as_str().unwrap().contains("unset"), "{outcome}");
            let shown = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!shown.contains(hidden), "{value}: {outcome}");
        }
    }
    assert_eq!(server.received().len(), 0);
    // An empty variable counts as unset.
    for empty in ["", "  "] {
        let outcome = with_variable(&home, empty, &["credential", "print"]).expect(0);
        assert_eq!(outcome.stdout.trim(), STORED);
    }
}

#[test]
fn a_mistyped_key_in_a_dotenv_is_an_error_and_nothing_is_sent() {
    let server = server();
    let home = signed_in(&server);
    let file = home.work().join(".env");
    for (value, hidden) in WRONG.iter().filter(|(value, _)| !value.contains('\'')) {
        write_private(&file, &format!("OTHER=1\n{NAME}='{value}'\n"));
        let outcome = home.run(&["whoami", "--json"]).expect(2);
        assert_eq!(outcome.error_code(), "CONFIG", "{value}: {outcome}");
        let message = outcome.json()["error"]["message"].clone();
        let message = message.as_str().unwrap();
        assert!(
            message.contains(NAME) && message.contains("./.env"),
            "{outcome}"
        );
        assert!(!outcome.stdout.contains(hidden), "{outcome}");
    }
    for text in [
        format!("{NAME}=\"hidden-c4n4ry\nOTHER=1\n"),
        format!("{NAME}=fine-c4n4ry\nBRAINMAPS_API_URL=nonsense\n"),
    ] {
        write_private(&file, &text);
        let outcome = home.run(&["whoami", "--json"]).expect(2);
        assert_eq!(outcome.error_code(), "CONFIG", "{text}: {outcome}");
        assert!(!outcome.stdout.contains("hidden"), "{outcome}");
    }
    write_private(&file, &format!("{NAME}=\n"));
    assert_eq!(
        home.run(&["credential", "print"]).expect(0).stdout.trim(),
        STORED
    );
    assert_eq!(server.received().len(), 0);
}

#[test]
fn a_dotenv_that_cannot_be_read_is_an_error() {
    let server = server();
    let home = signed_in(&server);
    let file = home.work().join(".env");
    let large = "#".repeat(1024 * 1024 + 1);
    write_private(&file, &large);
    let outcome = home.run(&["whoami", "--json"]).expect(2);
    assert_eq!(outcome.error_code(), "CONFIG", "{outcome}");
    assert!(
        outcome.stdout.contains("larger than 1048576 bytes"),
        "{outcome}"
    );
    write_private(&file, &format!("{NAME}=unreadable-c4n4ry\n"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o0)).unwrap();
    // Root can read the file; `trusted_files::search` has one of another user.
    if std::fs::read(&file).is_err() {
        let outcome = home.run(&["whoami", "--json"]).expect(2);
        assert_eq!(outcome.error_code(), "CONFIG", "{outcome}");
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn credential_commands_report_a_mistyped_key_and_continue() {
    let server = server();
    for (value, hidden) in WRONG {
        let home = signed_in(&server);
        let status = with_variable(&home, value, &["status", "--json"]).expect(2);
        let profile = &status.json()["profiles"][0];
        assert_eq!(profile["state"], "none", "{status}");
        assert!(
            profile["problem"].as_str().unwrap().contains(NAME),
            "{status}"
        );
        let status = with_variable(&home, value, &["status"]).expect(2);
        assert!(status.stdout.contains(NAME), "{status}");
        let doctor = with_variable(&home, value, &["doctor", "--offline"]).expect(2);
        assert!(doctor.stdout.contains("failure"), "{doctor}");
        assert!(doctor.stdout.contains(NAME), "{doctor}");
        let explained = with_variable(&home, value, &["credential", "explain"]).expect(0);
        let rows: Vec<_> = explained
            .stdout
            .lines()
            .map(|row| row.split('\t').next().unwrap())
            .collect();
        assert_eq!(
            rows,
            [
                "refused", "absent", "absent", "absent", "absent", "shadowed", "absent"
            ]
        );
        let login = with_variable(&home, value, &["login", "--with-token"]).expect(0);
        assert!(login.stderr.contains(NAME), "{login}");
        let logout = with_variable(&home, value, &["logout"]).expect(0);
        assert!(logout.stderr.contains(NAME), "{logout}");
        for outcome in [status, doctor, explained, login, logout] {
            let shown = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!shown.contains(hidden), "{value}: {outcome}");
        }
    }
}
