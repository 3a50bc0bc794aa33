//! The command line contract: exit status, stdout and stderr of the real program.

use std::{
    os::unix::{fs::PermissionsExt, process::CommandExt},
    process::{Command, Stdio},
};

use serde_json::json;

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedResponse},
    skip::report_skipped,
    test_home::TestHome,
};

const KEY: &str = "key-c4n4ry-of-a-test";

/// Invalid arguments, and a word that the message must contain.
#[test]
fn invalid_arguments_exit_with_2() {
    let home = TestHome::new();
    for (arguments, says) in [
        (&["fly"][..], "fly"),
        (&["login", "--no-such-flag"], "--no-such-flag"),
        (&["token"], "Usage"),
        (&["token", "create"], "NAME"),
        (
            &["login", "--device", "--with-token"],
            "cannot be used with",
        ),
        (&["--profile", "../evil", "status"], "profile"),
        (&["--color", "green", "status"], "--color <WHEN>"),
        (&["credential", "print", "--min-ttl", "soon"], "--min-ttl"),
        (&["completions", "tcsh"], "<SHELL>"),
        (
            &[
                "login",
                "--device",
                "--issuer",
                "not a url",
                "--client-id",
                "x",
                "--no-browser",
            ],
            "not a url",
        ),
        (
            &["whoami", "--api-url", "ftp://example.org"],
            "uses an unsupported scheme (only https",
        ),
        (&["whoami", "--api-url", "http://example.org"], "https"),
        (
            &["whoami", "--api-url", "localhost:8000"],
            "put http:// before it",
        ),
        (
            &["whoami", "--api-url", "api.example:443"],
            "put https:// before it",
        ),
    ] {
        let outcome = home.run(arguments).expect(2);
        assert!(
            outcome.stderr.contains(says),
            "expected `{says}`: {outcome}"
        );
        assert_eq!(outcome.stdout, "", "{outcome}");
    }
}

#[test]
fn usage_errors_are_json_documents_with_json() {
    let outcome = TestHome::new().run(&["token", "fly", "--json"]).expect(2);
    assert_eq!(outcome.error_code(), "USAGE");
    assert_eq!(outcome.json()["error"]["exit"], 2);
}

#[test]
fn failures_are_json_documents_with_every_member() {
    let outcome = TestHome::new().run(&["whoami", "--json"]).expect(4);
    let document = outcome.json();
    let members: Vec<_> = document["error"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut expected = ["code", "message", "hint", "exit", "status", "request_id"];
    expected.sort_unstable();
    let mut found: Vec<_> = members.iter().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{outcome}");
}

#[test]
fn failures_print_a_hint_with_a_command() {
    let outcome = TestHome::new().run(&["whoami"]).expect(4);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.starts_with("error: "), "{outcome}");
    assert!(
        outcome.stderr.contains("hint: ") && outcome.stderr.contains("brainmaps login"),
        "{outcome}"
    );
}

#[test]
fn help_and_version_work_without_an_environment() {
    for arguments in [
        &["--version"][..],
        &["--help"],
        &["login", "--help"],
        &["completions", "bash"],
    ] {
        let home = TestHome::new();
        let mut command = Command::new(env!("CARGO_BIN_EXE_brainmaps"));
        command.args(arguments).env_clear().current_dir(home.work());
        let outcome = home
            .start_command(&mut command, arguments, "")
            .wait()
            .expect(0);
        assert!(!outcome.stdout.is_empty());
        assert_eq!(outcome.stderr, "");
    }
}

/// A user id without an account, and therefore without a home directory.
const UNKNOWN_USER: u32 = 3_987_654_321;

#[test]
fn a_missing_home_directory_is_reported_with_the_variable_to_set() {
    let home = TestHome::new();
    let arguments = ["credential", "print", "--json"];
    let mut command = home.command(&arguments);
    command
        .env_remove("HOME")
        .current_dir("/")
        .uid(UNKNOWN_USER)
        .stdin(Stdio::null());
    let Ok(output) = command.output() else {
        report_skipped(
            "a missing home directory",
            "only root can play a user without an account",
        );
        return;
    };
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("BRAINMAPS_DATA_DIR"), "{printed}");
}

#[test]
fn an_uncreatable_data_directory_is_reported() {
    let mut home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    std::fs::write(home.path().join("file"), "").unwrap();
    let inside_a_file = home.path().join("file/data");
    home.set("BRAINMAPS_DATA_DIR", inside_a_file.to_str().unwrap());
    let outcome = home
        .run_with_input(&["login", "--with-token", "--no-verify", "--json"], KEY)
        .expect(1);
    assert_eq!(outcome.error_code(), "STORAGE");
    assert!(outcome.stdout.contains("file/data"), "{outcome}");
}

/// A shell may ignore the signal for an exceeded file size, or let it end the program.
const FILE_LIMIT_SIGNALS: [&str; 2] = ["trap '' XFSZ", "trap - XFSZ"];

/// Limits the file size to zero, as on a full disk; pipes still work.
fn on_a_full_disk(home: &TestHome, signal: &str, arguments: &[&str]) -> Command {
    let program = home.command(arguments);
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("{signal}; ulimit -f 0; exec \"$@\""), "sh"])
        .arg(program.get_program())
        .args(arguments);
    command.env_clear().current_dir(home.work());
    command.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
}

#[test]
fn a_full_disk_is_reported_and_keeps_the_stored_credential() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    let commands = [
        ["login", "--with-token", "--no-verify", "--json"].as_slice(),
        &["config", "set", "storage", "file", "--json"],
        &["project", "set-cloud", "--json"],
        &["project", "set-local", "--json"],
    ];
    for (signal, arguments) in FILE_LIMIT_SIGNALS
        .iter()
        .flat_map(|it| commands.map(|of| (it, of)))
    {
        let mut command = on_a_full_disk(&home, signal, arguments);
        let outcome = home
            .start_command(&mut command, arguments, "another-c4n4ry-key")
            .wait()
            .expect(1);
        assert_eq!(outcome.error_code(), "STORAGE");
    }
    assert_eq!(
        home.run(&["credential", "print"]).expect(0).stdout.trim(),
        KEY
    );
}

#[test]
fn a_broken_pipe_is_not_a_failure() {
    let home = TestHome::new();
    for arguments in [
        &["--help"][..],
        &["completions", "bash"],
        &["profile", "list"],
        &["profile", "list", "--json"],
        &["profile", "list"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = home
            .command(arguments)
            .stdin(Stdio::null())
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(
            ended.status.code(),
            Some(0),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&ended.stderr)
        );
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{arguments:?}");
    }
}

#[test]
fn closed_standard_streams_do_not_cause_a_panic() {
    let home = TestHome::new();
    for closed in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
        for (arguments, code) in [
            (&["profile", "list"][..], 0),
            (&["--version"], 0),
            (&["whoami"], 4),
            (&["fly"], 2),
        ] {
            let program = home.command(arguments);
            let mut command = Command::new("/bin/sh");
            command
                .arg("-c")
                .arg(format!("exec \"$@\" {closed}"))
                .arg("sh")
                .arg(program.get_program())
                .args(arguments);
            command.env_clear().envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
            command.current_dir(home.work());
            let outcome = home.start_command(&mut command, arguments, "").wait();
            assert_eq!(outcome.code, Some(code), "{closed}: {outcome}");
            assert!(!outcome.stderr.contains("panicked"), "{closed}: {outcome}");
        }
    }
}

#[test]
fn a_credential_file_that_others_can_read_is_rejected_with_the_command_that_fixes_it() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    let file = credential_file(&home);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let outcome = home.run(&["credential", "print", "--json"]).expect(1);
    assert_eq!(outcome.error_code(), "STORAGE");
    assert!(outcome.stdout.contains("chmod 600"), "{outcome}");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    home.run(&["credential", "print"]).expect(0);
}

#[test]
fn a_corrupt_file_is_reported_and_login_and_logout_still_work() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    let file = credential_file(&home);
    std::fs::write(&file, "{\"half").unwrap();
    let outcome = home.run(&["credential", "print", "--json"]).expect(1);
    assert!(
        outcome
            .stdout
            .contains(file.file_name().unwrap().to_str().unwrap()),
        "{outcome}"
    );
    home.run(&["--version"]).expect(0);
    home.run(&["--help"]).expect(0);
    home.run(&["logout"]).expect(0);
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    assert_eq!(
        home.run(&["credential", "print"]).expect(0).stdout.trim(),
        KEY
    );
}

#[test]
fn a_symlinked_credential_file_is_not_followed() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    let file = credential_file(&home);
    let elsewhere = home.path().join("elsewhere.json");
    std::fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    let outcome = home.run(&["credential", "print", "--json"]).expect(1);
    assert_eq!(outcome.error_code(), "STORAGE");
    assert!(outcome.stdout.contains("link"), "{outcome}");
}

fn credential_file(home: &TestHome) -> std::path::PathBuf {
    home.data().join("credentials/brainmaps.json")
}

#[test]
fn secrets_are_read_from_stdin_and_rejected_as_arguments() {
    let home = TestHome::new();
    home.run(&["login", "--with-token", "--no-verify", KEY])
        .expect(2);
    home.run_with_input(&["login", "--with-token", "--no-verify"], "")
        .expect(2);
    home.run_with_input(
        &["login", "--with-token", "--no-verify"],
        &format!("{KEY}\r\n"),
    )
    .expect(0);
    assert_eq!(
        home.run(&["credential", "print", "--header"])
            .expect(0)
            .stdout
            .trim(),
        format!("Authorization: Token {KEY}")
    );
}

#[test]
fn credential_precedence_is_environment_dotenv_stored() {
    let mut home = TestHome::new();
    let printed = |home: &TestHome| {
        home.run(&["credential", "print"])
            .expect(0)
            .stdout
            .trim()
            .to_owned()
    };
    home.run_with_input(
        &["login", "--with-token", "--no-verify"],
        "stored-c4n4ry-key",
    )
    .expect(0);
    assert_eq!(printed(&home), "stored-c4n4ry-key");
    let file = home.work().join(".env");
    std::fs::write(&file, "BRAINMAPS_API_KEY=file-c4n4ry-key\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(printed(&home), "file-c4n4ry-key");
    home.set("BRAINMAPS_API_KEY", "variable-c4n4ry-key");
    assert_eq!(printed(&home), "variable-c4n4ry-key");
}

#[test]
fn no_prompt_is_shown_without_a_terminal() {
    let mut home = TestHome::new();
    home.set("CI", "true");
    let outcome = home.run(&[
        "login",
        "--no-input",
        "--password",
        "--username",
        "demo@brainmaps.test",
        "--json",
    ]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
}

#[test]
fn a_switch_that_is_neither_on_nor_off_is_a_usage_error() {
    for name in ["BRAINMAPS_SANDBOX", "BRAINMAPS_NO_INPUT"] {
        let mut home = TestHome::new();
        home.set(name, "maybe");
        let outcome = home.run(&["profile", "list"]).expect(2);
        assert!(outcome.stderr.contains(name), "{outcome}");
        assert!(
            outcome.stderr.contains("hint: set it to 1 or 0"),
            "{outcome}"
        );
        let mut home = TestHome::new();
        home.set(name, "No");
        home.run(&["profile", "list"]).expect(0);
    }
}

#[test]
fn errors_about_values_name_the_expected_form() {
    let home = TestHome::new();
    for (arguments, expected) in [
        (
            &["token", "list", "--limit", "0"][..],
            "expected a whole number from 1",
        ),
        (
            &["token", "list", "--limit", "99999999999999999999"],
            "expected a whole number from 1",
        ),
        (
            &["token", "list", "--offset", "x"],
            "expected a whole number",
        ),
        (
            &["token", "create", "ci", "--expires-in", "90"],
            "expected a duration with a unit, such as 90s, 5m, 2h, 14d or 2w",
        ),
        (
            &["token", "create", "ci", "--expires-in", "0h"],
            "expected a lifetime, such as 90d, 2w or 12h",
        ),
        (
            &["credential", "print", "--min-ttl", "soon"],
            "expected a duration with a unit, such as 90s, 5m, 2h, 14d or 2w",
        ),
        (
            &["config", "set", "audit.max_age", "180"],
            "expected a duration with a unit, such as 90s, 5m, 2h, 14d or 2w",
        ),
        (&["config", "get"], "missing required argument: <KEY>"),
    ] {
        let outcome = home.run(arguments).expect(2);
        let first = outcome.stderr.lines().next().unwrap();
        assert!(first.ends_with(expected), "{outcome}");
    }
}

#[test]
fn verbose_can_be_repeated() {
    TestHome::new().run(&["-vvv", "profile", "list"]).expect(0);
}

#[test]
fn help_explains_topics_and_the_commands_of_groups() {
    let home = TestHome::new();
    for (arguments, expected) in [
        (&["help", "global"][..], "--profile NAME"),
        (&["help", "environment"], "BRAINMAPS_CA_CERT"),
        (&["help", "exit-codes"], "7  NOT_FOUND\n      HTTP 404"),
        (&["help", "json"], "verification_uri_complete"),
        (
            &["help", "token", "create"],
            "Usage: brainmaps token create",
        ),
        (
            &["token", "help", "create"],
            "Usage: brainmaps token create",
        ),
        (&["token", "help"], "Usage: brainmaps token <COMMAND>"),
        (&["help"], "Usage: brainmaps [OPTIONS] <COMMAND>"),
    ] {
        let outcome = home.run(arguments).expect(0);
        assert!(outcome.stdout.contains(expected), "{outcome}");
        assert_eq!(outcome.stderr, "");
    }
    let unknown = home.run(&["help", "fly"]).expect(2);
    assert!(unknown.stderr.contains("exit-codes, json"), "{unknown}");
    let listed = home.run(&["help", "topics"]).expect(0).stdout;
    let parent = home.run(&["help", "--help"]).expect(0).stdout;
    for line in listed.lines() {
        let topic = line.split(' ').next().unwrap();
        assert!(
            unknown.stderr.contains(topic) && parent.contains(topic),
            "{line}"
        );
        let text = home.run(&["help", topic]).expect(0).stdout;
        let lines = text.lines().filter(|line| !line.starts_with("    "));
        let text: Vec<&str> = lines.collect();
        let text = text.join("\n");
        let after_see = text.split("see ").skip(1);
        let is_resolved = |rest: &str| {
            ["brainmaps help ", "Times", "a "]
                .iter()
                .any(|start| rest.starts_with(start))
        };
        let dangling: Vec<&str> = after_see.filter(|rest| !is_resolved(rest)).collect();
        assert!(dangling.is_empty(), "{topic}: {dangling:?}");
        assert!(
            !text.contains("](") && !text.contains(".md"),
            "{topic}: {text}"
        );
    }
}

#[test]
fn examples_stay_on_one_line_and_only_close_commands_are_suggested() {
    let mut home = TestHome::new();
    home.set("COLUMNS", "40");
    for arguments in [
        &["token", "list", "--help"][..],
        &["help", "token", "list"],
        &["token", "help", "list"],
    ] {
        let help = home.run(arguments).expect(0).stdout;
        let example =
            "  brainmaps token list --name 'ci-*' -q | xargs -r brainmaps token revoke -y\n";
        assert!(help.contains(example), "{help}");
        assert!(help.is_ascii(), "{help}");
    }
    let bogus = home.run(&["bogus"]).expect(2);
    assert!(!bogus.stderr.contains("similar"), "{bogus}");
    let close = home.run(&["lgoin"]).expect(2);
    assert!(close.stderr.contains("'login'"), "{close}");
}

#[test]
fn manual_pages_show_values_and_keep_examples_line_by_line() {
    let home = TestHome::new();
    let page = home.run(&["man"]).expect(0).stdout;
    for section in [
        "ENVIRONMENT",
        "FILES",
        "EXIT STATUS",
        "EXAMPLES",
        "GLOBAL OPTIONS",
    ] {
        assert!(
            page.contains(&format!(".SH \"{section}\"\n"))
                || page.contains(&format!(".SH {section}\n")),
            "{section}: {page}"
        );
    }
    let out = home.path().join("man1");
    home.run(&["man", "--out", out.to_str().unwrap()]).expect(0);
    let page = std::fs::read_to_string(out.join("brainmaps-token-create.1")).unwrap();
    assert!(
        page.contains("\\-\\-expires\\-in\\fR \\fITIME\\fR"),
        "{page}"
    );
    let examples = ".nf\nbrainmaps token create \"nightly build\"\nbrainmaps token create ci ";
    assert!(page.replace('\\', "").contains(examples), "{page}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn without_input_only_a_named_device_login_waits_for_an_approval() {
    let server = AuthorizationServerScript {
        token: Box::new(|_| ScriptedResponse::json(400, &json!({ "error": "access_denied" }))),
        ..AuthorizationServerScript::default()
    }
    .serve();
    let mut home = TestHome::new();
    home.set("CI", "true").set("BRAINMAPS_API_URL", &server.url);
    let outcome = home.run(&["login"]).expect(2);
    assert!(
        outcome.stderr.contains("cannot wait for an approval"),
        "{outcome}"
    );
    assert!(
        outcome.stderr.contains("brainmaps login --device"),
        "{outcome}"
    );
    let with_issuer = ["login", "--issuer", &server.url, "--client-id", "native"];
    let outcome = home.run(&with_issuer).expect(2);
    let hint = "to wait anyway, add --device or --browser; for a program: `brainmaps login --client-credentials`";
    assert!(outcome.stderr.contains(hint), "{outcome}");
    home.run(&["login", "--device"]).expect(3);
}

#[test]
fn several_names_or_values_get_the_hint_to_quote_one_with_spaces() {
    let home = TestHome::new();
    for (arguments, hint) in [
        (
            &["token", "create", "nightly", "build"][..],
            "one name is expected; quote a name with spaces: `brainmaps token create \"nightly build\"`",
        ),
        (
            &["config", "set", "audit.allow_scope", "a,", "b"],
            "one value is expected; quote a value with spaces",
        ),
    ] {
        let outcome = home.run(arguments).expect(2);
        for text in ["unexpected argument at position", hint] {
            assert!(outcome.stderr.contains(text), "{outcome}");
        }
    }
}

#[test]
fn a_key_as_an_argument_of_login_gets_a_hint_how_to_store_it() {
    let home = TestHome::new();
    let outcome = home.run(&["login", "hidden-c4n4ry"]).expect(2);
    for text in [
        "unexpected argument at position 2",
        "keys are not arguments",
        "`brainmaps login --with-token < FILE`",
    ] {
        assert!(outcome.stderr.contains(text), "{outcome}");
    }
    assert!(!outcome.stderr.contains("hidden"), "{outcome}");
}
