//! A line of text that is being typed.

use zeroize::Zeroizing;

use crate::domain::{Secret, printable};

/// Longer than any key, name or path.
const LONGEST: usize = 16 * 1024;

/// What was typed so far, and where the next character goes. It may be a secret, so it is wiped when it goes.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Input {
    text: Zeroizing<String>,
    /// In bytes, at a character's beginning.
    cursor: usize,
}

impl Input {
    pub(crate) fn of(text: &str) -> Self {
        let mut input = Self::default();
        input.paste(text);
        input
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn secret(&self) -> Secret {
        Secret::new(self.text.as_str())
    }

    /// How many characters stand before the cursor.
    pub(crate) fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Types `text`; a line feed at the end of what was copied is not part of it.
    pub(crate) fn paste(&mut self, text: &str) {
        let text =
            Zeroizing::new(printable(text.trim_end_matches(['\r', '\n'])).replace('\n', " "));
        if self.text.is_empty() {
            // All at once: a text that grows leaves copies of itself behind.
            self.text.reserve_exact(LONGEST);
        }
        if self.text.len() + text.len() <= LONGEST {
            self.text.insert_str(self.cursor, &text);
            self.cursor += text.len();
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn erase_back(&mut self) {
        if let Some(c) = self.before().chars().next_back() {
            self.cursor -= c.len_utf8();
            self.text.remove(self.cursor);
        }
    }

    pub(crate) fn erase_forward(&mut self) {
        if self.cursor < self.text.len() {
            self.text.remove(self.cursor);
        }
    }

    pub(crate) fn erase_word(&mut self) {
        let kept = self.before().trim_end().rfind(' ').map_or(0, |at| at + 1);
        self.text.replace_range(kept..self.cursor, "");
        self.cursor = kept;
    }

    pub(crate) fn left(&mut self) {
        let before = self.before().chars().next_back();
        self.cursor -= before.map_or(0, char::len_utf8);
    }

    pub(crate) fn right(&mut self) {
        let after = self.text[self.cursor..].chars().next();
        self.cursor += after.map_or(0, char::len_utf8);
    }

    pub(crate) fn home(&mut self) {
        self.cursor = 0;
    }

    pub(crate) fn end(&mut self) {
        self.cursor = self.text.len();
    }
}

/// It may be a secret.
impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Input({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_typed_and_mended_anywhere_in_it() {
        let mut line = Input::of("hällo wörld\n");
        line.left();
        line.left();
        line.erase_back();
        assert_eq!((line.text(), line.before()), ("hällo wöld", "hällo wö"));
        line.erase_word();
        assert_eq!(line.text(), "hällo ld");
        line.home();
        line.erase_forward();
        line.right();
        line.paste("🔑");
        assert_eq!(line.text(), "ä🔑llo ld");
        line.home();
        line.left();
        line.erase_back();
        line.end();
        line.right();
        line.erase_forward();
        assert_eq!(line.text(), "ä🔑llo ld");
    }

    #[test]
    fn what_was_typed_does_not_print_itself_and_nothing_pasted_is_a_control_character() {
        let line = Input::of("hunter2\u{1b}[2J\nmore");
        assert_eq!(line.text(), "hunter2[2J more");
        assert_eq!(format!("{line:?}"), "Input(15 bytes)");
    }

    #[test]
    fn an_endless_paste_is_not_taken() {
        let mut line = Input::of("a");
        line.paste(&"b".repeat(LONGEST));
        assert_eq!(line.text(), "a");
    }
}
