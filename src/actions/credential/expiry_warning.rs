//! Warns before a credential expires that cannot be refreshed: in the last tenth of its lifetime, so that a script has time to
//! be given a new one.

use jiff::SignedDuration;

use crate::actions::ProfileSession;
use crate::domain::{
    ClockReading, CommandLine, Expiry, Hint, StoredCredential, Warning, format_duration,
};

pub(crate) fn warn_if_expiring(session: ProfileSession<'_>, stored: &StoredCredential) {
    if session.can_refresh(stored) {
        return;
    }
    let Some(remaining) =
        remaining_in_last_tenth(&stored.expiry, session.context.clock_reading_for(stored))
    else {
        return;
    };
    let profile = &session.target.name;
    let text = format!(
        "the {} of profile `{profile}` expires in {} and cannot be refreshed",
        stored.credential.kind.label(),
        format_duration(remaining.unsigned_abs()),
    );
    let hint = Hint::run(CommandLine::for_profile(profile, "login")).text(" before");
    session.context.warn(Warning::with_hint(text, hint));
}

/// Returns `None` before the last tenth of the lifetime, after the expiry, and without an expiry.
fn remaining_in_last_tenth(expiry: &Expiry, reading: ClockReading) -> Option<SignedDuration> {
    let remaining = expiry.remaining(reading)?;
    let is_late = remaining <= expiry.expires_at?.duration_since(expiry.issued_at) / 10;
    (is_late && remaining > SignedDuration::ZERO).then_some(remaining)
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::Timestamp;

    #[test]
    fn warning_starts_in_the_last_tenth_of_the_lifetime() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let day = Expiry::from_lifetime(at(0), Some(86_400));
        let remaining = |second| remaining_in_last_tenth(&day, at(second).into());
        assert_eq!(remaining(77_759), None);
        assert_eq!(remaining(77_760), Some(SignedDuration::from_secs(8_640)));
        assert_eq!(remaining(86_399), Some(SignedDuration::from_secs(1)));
        assert_eq!(remaining(86_400), None, "an expired credential is an error");
        assert_eq!(
            remaining_in_last_tenth(&Expiry::from_lifetime(at(0), None), at(1).into()),
            None
        );
        let year = Expiry::from_lifetime(at(0), Some(365 * 86_400));
        let remaining = remaining_in_last_tenth(&year, at(335 * 86_400).into());
        assert_eq!(remaining, Some(SignedDuration::from_hours(30 * 24)));
    }
}
