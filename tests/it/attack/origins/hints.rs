//! Hints name the server of the failed command, and a sandbox login that does not change a real profile.

use rustix::process::Signal;

use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

#[test]
fn hints_repeat_the_api_url() {
    let server = ScriptedServer::start(|_, _| ScriptedResponse::html(404));
    let home = TestHome::new();
    let outcome = home.run(&["--api-url", &server.url, "whoami"]).expect(4);
    let hint = format!("`brainmaps --api-url {} login`", server.url);
    assert!(outcome.stderr.contains(&hint), "{outcome}");
}

#[test]
fn api_url_and_sandbox_exclude_each_other() {
    let mut home = TestHome::new();
    let url = ["--api-url", "http://localhost:1", "whoami", "--json"];
    for arguments in [
        [&["--sandbox"], &url[..]].concat(),
        [&url[..], &["--sandbox"]].concat(),
    ] {
        let outcome = home.run(&arguments).expect(2);
        assert_eq!(outcome.error_code(), "USAGE");
    }
    home.set("BRAINMAPS_SANDBOX", "1");
    let outcome = home.run(&url).expect(2);
    assert_eq!(outcome.error_code(), "USAGE");
}

#[test]
fn the_sandbox_prints_a_login_command_that_does_not_change_real_profiles() {
    let rows: [(&[&str], bool, bool); 3] = [
        (&["--port", "0"], false, true),
        (&["--port", "0", "--memory"], false, true),
        (&["--port", "0", "--auto-approve"], false, true),
    ];
    for (more, by_state, by_url) in rows {
        let home = TestHome::new();
        let serve = [&["sandbox", "serve"], more].concat();
        let served = home.start(&serve);
        served
            .running
            .wait_for_stderr_line(|line| line.contains("press Ctrl-C to stop").then_some(()));
        served.running.signal(Signal::INT);
        let outcome = served.wait().expect(0);
        let printed = &outcome.stderr;
        assert_eq!(
            printed.contains("brainmaps --sandbox login"),
            by_state,
            "{outcome}"
        );
        assert_eq!(
            printed.contains("profile add sandbox-"),
            by_url,
            "{outcome}"
        );
        let risky = printed.lines().any(|line| {
            line.contains("--api-url")
                && line.trim_end().ends_with(" login")
                && !line.contains("--profile sandbox-")
        });
        assert!(!risky, "{outcome}");
    }
}
