//! The program on a terminal, which `script` (bsdutils, always there on Debian) plays.

use std::{os::unix::fs::PermissionsExt, process::Command};

use crate::support::{
    journey::{Journey, Underway},
    process::Running,
    scripted_server::{Reply, Scripted, ScriptedServer},
};

use serde_json::json;

const KEY: &str = "key-c4n4ry-of-a-test";

/// Runs a command on a terminal of 100 columns, with what a person types.
pub(crate) fn on_a_terminal(journey: &Journey, arguments: &[&str], typed: &str) -> Underway {
    let program = journey.command(arguments);
    let words: Vec<_> = [program.get_program().to_str().unwrap()]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    let line: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    let mut command = Command::new("/usr/bin/script");
    command.args([
        "-qefc",
        &format!("stty cols 100 rows 40; exec {}", line.join(" ")),
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
        .current_dir(journey.work());
    journey.start_command(&mut command, arguments, typed)
}

/// A service with one token, which counts how often it was revoked.
fn service() -> ScriptedServer {
    ScriptedServer::start(|asked, _| {
        if asked.path.ends_with("/revoke/") {
            return Reply::json(200, &json!({ "status": "token revoked" }));
        }
        Reply::json(
            200,
            &json!({ "results": [{ "id": "7", "name": "nightly", "created_at": "2026-01-01T00:00:00Z", "expires_at": null, "is_revoked": false }] }),
        )
    })
}

#[test]
fn revoking_asks_on_a_terminal_and_only_yes_is_yes() {
    let server = service();
    let mut journey = Journey::new();
    journey
        .set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    for (typed, revoked) in [("n\n", 0), ("\n", 0), ("y\n", 1)] {
        let ended = on_a_terminal(&journey, &["token", "revoke", "7"], typed).wait();
        assert!(ended.stdout.contains('?'), "a question: {ended}");
        assert_eq!(
            server.count("/api/tokens/7/revoke/"),
            revoked,
            "{typed:?}: {ended}"
        );
    }
}

#[test]
fn a_login_on_a_terminal_shows_code_address_and_time_left_and_a_qr_code_when_asked() {
    let server = Scripted {
        token: Box::new(|_| Reply::json(400, &json!({ "error": "access_denied" }))),
        ..Scripted::default()
    }
    .serve();
    let journey = Journey::new();
    let arguments = [
        "login",
        "--device",
        "--issuer",
        &server.url,
        "--client-id",
        "native",
        "--no-browser",
        "--qr",
    ];
    let ended = on_a_terminal(&journey, &arguments, "").wait().expect(3);
    assert!(ended.stdout.contains("WDJB-MJHT"), "{ended}");
    assert!(
        ended.stdout.contains(&format!("{}/device", server.url)),
        "{ended}"
    );
    assert!(
        ended.stdout.contains('█') || ended.stdout.contains('▀'),
        "a QR code: {ended}"
    );
}

#[test]
fn the_browser_is_opened_at_the_address_of_the_server_and_nothing_of_it_is_printed() {
    let server = Scripted::default().serve();
    let journey = Journey::new();
    let opened = journey.home().join("opened");
    let browser = journey.home().join("bin/xdg-open");
    let script = format!(
        "#!/bin/sh\necho noise; echo noise >&2; echo \"$@\" > {}\n",
        opened.display()
    );
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = [
        "login",
        "--device",
        "--issuer",
        &server.url,
        "--client-id",
        "native",
    ];
    let mut journey = journey;
    // Where a person sits at a screen.
    journey.set("DISPLAY", ":99");
    let ended = on_a_terminal(&journey, &arguments, "").wait().expect(0);
    assert!(!ended.stdout.contains("noise"), "{ended}");
    assert_eq!(
        std::fs::read_to_string(opened).unwrap().trim(),
        format!("{}/device", server.url)
    );
}

#[test]
fn where_no_browser_is_found_the_login_goes_on() {
    let server = Scripted::default().serve();
    let journey = Journey::new();
    let arguments = [
        "login",
        "--device",
        "--issuer",
        &server.url,
        "--client-id",
        "native",
    ];
    on_a_terminal(&journey, &arguments, "").wait().expect(0);
    journey.run(&["credential", "print"]).expect(0);
}

#[test]
fn a_key_typed_on_a_terminal_is_not_echoed() {
    let journey = Journey::new();
    let mut command = Command::new("/usr/bin/script");
    let program = journey.command(&[]);
    let line = format!(
        "exec '{}' login --with-token",
        program.get_program().to_str().unwrap()
    );
    command.args(["-qefc", &line, "/dev/null"]);
    command.env_clear().envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .current_dir(journey.work());
    let mut login = Running::with_stdin(&mut command);
    login.wait_for_text("API key");
    login.type_text(&format!("{KEY}\n"));
    let ended = login.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    journey
        .record()
        .output("the terminal of login --with-token", ended.stdout);
    assert_eq!(
        journey
            .run(&["credential", "print"])
            .expect(0)
            .stdout
            .trim(),
        KEY
    );
}
