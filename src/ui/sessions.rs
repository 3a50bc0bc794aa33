//! How a profile stands, in words.

use super::Style;
use crate::actions::State;

/// The words for a state, and what they mean for the user.
pub fn session_words(state: State) -> (&'static str, Style) {
    match state {
        State::None => ("not signed in", Style::Warn),
        State::Local => ("local: no credential is needed here", Style::Good),
        State::Valid => ("valid", Style::Good),
        State::ExpiredRefreshable => ("expired, renews at the next use", Style::Good),
        State::Expired => ("expired", Style::Bad),
        State::Rejected => ("rejected by the service", Style::Bad),
        State::Unverified => ("not verified (ask with --check)", Style::Plain),
    }
}
