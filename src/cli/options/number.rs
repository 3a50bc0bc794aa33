//! Numbers as arguments.

use std::str::FromStr;

/// Returns a parser whose error says what is expected, and not the value, which may be a secret.
pub(crate) fn number<T: FromStr>(
    expected: &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| text.parse().map_err(|_| format!("expected {expected}"))
}
