//! Tests of the evaluation: for each rule a client that follows it and one that breaks it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::common::{
    Case, Exchange, ExpectedExit, Finding, Observation, Report, Verdict, Visit,
};
use super::{CASES, RULES, across_cases, evaluate};

/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn case(rule: &str) -> &'static Case {
    CASES.iter().find(|case| case.rule == rule).unwrap()
}

/// The behaviour of a client, correct by default.
struct Behavior {
    device: Vec<(&'static str, String)>,
    poll: Vec<(&'static str, String)>,
    response: Value,
    /// Time of each poll in milliseconds, with the status and error of its response.
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

fn exchange(
    path: &str,
    at: Instant,
    status: u16,
    response: Value,
    fields: &[(&str, String)],
) -> Exchange {
    Exchange {
        at,
        method: "POST".to_owned(),
        path: path.to_owned(),
        content_type: "application/x-www-form-urlencoded".to_owned(),
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        status,
        response,
        user_agent: String::new(),
        has_basic: false,
        body: Value::Null,
    }
}

impl Behavior {
    fn correct() -> Self {
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
            response: json!({
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

    fn observation(&self) -> Observation {
        let began = Instant::now();
        let at = |time| began + Duration::from_millis(time);
        let metadata = |path: &&str| exchange(path, at(0), 200, Value::Null, &[]);
        let mut exchanges: Vec<Exchange> = self.more.iter().map(metadata).collect();
        if !self.device.is_empty() {
            let (path, response) = ("/oauth2/device_authorization", self.response.clone());
            exchanges.push(exchange(path, at(0), 200, response, &self.device));
        }
        for (time, status, error) in &self.polls {
            let response = match *error {
                "" => json!({"access_token": "t"}),
                error => json!({"error": error}),
            };
            let poll = exchange("/oauth2/token", at(*time), *status, response, &self.poll);
            exchanges.push(poll);
        }
        Observation {
            exchanges,
            output: self.output.clone(),
            status: self.status,
            ended_at: began + Duration::from_millis(self.ended),
            has_reached_fault: true,
            visit: Visit::default(),
            resource: None,
            subject_token: None,
        }
    }
}

/// Returns the verdict on `rule` for a changed client, in the case that tests `tested_rule`.
fn verdict(rule: &str, tested_rule: &str, change: impl FnOnce(&mut Behavior)) -> Verdict {
    let mut behavior = Behavior::correct();
    change(&mut behavior);
    let findings = evaluate(case(tested_rule), &behavior.observation());
    let report = Report::of(&RULES, &findings);
    report.rows.iter().find(|it| it.id == rule).unwrap().result
}

#[test]
fn a_correct_client_breaks_no_rule() {
    let report = Report::of(
        &RULES,
        &evaluate(case("8628-3.4"), &Behavior::correct().observation()),
    );
    assert_eq!(report.failed, 0, "{report:#?}");
    assert!(report.passed > 6, "{report:#?}");
}

#[test]
fn invalid_requests_fail() {
    let bad = |rule, change: fn(&mut Behavior)| {
        assert_eq!(verdict(rule, "8628-3.4", change), Verdict::Fail, "{rule}");
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
fn user_code_must_be_shown_outside_the_complete_uri() {
    let shown = |output: &str| verdict("8628-3.3", "8628-3.4", |it| it.output = output.to_owned());
    assert_eq!(shown("http://h/d abcd efgh"), Verdict::Fail);
    assert_eq!(shown("http://h/d ABCD EFGH"), Verdict::Pass);
    assert_eq!(shown("http://h/d?user_code=ABCD-EFGH"), Verdict::Fail);
    assert_eq!(
        shown("http://h/d?user_code=ABCD-EFGH code ABCDEFGH"),
        Verdict::Fail
    );
}

#[test]
fn early_polls_fail() {
    let polls = |rule, times: &[(u64, &'static str)]| {
        verdict(rule, "8628-3.5b", |it| {
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
    // The effect of one is not enough: a second one adds again.
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
fn default_interval_is_five_seconds() {
    let after = |second: u64| {
        verdict("8628-3.2a", "8628-3.2a", |it| {
            it.response.as_object_mut().unwrap().remove("interval");
            it.polls[1].0 = 1000 + second;
        })
    };
    assert_eq!(after(5000), Verdict::Pass);
    assert_eq!(after(4000), Verdict::Fail);
}

#[test]
fn polling_after_a_final_response_fails() {
    for (status, error) in [
        (400, "access_denied"),
        (400, "expired_token"),
        (404, "teapot"),
        (200, ""),
    ] {
        let verdict = verdict("8628-3.5d", "8628-3.5d", |it| {
            (it.status, it.output) = (Some(3), "denied".to_owned());
            it.polls = vec![(1000, status, error), (2000, 400, "authorization_pending")];
        });
        assert_eq!(verdict, Verdict::Fail, "{error}");
    }
    let end = |status, says: &str| {
        verdict("8628-3.5d", "8628-3.5d", |it| {
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
fn polling_lasts_until_the_code_expires() {
    let lived = |last_poll: u64, ended: u64| {
        verdict("8628-3.5e", "8628-3.5e", |it| {
            (it.status, it.output) = (Some(5), "sorry".to_owned());
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
fn backoff_and_retry_after_are_measured_and_giving_up_is_inconclusive() {
    let came = |rule: &str, times: &[u64]| {
        verdict(rule, rule, |it| {
            it.polls = times.iter().map(|at| (*at, 503, "x")).collect();
        })
    };
    for (rule, times, verdict) in [
        ("8628-3.5c", &[1000, 3000, 7000][..], Verdict::Pass),
        ("8628-3.5c", &[1000, 2000, 3000], Verdict::Fail),
        ("8628-3.5c", &[1000, 4000, 5000], Verdict::Fail),
        ("8628-3.5c", &[1000], Verdict::Inconclusive),
        ("9110-10.2.3", &[1000, 4000, 8500], Verdict::Pass),
        ("9110-10.2.3", &[1000, 4000, 6000], Verdict::Fail),
        ("9110-10.2.3", &[1000, 2000], Verdict::Fail),
        ("9110-10.2.3", &[1000], Verdict::Inconclusive),
    ] {
        assert_eq!(came(rule, times), verdict, "{rule} {times:?}");
    }
}

#[test]
fn metadata_and_redirects_are_checked() {
    let place = |path| verdict("8414-3.1", "8414-3.1", |it| it.more = vec![path]);
    assert_eq!(
        place("/.well-known/oauth-authorization-server/basic-memory"),
        Verdict::Pass
    );
    assert_eq!(
        place("/basic-memory/.well-known/oauth-authorization-server"),
        Verdict::Fail
    );
    let refused = |it: &mut Behavior| it.status = Some(1);
    assert_eq!(verdict("8414-3.3", "8414-3.3", refused), Verdict::Fail);
    let unused = |it: &mut Behavior| {
        refused(it);
        it.device.clear();
        it.polls.clear();
    };
    assert_eq!(verdict("8414-3.3", "8414-3.3", unused), Verdict::Pass);
    assert_eq!(verdict("9700-4.9", "9700-4.9", refused), Verdict::Pass);
}

#[test]
fn client_that_requests_no_metadata_is_not_judged_by_its_url() {
    for status in [Some(0), Some(1)] {
        let without = |it: &mut Behavior| (it.more, it.status) = (Vec::new(), status);
        let judged = verdict("8414-3.1", "8414-3.1", without);
        assert_eq!(judged, Verdict::Inconclusive, "{status:?}");
    }
}

#[test]
fn missing_expiry_is_tolerated_or_named() {
    let case = CASES.iter().find(|case| case.name == "no expires_in");
    let judged = |status, output: &str| {
        let mut behavior = Behavior::correct();
        (behavior.status, behavior.output) = (Some(status), output.to_owned());
        let findings = evaluate(case.unwrap(), &behavior.observation());
        let report = Report::of(&RULES, &findings);
        let mut rows = report.rows.iter();
        rows.find(|it| it.id == "8628-3.2b").unwrap().result
    };
    assert_eq!(judged(0, ""), Verdict::Pass);
    assert_eq!(judged(1, "no expires_in in the response"), Verdict::Pass);
    assert_eq!(judged(1, "something is missing"), Verdict::Fail);
}

#[test]
fn interval_of_a_slow_down_is_kept_after_a_broken_connection() {
    let polls = |next: u64| {
        verdict("8628-3.5b", "8628-3.5b", |it| {
            it.polls = vec![(1000, 400, "slow_down"), (7000, 0, "x"), (next, 200, "")];
        })
    };
    assert_eq!(polls(13_000), Verdict::Pass);
    assert_eq!(polls(9000), Verdict::Fail);
}

#[test]
fn reused_verifier_and_missing_requests_fail() {
    let (one, other) = (
        Behavior::correct().observation(),
        Behavior::correct().observation(),
    );
    let rule = |findings: &[Finding]| findings.iter().map(|it| it.rule).collect::<Vec<_>>();
    assert_eq!(rule(&across_cases(&[&one, &other])), ["7636-4.1"]);
    assert_eq!(rule(&across_cases(&[&one])), [""; 0]);
    let mut nothing = Behavior::correct().observation();
    nothing.exchanges.clear();
    assert_eq!(rule(&across_cases(&[&nothing])), ["8628-3.1a"]);
}

#[test]
fn cases_name_existing_rules_and_valid_faults() {
    for case in &CASES {
        assert!(
            RULES.iter().any(|(id, _)| *id == case.rule),
            "{}",
            case.rule
        );
        for fault in case.faults {
            let fault = fault.replace("{other}", "http://127.0.0.1:1/elsewhere");
            assert!(fault.parse::<crate::Fault>().is_ok(), "{fault}");
        }
        assert!(case.output_contains_any.is_empty() || case.expected_exit != ExpectedExit::Success);
    }
}
