//! A line of text that the user edits. It may be a secret: it is wiped on drop and hidden in debug output.

use zeroize::Zeroizing;

use crate::domain::{Secret, sanitize_text};

/// More than any key, name or path needs.
const MAX_BYTES: usize = 16 * 1024;

#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct TextInput {
    text: Zeroizing<String>,
    /// A byte offset at a character boundary.
    cursor: usize,
}

impl TextInput {
    pub(crate) fn from_text(text: &str) -> Self {
        let mut input = Self::default();
        input.insert(text);
        input
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn secret(&self) -> Secret {
        Secret::new(self.text.as_str())
    }

    pub(crate) fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Inserts text without control characters and without the line feed that is copied along with a line.
    pub(crate) fn insert(&mut self, text: &str) {
        let text =
            Zeroizing::new(sanitize_text(text.trim_end_matches(['\r', '\n'])).replace('\n', " "));
        if self.text.is_empty() {
            // A string that grows leaves unwiped copies of the secret in freed memory.
            self.text.reserve_exact(MAX_BYTES);
        }
        if self.text.len() + text.len() <= MAX_BYTES {
            self.text.insert_str(self.cursor, &text);
            self.cursor += text.len();
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn delete_before_cursor(&mut self) {
        if let Some(c) = self.before_cursor().chars().next_back() {
            self.cursor -= c.len_utf8();
            self.text.remove(self.cursor);
        }
    }

    pub(crate) fn delete_at_cursor(&mut self) {
        if self.cursor < self.text.len() {
            self.text.remove(self.cursor);
        }
    }

    pub(crate) fn delete_word_before_cursor(&mut self) {
        let before = self.before_cursor().trim_end();
        let start = before.rfind(' ').map_or(0, |space| space + 1);
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    pub(crate) fn move_left(&mut self) {
        let before = self.before_cursor().chars().next_back();
        self.cursor -= before.map_or(0, char::len_utf8);
    }

    pub(crate) fn move_right(&mut self) {
        let after = self.text[self.cursor..].chars().next();
        self.cursor += after.map_or(0, char::len_utf8);
    }

    pub(crate) fn move_to_start(&mut self) {
        self.cursor = 0;
    }

    pub(crate) fn move_to_end(&mut self) {
        self.cursor = self.text.len();
    }
}

impl std::fmt::Debug for TextInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TextInput({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_edited_at_the_cursor() {
        let mut line = TextInput::from_text("hällo wörld\n");
        line.move_left();
        line.move_left();
        line.delete_before_cursor();
        assert_eq!(
            (line.text(), line.before_cursor()),
            ("hällo wöld", "hällo wö")
        );
        line.delete_word_before_cursor();
        assert_eq!(line.text(), "hällo ld");
        line.move_to_start();
        line.delete_at_cursor();
        line.move_right();
        line.insert("🔑");
        assert_eq!(line.text(), "ä🔑llo ld");
        line.move_to_start();
        line.move_left();
        line.delete_before_cursor();
        line.move_to_end();
        line.move_right();
        line.delete_at_cursor();
        assert_eq!(line.text(), "ä🔑llo ld");
    }

    #[test]
    fn debug_output_hides_the_text_and_control_characters_are_removed() {
        let line = TextInput::from_text("hunter2\u{1b}[2J\nmore");
        assert_eq!(line.text(), "hunter2[2J more");
        assert_eq!(format!("{line:?}"), "TextInput(15 bytes)");
    }

    #[test]
    fn paste_beyond_the_size_limit_is_ignored() {
        let mut line = TextInput::from_text("a");
        line.insert(&"b".repeat(MAX_BYTES));
        assert_eq!(line.text(), "a");
    }
}
