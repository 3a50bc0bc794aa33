//! A server whose clock is wrong: the time as the services see it while they answer one request.

use jiff::{SignedDuration, Timestamp};

tokio::task_local! {
    static OFFSET: SignedDuration;
}

/// The time `now` as the request under way sees it.
pub(crate) fn skewed(now: Timestamp) -> Timestamp {
    let offset = OFFSET.try_with(|offset| *offset).unwrap_or_default();
    now.saturating_add(offset).unwrap_or(now)
}

/// Does `work` with a clock that is wrong by `offset`.
pub(super) async fn with_offset<T>(offset: SignedDuration, work: impl Future<Output = T>) -> T {
    OFFSET.scope(offset, work).await
}
