//! A process that holds the lock is killed or hangs.

use std::time::Instant;

use rustix::process::Signal;

use super::{FORCE, Fixture, LOGIN, PRINT};
use crate::support::test_home::RunningCommand;

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_killed_lock_holder_releases_the_lock() {
    let fixture = Fixture::signed_in();
    fixture.expire("brainmaps");
    fixture.forget_requests();
    fixture.faults("refresh*1=stall");
    let holder = fixture.home.start(&PRINT);
    fixture.wait_for_refreshes(1);
    let others: Vec<RunningCommand> = (0..4).map(|_| fixture.home.start(&PRINT)).collect();
    holder.running.signal(Signal::KILL);
    assert_eq!(holder.wait().code, None);
    for other in others {
        other.wait().expect(0);
    }
    assert_eq!(
        fixture.refreshes(),
        2,
        "one refresh by the killed process, and one by the others"
    );
    fixture.home.run(&FORCE).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_killed_before_its_response_is_explained_by_the_next_one() {
    let fixture = Fixture::signed_in();
    fixture.expire("brainmaps");
    fixture.forget_requests();
    fixture.faults("refresh*1=delay:1m");
    let holder = fixture.home.start(&PRINT);
    fixture.wait_for_refreshes(1);
    holder.running.signal(Signal::KILL);
    assert_eq!(holder.wait().code, None);
    let printed = fixture.home.run(&PRINT).expect(4);
    let error = &printed.json()["error"];
    assert_eq!(error["code"], "LOGIN_EXPIRED", "{printed}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("its response was lost"), "{printed}");
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.contains("may have refreshed") && hint.contains("brainmaps login"),
        "{printed}"
    );
    fixture.home.run(&LOGIN).expect(0);
    fixture.home.run(&FORCE).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_hanging_lock_holder_blocks_its_own_profile_only() {
    let fixture = Fixture::signed_in();
    let url = fixture.sandbox.url.clone();
    #[rustfmt::skip]
    let login = ["--profile", "other", "login", "--device", "--issuer", &url, "--client-id",
        crate::support::sandbox::CLIENT_ID, "--no-browser"];
    fixture.home.run(&login).expect(0);
    fixture.expire("brainmaps");
    fixture.forget_requests();
    fixture.faults("refresh*1=stall");
    let holder = fixture.home.start(&PRINT);
    fixture.wait_for_refreshes(1);
    holder.running.signal(Signal::STOP);

    let before = fixture.stored("brainmaps");
    let began = Instant::now();
    let waiting: Vec<RunningCommand> = [&PRINT[..], &FORCE, &["logout", "--json"]]
        .iter()
        .map(|arguments| fixture.home.start(arguments))
        .collect();
    fixture
        .home
        .run(&[&["--profile", "other"], &FORCE[..]].concat())
        .expect(0);
    for process in waiting {
        let busy = process.wait().expect(6);
        assert_eq!(busy.error_code(), "BUSY", "{busy}");
        assert!(
            began.elapsed().as_secs() >= 14,
            "the commands wait for the lock until their time limit"
        );
    }
    assert_eq!(
        fixture.refreshes(),
        2,
        "one refresh by the lock holder, and one of the other profile"
    );
    assert_eq!(fixture.stored("brainmaps"), before);

    holder.running.signal(Signal::KILL);
    assert_eq!(holder.wait().code, None);
    fixture.home.run(&PRINT).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_ended_by_the_server_is_reported_as_expired_by_every_later_command() {
    let fixture = Fixture::signed_in();
    fixture.expire("brainmaps");
    fixture.faults("refresh=error:invalid_grant\nany=json:401");
    for command in [
        &PRINT[..],
        &["whoami", "--json"],
        &["token", "list", "--json"],
        &FORCE,
    ] {
        let over = fixture.home.run(command).expect(4);
        assert_eq!(over.error_code(), "LOGIN_EXPIRED", "{over}");
    }
}
