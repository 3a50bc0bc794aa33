//! A per-request clock offset, which simulates a server with a wrong clock.

use jiff::{SignedDuration, Timestamp};

tokio::task_local! {
    static OFFSET: SignedDuration;
}

/// Returns `now` plus the offset of the current request.
pub(crate) fn with_clock_offset(now: Timestamp) -> Timestamp {
    let offset = OFFSET.try_with(|offset| *offset).unwrap_or_default();
    now.saturating_add(offset).unwrap_or(now)
}

/// Runs `work` with the clock offset set.
pub(super) async fn run_with_offset<T>(offset: SignedDuration, work: impl Future<Output = T>) -> T {
    OFFSET.scope(offset, work).await
}
