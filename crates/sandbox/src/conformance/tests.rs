//! The judgement, as tables: one case each in which a rule is kept, and one in which it is broken.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cases::{CASES, Case, End};
use super::judge::{self, Seen};
use super::rows::{Finding, ROWS, Report, Verdict};
use super::witness::Exchange;

/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn case(row: &str) -> &'static Case {
    CASES.iter().find(|case| case.row == row).unwrap()
}

/// What a good client does in the plain case.
struct Story {
    device: Vec<(&'static str, String)>,
    poll: Vec<(&'static str, String)>,
    answer: Value,
    /// When each poll came, in milliseconds, with its status and error.
    polls: Vec<(u64, u16, &'static str)>,
    output: String,
    status: Option<i32>,
    ended: u64,
    more: Vec<&'static str>,
}

fn owned(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect()
}

impl Story {
    fn good() -> Self {
        Self {
            device: owned(&[
                ("client_id", "c"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ]),
            poll: owned(&[
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", "dc"),
                ("client_id", "c"),
                ("code_verifier", VERIFIER),
            ]),
            answer: json!({
                "device_code": "dc", "user_code": "ABCD-EFGH", "verification_uri": "http://h/d",
                "verification_uri_complete": "http://h/d?user_code=ABCD-EFGH", "expires_in": 4, "interval": 1,
            }),
            polls: vec![(1000, 400, "authorization_pending"), (2000, 200, "")],
            output: "open http://h/d and type ABCD-EFGH, or http://h/d?user_code=ABCD-EFGH"
                .to_owned(),
            status: Some(0),
            ended: 2100,
            more: vec!["/.well-known/oauth-authorization-server"],
        }
    }

    fn seen(&self) -> Seen {
        let began = Instant::now();
        let exchange = |path: &str, at: u64, status, answer, fields: &[(&str, String)]| Exchange {
            at: began + Duration::from_millis(at),
            method: "POST".to_owned(),
            path: path.to_owned(),
            content_type: "application/x-www-form-urlencoded".to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            status,
            answer,
        };
        let mut exchanges: Vec<Exchange> = self
            .more
            .iter()
            .map(|path| exchange(path, 0, 200, Value::Null, &[]))
            .collect();
        let device = "/oauth2/device_authorization";
        if !self.device.is_empty() {
            exchanges.push(exchange(device, 0, 200, self.answer.clone(), &self.device));
        }
        for (at, status, error) in &self.polls {
            let answer = match *error {
                "" => json!({"access_token": "t"}),
                error => json!({"error": error}),
            };
            exchanges.push(exchange("/oauth2/token", *at, *status, answer, &self.poll));
        }
        Seen {
            exchanges,
            output: self.output.clone(),
            status: self.status,
            ended: began + Duration::from_millis(self.ended),
            met: true,
        }
    }
}

/// What becomes of `row` when a good client is changed so, in the case that is about `about`.
fn judged(row: &str, about: &str, change: impl FnOnce(&mut Story)) -> Verdict {
    let mut story = Story::good();
    change(&mut story);
    let findings = judge::case(case(about), &story.seen());
    let report = Report::of(&findings);
    report.rows.iter().find(|it| it.id == row).unwrap().result
}

#[test]
fn a_good_client_breaks_no_rule() {
    let report = Report::of(&judge::case(case("8628-3.4"), &Story::good().seen()));
    assert_eq!(report.failed, 0, "{report:#?}");
    assert!(report.passed > 6, "{report:#?}");
}

#[test]
fn a_bad_request_is_seen() {
    let bad = |row, change: fn(&mut Story)| {
        assert_eq!(judged(row, "8628-3.4", change), Verdict::Fail, "{row}");
    };
    bad("8628-3.1a", |it| it.device.push(("scope", String::new())));
    bad("8628-3.1a", |it| {
        it.device.push(("client_id", "c".to_owned()));
    });
    bad("8628-3.1a", |it| drop(it.device.remove(0)));
    bad("8628-3.1b", |it| {
        it.more.push("/oauth2/device_authorization");
    });
    bad("8628-3.4", |it| drop(it.poll.remove(2)));
    bad("8628-3.4", |it| it.poll[1].1 = "another".to_owned());
    bad("7636-4.1", |it| drop(it.poll.remove(3)));
    bad("7636-4.1", |it| it.poll[3].1 = "short".to_owned());
    bad("7636-4.2", |it| it.poll[3].1 = "x".repeat(43));
    bad("7636-4.2", |it| it.device[2].1 = "plain".to_owned());
    bad("8628-5.6", |it| it.output.push_str(" dc"));
}

#[test]
fn a_code_that_is_not_shown_beside_the_complete_uri_is_missed() {
    let shown = |output: &str| judged("8628-3.3", "8628-3.4", |it| it.output = output.to_owned());
    assert_eq!(shown("http://h/d abcd efgh"), Verdict::Fail);
    assert_eq!(shown("http://h/d ABCD EFGH"), Verdict::Pass);
    assert_eq!(shown("http://h/d?user_code=ABCD-EFGH"), Verdict::Fail);
    assert_eq!(
        shown("http://h/d?user_code=ABCD-EFGH code ABCDEFGH"),
        Verdict::Fail
    );
}

#[test]
fn polls_that_come_too_soon_are_seen() {
    let polls = |row, times: &[(u64, &'static str)]| {
        judged(row, "8628-3.5b", |it| {
            it.polls = times.iter().map(|(at, error)| (*at, 400, *error)).collect();
        })
    };
    let (wait, slow) = ("authorization_pending", "slow_down");
    assert_eq!(
        polls("8628-3.5a", &[(1000, wait), (1800, wait)]),
        Verdict::Fail
    );
    assert_eq!(
        polls("8628-3.5a", &[(100, wait), (1050, wait)]),
        Verdict::Pass
    );
    assert_eq!(
        polls("8628-3.5b", &[(1000, slow), (7000, wait), (13_000, wait)]),
        Verdict::Pass
    );
    assert_eq!(
        polls("8628-3.5b", &[(1000, slow), (3000, wait)]),
        Verdict::Fail
    );
    // Once is not for good, and a second one adds again.
    assert_eq!(
        polls("8628-3.5b", &[(1000, slow), (7000, wait), (8000, wait)]),
        Verdict::Fail
    );
    assert_eq!(
        polls("8628-3.5b", &[(1000, slow), (7000, slow), (13_000, wait)]),
        Verdict::Fail
    );
}

#[test]
fn without_an_interval_five_seconds_are_to_be_waited() {
    let after = |second: u64| {
        judged("8628-3.2a", "8628-3.2a", |it| {
            it.answer.as_object_mut().unwrap().remove("interval");
            it.polls[1].0 = 1000 + second;
        })
    };
    assert_eq!(after(5000), Verdict::Pass);
    assert_eq!(after(4000), Verdict::Fail);
}

#[test]
fn a_client_that_goes_on_after_the_end_is_seen() {
    for (status, error) in [
        (400, "access_denied"),
        (400, "expired_token"),
        (404, "teapot"),
        (200, ""),
    ] {
        let verdict = judged("8628-3.5d", "8628-3.5d", |it| {
            (it.status, it.output) = (Some(3), "denied".to_owned());
            it.polls = vec![(1000, status, error), (2000, 400, "authorization_pending")];
        });
        assert_eq!(verdict, Verdict::Fail, "{error}");
    }
    let end = |status, says: &str| {
        judged("8628-3.5d", "8628-3.5d", |it| {
            (it.status, it.output) = (status, says.to_owned());
            it.polls = vec![(1000, 400, "access_denied")];
        })
    };
    assert_eq!(end(Some(3), "It was Declined"), Verdict::Pass);
    assert_eq!(end(Some(3), "something went wrong"), Verdict::Fail);
    assert_eq!(end(Some(0), "denied"), Verdict::Fail);
    assert_eq!(end(None, "denied"), Verdict::Fail);
}

#[test]
fn a_code_is_polled_for_as_long_as_it_lives() {
    let lived = |last_poll: u64, ended: u64| {
        judged("8628-3.5e", "8628-3.5e", |it| {
            (it.status, it.output) = (Some(5), "expired".to_owned());
            it.polls = vec![(last_poll, 400, "authorization_pending")];
            it.ended = ended;
        })
    };
    assert_eq!(lived(3000, 4000), Verdict::Pass);
    assert_eq!(lived(3000, 3050), Verdict::Pass);
    assert_eq!(lived(1000, 1100), Verdict::Fail);
    assert_eq!(lived(6000, 6100), Verdict::Fail);
}

#[test]
fn back_off_and_retry_after_are_measured_and_giving_up_is_not_judged() {
    let came = |row: &str, times: &[u64]| {
        judged(row, row, |it| {
            it.polls = times.iter().map(|at| (*at, 503, "x")).collect();
        })
    };
    for (row, times, verdict) in [
        ("8628-3.5c", &[1000, 3000, 7000][..], Verdict::Pass),
        ("8628-3.5c", &[1000, 2000, 3000], Verdict::Fail),
        ("8628-3.5c", &[1000, 4000, 5000], Verdict::Fail),
        ("8628-3.5c", &[1000], Verdict::Unjudged),
        ("9110-10.2.3", &[1000, 4000, 8500], Verdict::Pass),
        ("9110-10.2.3", &[1000, 4000, 6000], Verdict::Fail),
        ("9110-10.2.3", &[1000, 2000], Verdict::Fail),
        ("9110-10.2.3", &[1000], Verdict::Unjudged),
    ] {
        assert_eq!(came(row, times), verdict, "{row} {times:?}");
    }
}

#[test]
fn what_a_client_does_with_metadata_and_redirects_is_seen() {
    let place = |path| judged("8414-3.1", "8414-3.1", |it| it.more = vec![path]);
    assert_eq!(
        place("/.well-known/oauth-authorization-server/basic-memory"),
        Verdict::Pass
    );
    assert_eq!(
        place("/basic-memory/.well-known/oauth-authorization-server"),
        Verdict::Fail
    );
    let refused = |it: &mut Story| it.status = Some(1);
    assert_eq!(judged("8414-3.3", "8414-3.3", refused), Verdict::Fail);
    let unused = |it: &mut Story| {
        refused(it);
        it.device.clear();
        it.polls.clear();
    };
    assert_eq!(judged("8414-3.3", "8414-3.3", unused), Verdict::Pass);
    assert_eq!(judged("9700-4.9", "9700-4.9", refused), Verdict::Pass);
}

#[test]
fn one_verifier_for_two_attempts_and_no_request_at_all_are_seen() {
    let (one, other) = (Story::good().seen(), Story::good().seen());
    let row = |findings: &[Finding]| findings.iter().map(|it| it.row).collect::<Vec<_>>();
    assert_eq!(
        row(&judge::together([&one, &other].into_iter())),
        ["7636-4.1"]
    );
    assert_eq!(row(&judge::together([&one].into_iter())), [""; 0]);
    let mut nothing = Story::good().seen();
    nothing.exchanges.clear();
    assert_eq!(row(&judge::together([&nothing].into_iter())), ["8628-3.1a"]);
}

#[test]
fn every_case_is_about_a_rule_and_its_faults_are_some() {
    for case in &CASES {
        assert!(ROWS.iter().any(|(id, _)| *id == case.row), "{}", case.row);
        for fault in case.faults {
            let fault = fault.replace("{other}", "http://127.0.0.1:1/elsewhere");
            assert!(fault.parse::<crate::Fault>().is_ok(), "{fault}");
        }
        assert!(case.says.is_empty() || case.end == End::Refused);
    }
}
