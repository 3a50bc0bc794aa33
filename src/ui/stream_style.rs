//! How one stream shows text: whether it is a terminal, its width, colour, character set.

use std::borrow::Cow;

use crate::host::Terminal;

/// When to use colour (`--color`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorWhen {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    Always,
    Never,
}

impl ColorWhen {
    /// The decision for a stream; `NO_COLOR` comes before `CLICOLOR_FORCE`, an argument before both.
    pub(super) fn decide(self, terminal: &Terminal, stream_is_terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if terminal.no_color => false,
            Self::Auto => terminal.force_color || (stream_is_terminal && !terminal.dumb),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamStyle {
    /// A person reads it, not a program.
    pub terminal: bool,
    /// Columns.
    pub width: usize,
    /// Whether styles are shown.
    pub colour: bool,
    /// Whether anything but ASCII is understood.
    pub utf8: bool,
}

impl StreamStyle {
    /// A pipe: no colour, UTF-8.
    pub const PLAIN: Self = Self {
        terminal: false,
        width: 80,
        colour: false,
        utf8: true,
    };

    /// `text` in the characters this stream can show. Ornaments get their ASCII form wherever the locale is not UTF-8;
    /// other characters are data, and become `?` on a terminal alone: a pipe gets them unharmed.
    pub fn to_charset<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.utf8 || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match ascii_ornament(c) {
                Some(plain) => out.push_str(plain),
                None if self.terminal && !c.is_ascii() => out.push('?'),
                None => out.push(c),
            }
        }
        Cow::Owned(out)
    }
}

fn ascii_ornament(c: char) -> Option<&'static str> {
    Some(match c {
        '…' => "...",
        '✓' | '✔' => "ok",
        '✗' | '✘' => "failed",
        '→' => "->",
        '←' => "<-",
        '•' | '·' => "*",
        '–' | '—' | '─' | '‐' | '‑' => "-",
        '│' => "|",
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        '×' => "x",
        '\u{a0}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ornaments_become_ascii_and_data_reaches_a_pipe_unharmed() {
        let ascii = StreamStyle {
            utf8: false,
            ..StreamStyle::PLAIN
        };
        let terminal = StreamStyle {
            terminal: true,
            ..ascii
        };
        assert_eq!(StreamStyle::PLAIN.to_charset("✓ José…"), "✓ José…");
        assert_eq!(ascii.to_charset("✓ José → a…"), "ok José -> a...");
        assert_eq!(terminal.to_charset("✓ José → a…"), "ok Jos? -> a...");
    }

    #[test]
    fn an_argument_beats_no_color_which_beats_force() {
        let absent = Terminal::absent();
        let no_color = Terminal {
            no_color: true,
            force_color: true,
            ..absent
        };
        let forced = Terminal {
            force_color: true,
            ..absent
        };
        let dumb = Terminal {
            dumb: true,
            ..absent
        };
        for (when, terminal, is_terminal, expected) in [
            (ColorWhen::Auto, absent, true, true),
            (ColorWhen::Auto, absent, false, false),
            (ColorWhen::Auto, no_color, true, false),
            (ColorWhen::Auto, forced, false, true),
            (ColorWhen::Auto, dumb, true, false),
            (ColorWhen::Always, no_color, false, true),
            (ColorWhen::Never, forced, true, false),
        ] {
            assert_eq!(when.decide(&terminal, is_terminal), expected);
        }
    }
}
