//! Running text in lines that fit.

use crate::domain::sanitize_line;

use super::{StreamStyle, width};

/// Longer lines are hard to read, however wide the terminal is.
const MAX_LINE_WIDTH: usize = 80;

impl StreamStyle {
    /// `text` in lines that fit beside `indent` columns, broken between words; a word that is too long stays whole, so
    /// that it can be copied. In a pipe nothing is broken.
    pub fn wrap_text(&self, text: &str, indent: usize) -> Vec<String> {
        let text = sanitize_line(&self.to_charset(text));
        if !self.terminal {
            return vec![text];
        }
        let columns = self.width.min(MAX_LINE_WIDTH).saturating_sub(indent);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line)
                    if width::display_width(line) + 1 + width::display_width(word) <= columns =>
                {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: StreamStyle = StreamStyle {
        terminal: true,
        width: 12,
        ..StreamStyle::PLAIN
    };

    #[test]
    fn text_is_broken_between_words_and_a_long_word_stays_whole() {
        assert_eq!(
            NARROW.wrap_text("one two http://localhost:8000 three", 2),
            ["one two", "http://localhost:8000", "three"]
        );
        assert_eq!(NARROW.wrap_text("one two", 40), ["one", "two"]);
        assert_eq!(NARROW.wrap_text("", 2), [""]);
    }

    #[test]
    fn ornaments_count_as_what_they_become() {
        let ascii = StreamStyle {
            utf8: false,
            ..NARROW
        };
        assert_eq!(NARROW.wrap_text("abcd → efgh", 1), ["abcd → efgh"]);
        assert_eq!(ascii.wrap_text("abcd → efgh", 1), ["abcd ->", "efgh"]);
    }

    #[test]
    fn pipes_get_one_line_and_wide_terminals_at_most_80_columns() {
        let text = "word ".repeat(60);
        assert_eq!(StreamStyle::PLAIN.wrap_text(&text, 2).len(), 1);
        let wide = StreamStyle {
            width: 200,
            ..NARROW
        };
        assert!(wide.wrap_text(&text, 5).iter().all(|line| line.len() <= 75));
    }
}
