//! The poll machine, driven by any story.

use std::time::Duration;

use brainmaps::oauth::OauthError;
use brainmaps::oauth::poll_state::{PollResponse, PollState, SLOW_DOWN, Step};

/// Two bytes each: what came, and how much later than it was waited for.
pub(crate) fn poll(bytes: &[u8]) {
    let Some(([interval, lifetime], story)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let interval = Duration::from_secs(u64::from(*interval));
    let expires_in = Duration::from_secs(u64::from(*lifetime) * 60);
    let mut poll = PollState::new(interval, expires_in);
    let mut elapsed = Duration::ZERO;
    let mut step = poll.first_step(elapsed);
    for moment in story.chunks_exact(2) {
        let Step::Wait(wait) = step else {
            break;
        };
        assert!(wait >= poll.interval(), "{wait:?} is too soon");
        elapsed += wait;
        assert!(elapsed < expires_in, "a poll after the end");
        elapsed += Duration::from_secs(u64::from(moment[1]));
        let before = poll.interval();
        let retry_after =
            (moment[0] & 0x80 != 0).then(|| Duration::from_secs(u64::from(moment[1])));
        let response = match moment[0] % 4 {
            0 => PollResponse::Pending,
            1 => PollResponse::SlowDown { retry_after },
            2 => PollResponse::Transient {
                cause: "trouble".to_owned(),
                retry_after,
            },
            _ => PollResponse::Failed(OauthError::CodeExpired { last_problem: None }),
        };
        let (is_slower, ends) = (moment[0] % 4 == 1, moment[0] % 4 == 3);
        step = poll.next_step(elapsed, response);
        let expected = if is_slower {
            before + SLOW_DOWN
        } else {
            before
        };
        assert_eq!(
            poll.interval(),
            expected,
            "the interval changes with slow_down alone"
        );
        assert_eq!(matches!(step, Step::Stop(_)), ends, "{step:?}");
        if let (Step::Wait(wait), Some(received)) = (&step, retry_after) {
            assert!(
                moment[0] % 4 == 0 || *wait >= received,
                "{wait:?} of {received:?}"
            );
        }
    }
    if let Step::WaitForExpiry(rest) = step {
        assert!(
            elapsed + rest <= expires_in.max(elapsed),
            "waits beyond the end"
        );
        assert!(matches!(
            poll.expiry_error(),
            Err(OauthError::CodeExpired { .. })
        ));
    }
}
