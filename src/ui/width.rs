//! How many columns text takes.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::StreamStyle;

/// The columns that `text` takes.
pub(super) fn display_width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` in at most `columns`, an ellipsis at its end where something is missing.
pub(super) fn truncate<'t>(text: &'t str, columns: usize, stream: &StreamStyle) -> Cow<'t, str> {
    if display_width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let ellipsis = if stream.utf8 { "…" } else { "..." };
    let Some(mut remaining) = columns.checked_sub(display_width(ellipsis)) else {
        return Cow::Borrowed("");
    };
    let fits = |c: &char| {
        let taken = remaining.checked_sub(c.width().unwrap_or(0));
        remaining = taken.unwrap_or(0);
        taken.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept.trim_end().to_owned() + ellipsis)
}

/// Breaks `text` between words into lines of at most `columns`; a longer word is broken inside.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let is_first = lines.len() == 1 && lines[0].is_empty();
        let used = lines.last().map_or(0, |line| display_width(line));
        if !is_first && used + 1 + display_width(word) > columns {
            lines.push(String::new());
        } else if !is_first {
            push_to_last(&mut lines, ' ');
        }
        for c in word.chars() {
            let used = lines.last().map_or(0, |line| display_width(line));
            if used > 0 && used + c.width().unwrap_or(0) > columns {
                lines.push(String::new());
            }
            push_to_last(&mut lines, c);
        }
    }
    lines
}

fn push_to_last(lines: &mut [String], c: char) {
    if let Some(line) = lines.last_mut() {
        line.push(c);
    }
}

/// `text` in exactly `columns`: cut with an ellipsis, or filled with blanks.
pub fn pad_or_truncate(text: &str, columns: usize) -> String {
    let mut fitted = truncate(text, columns, &StreamStyle::PLAIN).into_owned();
    fitted.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(display_width(&fitted)),
    ));
    fitted
}

/// The end of `text` that takes at most `columns`.
pub fn tail(text: &str, columns: usize) -> &str {
    let mut starts = text.char_indices().map(|(at, _)| at);
    let from = starts.find(|at| display_width(&text[*at..]) <= columns);
    &text[from.unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncated_text_never_takes_more_columns_than_it_may() {
        let ascii = StreamStyle {
            utf8: false,
            ..StreamStyle::PLAIN
        };
        for text in [
            "laptop of the lab",
            "日本語のトークン",
            "e\u{301}a\u{301}o\u{301}",
            "🔑🔑🔑",
        ] {
            for columns in 0..20 {
                for look in [StreamStyle::PLAIN, ascii] {
                    assert!(
                        display_width(&truncate(text, columns, &look)) <= columns,
                        "{text} {columns}"
                    );
                }
            }
        }
        assert_eq!(truncate("laptop", 5, &StreamStyle::PLAIN), "lapt…");
        assert_eq!(truncate("laptop", 5, &ascii), "la...");
        assert_eq!(truncate("laptop", 6, &ascii), "laptop");
    }
}
