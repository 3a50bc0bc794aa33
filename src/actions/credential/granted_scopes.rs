//! Compares the scopes that a server granted with the requested ones.

use crate::actions::Context;
use crate::domain::Scopes;

/// How granted scopes differ from requested ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScopeDifference {
    /// Requested, but not granted.
    pub(crate) missing: Scopes,
    /// Granted, but not requested.
    pub(crate) additional: Scopes,
}

/// Compares the scopes of a response with those of its request.
pub(crate) fn compare_scopes(requested: &Scopes, granted: &Scopes) -> ScopeDifference {
    ScopeDifference {
        missing: requested.missing_from(granted),
        additional: granted.missing_from(requested),
    }
}

/// Warns about each difference, whatever the grant. A request without scopes leaves them to the server.
pub(crate) fn warn_about_scopes(context: &Context, requested: &Scopes, granted: &Scopes) {
    if requested.is_empty() {
        return;
    }
    let ScopeDifference {
        missing,
        additional,
    } = compare_scopes(requested, granted);
    if !missing.is_empty() {
        context.warn(format!("scopes not granted: {missing}"));
    }
    if !additional.is_empty() {
        context.warn(format!("scopes granted without a request: {additional}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn difference_has_what_is_missing_and_what_is_additional() {
        for (requested, granted, missing, additional) in [
            ("a b", "b a", "", ""),
            ("a b", "a", "b", ""),
            ("a", "a b", "", "b"),
            ("a b", "B c", "a b", "B c"),
            ("", "a", "", "a"),
        ] {
            let found = compare_scopes(&Scopes::parse(requested), &Scopes::parse(granted));
            assert_eq!(found.missing, Scopes::parse(missing), "{requested}");
            assert_eq!(found.additional, Scopes::parse(additional), "{granted}");
        }
    }
}
