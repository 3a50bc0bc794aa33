//! What happens as time passes: sessions are refreshed before they expire, and changes by other processes are picked up.

use std::time::Duration;

use jiff::Timestamp;

use super::start_task::start_task;
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, TaskKind};

/// Seconds between two reads of the stored state, which another process may have changed.
const STATUS_INTERVAL: i64 = 15;
/// A session is refreshed this many seconds before it expires.
const REFRESH_BEFORE_EXPIRY: u64 = 60;
/// Seconds between two attempts to refresh.
const REFRESH_RETRY_INTERVAL: i64 = 30;

pub(super) fn on_tick(model: &mut Model, now: Timestamp) -> Vec<Effect> {
    model.now = now;
    let seconds_since = |then: Timestamp| now.duration_since(then).as_secs();
    let was_attempted = model
        .refresh_attempted_at
        .is_some_and(|then| seconds_since(then) < REFRESH_RETRY_INTERVAL);
    if !was_attempted && needs_refresh(model) {
        model.refresh_attempted_at = Some(now);
        let min_lifetime = Duration::from_secs(REFRESH_BEFORE_EXPIRY);
        let kind = TaskKind::RefreshSession(Some(min_lifetime));
        return vec![start_task(model, kind)];
    }
    if seconds_since(model.status_read_at) < STATUS_INTERVAL {
        return Vec::new();
    }
    model.status_read_at = now;
    let mut effects = vec![start_task(model, TaskKind::RefreshStatus)];
    if model.screen == Screen::Sessions {
        effects.push(start_task(model, TaskKind::ListSessions));
    }
    effects
}

fn needs_refresh(model: &Model) -> bool {
    let state = model.profile_state.as_ref();
    let Some(state) = state.filter(|state| state.status.refreshable) else {
        return false;
    };
    let expiry = state.status.expires_at;
    let remaining = expiry.map(|at| at.duration_since(model.now).as_secs());
    let limit = REFRESH_BEFORE_EXPIRY.cast_signed();
    model.screen != Screen::Login && remaining.is_some_and(|remaining| remaining < limit)
}
