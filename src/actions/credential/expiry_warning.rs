//! Warns before a credential expires that cannot be refreshed: in the last tenth of its lifetime.

use jiff::SignedDuration;

use crate::actions::ProfileSession;
use crate::actions::credential::refresh::is_refreshable;
use crate::domain::{ClockReading, Expiry, StoredCredential, format_duration};

pub(crate) fn warn_if_expiring(session: ProfileSession<'_>, stored: &StoredCredential) {
    if is_refreshable(&session.target.descriptor, stored) {
        return;
    }
    let Some(left) =
        remaining_in_last_tenth(&stored.expiry, session.context.clock_reading_for(stored))
    else {
        return;
    };
    session.context.warn(format!(
        "the {} of profile \"{profile}\" expires in {} and cannot be refreshed; run `brainmaps --profile {profile} \
         login`",
        stored.credential.kind.label(),
        format_duration(left.unsigned_abs()),
        profile = session.target.name,
    ));
}

/// Returns the remaining lifetime if it is the last tenth, and `None` before that, after expiry and without an expiry.
fn remaining_in_last_tenth(expiry: &Expiry, moment: ClockReading) -> Option<SignedDuration> {
    let left = expiry.remaining(moment)?;
    let is_late = left <= expiry.expires_at?.duration_since(expiry.issued_at) / 10;
    (is_late && left > SignedDuration::ZERO).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::Timestamp;

    #[test]
    fn warning_starts_in_the_last_tenth_of_the_lifetime() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let day = Expiry::from_lifetime(at(0), Some(86_400));
        let left =
            |second| remaining_in_last_tenth(&day, at(second).into()).map(|left| left.as_secs());
        assert_eq!(left(77_759), None);
        assert_eq!(left(77_760), Some(8_640));
        assert_eq!(left(86_399), Some(1));
        assert_eq!(
            left(86_400),
            None,
            "an expired credential has an error of its own"
        );
        let unlimited = Expiry::from_lifetime(at(0), None);
        assert_eq!(remaining_in_last_tenth(&unlimited, at(1).into()), None);
    }
}
