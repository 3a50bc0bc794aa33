use super::*;
use crate::domain::Secret;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn grant() -> TokenResponse {
    TokenResponse {
        access_token: Secret::new("token"),
        refresh_token: None,
        expires_in: None,
        invalid_lifetime: None,
        scopes: None,
        token_type: None,
        claims: None,
    }
}

fn failure(cause: &str) -> PollResponse {
    PollResponse::Transient {
        cause: cause.to_owned(),
        retry_after: None,
    }
}

const SLOWER: PollResponse = PollResponse::SlowDown { retry_after: None };

fn throttled(retry_after: u64) -> PollResponse {
    PollResponse::Transient {
        cause: "429".to_owned(),
        retry_after: Some(seconds(retry_after)),
    }
}

fn expired(last_problem: Option<&str>) -> OauthError {
    OauthError::CodeExpired {
        last_problem: last_problem.map(str::to_owned),
    }
}

/// Passes `responses` to a state whose code never expires and returns the wait after each.
fn waits(interval: u64, responses: &[PollResponse]) -> Vec<u64> {
    let mut poll = PollState::new(seconds(interval), seconds(1_000_000));
    let wait = |response: &PollResponse| match poll.next_step(seconds(1), response.clone()) {
        Step::Wait(wait) => wait.as_secs(),
        other => panic!("{response:?} led to {other:?}"),
    };
    responses.iter().map(wait).collect()
}

#[test]
fn rfc8628_3_5a_first_poll_comes_after_one_interval() {
    let poll = PollState::new(seconds(7), seconds(900));
    assert_eq!(poll.first_step(seconds(0)), Step::Wait(seconds(7)));
    assert_eq!(poll.first_step(seconds(3)), Step::Wait(seconds(7)));
}

#[test]
fn rfc8628_3_5a_pending_waits_one_interval_each_time() {
    assert_eq!(
        waits(
            5,
            &[
                PollResponse::Pending,
                PollResponse::Pending,
                PollResponse::Pending
            ]
        ),
        [5, 5, 5]
    );
    assert_eq!(waits(1, &[PollResponse::Pending]), [1]);
}

#[test]
fn rfc8628_3_5b_slow_down_adds_five_seconds_permanently() {
    let responses = [
        SLOWER,
        PollResponse::Pending,
        SLOWER,
        PollResponse::Pending,
        SLOWER,
    ];
    assert_eq!(waits(5, &responses), [10, 10, 15, 15, 20]);
}

#[test]
fn rfc8628_3_5b_any_number_of_slow_downs_is_followed() {
    let many = waits(5, &vec![SLOWER; 1000]);
    assert_eq!((many[0], many[999]), (10, 5005));
}

#[test]
fn rfc8628_3_5c_failures_back_off_exponentially() {
    assert_eq!(waits(5, &vec![failure("x"); 6]), [10, 20, 40, 60, 60, 60]);
}

#[test]
fn rfc8628_3_5c_backoff_is_never_below_the_current_interval() {
    assert_eq!(waits(90, &[failure("x"), failure("x")]), [90, 90]);
    let slowed = [failure("x"), SLOWER, failure("x"), SLOWER, failure("x")];
    assert_eq!(waits(5, &slowed), [10, 10, 20, 15, 30]);
}

#[test]
fn normal_response_resets_the_backoff() {
    let responses = [
        failure("x"),
        failure("x"),
        PollResponse::Pending,
        failure("x"),
    ];
    assert_eq!(waits(5, &responses), [10, 20, 5, 10]);
}

#[test]
fn rfc9110_10_2_3_retry_after_is_the_minimum_wait() {
    assert_eq!(
        waits(
            5,
            &[
                throttled(1),
                throttled(45),
                throttled(300),
                PollResponse::Pending
            ]
        ),
        [10, 45, 300, 5]
    );
}

#[test]
fn slow_down_with_retry_after_uses_the_longer_wait() {
    let slower = |retry_after| PollResponse::SlowDown {
        retry_after: Some(seconds(retry_after)),
    };
    assert_eq!(
        waits(5, &[slower(30), slower(1), PollResponse::Pending]),
        [30, 15, 15]
    );
}

#[test]
fn first_success_stops_polling() {
    let mut poll = PollState::new(seconds(5), seconds(900));
    poll.next_step(seconds(5), SLOWER);
    assert_eq!(
        poll.next_step(seconds(15), PollResponse::Granted(grant())),
        Step::Stop(Ok(grant()))
    );
}

#[test]
fn success_after_the_code_expired_is_accepted() {
    let mut poll = PollState::new(seconds(5), seconds(10));
    assert_eq!(
        poll.next_step(seconds(12), PollResponse::Granted(grant())),
        Step::Stop(Ok(grant()))
    );
}

#[test]
fn rfc8628_3_5d_any_other_error_stops() {
    let refused = OauthError::Refused {
        endpoint: "https://a.b/token".to_owned(),
        status: crate::http::StatusCode::NOT_FOUND,
        error: Some("device_not_found".to_owned()),
        description: None,
        request_id: None,
        is_html: false,
    };
    for error in [OauthError::Denied, expired(None), refused] {
        let mut poll = PollState::new(seconds(5), seconds(900));
        assert_eq!(
            poll.next_step(seconds(5), PollResponse::Failed(error.clone())),
            Step::Stop(Err(error))
        );
    }
}

#[test]
fn rfc8628_3_5e_polling_stops_when_the_code_expires() {
    let mut poll = PollState::new(seconds(5), seconds(20));
    let rows = [
        (5, Step::Wait(seconds(5))),
        (14, Step::Wait(seconds(5))),
        (15, Step::WaitForExpiry(seconds(5))),
        (17, Step::WaitForExpiry(seconds(3))),
        (20, Step::WaitForExpiry(seconds(0))),
        (99, Step::WaitForExpiry(seconds(0))),
    ];
    for (elapsed, step) in rows {
        assert_eq!(
            poll.next_step(seconds(elapsed), PollResponse::Pending),
            step,
            "{elapsed}"
        );
    }
    assert_eq!(poll.expiry_error(), Err(expired(None)));
}

#[test]
fn code_shorter_than_the_interval_expires_without_a_poll() {
    assert_eq!(
        PollState::new(seconds(5), seconds(3)).first_step(seconds(0)),
        Step::WaitForExpiry(seconds(3))
    );
}

#[test]
fn wait_is_limited_by_the_expiry() {
    let mut poll = PollState::new(seconds(5), seconds(100));
    assert_eq!(
        poll.next_step(seconds(90), throttled(3600)),
        Step::WaitForExpiry(seconds(10))
    );
    let mut poll = PollState::new(seconds(5), seconds(100));
    assert_eq!(
        poll.next_step(seconds(95), failure("x")),
        Step::WaitForExpiry(seconds(5))
    );
}

#[test]
fn rfc8628_3_5c_last_failure_is_reported_at_expiry() {
    let mut poll = PollState::new(seconds(5), seconds(60));
    poll.next_step(seconds(5), failure("connection refused"));
    poll.next_step(seconds(15), failure("timed out"));
    assert_eq!(poll.clone().expiry_error(), Err(expired(Some("timed out"))));
    let by_the_server = poll.next_step(seconds(35), PollResponse::Failed(expired(None)));
    assert_eq!(by_the_server, Step::Stop(Err(expired(Some("timed out")))));
}

#[test]
fn failure_before_a_normal_response_is_not_reported() {
    for response in [PollResponse::Pending, SLOWER] {
        let mut poll = PollState::new(seconds(5), seconds(60));
        poll.next_step(seconds(5), failure("connection refused"));
        poll.next_step(seconds(15), response);
        assert_eq!(poll.expiry_error(), Err(expired(None)));
    }
}

#[test]
fn extreme_durations_do_not_overflow() {
    let mut poll = PollState::new(Duration::MAX, Duration::MAX);
    assert_eq!(
        poll.next_step(Duration::MAX, SLOWER),
        Step::WaitForExpiry(Duration::ZERO)
    );
    assert_eq!(
        poll.next_step(Duration::ZERO, failure("x")),
        Step::WaitForExpiry(Duration::MAX)
    );
}
