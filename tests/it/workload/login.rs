//! `login --workload`

use super::{SYSTEMS, assert_no_identity_in_files, home, json, run, run_job};
use crate::support::sandbox::Sandbox;
use crate::support::test_home::{TestHome, expire};

const STORED: &str = "sandbox/credentials/brainmaps.json";

#[test]
fn session_of_every_platform_is_stored_without_the_identity() {
    for system in SYSTEMS {
        for grant in ["token-exchange", "jwt-bearer"] {
            let home = home();
            let login = ["--json", "login", "--workload", "--grant", grant];
            let done = run(&home, &[system], &login);
            assert_eq!(done.code, Some(0), "{system} {grant} {done:?}");
            let result = json(&done);
            assert_eq!(result["kind"], "access_token");
            assert_eq!(result["issuer"], "http://localhost:8000");
            assert_eq!(result["refreshable"], true);
            home.run(&["api", "/api/brains/"]).expect(0);
            assert_no_identity_in_files(home.path());
        }
    }
}

#[test]
fn expired_session_is_refreshed_with_a_new_identity_once_for_all_processes() {
    let home = home();
    let done = run(&home, &["gitlab"], &["login", "--workload"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let file = home.data().join(STORED);
    let read = || std::fs::read_to_string(&file).unwrap();
    expire(&file);
    let before = read();
    let script = format!(
        "for i in 1 2 3 4 5 6 7 8; do {} -v api /api/brains/ & done; wait",
        super::PROGRAM
    );
    let done = run_job(&home, &["gitlab"], &["/bin/sh", "-c", &script]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.stdout.matches("c-elegans-302").count(), 8, "{done:?}");
    let exchanges = done.stderr.matches("/oauth2/token").count();
    assert_eq!(exchanges, 1, "{}", done.stderr);
    assert_ne!(read(), before);
    assert_no_identity_in_files(home.path());
}

#[test]
fn expired_session_outside_of_a_job_is_kept_and_the_error_names_the_identity() {
    let home = home();
    run(&home, &["gitlab"], &["login", "--workload"]);
    let file = home.data().join(STORED);
    expire(&file);
    let before = std::fs::read_to_string(&file).unwrap();
    let failed = home.run(&["--json", "api", "/api/brains/"]).expect(2);
    assert_eq!(failed.error_code(), "CONFIG");
    assert!(failed.stdout.contains("no identity"), "{failed}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn refresh_command_requests_a_new_token_with_a_new_identity() {
    let home = home();
    run(&home, &["kubernetes"], &["login", "--workload"]);
    let refresh = ["--json", "credential", "refresh", "--force"];
    let done = run(&home, &["kubernetes"], &refresh);
    assert_eq!(json(&done)["refreshed"], true, "{done:?}");
}

#[test]
fn identity_is_exchanged_at_a_server_on_the_network() {
    let mut home = TestHome::new();
    home.record().secret(brainmaps::sandbox::CANARY_ID_TOKEN);
    let sandbox = Sandbox::start(&home, &["--memory"]);
    home.set("BRAINMAPS_API_URL", &sandbox.url);
    for system in SYSTEMS {
        let login = [
            "--json",
            "login",
            "--workload",
            "--issuer",
            &sandbox.url,
            "--client-id",
            "brainmaps-cli",
            "--scope",
            "brains:read",
        ];
        let done = run(&home, &[system, "--audience", &sandbox.url], &login);
        assert_eq!(done.code, Some(0), "{system} {done:?}");
        assert_eq!(json(&done)["scopes"], serde_json::json!(["brains:read"]));
    }
    home.run(&["api", "/api/brains/"]).expect(0);
    home.run(&["api", "/api/tokens/"]).expect(3);
}

#[test]
fn rfc8693_2_1_file_is_an_identity_and_is_read_for_each_exchange() {
    let home = home();
    let file = home.work().join("identity");
    let copy = format!(
        "umask 077; echo \"$BRAINMAPS_ID_TOKEN\" > {}",
        file.display()
    );
    run_job(&home, &["gitlab"], &["/bin/sh", "-c", &copy]);
    // The issuer ended with the job: nothing verifies this token any more.
    let login = [
        "--json",
        "login",
        "--workload",
        "--subject-token-file",
        "identity",
    ];
    let failed = home.run(&login).expect(8);
    assert!(
        failed.stdout.contains("cannot read the metadata"),
        "{failed}"
    );
    let script = format!("{copy}; {} {}", super::PROGRAM, login.join(" "));
    let done = run_job(&home, &["gitlab"], &["/bin/sh", "-c", &script]);
    assert_eq!(done.code, Some(0), "{done:?}");
    std::fs::remove_file(file).unwrap();
    expire(&home.data().join(STORED));
    let failed = home.run(&["--json", "api", "/api/brains/"]).expect(1);
    assert!(failed.stdout.contains("does not exist"), "{failed}");
}
