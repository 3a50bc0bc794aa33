//! Server clocks: samples from the `Date` of responses (RFC 9110 §6.6.1), advanced by the monotonic clock. The local wall
//! clock is not used.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use url::Url;

use super::Response;

/// The `Date` of a response that took longer is too imprecise.
const MAX_RESPONSE_TIME: Duration = Duration::from_secs(10);

/// The latest clock sample of each origin.
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
    /// Stores the `Date` of a response from `url` that took `took`.
    pub(super) fn record(&self, url: &Url, response: &Response, took: Duration) {
        let Some(date) = response.date().filter(|_| took <= MAX_RESPONSE_TIME) else {
            return;
        };
        // A cached response keeps its original date and has an age (RFC 9111 §5.1).
        let age = response
            .header("age")
            .and_then(|age| age.trim().parse().ok());
        let Ok(date) = date.checked_add(SignedDuration::from_secs(age.unwrap_or(0))) else {
            return;
        };
        let origin = url.origin().ascii_serialization();
        let at = Instant::now();
        let mut samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        samples.retain(|known| known.origin != origin);
        samples.push(ClockSample {
            origin,
            date,
            received_at: at,
        });
    }

    /// Returns the current time by the clock of the server at `origin`, if known.
    pub(super) fn time_at(&self, origin: &str) -> Option<Timestamp> {
        let samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        samples.iter().find(|known| known.origin == origin)?.now()
    }

    /// Returns each known origin with the current time by its clock.
    pub(super) fn all_times(&self) -> Vec<(String, Timestamp)> {
        let samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let current = |sample: &ClockSample| Some((sample.origin.clone(), sample.now()?));
        samples.iter().filter_map(current).collect()
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
        assert_eq!(dates.time_at("https://c.d"), None, "no `Date` header");
        assert_eq!(dates.all_times(), [("https://a.b".to_owned(), expected)]);
    }

    #[tokio::test(start_paused = true)]
    async fn slow_response_is_ignored_and_the_age_header_is_added() {
        let dates = ServerClocks::default();
        let target = url("https://a.b/");
        let mut cached = response_with_header(200, "date", DATE);
        dates.record(
            &target,
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
            dates.record(&target, &cached, MAX_RESPONSE_TIME);
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(dates.time_at("https://a.b"), expected, "{age}");
        }
    }
}
