//! Edits the text of an env file: changes one value and keeps every other byte.

use zeroize::Zeroizing;

use super::EnvTextError;
use super::layout::{Layout, continued_line};
use crate::domain::env_text::{self, Assignment, MultilineQuotes, assignments};
use crate::domain::{Secret, is_utf16, is_utf32};

/// The bytes of an env file that can be edited.
pub(super) struct EnvText(Zeroizing<Vec<u8>>);

impl EnvText {
    /// # Errors
    /// [`EnvTextError::Utf16`] and [`EnvTextError::CarriageReturn`]: readers disagree about such text.
    pub(super) fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, EnvTextError> {
        if is_utf16(&bytes) || is_utf32(&bytes) {
            return Err(EnvTextError::Utf16);
        }
        let is_alone = |at: &usize| bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        if let Some(at) = (0..bytes.len()).find(is_alone) {
            let line = bytes[..at].split(|byte| *byte == b'\n').count();
            return Err(EnvTextError::CarriageReturn { line });
        }
        Ok(Self(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the value of `variable`; `None` if it is not set or empty.
    ///
    /// # Errors
    /// [`EnvTextError`] if readers disagree about the value, or cannot parse it.
    pub(super) fn get(&self, variable: &str) -> Result<Option<Secret>, EnvTextError> {
        let found = self.find(variable)?;
        let value = found.last().and_then(Assignment::value);
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// Sets `variable` in the last line that sets it, which takes precedence, and in each other line with the same
    /// value. Appends a line if there is none.
    ///
    /// # Errors
    /// As [`EnvText::get`], and [`EnvTextError::Unwritable`] if `value` does not fit in one line.
    pub(super) fn set(&mut self, variable: &str, value: &Secret) -> Result<(), EnvTextError> {
        let found = self.find(variable)?;
        let text = match found.last() {
            Some(last) => self.with_replaced(&found, last.value().as_ref(), value),
            None => self.with_line(variable, value),
        };
        let edited = Self(text);
        // A quote in the new value may close a quote that an earlier line left open.
        if edited.get(variable)?.as_ref() != Some(value) {
            return Err(EnvTextError::Unwritable {
                variable: variable.to_owned(),
            });
        }
        *self = edited;
        Ok(())
    }

    /// Returns the lines that setting `variable` does not change although a reader may use them.
    ///
    /// # Errors
    /// As [`EnvText::get`].
    pub(super) fn layout(&self, variable: &str) -> Result<Layout, EnvTextError> {
        let found = self.find(variable)?;
        let value = found.last().and_then(Assignment::value);
        let (changed, kept): (Vec<_>, Vec<_>) = found.iter().partition(|it| it.value() == value);
        let line = |it: &Assignment<'_>| it.line;
        let last = found.last().map_or(usize::MAX, line);
        Ok(Layout {
            changed: changed.into_iter().map(line).collect(),
            kept: kept.into_iter().map(line).collect(),
            unclosed: MultilineQuotes::of(&self.0).unclosed_above(last),
        })
    }

    /// Returns the lines that set `variable`. Fails if readers disagree about the value of one of them.
    fn find(&self, variable: &str) -> Result<Vec<Assignment<'_>>, EnvTextError> {
        let quotes = MultilineQuotes::of(&self.0);
        let is_it = |it: &Assignment<'_>| it.name == variable;
        let found: Vec<_> = assignments(&self.0).filter(is_it).collect();
        let lines = found.iter().map(|it| it.line);
        let new_line = self.0.split(|byte| *byte == b'\n').count();
        let is_appended = found.is_empty();
        let mut lines = lines.chain(is_appended.then_some(new_line + 1));
        if let Some(from) = lines.find_map(|line| continued_line(&self.0, line)) {
            let variable = variable.to_owned();
            return Err(EnvTextError::Continued { from, variable });
        }
        for assignment in &found {
            let (line, variable) = (assignment.line, variable.to_owned());
            if let Some(opened) = quotes.opening_line(line) {
                return Err(EnvTextError::InsideQuotes {
                    line,
                    variable,
                    opened,
                });
            }
            if quotes.opening_line(line + 1) == Some(line) {
                return Err(EnvTextError::SeveralLines { line, variable });
            }
            let is_continued = continued_line(&self.0, line + 1) == Some(line);
            if is_continued || assignment.value().is_none() {
                return Err(EnvTextError::Malformed { line, variable });
            }
        }
        Ok(found)
    }

    fn with_replaced(
        &self,
        found: &[Assignment<'_>],
        old: Option<&Secret>,
        new: &Secret,
    ) -> Zeroizing<Vec<u8>> {
        // Allocated once: a buffer that grows leaves copies that are not zeroized.
        let most = self.0.len() + found.len() * (4 * new.expose().len() + 3);
        let mut text = Zeroizing::new(Vec::with_capacity(most));
        let mut copied = 0;
        for assignment in found.iter().filter(|it| it.value().as_ref() == old) {
            let range = assignment.value_range();
            let before = self.0.get(copied..range.start).unwrap_or_default();
            text.extend_from_slice(before);
            let token = self.0.get(range.clone()).unwrap_or_default();
            let quoted = Zeroizing::new(quoted_like(token, new.expose()));
            text.extend_from_slice(quoted.as_bytes());
            // A comment needs a space before it; after an empty value there may be none.
            if range.is_empty() && assignment.value_text().starts_with('#') {
                text.push(b' ');
            }
            copied = range.end;
        }
        text.extend_from_slice(self.0.get(copied..).unwrap_or_default());
        text
    }

    fn with_line(&self, variable: &str, value: &Secret) -> Zeroizing<Vec<u8>> {
        let end = self.line_end();
        let most = self.0.len() + variable.len() + 4 * value.expose().len() + 8;
        let mut text = Zeroizing::new(Vec::with_capacity(most));
        text.extend_from_slice(&self.0);
        if !self.0.is_empty() && !self.0.ends_with(b"\n") {
            text.extend_from_slice(end);
        }
        text.extend_from_slice(variable.as_bytes());
        text.push(b'=');
        let quoted = Zeroizing::new(env_text::quote(value.expose()));
        text.extend_from_slice(quoted.as_bytes());
        text.extend_from_slice(end);
        text
    }

    /// Returns the line ending of the last complete line, for a line that is appended.
    fn line_end(&self) -> &'static [u8] {
        let last = self.0.iter().rposition(|byte| *byte == b'\n');
        let before = last.and_then(|at| at.checked_sub(1));
        if before.and_then(|at| self.0.get(at)) == Some(&b'\r') {
            b"\r\n"
        } else {
            b"\n"
        }
    }
}

/// Returns `value` in the same quotes as `token`, if they fit.
fn quoted_like(token: &[u8], value: &str) -> String {
    let (first, last) = (token.first(), token.last());
    if token.len() >= 2 && first == last && env_text::is_plain(value) {
        match first {
            Some(b'"') => return format!("\"{value}\""),
            Some(b'\'') => return format!("'{value}'"),
            _ => {}
        }
    }
    env_text::quote(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text before and after `KEY` is set to `new`.
    const EDITS: &[(&str, &str)] = &[
        ("", "KEY=new\n"),
        ("A=1", "A=1\nKEY=new\n"),
        ("A=1\r\nB=2\r\n", "A=1\r\nB=2\r\nKEY=new\r\n"),
        ("A=1\r\nB=2", "A=1\r\nB=2\r\nKEY=new\r\n"),
        ("A=1\r\nB=2\n", "A=1\r\nB=2\nKEY=new\n"),
        ("KEY=old", "KEY=new"),
        ("KEY=old\r\nB=2\n", "KEY=new\r\nB=2\n"),
        (
            "  export  KEY = old  # why\n\n",
            "  export  KEY = new  # why\n\n",
        ),
        (
            "export KEY=\"old\"  # prod\nA=1",
            "export KEY=\"new\"  # prod\nA=1",
        ),
        ("KEY='old'\n", "KEY='new'\n"),
        ("KEY='o'\\''d'\n", "KEY='new'\n"),
        ("KEY=\n", "KEY=new\n"),
        ("KEY=\"\"\n", "KEY=\"new\"\n"),
        ("KEY=  # why\n", "KEY=new  # why\n"),
        ("KEY=# why\n", "KEY=new # why\n"),
        ("#KEY=old\n", "#KEY=old\nKEY=new\n"),
        ("KEY_2=a\nMY_KEY=b\n", "KEY_2=a\nMY_KEY=b\nKEY=new\n"),
        ("\u{feff}KEY=old\n", "\u{feff}KEY=new\n"),
        ("export KEY\n", "export KEY\nKEY=new\n"),
        (
            "KEY=other # 1\nA=1\nKEY=old\n",
            "KEY=other # 1\nA=1\nKEY=new\n",
        ),
        ("KEY=old # 1\nKEY='old'\n", "KEY=new # 1\nKEY='new'\n"),
        (
            "C=\"-----\nX=1\n-----\"\nKEY=old\n",
            "C=\"-----\nX=1\n-----\"\nKEY=new\n",
        ),
        (
            "NOTE=don't\nKEY=old\nN='tis\n",
            "NOTE=don't\nKEY=new\nN='tis\n",
        ),
    ];

    fn text(bytes: &[u8]) -> EnvText {
        EnvText::new(Zeroizing::new(bytes.to_vec())).unwrap()
    }

    fn after(before: &[u8]) -> Vec<u8> {
        let mut text = text(before);
        text.set("KEY", &Secret::new("new")).unwrap();
        text.bytes().to_vec()
    }

    #[test]
    fn one_value_changes_and_every_other_byte_stays() {
        for (before, expected) in EDITS {
            let found = String::from_utf8(after(before.as_bytes())).unwrap();
            assert_eq!(found, *expected, "{before:?}");
        }
        assert_eq!(after(b"\xff=\xfe\0\nKEY=a\n"), b"\xff=\xfe\0\nKEY=new\n");
    }

    #[test]
    fn text_that_readers_disagree_about_is_refused() {
        for (before, says) in [
            ("KEY=\"one\ntwo\"\nA=1", "several lines"),
            ("KEY='one\nKEY=two'\nA=1", "several lines"),
            ("A=\"one\nKEY=old\n\"\n", "in line 1"),
            ("KEY=\"old\n", "malformed"),
            ("KEY=a b\n", "malformed"),
        ] {
            let mut text = text(before.as_bytes());
            let error = text
                .set("KEY", &Secret::new("new"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(says) && !error.contains("old"), "{error}");
            assert!(text.get("KEY").is_err(), "{before:?}");
            assert_eq!(text.bytes(), before.as_bytes());
        }
        let mut text = text(b"KEY=\xff\n");
        assert!(text.set("KEY", &Secret::new("new")).is_err());
        for (bytes, says) in [
            (&b"A=1\rKEY=old\r"[..], "line 1"),
            (b"A=1\r\nB=2\r", "line 2"),
            (b"\xff\xfeA\0", "UTF-16"),
        ] {
            let error = EnvText::new(Zeroizing::new(bytes.to_vec())).err().unwrap();
            assert!(error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn multiline_value_is_not_written() {
        let mut text = text(b"A=1\n");
        assert!(text.set("KEY", &Secret::new("one\ntwo")).is_err());
        assert_eq!(text.bytes(), b"A=1\n");
    }

    #[test]
    fn value_whose_quote_would_close_an_open_quote_is_not_written() {
        let before = b"NOTE='open\n";
        let mut text = text(before);
        let error = text.set("KEY", &Secret::new("a'b")).unwrap_err();
        assert!(matches!(
            error,
            EnvTextError::InsideQuotes { opened: 1, .. }
        ));
        assert_eq!(text.bytes(), before);
        text.set("KEY", &Secret::new("plain")).unwrap();
    }

    #[test]
    fn special_characters_round_trip() {
        for before in ["KEY='a'\\''b'\n", "export\tKEY = abc # why", "A=1"] {
            for hard in [r#"a'b\c"$d#"#, r"ab\", r"\'", r"'\'\", "a b", "$HOME"] {
                let mut text = text(before.as_bytes());
                let hard = Secret::new(hard);
                text.set("KEY", &hard).unwrap();
                assert_eq!(text.get("KEY").unwrap(), Some(hard), "{before:?}");
            }
        }
    }

    #[test]
    fn last_line_takes_precedence_and_an_empty_value_is_none() {
        for (before, expected) in [
            ("KEY=a\nKEY=b\n", Some("b")),
            ("KEY=a\nKEY=\n", None),
            ("KEY=''", None),
            ("\u{feff}export KEY='a b'", Some("a b")),
        ] {
            let found = text(before.as_bytes()).get("KEY").unwrap();
            assert_eq!(found.as_ref().map(Secret::expose), expected, "{before:?}");
        }
    }
}
