//! Several processes change the same session at the same time.

use std::collections::BTreeSet;

use super::{FORCE, Fixture, LOGIN, PRINT, start_at_the_lock};
use crate::support::{
    process::wait_until,
    test_home::{CommandResult, RunningCommand},
};

const MANY: usize = 64;

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc9700_2_2_2_sixty_four_processes_on_an_expired_token_refresh_once_and_all_succeed() {
    let fixture = Fixture::signed_in();
    check_that_many_send_one_request(&fixture);
    fixture.home.run(&["whoami"]).expect(0);
}

#[test]
fn rfc6749_4_4_sixty_four_processes_on_an_expired_client_token_request_one() {
    let fixture = Fixture::signed_in_as_client();
    check_that_many_send_one_request(&fixture);
    let stored = fixture.stored("brainmaps").unwrap();
    assert_eq!(stored.get("refresh_token"), None);
    fixture.home.run(&["api", "GET", "/api/brains/"]).expect(0);
}

fn check_that_many_send_one_request(fixture: &Fixture) {
    fixture.expire("brainmaps");
    fixture.forget_requests();
    let processes = start_at_the_lock(&fixture.home, &PRINT, MANY);
    let outcomes = processes.into_iter().map(|it| it.wait().expect(0).stdout);
    let tokens: BTreeSet<String> = outcomes.collect();
    assert_eq!(tokens.len(), 1, "all processes print the same token");
    assert_eq!(fixture.refreshes(), 1);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn forced_refresh_reports_that_another_process_refreshed_the_session() {
    let fixture = Fixture::signed_in();
    let force = ["credential", "refresh", "--force"];
    let processes = start_at_the_lock(&fixture.home, &force, 6);
    let outcomes = processes.into_iter().map(|it| it.wait().expect(0).stdout);
    let (others, own): (Vec<String>, Vec<String>) =
        outcomes.partition(|text| text.contains("already refreshed by another process"));
    assert_eq!((own.len(), others.len()), (1, 5), "{own:?} {others:?}");
    assert!(own[0].contains("is refreshed"), "{own:?}");
    assert!(!others.concat().contains("still valid"), "{others:?}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_logout_during_refreshes_removes_the_session_permanently() {
    let fixture = Fixture::signed_in();
    for round in 0..3 {
        let mut processes: Vec<RunningCommand> =
            (0..8).map(|_| fixture.home.start(&FORCE)).collect();
        let logout = fixture.home.start(&["logout", "--json"]);
        processes.extend((0..8).map(|_| fixture.home.start(&FORCE)));
        let outcomes: Vec<CommandResult> =
            processes.into_iter().map(RunningCommand::wait).collect();
        logout.wait().expect(0);
        for outcome in outcomes {
            if outcome.code != Some(0) {
                assert_eq!(outcome.expect(4).error_code(), "LOGIN_REQUIRED", "{round}");
            }
        }
        assert_eq!(fixture.stored("brainmaps"), None, "{round}");
        fixture.home.run(&LOGIN).expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_during_refreshes_keeps_its_session() {
    let fixture = Fixture::with_polling_interval("1");
    let mut login = fixture.home.start(&LOGIN);
    let mut outcomes = Vec::new();
    // A login waits for a second before its first poll.
    wait_until("the login stores its session", || {
        let processes: Vec<RunningCommand> = (0..4).map(|_| fixture.home.start(&FORCE)).collect();
        outcomes.extend(processes.into_iter().map(RunningCommand::wait));
        login.running.has_exited()
    });
    login.wait().expect(0);
    for outcome in outcomes {
        outcome.expect(0);
    }
    fixture.home.run(&FORCE).expect(0);
    fixture.home.run(&["whoami"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_valid_session_written_during_a_rejected_refresh_is_used() {
    let fixture = Fixture::signed_in();
    let old = std::fs::read(fixture.credential("brainmaps")).unwrap();
    fixture.home.run(&FORCE).expect(0);
    let living = std::fs::read(fixture.credential("brainmaps")).unwrap();
    // As if a backup was restored, and the current session written back during the request.
    std::fs::write(fixture.credential("brainmaps"), old).unwrap();
    fixture.expire("brainmaps");
    fixture.forget_requests();
    fixture.faults("refresh*1=delay:2s\nrefresh*1=error:invalid_grant");
    let refresher = fixture.home.start(&PRINT);
    fixture.wait_for_refreshes(1);
    std::fs::write(fixture.credential("brainmaps"), living).unwrap();
    refresher.wait().expect(0);
    fixture.home.run(&["whoami"]).expect(0);
    fixture.home.run(&FORCE).expect(0);
}
