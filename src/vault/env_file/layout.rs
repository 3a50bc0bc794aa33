//! Determines which lines of an env file belong together. Readers disagree about some cases.

use crate::domain::env_text::assignments;

/// The lines that setting a variable does not change although a reader may use them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The lines that are changed, counted from 1; empty if a line is appended.
    pub changed: Vec<usize>,
    pub kept: Vec<usize>,
    /// A line above with a quote that is never closed.
    pub unclosed: Option<usize>,
}

/// Returns the line above `line`, counted from 1, if it ends with a backslash: shells join the two.
pub(super) fn continued_line(text: &[u8], line: usize) -> Option<usize> {
    let above = line.checked_sub(1)?;
    let mut lines = text.split(|byte| *byte == b'\n');
    // A final line feed does not start another line.
    let last = text.strip_suffix(b"\n").unwrap_or(text);
    let above = above.min(last.split(|byte| *byte == b'\n').count());
    let bytes = lines.nth(above.checked_sub(1)?)?;
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let backslashes = bytes
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count();
    let is_comment = bytes.trim_ascii_start().starts_with(b"#");
    (backslashes % 2 == 1 && !is_comment).then_some(above)
}

/// Quoted values that span several lines for some readers: from a quote directly after the `=` to the next quote of
/// the same kind.
pub(super) struct MultilineQuotes {
    spans: Vec<(usize, usize)>,
    /// The lines with a quote that is never closed.
    unclosed: Vec<usize>,
}

impl MultilineQuotes {
    pub(super) fn of(text: &[u8]) -> Self {
        let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        let (mut spans, mut unclosed) = (Vec::new(), Vec::new());
        let mut last = 0;
        for assignment in assignments(text) {
            if assignment.line <= last {
                continue;
            }
            let value = assignment.value_text().trim_start().as_bytes();
            let Some((quote @ (b'\'' | b'"' | b'`'), rest)) = value.split_first() else {
                continue;
            };
            if closes(rest, *quote) {
                continue;
            }
            let below = lines.get(assignment.line..).unwrap_or_default();
            match below.iter().position(|line| closes(line, *quote)) {
                Some(more) => {
                    last = assignment.line + more + 1;
                    spans.push((assignment.line, last));
                }
                None => unclosed.push(assignment.line),
            }
        }
        Self { spans, unclosed }
    }

    /// Returns the first line above `line` with a quote that is never closed.
    pub(super) fn unclosed_above(&self, line: usize) -> Option<usize> {
        self.unclosed.first().copied().filter(|it| *it < line)
    }

    /// Returns the first line of the value that continues in `line`.
    pub(super) fn opening_line(&self, line: usize) -> Option<usize> {
        let holds = |(first, last): &&(usize, usize)| *first < line && line <= *last;
        self.spans.iter().find(holds).map(|(first, _)| *first)
    }
}

fn closes(text: &[u8], quote: u8) -> bool {
    let mut escaped = false;
    text.iter().any(|byte| {
        let closes = *byte == quote && !escaped;
        escaped = *byte == b'\\' && !escaped && quote == b'"';
        closes
    })
}
