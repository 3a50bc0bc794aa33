//! Names and their values, one per line.

use crate::domain::{sanitize_line, sanitize_line_untrimmed};

use super::{Span, StreamStyle, width};

/// A list of names and values: aligned on a terminal, `name:`, a tab and the value elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyValues(Vec<(String, Span)>);

impl KeyValues {
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Span>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Adds a name and its value, unless that is `None`.
    #[must_use]
    pub fn with_some(self, name: impl Into<String>, value: Option<impl Into<Span>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Span)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Renders the list for `stream`. Every line ends with a line feed.
    pub fn render(&self, stream: &StreamStyle) -> String {
        let widest = self
            .0
            .iter()
            .map(|(name, _)| width::display_width(name))
            .max();
        let column = widest.unwrap_or(0) + 3;
        let mut out = String::new();
        for (name, value) in &self.0 {
            let value = Span::new(sanitize_line(&value.text), value.style).paint(stream);
            let gap = if stream.terminal {
                " ".repeat(column - width::display_width(name) - 1)
            } else {
                "\t".to_owned()
            };
            let line = format!("{}:{gap}{value}", sanitize_line_untrimmed(name));
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

impl<N: Into<String>, V: Into<Span>> FromIterator<(N, V)> for KeyValues {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(facts: I) -> Self {
        let facts = facts.into_iter();
        Self(
            facts
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_output_is_aligned_and_pipe_output_is_tab_separated() {
        let facts = KeyValues::default()
            .with("id", "7")
            .with_some("account", Some("demo\n@x"))
            .with_some("scopes", None::<&str>);
        let terminal = StreamStyle {
            terminal: true,
            ..StreamStyle::PLAIN
        };
        assert_eq!(facts.render(&terminal), "id:       7\naccount:  demo @x\n");
        assert_eq!(
            facts.render(&StreamStyle::PLAIN),
            "id:\t7\naccount:\tdemo @x\n"
        );
    }
}
