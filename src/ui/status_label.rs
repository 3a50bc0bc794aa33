//! The state of a credential as text.

use super::Style;
use crate::actions::{CredentialState, ProfileStatus};

/// Returns the text for a state, and its style. A state that only the clock confirmed is not called valid.
pub fn profile_status_label(status: &ProfileStatus) -> (&'static str, Style) {
    if status.is_future && status.state == CredentialState::ExpiredRefreshable {
        return ("not requested yet", Style::Good);
    }
    if status.state == CredentialState::Valid && !status.is_checked {
        return status_label(CredentialState::Unverified);
    }
    status_label(status.state)
}

/// Returns the text for a state, and its style.
pub fn status_label(state: CredentialState) -> (&'static str, Style) {
    match state {
        CredentialState::None => ("not signed in", Style::Warn),
        CredentialState::Local => ("local: no credential", Style::Good),
        CredentialState::Valid => ("valid", Style::Good),
        CredentialState::ExpiredRefreshable => ("expired, refreshed at next use", Style::Good),
        CredentialState::Expired => ("expired", Style::Bad),
        CredentialState::Rejected => ("rejected by the service", Style::Bad),
        CredentialState::Unverified => ("not checked", Style::Plain),
    }
}
