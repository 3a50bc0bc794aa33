//! What the clocks of the servers say, from the `Date` of their answers (RFC 9110 §6.6.1), kept going by the monotonic
//! clock: nothing here trusts this computer's wall clock.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use url::Url;

use super::Response;

/// An answer that took longer says too little of when its `Date` was written.
const MAX_RESPONSE_TIME: Duration = Duration::from_secs(10);

/// The clocks that were heard of.
#[derive(Default)]
pub(super) struct ServerClocks(Mutex<Vec<ClockSample>>);

struct ClockSample {
    origin: String,
    date: Timestamp,
    received_at: Instant,
}

impl ClockSample {
    fn now(&self) -> Option<Timestamp> {
        let since = SignedDuration::try_from(self.received_at.elapsed()).ok()?;
        self.date.checked_add(since).ok()
    }
}

impl ServerClocks {
    /// Takes note of what an answer from `url`, which took so long, says.
    pub(super) fn record(&self, url: &Url, answer: &Response, took: Duration) {
        let Some(date) = answer.date().filter(|_| took <= MAX_RESPONSE_TIME) else {
            return;
        };
        // A cache keeps the date at which the answer was made, and says how old it is (RFC 9111 §5.1).
        let age = answer.header("age").and_then(|age| age.trim().parse().ok());
        let Ok(date) = date.checked_add(SignedDuration::from_secs(age.unwrap_or(0))) else {
            return;
        };
        let origin = url.origin().ascii_serialization();
        let at = Instant::now();
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|known| known.origin != origin);
        heard.push(ClockSample {
            origin,
            date,
            received_at: at,
        });
    }

    /// The time by the clock of the server at `origin`, where it was heard of.
    pub(super) fn time_at(&self, origin: &str) -> Option<Timestamp> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().find(|known| known.origin == origin)?.now()
    }

    /// The time by each clock that was heard of, with its origin.
    pub(super) fn all_times(&self) -> Vec<(String, Timestamp)> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let told = |known: &ClockSample| Some((known.origin.clone(), known.now()?));
        heard.iter().filter_map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::{response, response_with_header, url};

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[tokio::test(start_paused = true)]
    async fn server_clock_advances_after_the_sample() {
        let dates = ServerClocks::default();
        let soon = Duration::from_secs(1);
        dates.record(
            &url("https://a.b/x?y"),
            &response_with_header(503, "date", DATE),
            soon,
        );
        dates.record(&url("https://c.d/"), &response(200, ""), soon);
        tokio::time::sleep(Duration::from_secs(23)).await;
        let expected: Timestamp = "1994-11-06T08:50:00Z".parse().unwrap();
        assert_eq!(dates.time_at("https://a.b"), Some(expected));
        assert_eq!(dates.time_at("https://c.d"), None, "it told no date");
        assert_eq!(dates.all_times(), [("https://a.b".to_owned(), expected)]);
    }

    #[tokio::test(start_paused = true)]
    async fn slow_response_is_ignored_and_the_age_header_is_added() {
        let dates = ServerClocks::default();
        let place = url("https://a.b/");
        let mut cached = response_with_header(200, "date", DATE);
        dates.record(
            &place,
            &cached,
            MAX_RESPONSE_TIME + Duration::from_millis(1),
        );
        assert_eq!(dates.time_at("https://a.b"), None);
        for (age, expected) in [
            ("3600", Some("1994-11-06T09:49:37Z")),
            ("soon", Some("1994-11-06T08:49:37Z")),
            ("9223372036854775807", None),
        ] {
            let dates = ServerClocks::default();
            cached.headers.insert("age", age.parse().unwrap());
            dates.record(&place, &cached, MAX_RESPONSE_TIME);
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(dates.time_at("https://a.b"), expected, "{age}");
        }
    }
}
