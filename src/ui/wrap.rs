//! Running text in lines that fit.

use crate::domain::one_line;

use super::{Look, width};

/// Longer lines are hard to read, however wide the terminal is.
const READABLE: usize = 80;

impl Look {
    /// `text` in lines that fit beside `indent` columns, broken between words; a word that is too long stays whole, so
    /// that it can be copied. In a pipe nothing is broken.
    pub fn lines(&self, text: &str, indent: usize) -> Vec<String> {
        let text = one_line(&self.fit(text));
        if !self.terminal {
            return vec![text];
        }
        let room = self.width.min(READABLE).saturating_sub(indent);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            match lines.last_mut() {
                Some(line) if width::of(line) + 1 + width::of(word) <= room => {
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

    const NARROW: Look = Look {
        terminal: true,
        width: 12,
        ..Look::PLAIN
    };

    #[test]
    fn text_is_broken_between_words_and_a_long_word_stays_whole() {
        assert_eq!(
            NARROW.lines("one two http://localhost:8000 three", 2),
            ["one two", "http://localhost:8000", "three"]
        );
        assert_eq!(NARROW.lines("one two", 40), ["one", "two"]);
        assert_eq!(NARROW.lines("", 2), [""]);
    }

    #[test]
    fn ornaments_count_as_what_they_become() {
        let ascii = Look {
            utf8: false,
            ..NARROW
        };
        assert_eq!(NARROW.lines("abcd → efgh", 1), ["abcd → efgh"]);
        assert_eq!(ascii.lines("abcd → efgh", 1), ["abcd ->", "efgh"]);
    }

    #[test]
    fn a_pipe_gets_one_line_and_a_wide_terminal_readable_ones() {
        let text = "word ".repeat(60);
        assert_eq!(Look::PLAIN.lines(&text, 2).len(), 1);
        let wide = Look {
            width: 200,
            ..NARROW
        };
        assert!(wide.lines(&text, 5).iter().all(|line| line.len() <= 75));
    }
}
