//! `exec --broker`: a child with the URL of a proxy instead of the credential.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use super::{KEY, with_service};
use crate::support::process::wait_until;
use crate::support::scripted_server::ScriptedServer;
use crate::support::test_home::{CommandResult, TestHome};

const SH: &str = "/bin/sh";
const PROGRAM: &str = env!("CARGO_BIN_EXE_brainmaps");

fn broker(home: &TestHome, options: &[&str], script: &str) -> CommandResult {
    let arguments = [&["exec", "--broker"], options, &["--", SH, "-c", script]].concat();
    home.run(&arguments)
}

/// A script that sends a request to the URL in this variable; bash has TCP connections of its own.
fn request(variable: &str) -> String {
    format!(
        "exec /bin/bash -c 'rest=${{{variable}#http://}}; host=${{rest%%/*}}; port=${{host#*:}}; \
         exec 3<>/dev/tcp/127.0.0.1/$port && \
         printf \"GET /%s/x HTTP/1.1\\r\\nhost: %s\\r\\nauthorization: Bearer %s\\r\\nconnection: close\\r\\n\\r\\n\" \
         \"${{rest#*/}}\" \"$host\" \"$BRAINMAPS_API_KEY\" >&3 && /bin/cat <&3'"
    )
}

fn authorizations(server: &ScriptedServer) -> Vec<String> {
    let received = server.received();
    let values = received
        .iter()
        .map(|it| it.header("authorization").unwrap_or_default().to_owned());
    values.collect()
}

#[test]
fn the_child_has_a_url_and_a_placeholder_and_the_service_gets_the_credential() {
    let (server, home) = with_service();
    let outcome = broker(&home, &[], &request("BRAINMAPS_API_URL")).expect(0);
    assert!(outcome.stdout.starts_with("HTTP/1.1 200 "), "{outcome}");
    assert_eq!(authorizations(&server), [format!("Token {KEY}")]);
    assert!(outcome.stderr.starts_with("GET /x 200 11 "), "{outcome}");
    // The harness checks that no output has the key.
    let all = broker(
        &home,
        &[],
        "/usr/bin/env; /bin/cat /proc/self/environ /proc/$PPID/cmdline",
    )
    .expect(0);
    assert!(
        all.stdout
            .contains("BRAINMAPS_API_KEY=brainmaps-broker-placeholder\n"),
        "{all}"
    );
    assert!(
        all.stdout
            .contains("BRAINMAPS_EXEC=brainmaps:BRAINMAPS_API_URL:BRAINMAPS_API_KEY\n")
    );
    let arguments = all
        .stdout
        .split('\0')
        .skip_while(|it| !it.ends_with("brainmaps"));
    let arguments = arguments.collect::<Vec<_>>().join(" ");
    assert!(
        arguments.contains("exec --broker") && !arguments.contains("http://"),
        "{arguments}"
    );
}

#[test]
fn variables_can_be_named_and_an_inherited_key_is_replaced() {
    let (server, mut home) = with_service();
    home.set("BRAINMAPS_API_KEY", "inherited-c4n4ry-key");
    let options = ["--url-env", "A_URL", "--url-env", "B_URL", "--env", "A_KEY"];
    let script = format!(
        "test \"$A_URL\" = \"$B_URL\" && test \"$A_KEY\" = brainmaps-broker-placeholder && \
         test \"$BRAINMAPS_API_KEY\" = brainmaps-broker-placeholder && \
         test \"$BRAINMAPS_API_URL\" = '{}' && {}",
        server.url,
        request("A_URL")
    );
    broker(&home, &options, &script).expect(0);
    assert_eq!(authorizations(&server), ["Token inherited-c4n4ry-key"]);
}

#[test]
fn exit_status_is_that_of_the_command_or_128_and_its_signal() {
    let (_server, home) = with_service();
    broker(&home, &[], "exit 42").expect(42);
    broker(&home, &[], "kill -TERM $$").expect(143);
    broker(&home, &[], "kill -PIPE $$; exit 1").expect(141);
    let not_found = home
        .run(&["exec", "--broker", "--", "no-such-command"])
        .expect(127);
    assert!(
        not_found.stderr.contains("cannot run \"no-such-command\""),
        "{not_found}"
    );
    home.run(&["exec", "--broker", "--", "/"]).expect(126);
    let script = home.work().join("script");
    fs::write(&script, "exit 7\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    home.run(&["exec", "--broker", "--", script.to_str().unwrap()])
        .expect(7);
}

#[test]
fn command_does_not_run_without_a_credential_or_with_conflicting_options() {
    let command = ["--", SH, "-c", "echo ran"];
    let without = TestHome::new()
        .run(&[&["exec", "--broker"], &command[..]].concat())
        .expect(4);
    assert!(without.stderr.contains("brainmaps login"), "{without}");
    let (_server, home) = with_service();
    for options in [
        &["--broker", "--fd", "F"][..],
        &["--broker", "--header-fd", "F"],
        &["--broker", "--header-env", "F"],
        &["--broker", "--min-ttl", "1h"],
        &["--url-env", "A"],
        &["--allow", "GET /**"],
        &["--broker", "--allow", "get /"],
        &["--broker", "--url-env", "PATH"],
        &["--broker", "--url-env", "A", "--env", "A"],
    ] {
        let refused = home.run(&[&["exec"], options, &command].concat()).expect(2);
        assert!(!refused.stdout.contains("ran"), "{refused}");
    }
    let json = home
        .run(&[&["--json", "exec", "--broker"], &command[..]].concat())
        .expect(2);
    assert!(json.stdout.contains("--json cannot be used"), "{json}");
}

/// The variables of the child are for its own requests: to this program they are neither a credential nor the service.
#[test]
fn this_program_inside_uses_neither_the_placeholder_nor_the_url() {
    let (server, home) = with_service();
    home.run(&[
        "profile",
        "add",
        "work",
        "--provider",
        "brainmaps",
        "--api-url",
        &server.url,
    ])
    .expect(0);
    let inside =
        |arguments: &[&str]| home.run(&[&["exec", "--broker", "--", PROGRAM], arguments].concat());
    inside(&["whoami"]).expect(0);
    assert_eq!(authorizations(&server), [format!("Token {KEY}")]);
    assert_eq!(
        inside(&["credential", "print"]).expect(0).stdout.trim_end(),
        KEY
    );
    let other = inside(&["--profile", "work", "whoami"]).expect(4);
    assert!(other.stderr.contains("not signed in"), "{other}");
    assert_eq!(server.received().len(), 1);
    let nested = inside(&["exec", "--broker", "--", SH, "-c", "exit 0"]).expect(2);
    assert!(nested.stderr.contains("the URL of a proxy"), "{nested}");
}

#[test]
fn the_proxy_ends_with_the_command_and_with_this_program() {
    let (_server, home) = with_service();
    let port = |url: &str| url.split([':', '/']).nth(4).unwrap().to_owned();
    let is_open = |port: &str| std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_ok();
    // A program in the background outlives the command.
    let outcome = broker(
        &home,
        &[],
        "/bin/sleep 5 >&- 2>&- & echo $BRAINMAPS_API_URL",
    )
    .expect(0);
    assert!(!is_open(&port(outcome.stdout.trim())));
    let script = [
        "exec",
        "--broker",
        "--",
        SH,
        "-c",
        "echo $BRAINMAPS_API_URL $$; exec /bin/sleep 60",
    ];
    let running = home.start(&script);
    let line = running.running.wait_for_line(|line| Some(line.to_owned()));
    let (url, child) = line.split_once(' ').unwrap();
    assert!(is_open(&port(url)));
    running.running.signal(Signal::KILL);
    wait_until("the socket is closed", || !is_open(&port(url)));
    let child = Pid::from_raw(child.parse().unwrap()).unwrap();
    kill_process(child, Signal::KILL).unwrap();
    assert_eq!(running.wait().code, None);
}

#[test]
fn signals_are_passed_on_and_ignored_ones_stay_ignored() {
    let (_server, home) = with_service();
    for (signal, name) in [
        (Signal::TERM, "TERM"),
        (Signal::INT, "INT"),
        (Signal::HUP, "HUP"),
        (Signal::USR1, "USR1"),
        (Signal::QUIT, "QUIT"),
    ] {
        let script = format!(
            "trap 'echo got; exit 5' {name}; echo ready; while :; do /bin/sleep 0.05; done"
        );
        let running = home.start(&["exec", "--broker", "--", SH, "-c", &script]);
        running
            .running
            .wait_for_line(|line| (line == "ready").then_some(()));
        running.running.signal(signal);
        let outcome = running.wait().expect(5);
        assert!(outcome.stdout.contains("got"), "{name}: {outcome}");
    }
    let mut command = home.command(&[]);
    let own =
        format!("trap '' HUP; exec {PROGRAM} exec --broker -- /bin/grep SigIgn /proc/self/status");
    let mut shell = std::process::Command::new(SH);
    shell
        .args(["-c", &own])
        .env_clear()
        .current_dir(home.work());
    shell.envs(
        command
            .stdin(Stdio::null())
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let mask = String::from_utf8(shell.output().unwrap().stdout).unwrap();
    assert!(mask.trim_end().ends_with('1'), "HUP is ignored: {mask}");
}

/// The terminal sends Ctrl-C to the whole foreground group: the command gets it once, and decides.
#[cfg(all(target_os = "linux", feature = "sandbox", feature = "tui"))]
#[test]
#[ignore = "slow: run by ./tests/run"]
fn ctrl_c_on_a_terminal_reaches_the_command_once() {
    use std::io::{Read as _, Write as _};

    use crate::support::process::LIMIT;
    use crate::support::pty::Pty;

    let (_server, home) = with_service();
    let script = "count=0; trap 'count=$((count+1))' INT; echo ready; \
        while test $count = 0; do /bin/sleep 0.05; done; /bin/sleep 0.5; /bin/sleep 0.5; echo count:$count; exit 6";
    let mut command = home.command(&["exec", "--broker", "--", SH, "-c", script]);
    let mut pty = Pty::start(command.stdin(Stdio::null()), (80, 24), |_| {}).unwrap();
    let mut shown = String::new();
    let mut block = [0; 1024];
    let started = std::time::Instant::now();
    while !shown.contains("count:") {
        assert!(started.elapsed() < LIMIT, "{shown}");
        let count = pty.user.read(&mut block).unwrap();
        let before = shown.contains("ready");
        shown += &String::from_utf8_lossy(&block[..count]);
        if !before && shown.contains("ready") {
            pty.user.write_all(b"\x03").unwrap();
        }
    }
    assert!(shown.contains("count:1"), "{shown}");
    assert_eq!(pty.child.wait().unwrap().code(), Some(6));
}
