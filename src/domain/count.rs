//! Formats numbers with their nouns. The only place that chooses between singular and plural.

use std::fmt::Display;

/// Formats `count` with a noun whose plural ends with `s`: `1 line`, `2 lines`.
pub fn format_count<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let ending = plural(count, "", "s");
    format!("{count} {noun}{ending}")
}

/// Returns `one` for a count of one, and `many` for any other: of verbs, and of nouns with another plural.
pub fn plural<'a, N: Copy + PartialEq + From<u8>>(
    count: N,
    one: &'a str,
    many: &'a str,
) -> &'a str {
    if count == N::from(1) { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        let texts = [0_usize, 1, 2].map(|count| format_count(count, "line"));
        assert_eq!(texts, ["0 lines", "1 line", "2 lines"]);
        assert_eq!(plural(1_u64, "matches", "match"), "matches");
        assert_eq!(plural(0_u64, "matches", "match"), "match");
    }
}
