//! Processes that want the same at the same time.

use std::{collections::BTreeSet, thread, time::Duration};

use brainmaps::vault::Vault;

use super::{FORCE, House, LOGIN, PRINT};
use crate::support::journey::{Outcome, Underway};

const MANY: usize = 64;

#[test]
fn rfc9700_2_2_2_sixty_four_processes_on_an_expired_token_refresh_once_and_all_succeed() {
    let house = House::signed_in();
    house.expire("brainmaps");
    house.forget_requests();
    // Held until all have come so far that they want it.
    let vault = Vault::new(house.journey.data());
    let held = vault.try_lock(&"brainmaps".parse().unwrap());
    let held = held.unwrap().unwrap();
    let processes: Vec<Underway> = (0..MANY).map(|_| house.journey.start(&PRINT)).collect();
    thread::sleep(Duration::from_millis(300));
    drop(held);
    let outcomes = processes.into_iter().map(|it| it.wait().expect(0).stdout);
    let tokens: BTreeSet<String> = outcomes.collect();
    assert_eq!(tokens.len(), 1, "all have the same one");
    assert_eq!(house.refreshes(), 1);
    house.journey.run(&["whoami"]).expect(0);
}

#[test]
fn forced_refresh_says_that_another_process_refreshed_the_session() {
    let house = House::signed_in();
    let vault = Vault::new(house.journey.data());
    let held = vault.try_lock(&"brainmaps".parse().unwrap());
    let held = held.unwrap().unwrap();
    let force = ["credential", "refresh", "--force"];
    let processes: Vec<Underway> = (0..6).map(|_| house.journey.start(&force)).collect();
    thread::sleep(Duration::from_millis(300));
    drop(held);
    let outcomes = processes.into_iter().map(|it| it.wait().expect(0).stdout);
    let (others, own): (Vec<String>, Vec<String>) =
        outcomes.partition(|text| text.contains("another process refreshed it"));
    assert_eq!((own.len(), others.len()), (1, 5), "{own:?} {others:?}");
    assert!(own[0].contains("is renewed"), "{own:?}");
    assert!(!others.concat().contains("still fresh"), "{others:?}");
}

#[test]
fn a_logout_among_refreshes_leaves_nothing_behind_and_nothing_comes_back() {
    let house = House::signed_in();
    for round in 0..3 {
        let mut processes: Vec<Underway> = (0..8).map(|_| house.journey.start(&FORCE)).collect();
        let logout = house.journey.start(&["logout", "--json"]);
        processes.extend((0..8).map(|_| house.journey.start(&FORCE)));
        let outcomes: Vec<Outcome> = processes.into_iter().map(Underway::wait).collect();
        logout.wait().expect(0);
        for outcome in outcomes {
            if outcome.code != Some(0) {
                assert_eq!(outcome.expect(4).error_code(), "LOGIN_REQUIRED", "{round}");
            }
        }
        assert_eq!(house.stored("brainmaps"), None, "{round}");
        house.journey.run(&LOGIN).expect(0);
    }
}

#[test]
fn a_login_among_refreshes_costs_neither_its_own_session_nor_an_answer() {
    let house = House::signed_in();
    let login = house.journey.start(&LOGIN);
    let mut outcomes = Vec::new();
    // A login waits for a second before its first poll; refreshes go on until after it was stored.
    for _ in 0..6 {
        let processes: Vec<Underway> = (0..4).map(|_| house.journey.start(&FORCE)).collect();
        thread::sleep(Duration::from_millis(250));
        outcomes.extend(processes.into_iter().map(Underway::wait));
    }
    login.wait().expect(0);
    for outcome in outcomes {
        outcome.expect(0);
    }
    house.journey.run(&FORCE).expect(0);
    house.journey.run(&["whoami"]).expect(0);
}

#[test]
fn a_token_that_was_refused_gives_way_to_the_living_one_that_came_to_the_disk_meanwhile() {
    let house = House::signed_in();
    let old = std::fs::read(house.credential("brainmaps")).unwrap();
    house.journey.run(&FORCE).expect(0);
    let living = std::fs::read(house.credential("brainmaps")).unwrap();
    // As from a backup that is restored, and put right while the server thinks.
    std::fs::write(house.credential("brainmaps"), old).unwrap();
    house.expire("brainmaps");
    house.forget_requests();
    house.faults("refresh*1=delay:2s\nrefresh*1=error:invalid_grant");
    let refresher = house.journey.start(&PRINT);
    house.wait_for_refreshes(1);
    std::fs::write(house.credential("brainmaps"), living).unwrap();
    refresher.wait().expect(0);
    house.journey.run(&["whoami"]).expect(0);
    house.journey.run(&FORCE).expect(0);
}
