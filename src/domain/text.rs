//! Text that came from somewhere else, made safe for a terminal.

/// `text` without control characters and without the invisible ones that reorder or hide what is read
/// (Unicode Cc, bidirectional controls, zero-width marks). Line feeds stay.
pub fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || !deceives(*c))
        .collect()
}

/// [`printable`] text in one line, line feeds become spaces.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| {
            if matches!(c, '\n' | '\r' | '\t') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !deceives(*c))
        .collect::<String>()
        .trim()
        .to_owned()
}

fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_reordering_marks_are_dropped() {
        assert_eq!(one_line("a\u{1b}[2Jb\u{202e}c\nd\u{7}"), "a[2Jbc d");
        assert_eq!(printable("a\nb\u{9b}31m"), "a\nb31m");
    }
}
