//! Text with a style: emphasis, success, warning, error. The stream decides colour and character set.

use std::borrow::Cow;
use std::fmt;

use crate::domain::sanitize_line_untrimmed;

use super::StreamStyle;

/// The style of a piece of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    Plain,
    /// Emphasis: a user code, a heading.
    Bold,
    /// Less important.
    Dim,
    /// Success, a valid credential (green).
    Good,
    /// A warning (yellow).
    Warn,
    /// A failure, an expired credential (red).
    Bad,
}

impl Style {
    fn ansi(self) -> anstyle::Style {
        let style = anstyle::Style::new();
        match self {
            Self::Plain => style,
            Self::Bold => style.bold(),
            Self::Dim => style.dimmed(),
            Self::Good => anstyle::AnsiColor::Green.on_default(),
            Self::Warn => anstyle::AnsiColor::Yellow.on_default(),
            Self::Bad => anstyle::AnsiColor::Red.on_default().bold(),
        }
    }
}

/// A piece of text in one style.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub style: Style,
}

impl Span {
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Style::Plain)
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self::new(text, Style::Bold)
    }

    pub fn dim(text: impl Into<String>) -> Self {
        Self::new(text, Style::Dim)
    }

    pub fn good(text: impl Into<String>) -> Self {
        Self::new(text, Style::Good)
    }

    pub fn warn(text: impl Into<String>) -> Self {
        Self::new(text, Style::Warn)
    }

    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(text, Style::Bad)
    }

    /// Renders the text for `stream`. It is sanitized before it is styled, so that no text can style itself or begin a line
    /// of its own.
    pub(super) fn paint(&self, stream: &StreamStyle) -> String {
        style_text(
            &stream.to_charset(&sanitize_line_untrimmed(&self.text)),
            self.style,
            stream,
        )
    }
}

/// Styles sanitized text if the stream has colour.
pub(super) fn style_text(text: &str, style: Style, stream: &StreamStyle) -> String {
    if stream.colour && style != Style::Plain && !text.is_empty() {
        let ansi = style.ansi();
        return format!("{ansi}{text}{ansi:#}");
    }
    text.to_owned()
}

impl<T: Into<String>> From<T> for Span {
    fn from(text: T) -> Self {
        Self::plain(text)
    }
}

/// A message of one line. Line feeds in its spans become spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<Span>);

impl Line {
    /// `✓ text`
    pub fn success(text: impl fmt::Display) -> Self {
        Self::from([Span::good("✓"), Span::plain(format!(" {text}"))])
    }

    pub fn paint(&self, stream: &StreamStyle) -> String {
        self.0.iter().map(|span| span.paint(stream)).collect()
    }

    /// Puts a label before the message, as in `error: …`.
    pub(super) fn labelled(self, label: &str, style: Style) -> Self {
        let mut spans = vec![Span::new(format!("{label}:"), style), Span::plain(" ")];
        spans.extend(self.0);
        Self(spans)
    }
}

impl From<Span> for Line {
    fn from(span: Span) -> Self {
        Self(vec![span])
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Span::plain(text).into()
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Span::plain(text).into()
    }
}

impl From<Cow<'_, str>> for Line {
    fn from(text: Cow<'_, str>) -> Self {
        Span::plain(text).into()
    }
}

impl<const N: usize> From<[Span; N]> for Line {
    fn from(spans: [Span; N]) -> Self {
        Self(spans.into())
    }
}

impl FromIterator<Span> for Line {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        Self(spans.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_removed() {
        let line = Line::from([Span::plain("a\u{1b}[31mb\rc\td\ne"), Span::bad("\u{9b}2Jx")]);
        assert_eq!(line.paint(&StreamStyle::PLAIN), "a[31mb c d e2Jx");
        let coloured = StreamStyle {
            colour: true,
            ..StreamStyle::PLAIN
        };
        assert_eq!(
            Line::from([Span::plain("a"), Span::bold("b\u{1b}[0m")]).paint(&coloured),
            "a\u{1b}[1mb[0m\u{1b}[0m"
        );
    }
}
