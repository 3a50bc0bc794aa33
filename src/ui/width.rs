//! How many columns text takes.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Look;

/// The columns that `text` takes.
pub(super) fn of(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` in at most `columns`, an ellipsis at its end where something is missing.
pub(super) fn truncate<'t>(text: &'t str, columns: usize, look: &Look) -> Cow<'t, str> {
    if of(text) <= columns {
        return Cow::Borrowed(text);
    }
    let ellipsis = if look.utf8 { "…" } else { "..." };
    let Some(mut left) = columns.checked_sub(of(ellipsis)) else {
        return Cow::Borrowed("");
    };
    let fits = |c: &char| {
        let taken = left.checked_sub(c.width().unwrap_or(0));
        left = taken.unwrap_or(0);
        taken.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept.trim_end().to_owned() + ellipsis)
}

/// `text` in exactly `columns`: cut with an ellipsis, or filled with blanks.
pub fn fitted(text: &str, columns: usize) -> String {
    let mut fitted = truncate(text, columns, &Look::PLAIN).into_owned();
    fitted.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(of(&fitted)),
    ));
    fitted
}

/// The end of `text` that takes at most `columns`.
pub fn tail(text: &str, columns: usize) -> &str {
    let mut places = text.char_indices().map(|(at, _)| at);
    let from = places.find(|at| of(&text[*at..]) <= columns);
    &text[from.unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncated_text_never_takes_more_columns_than_it_may() {
        let ascii = Look {
            utf8: false,
            ..Look::PLAIN
        };
        for text in [
            "laptop of the lab",
            "日本語のトークン",
            "e\u{301}a\u{301}o\u{301}",
            "🔑🔑🔑",
        ] {
            for columns in 0..20 {
                for look in [Look::PLAIN, ascii] {
                    assert!(
                        of(&truncate(text, columns, &look)) <= columns,
                        "{text} {columns}"
                    );
                }
            }
        }
        assert_eq!(truncate("laptop", 5, &Look::PLAIN), "lapt…");
        assert_eq!(truncate("laptop", 5, &ascii), "la...");
        assert_eq!(truncate("laptop", 6, &ascii), "laptop");
    }
}
