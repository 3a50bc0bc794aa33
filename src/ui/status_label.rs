//! How a profile stands, in words.

use super::Style;
use crate::actions::CredentialState;

/// The words for a state, and what they mean for the user.
pub fn status_label(state: CredentialState) -> (&'static str, Style) {
    match state {
        CredentialState::None => ("not signed in", Style::Warn),
        CredentialState::Local => ("local: no credential is needed here", Style::Good),
        CredentialState::Valid => ("valid", Style::Good),
        CredentialState::ExpiredRefreshable => ("expired, renews at the next use", Style::Good),
        CredentialState::Expired => ("expired", Style::Bad),
        CredentialState::Rejected => ("rejected by the service", Style::Bad),
        CredentialState::Unverified => ("not verified (ask with --check)", Style::Plain),
    }
}
