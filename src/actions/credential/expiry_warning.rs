//! Warns before a credential expires that cannot be refreshed: in the last tenth of its lifetime, so that a script has time to
//! be given a new one.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::actions::ProfileSession;
use crate::domain::{
    ClockReading, CommandLine, Expiry, Hint, Secret, StoredCredential, Warning, format_duration,
};

/// Within these times before the expiry, the warning is repeated on the same day.
const THRESHOLDS: [SignedDuration; 2] = [
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(7 * 24),
];

/// Warns in a command that is about the session.
pub(crate) fn warn_if_expiring(session: ProfileSession<'_>, stored: &StoredCredential) {
    if let Some(remaining) = remaining_before_login(session, stored) {
        session.context.warn(warning(session, stored, remaining));
    }
}

/// Warns in a command that uses the session, once a day for each threshold.
pub(crate) fn notify_if_expiring(session: ProfileSession<'_>, stored: &StoredCredential) {
    let context = session.context;
    if !context.options.shows_notices {
        return;
    }
    let Some(remaining) = remaining_before_login(session, stored) else {
        return;
    };
    let threshold = THRESHOLDS
        .iter()
        .filter(|limit| remaining > **limit)
        .count();
    let secret = &stored.credential.secret;
    let fingerprint = secret.fingerprint(Secret::SHORT_FINGERPRINT);
    let key = format!("{}:{fingerprint}:{threshold}", session.target.name);
    let today = TimeZone::UTC.to_datetime(context.now()).date();
    if context.vault.record_shown_notice(&key, today) {
        context.warn(warning(session, stored, remaining));
    }
}

/// Returns the time to the expiry if the user must sign in again soon.
fn remaining_before_login(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> Option<SignedDuration> {
    if session.can_refresh(stored) {
        return None;
    }
    remaining_in_last_tenth(&stored.expiry, session.context.clock_reading_for(stored))
}

fn warning(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
    remaining: SignedDuration,
) -> Warning {
    let profile = &session.target.name;
    let text = format!(
        "the {} of profile `{profile}` expires in {} and cannot be refreshed",
        stored.credential.kind.label(),
        format_duration(remaining.unsigned_abs()),
    );
    let hint = Hint::run(CommandLine::for_profile(profile, "login")).text(" before");
    Warning::with_hint(text, hint)
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
