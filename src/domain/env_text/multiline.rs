//! Finds the quoted values of a `.env` file that span several lines.

use super::{assignments, lines};

/// Quoted values that span several lines for some readers: from a quote directly after the `=` to the next quote of
/// the same kind.
pub struct MultilineQuotes {
    spans: Vec<(usize, usize)>,
    /// The lines with a quote that is never closed.
    unclosed: Vec<usize>,
}

impl MultilineQuotes {
    pub fn of(text: &[u8]) -> Self {
        let lines: Vec<&[u8]> = lines(text).map(|line| line.bytes).collect();
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
    pub fn unclosed_above(&self, line: usize) -> Option<usize> {
        self.unclosed.first().copied().filter(|it| *it < line)
    }

    /// Returns the first line of the value that continues in `line`.
    pub fn opening_line(&self, line: usize) -> Option<usize> {
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
