//! Points in time and lifetimes.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

/// Returns the current time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Milliseconds since 1970. Polling intervals need more precision than seconds.
pub(crate) type Millis = i64;

/// Converts to milliseconds, limited so that adding the result to a current time cannot overflow.
pub(crate) fn to_millis(length: Duration) -> Millis {
    const MAX: Millis = Millis::MAX / 2;
    Millis::try_from(length.as_millis()).map_or(MAX, |length| length.min(MAX))
}

pub(crate) fn deadline(now: Millis, length: Duration) -> Millis {
    now + to_millis(length)
}

/// Formats `at` for a response. Returns `None` if it is outside the calendar.
pub(crate) fn rfc3339(at: Millis) -> Option<String> {
    let at = Timestamp::from_millisecond(at).ok()?;
    Some(at.to_string())
}
