//! The program on a terminal, provided by `script` (bsdutils).

use std::{os::unix::fs::PermissionsExt, process::Command};

use crate::support::{
    process::{RunningProcess, wait_until},
    scripted_server::{AuthorizationServerScript, ScriptedResponse, ScriptedServer, device_login},
    test_home::{RunningCommand, TestHome},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

const KEY: &str = "key-c4n4ry-of-a-test";

/// Runs a command on a terminal of 100 columns, with this input.
pub(crate) fn on_a_terminal(home: &TestHome, arguments: &[&str], typed: &str) -> RunningCommand {
    redirected_on_a_terminal(home, arguments, "", typed)
}

/// As [`on_a_terminal`]; `redirection` is in the shell's syntax.
fn redirected_on_a_terminal(
    home: &TestHome,
    arguments: &[&str],
    redirection: &str,
    typed: &str,
) -> RunningCommand {
    let program = home.command(arguments);
    let words: Vec<_> = [program.get_program().to_str().unwrap()]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    let line: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    let mut command = Command::new("/usr/bin/script");
    command.args([
        "-qefc",
        &format!(
            "/usr/bin/stty cols 100 rows 40; exec {} {redirection}",
            line.join(" ")
        ),
        "/dev/null",
    ]);
    command.env_clear().envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .env("TERM", "xterm-256color")
        .env("SHELL", "/bin/sh")
        .current_dir(home.work());
    home.start_command(&mut command, arguments, typed)
}

/// A service with one token, which counts its revocations.
fn service() -> ScriptedServer {
    ScriptedServer::start(|received, _| {
        if received.path.ends_with("/revoke/") {
            return ScriptedResponse::json(200, &json!({ "status": "token revoked" }));
        }
        ScriptedResponse::json(
            200,
            &json!({ "results": [{ "id": "7", "name": "nightly", "created_at": "2026-01-01T00:00:00Z", "expires_at": null, "is_revoked": false }] }),
        )
    })
}

#[test]
fn revoke_asks_for_confirmation_on_a_terminal() {
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    for (typed, revoked) in [("n\n", 0), ("\n", 0), ("y\n", 1)] {
        let ended = on_a_terminal(&home, &["token", "revoke", "7"], typed).wait();
        assert!(ended.stdout.contains('?'), "a question: {ended}");
        assert_eq!(
            server.count("/api/tokens/7/revoke/"),
            revoked,
            "{typed:?}: {ended}"
        );
    }
}

#[test]
fn a_question_that_cannot_be_shown_is_a_usage_error() {
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    let revoke = |more: &[&str]| {
        let arguments = [&["token", "revoke", "7"], more].concat();
        redirected_on_a_terminal(&home, &arguments, "2>errors", "y\n").wait()
    };
    revoke(&[]).expect(2);
    let errors = std::fs::read_to_string(home.work().join("errors")).unwrap();
    assert!(errors.contains("cannot ask for confirmation"), "{errors}");
    assert!(errors.contains("add --yes"), "{errors}");
    assert_eq!(server.count("/api/tokens/7/revoke/"), 0);
    revoke(&["--yes"]).expect(0);
    assert_eq!(server.count("/api/tokens/7/revoke/"), 1);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc8628_3_3_a_login_on_a_terminal_prints_code_url_and_remaining_time() {
    let server = AuthorizationServerScript {
        token: Box::new(|_| ScriptedResponse::json(400, &json!({ "error": "access_denied" }))),
        ..AuthorizationServerScript::default()
    }
    .serve();
    let home = TestHome::new();
    let arguments = [&device_login(&server.url)[..], &["--no-browser", "--qr"]].concat();
    let ended = on_a_terminal(&home, &arguments, "").wait().expect(3);
    assert!(ended.stdout.contains("WDJB-MJHT"), "{ended}");
    assert!(
        ended.stdout.contains(&format!("{}/device", server.url)),
        "{ended}"
    );
    assert!(
        ended.stdout.contains('█') || ended.stdout.contains('▀'),
        "a QR code: {ended}"
    );
    // The code fills a small terminal.
    let after = ended.stdout.rsplit(['█', '▀', '▄']).next().unwrap();
    assert!(after.contains("Enter code"), "{ended}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_browser_is_opened_at_the_verification_url_and_its_output_is_not_printed() {
    let server = AuthorizationServerScript::default().serve();
    let home = TestHome::new();
    let opened = home.path().join("opened");
    let browser = home.path().join("bin/xdg-open");
    let script = format!(
        "#!/bin/sh\necho noise; echo noise >&2; echo \"$@\" > {}\n",
        opened.display()
    );
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = device_login(&server.url);
    let mut home = home;
    // As in a graphical session.
    home.set("DISPLAY", ":99");
    let ended = on_a_terminal(&home, &arguments, "").wait().expect(0);
    assert!(!ended.stdout.contains("noise"), "{ended}");
    assert_eq!(
        std::fs::read_to_string(opened).unwrap().trim(),
        format!("{}/device", server.url)
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_browser_variable_is_a_list_of_commands_with_arguments() {
    let server = AuthorizationServerScript::default().serve();
    let mut home = TestHome::new();
    let opened = home.path().join("opened");
    let script = home.path().join("bin/my-browser");
    let text = format!("#!/bin/sh\necho \"$@\" > {}\n", opened.display());
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let list = "no-such-browser:my-browser --new-tab %s --quiet";
    let login = device_login(&server.url);
    home.set("BROWSER", list);
    on_a_terminal(&home, &login, "").wait().expect(0);
    let arguments = std::fs::read_to_string(&opened).unwrap();
    assert_eq!(
        arguments,
        format!("--new-tab {}/device --quiet\n", server.url)
    );
    home.set("BROWSER", "none").set("DISPLAY", ":99");
    let again = [&login[..], &["--replace"]].concat();
    let ended = on_a_terminal(&home, &again, "").wait().expect(0);
    assert!(ended.stdout.contains("Cannot open a browser"), "{ended}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_continues_without_a_browser() {
    let server = AuthorizationServerScript::default().serve();
    let home = TestHome::new();
    let arguments = device_login(&server.url);
    on_a_terminal(&home, &arguments, "").wait().expect(0);
    home.run(&["credential", "print"]).expect(0);
}

/// A shell on a terminal that prints the program's process id, runs it until `prompt`, and then prints its exit status
/// and whether echo is on.
pub(crate) fn run_until_prompt(home: &TestHome, arguments: &str, prompt: &str) -> RunningProcess {
    let program = home.command(&[]);
    let line = format!(
        "trap : INT; sh -c 'echo pid $$; exec \"$0\" \"$@\"' '{}' {arguments}; echo status $?; stty -a | tr ' ' '\\n' | grep -x -e echo -e -echo",
        program.get_program().to_str().unwrap()
    );
    let mut command = Command::new("/usr/bin/script");
    command
        .args(["-qefc", &line, "/dev/null"])
        .env_clear()
        .current_dir(home.work());
    command.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh");
    let running = RunningProcess::with_stdin(&mut command);
    running.wait_for_text(prompt);
    running
}

/// Presses Ctrl-C at a prompt: the program exits with 130 and restores echo. `typed` are the responses to earlier prompts, each
/// with the prompt that follows.
pub(crate) fn interrupt_at_prompt(
    home: &TestHome,
    arguments: &str,
    prompt: &str,
    typed: &[(&str, &str)],
) {
    let mut running = run_until_prompt(home, arguments, prompt);
    for (answer, next) in typed {
        running.type_text(answer);
        running.wait_for_text(next);
    }
    running.type_text("\u{3}");
    let ended = running.wait();
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines.contains(&"status 130"), "{arguments}: {ended:?}");
    assert!(lines.contains(&"echo"), "{arguments}: {ended:?}");
}

fn run_until_key_prompt(home: &TestHome) -> RunningProcess {
    run_until_prompt(home, "login --with-token --no-verify", "API key")
}

#[test]
fn a_signal_at_any_prompt_exits_with_130_and_restores_echo() {
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    let password = "--profile neuroio login";
    let by_name = format!("{password} --username alice");
    for (arguments, prompt) in [
        ("login --with-token", "API key"),
        ("token revoke 7", "[y/N]"),
        (password, "User name"),
        (&by_name, "Password"),
    ] {
        for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
            let running = run_until_prompt(&home, arguments, prompt);
            let pid = running.wait_for_line(|line| line.trim().strip_prefix("pid ")?.parse().ok());
            kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
            let ended = running.wait();
            let lines: Vec<_> = ended.stdout.lines().collect();
            assert!(lines.contains(&"status 130"), "{arguments}: {ended:?}");
            assert!(lines.contains(&"echo"), "{arguments}: {ended:?}");
        }
    }
    assert_eq!(server.count("/api/tokens/7/revoke/"), 0);
}

/// The terminal of the login must not show the key that it stored.
fn expect_stored_key(home: &TestHome, login: RunningProcess) {
    let ended = login.wait();
    assert!(ended.stdout.contains("status 0"), "{ended:?}");
    home.record()
        .output("the terminal of login --with-token", ended.stdout);
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), KEY);
}

#[test]
fn a_key_typed_on_a_terminal_is_not_echoed() {
    let home = TestHome::new();
    let mut login = run_until_key_prompt(&home);
    login.type_text(&format!("{KEY}\n"));
    expect_stored_key(&home, login);
}

#[test]
fn what_is_typed_after_ctrl_z_is_not_part_of_the_key() {
    let home = TestHome::new();
    let mut login = run_until_key_prompt(&home);
    // The shell has no job control, so that nothing stops.
    login.type_text("\u{1a}a command for the shell\n");
    login.wait_for_text("API key: \u{1b}[0m\u{1b}[1mAPI key: ");
    login.type_text(&format!("{KEY}\n"));
    expect_stored_key(&home, login);
}

#[test]
fn ctrl_c_at_the_key_prompt_restores_echo() {
    let home = TestHome::new();
    let mut login = run_until_key_prompt(&home);
    login.type_text("half of a key\u{3}");
    let ended = login.wait();
    assert!(ended.stdout.contains("status 130"), "{ended:?}");
    assert!(ended.stdout.lines().any(|line| line == "echo"), "{ended:?}");
    assert!(!ended.stdout.contains("half of"), "{ended:?}");
}

#[test]
fn an_interrupted_login_exits_with_130_and_stores_nothing() {
    let server = AuthorizationServerScript {
        token: Box::new(|_| {
            ScriptedResponse::json(400, &json!({ "error": "authorization_pending" }))
        }),
        ..AuthorizationServerScript::default()
    }
    .serve();
    let home = TestHome::new();
    let arguments = [&device_login(&server.url)[..], &["--no-browser", "--json"]].concat();
    let login = home.start(&arguments);
    login
        .running
        .wait_for_stderr_line(|line| line.contains("device_code").then_some(()));
    login.running.signal(Signal::INT);
    assert_eq!(login.wait().expect(130).error_code(), "INTERRUPTED");
    let after = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(after.error_code(), "LOGIN_REQUIRED");
}

#[test]
fn an_interrupted_revocation_reports_the_state_of_each_token() {
    let (hang, hangs) = std::sync::mpsc::channel::<()>();
    let hangs = std::sync::Mutex::new(hangs);
    let server = ScriptedServer::start(move |received, _| {
        if received.path.starts_with("/api/tokens/x") {
            let _ = hangs.lock().unwrap().recv();
        }
        ScriptedResponse::json(200, &json!({ "status": "token revoked" }))
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    let gone = ["1", "2", "3"];
    let hanging = ["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"];
    let left = ["4", "5"];
    let ids = || gone.iter().chain(&hanging).chain(&left).copied();
    for json in [true, false] {
        let before = server.received().len();
        let mut arguments = vec!["token", "revoke", "--yes"];
        arguments.extend(json.then_some("--json"));
        arguments.extend(ids());
        let revoke = home.start(&arguments);
        let count = before + gone.len() + hanging.len();
        wait_until("the requests", || server.received().len() >= count);
        revoke.running.signal(Signal::TERM);
        let ended = revoke.wait().expect(130);
        if json {
            assert_eq!(ended.error_code(), "INTERRUPTED");
            let printed = ended.json()["results"].clone();
            let printed = printed.as_array().unwrap().iter();
            let printed: Vec<_> = printed.map(|one| one["revoked"].as_bool()).collect();
            let expected = [vec![Some(true); 3], vec![None; 8], vec![Some(false); 2]];
            assert_eq!(printed, expected.concat(), "{ended}");
        } else {
            let sum = "3 revoked, 0 failed, 8 unknown, 2 not sent";
            assert!(ended.stdout.contains(sum), "{ended}");
            assert!(ended.stderr.contains("x8: "), "{ended}");
        }
    }
    drop(hang);
}

#[test]
fn an_interrupted_change_is_reported_as_possibly_done_with_a_hint() {
    let (hang, hangs) = std::sync::mpsc::channel::<()>();
    let hangs = std::sync::Mutex::new(hangs);
    let server = ScriptedServer::start(move |_, _| {
        let _ = hangs.lock().unwrap().recv();
        ScriptedResponse::json(200, &json!({}))
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("NEUROIO_API_KEY", KEY);
    let commands: [&[&str]; 2] = [
        &["token", "create", "ci", "--json"],
        &[
            "--profile",
            "neuroio",
            "token",
            "revoke",
            "--all",
            "--yes",
            "--json",
        ],
    ];
    for command in commands {
        let before = server.received().len();
        let arguments = [&["--api-url", &server.url], command].concat();
        let running = home.start(&arguments);
        wait_until("a request", || server.received().len() > before);
        running.running.signal(Signal::INT);
        let ended = running.wait().expect(130);
        assert_eq!(ended.error_code(), "INTERRUPTED");
        let hint = ended.json()["error"]["hint"].to_string();
        assert!(
            hint.contains("may have") && hint.contains("token list"),
            "{ended}"
        );
    }
    drop(hang);
}

#[test]
fn revoke_does_not_ask_for_confirmation_without_a_credential() {
    let home = TestHome::new();
    for arguments in [
        &["token", "revoke", "nope"][..],
        &["--profile", "basic-memory", "token", "revoke", "nope"],
    ] {
        let ended = on_a_terminal(&home, arguments, "").wait().expect(4);
        assert!(!format!("{ended}").contains("[y/N]"), "{ended}");
    }
}
