//! Lines of a text, and lines that are added to it.

/// Returns the line ending of the text's first line.
pub(super) fn line_end(text: &str) -> &'static str {
    let is_crlf = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    if is_crlf { "\r\n" } else { "\n" }
}

/// Returns the text with `line` after the line of the byte at `at`.
pub(super) fn insert_after_line(text: &str, at: usize, line: &str) -> String {
    let end = line_end(text);
    match text[at..].find('\n') {
        Some(length) => {
            let (head, tail) = text.split_at(at + length + 1);
            format!("{head}{line}{end}{tail}")
        }
        None => format!("{text}{end}{line}"),
    }
}

/// Returns the text with `lines` at its end.
pub(super) fn append(text: &str, lines: &[String]) -> String {
    let end = line_end(text);
    let separator = match text {
        "" => "",
        _ if text.ends_with('\n') => "",
        _ => end,
    };
    let added: String = lines.iter().flat_map(|line| [line.as_str(), end]).collect();
    format!("{text}{separator}{added}")
}

/// Returns the start of the line of the byte at `at`.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

/// Returns each line without its line ending, and where it starts.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\r', '\n']))
    })
}

/// Returns `text` as a string of JSON, whose escapes are also those of basic strings of TOML and double-quoted ones of YAML.
pub(super) fn quoted_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
