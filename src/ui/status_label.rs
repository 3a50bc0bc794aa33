//! The state of a credential as text.

use super::Style;
use crate::actions::CredentialState;

/// Returns the text for a state, and its style.
pub fn status_label(state: CredentialState) -> (&'static str, Style) {
    match state {
        CredentialState::None => ("not signed in", Style::Warn),
        CredentialState::Local => ("local: no credential", Style::Good),
        CredentialState::Valid => ("valid", Style::Good),
        CredentialState::ExpiredRefreshable => ("expired, refreshed at next use", Style::Good),
        CredentialState::Expired => ("expired", Style::Bad),
        CredentialState::Rejected => ("rejected by the service", Style::Bad),
        CredentialState::Unverified => ("not checked (use --check)", Style::Plain),
    }
}
