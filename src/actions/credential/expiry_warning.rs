//! A credential that ends and cannot be renewed is told in good time: in the last tenth of its life.

use jiff::SignedDuration;

use crate::actions::credential::refresh::is_refreshable;
use crate::actions::{Context, Target};
use crate::domain::{ClockReading, Expiry, StoredCredential};

/// Warns where `stored` is in the last tenth of its life and nothing can renew it.
pub(crate) fn warn_if_expiring(context: &Context, target: &Target, stored: &StoredCredential) {
    if is_refreshable(&target.descriptor, stored) {
        return;
    }
    let Some(left) = remaining_in_last_tenth(&stored.expiry, context.clock_reading_for(stored))
    else {
        return;
    };
    context.warn(format!(
        "the {} of profile `{profile}` ends in {} and cannot be renewed; `brainmaps --profile {profile} login` makes a \
         new one",
        stored.credential.kind.label(),
        format_remaining(left),
        profile = target.name,
    ));
}

/// How much is left, in the last tenth; `None` before it, after the end, and where there is no end.
fn remaining_in_last_tenth(expiry: &Expiry, moment: ClockReading) -> Option<SignedDuration> {
    let left = expiry.remaining(moment)?;
    let is_late = left <= expiry.expires_at?.duration_since(expiry.issued_at) / 10;
    (is_late && left > SignedDuration::ZERO).then_some(left)
}

fn format_remaining(left: SignedDuration) -> String {
    let minutes = left.as_mins();
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) if hours < 24 => format!("{hours} h {minutes} min"),
        (hours, _) => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::Timestamp;

    #[test]
    fn warning_starts_in_the_last_tenth_of_the_lifetime() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let day = Expiry::from_lifetime(at(0), Some(86_400));
        let left = |second| remaining_in_last_tenth(&day, at(second).into()).map(format_remaining);
        assert_eq!(left(77_759), None);
        assert_eq!(left(77_760).as_deref(), Some("2 h 24 min"));
        assert_eq!(left(86_399).as_deref(), Some("less than a minute"));
        assert_eq!(left(86_400), None, "then it is over, and that is told");
        assert_eq!(
            remaining_in_last_tenth(&Expiry::from_lifetime(at(0), None), at(1).into()),
            None
        );
        let year = Expiry::from_lifetime(at(0), Some(365 * 86_400));
        let shown = remaining_in_last_tenth(&year, at(335 * 86_400).into()).map(format_remaining);
        assert_eq!(shown.as_deref(), Some("30 days"));
    }
}
