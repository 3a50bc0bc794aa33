//! Determines which lines of an env file belong together. Readers disagree about some cases.

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
