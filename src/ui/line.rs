//! Text with a meaning: what is emphasised, what is good or bad. Colour and character set come later, with the stream.

use std::borrow::Cow;
use std::fmt;

use crate::domain::sanitize_line_untrimmed;

use super::StreamStyle;

/// What a piece of text means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// Nothing in particular.
    #[default]
    Plain,
    /// To be noticed: a code to type, a heading.
    Bold,
    /// Of second rank.
    Dim,
    /// It worked, it is valid (green).
    Good,
    /// Attention (yellow).
    Warn,
    /// A failure, or an expired or revoked item (red).
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
    /// The text.
    pub text: String,
    /// What it means.
    pub style: Style,
}

impl Span {
    /// `text` in `style`.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }

    /// Text without emphasis.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Style::Plain)
    }

    /// Text to be noticed.
    pub fn bold(text: impl Into<String>) -> Self {
        Self::new(text, Style::Bold)
    }

    /// Text of second rank.
    pub fn dim(text: impl Into<String>) -> Self {
        Self::new(text, Style::Dim)
    }

    /// Good news.
    pub fn good(text: impl Into<String>) -> Self {
        Self::new(text, Style::Good)
    }

    /// A warning.
    pub fn warn(text: impl Into<String>) -> Self {
        Self::new(text, Style::Warn)
    }

    /// Bad news.
    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(text, Style::Bad)
    }

    /// The text as a stream with this `look` shows it: first cleaned, then styled, so that no text can style itself or
    /// begin a line of its own.
    pub(super) fn paint(&self, stream: &StreamStyle) -> String {
        style_text(
            &stream.to_charset(&sanitize_line_untrimmed(&self.text)),
            self.style,
            stream,
        )
    }
}

/// `text`, which is clean, in `style` where there is colour.
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

/// A message of one line: spans one after the other. Line feeds in them become spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<Span>);

impl Line {
    /// `✓ text`
    pub fn success(text: impl fmt::Display) -> Self {
        Self::from([Span::good("✓"), Span::plain(format!(" {text}"))])
    }

    /// Adds a span at the end.
    #[must_use]
    pub fn with(mut self, span: impl Into<Span>) -> Self {
        self.0.push(span.into());
        self
    }

    /// The message as a stream with this `look` shows it.
    pub fn paint(&self, stream: &StreamStyle) -> String {
        self.0.iter().map(|span| span.paint(stream)).collect()
    }

    /// This message behind a `label`, as in `error: …`.
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
