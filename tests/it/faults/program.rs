//! The real program against the fault server: each fault ends with the documented exit status, or has no effect.

use std::{sync::Mutex, thread, time::Duration};

use super::FaultServer;
use crate::support::test_home::{CommandResult, TestHome};

/// The number of parallel commands; they mostly wait.
const AT_ONCE: usize = 6;

fn login(home: &TestHome, server: &FaultServer) -> CommandResult {
    let url = server.url();
    home.run(&[
        "login",
        "--device",
        "--api-url",
        &url,
        "--no-browser",
        "--json",
    ])
}

/// Compares the end of a login under `faults` with the expected one.
fn login_mismatch(faults: &[&str], exit: i32, says: &str) -> Option<String> {
    let server = FaultServer::start_with_interval(Duration::from_secs(1), faults);
    let home = TestHome::new();
    let outcome = login(&home, &server);
    let document = outcome.json();
    let printed = document["error"].to_string();
    let right = outcome.code == Some(exit) && (exit == 0 || printed.contains(says));
    (!right).then(|| format!("{faults:?}: expected {exit} and `{says}`: {outcome}"))
}

#[track_caller]
fn expect_endings(cases: &[(&[&str], i32, &str)]) {
    let (cases, wrong) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let case = cases.lock().unwrap().next();
                    let Some((faults, exit, says)) = case else {
                        return;
                    };
                    let found = login_mismatch(faults, *exit, says);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_survives_transient_faults_and_odd_responses() {
    expect_endings(&[
        (&["device=without:interval"], 0, ""),
        (&["device=without:verification_uri_complete"], 0, ""),
        (&["device=set:interval=0"], 0, ""),
        (
            &["device=set:interval=\"1\"", "device=set:expires_in=\"60\""],
            0,
            "",
        ),
        (&["poll*2=pending"], 0, ""),
        (&["poll*1=slow_down"], 0, ""),
        (&["poll*1=error_in_200:authorization_pending"], 0, ""),
        (&["poll*1=json:503"], 0, ""),
        (&["poll*1=html:502"], 0, ""),
        (&["poll*1=empty:504"], 0, ""),
        (&["poll*2=retry_after:1"], 0, ""),
        (&["poll*1=retry_date:1,503"], 0, ""),
        (&["poll*1=reset"], 0, ""),
        (&["poll*1=reset_after"], 0, ""),
        (&["poll*1=close"], 0, ""),
        (&["poll*1=delay:2s"], 0, ""),
        (&["poll=drip:2ms", "metadata=drip:1ms"], 0, ""),
        (&["any=type", "any=clock:2h"], 0, ""),
        (&["any=type:text/html", "any=clock:-2h"], 0, ""),
    ]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_fails_with_the_documented_exit_status() {
    expect_endings(&[
        (&["metadata=html:200"], 1, "no OAuth 2.0 metadata"),
        (
            &["metadata=set:issuer=https://evil.example"],
            1,
            "evil.example",
        ),
        (
            &["metadata=redirect:https://evil.example/m"],
            1,
            "evil.example",
        ),
        (&["metadata=redirect:loop"], 1, "redirect"),
        (&["metadata=json:503"], 6, "503"),
        (&["metadata=gzip_bomb"], 1, ""),
        (&["metadata=big"], 1, "larger than"),
        (&["device=without:user_code"], 1, "user_code"),
        (&["device=cut"], 6, ""),
        (&["device=lost"], 6, ""),
        (&["device=retry_after:3600"], 6, "RATE_LIMITED"),
        (
            &["device=redirect:https://evil.example/d"],
            1,
            "evil.example",
        ),
        (&["device=redirect:/elsewhere"], 1, "redirect"),
        (&["poll=error:access_denied"], 3, "DENIED"),
        (&["poll=error_in_200:access_denied"], 3, "DENIED"),
        (&["poll=error:expired_token"], 5, "CODE_EXPIRED"),
        (&["poll=error:teapot"], 8, "teapot"),
        (&["poll=error:authorization_declined"], 3, "DENIED"),
        (&["poll=html:403"], 8, "gateway or firewall"),
        (&["poll=empty:400"], 8, "400"),
        (&["poll=html:400"], 8, "400"),
        (&["poll=gzip_bomb"], 1, ""),
        (&["poll=big"], 1, "larger than"),
        (&["poll=redirect:https://evil.example/t"], 1, "evil.example"),
        // The poll with the lost response redeemed the code.
        (&["poll*1=lost"], 8, "invalid_grant"),
        (
            &["device=set:expires_in=2", "poll=pending"],
            5,
            "CODE_EXPIRED",
        ),
        (
            &["device=set:expires_in=2", "device=set:interval=86400"],
            5,
            "CODE_EXPIRED",
        ),
    ]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_stalled_login_times_out() {
    expect_endings(&[
        (&["device=stall"], 6, "UNREACHABLE"),
        (&["device=drip"], 6, "UNREACHABLE"),
    ]);
}

/// A home with a session, at a server whose faults are set later.
fn signed_in() -> (FaultServer, TestHome) {
    let (server, home) = (FaultServer::start(&[]), TestHome::new());
    login(&home, &server).expect(0);
    (server, home)
}

fn set(server: &FaultServer, faults: &str) {
    let wire = server.send(&server.request("PUT /_sandbox/faults", "", faults));
    assert_eq!(wire.status(), 200, "{wire:?}");
}

/// Returns how often each fault was applied.
fn hits(server: &FaultServer) -> Vec<u64> {
    let listed = server.get("/_sandbox/faults").json();
    let rows = listed["faults"].as_array().unwrap().iter();
    rows.map(|row| row["hits"].as_u64().unwrap()).collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn short_429_waits_are_retried_and_long_ones_reported() {
    let (server, home) = signed_in();
    set(&server, "GET /api/auth/me/*2=retry_after:1");
    home.run(&["whoami"]).expect(0);
    assert_eq!(hits(&server), [2]);
    set(&server, "GET /api/auth/me/=retry_date:3600");
    let printed = home.run(&["whoami", "--json"]).expect(6);
    assert_eq!(printed.error_code(), "RATE_LIMITED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_failed_refresh_keeps_the_session_and_a_lost_response_is_reported_by_the_next() {
    let (server, home) = signed_in();
    let refresh = ["credential", "refresh", "--force", "--json"];
    for fault in [
        "json:503",
        "html:200",
        "reset_after",
        "retry_after:3600",
        "empty:500",
    ] {
        set(&server, &format!("refresh={fault}"));
        let outcome = home.run(&refresh);
        assert!(matches!(outcome.code, Some(1 | 6)), "{fault}: {outcome}");
        set(&server, "");
        home.run(&refresh).expect(0);
    }
    set(&server, "refresh*1=lost");
    assert_eq!(home.run(&refresh).expect(6).error_code(), "UNREACHABLE");
    let over = home.run(&refresh).expect(4);
    assert_eq!(over.error_code(), "LOGIN_EXPIRED");
    assert!(over.stdout.contains("its response was lost"), "{over}");
}

/// Responses whose tokens can be used, although the response is unusual.
const UNUSUAL: &[&str] = &[
    "bom",
    "gzip",
    "charset",
    "error_null",
    "folded",
    "no_close_notify",
    "set:error=",
    "set:error={}",
    "type:application/json; charset=utf-7",
];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_accepts_unusual_responses() {
    let (server, home) = signed_in();
    for fault in UNUSUAL {
        set(&server, &format!("refresh={fault}"));
        // The second refresh sends the token that the first one received.
        for _ in 0..2 {
            home.run(&["credential", "refresh", "--force"]).expect(0);
        }
        assert_eq!(hits(&server), [2], "{fault}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_rotated_refresh_token_is_kept_if_the_access_token_is_unusable() {
    let (server, home) = signed_in();
    set(&server, "refresh*1=set:token_type=JWT");
    let refresh = ["credential", "refresh", "--force"];
    let outcome = home.run(&refresh).expect(1);
    assert!(outcome.stderr.contains("`JWT`"), "{outcome}");
    home.run(&refresh).expect(0);
    home.run(&["whoami"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_login_accepts_unusual_responses() {
    for fault in UNUSUAL {
        let any = format!("any={fault}");
        let mismatch = login_mismatch(&[&any], 0, "");
        assert_eq!(mismatch, None);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_logout_without_a_response_is_reported() {
    let (server, home) = signed_in();
    set(&server, "revoke=json:503");
    let outcome = home.run(&["logout", "--json"]).expect(6);
    assert_eq!(outcome.error_code(), "UNAVAILABLE");
    assert!(outcome.stdout.contains("may still be valid"), "{outcome}");
    assert!(hits(&server)[0] >= 1, "it was asked");
}

#[test]
fn an_invalid_fault_exits_with_2_and_lists_the_valid_ones() {
    let home = TestHome::new();
    for (fault, says) in [
        ("token=explode", "sandbox faults"),
        ("tokens=reset", "`tokens` is not an endpoint"),
        ("token", "ENDPOINT[*COUNT]=KIND"),
    ] {
        let outcome = home
            .run(&["sandbox", "serve", "--memory", "--fault", fault])
            .expect(2);
        assert!(outcome.stderr.contains(says), "{outcome}");
    }
}

#[test]
fn the_program_lists_and_serves_faults() {
    use crate::support::sandbox::Sandbox;
    let home = TestHome::new();
    let listed = home.run(&["sandbox", "faults", "--json"]).expect(0).json();
    assert!(listed["faults"].as_array().unwrap().len() > 20, "{listed}");
    let text = home.run(&["sandbox", "faults"]).expect(0);
    assert!(text.stdout.contains("gzip_bomb[:MEGABYTES]"), "{text}");

    let arguments = [
        "--memory",
        "--fault",
        "metadata*1=html:502",
        "--fault",
        "poll=pending",
    ];
    let sandbox = Sandbox::start(&home, &arguments);
    let printed = sandbox.command.running.wait_for_line(|line| {
        line.split_once("active faults: ")
            .map(|(_, rest)| rest.to_owned())
    });
    assert!(
        printed.starts_with('2') && printed.contains("/_sandbox/faults"),
        "{printed}"
    );
}
