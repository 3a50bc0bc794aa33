//! INI files with sections, as Python's `configparser` and others read them.

use super::ConfigValueError;
use super::document::{Document, Kind, Leaf, NewValue, line_of};
use super::text_lines::{append, insert_after_line, lines};
use crate::domain::{KeyPath, Segment};

pub(super) fn parse(text: &str) -> Result<Document, ConfigValueError> {
    let mut document = Document::default();
    let mut section: Option<String> = None;
    let mut sections: Vec<String> = Vec::new();
    for (start, line) in lines(text) {
        let number = || line_of(text, start);
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            // Some readers continue the value above, others read a key.
            if let Some(above) = document.leaves.last_mut() {
                above.obstacle = Some("an indented line below it");
                above.value.push('\n');
                above.value.push_str(trimmed);
                continue;
            }
            return Err(ConfigValueError::Malformed { line: number() });
        }
        if let Some(inside) = trimmed.strip_prefix('[') {
            let name = inside
                .split_once(']')
                .map(|(name, _)| name.trim().to_owned());
            let name = name.ok_or_else(|| ConfigValueError::Malformed { line: number() })?;
            if sections.contains(&name) {
                return Err(ConfigValueError::DuplicateKey { line: number() });
            }
            sections.push(name.clone());
            section = Some(name);
            continue;
        }
        document.leaves.push(entry(line, start, section.as_deref()));
    }
    document.mark_repeated(without_case);
    Ok(document)
}

/// Many readers ignore the case of names.
fn without_case(path: &[Segment]) -> Vec<String> {
    let lower = |segment: &Segment| match segment {
        Segment::Name(name) => name.to_lowercase(),
        Segment::Index(index) => index.to_string(),
    };
    path.iter().map(lower).collect()
}

/// Reads the entry in the line that starts at byte `start`.
fn entry(line: &str, start: usize, section: Option<&str>) -> Leaf {
    let separator = line.find(['=', ':']);
    let (name, rest) = match separator {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, ""),
    };
    let value = rest.trim();
    let from = start + line.len() - rest.trim_start().len();
    let segments = section.into_iter().chain([name.trim()]);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inside = quote.and_then(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    let (value, from, obstacle) = match (inside, quote) {
        (Some(inside), Some(quote)) if !inside.contains([quote, '\\']) => (inside, from + 1, None),
        (_, Some(_)) => (value, from, Some("quotes")),
        _ if separator.is_none() => ("", from, Some("no value")),
        _ if has_comment(value) => (value, from, Some("a comment behind the value")),
        _ => (value, from, None),
    };
    Leaf {
        path: segments
            .map(|name| Segment::Name(name.to_owned()))
            .collect(),
        kind: Kind::Text,
        value: value.to_owned(),
        span: from..from + value.len(),
        obstacle,
    }
}

/// Some readers treat it as a part of the value.
fn has_comment(value: &str) -> bool {
    [" #", " ;", "\t#", "\t;"]
        .iter()
        .any(|it| value.contains(it))
}

/// Returns the section, whose name may contain dots, and the name in it.
pub(super) fn path_of(key: &KeyPath) -> Vec<Segment> {
    let names = key.segments().iter().map(|segment| match segment {
        Segment::Name(name) => name.clone(),
        Segment::Index(index) => index.to_string(),
    });
    let mut names: Vec<String> = names.collect();
    let name = names.pop().unwrap_or_default();
    let section = (!names.is_empty()).then(|| names.join("."));
    let names = section.into_iter().chain([name]);
    names.map(Segment::Name).collect()
}

/// Adds a line below the last one of the section, or a section at the end of the file.
pub(super) fn additions(text: &str, document: &Document, new: NewValue<'_>) -> Vec<String> {
    let Some((Segment::Name(name), section)) = new.path.split_last() else {
        return Vec::new();
    };
    let equals = if text.contains(" = ") || !text.contains('=') {
        " = "
    } else {
        "="
    };
    let line = format!("{name}{equals}{}", new.value);
    if let Some(child) = document.last_child(section) {
        return vec![insert_after_line(text, child.span.end, &line)];
    }
    let Some(Segment::Name(section)) = section.first() else {
        return vec![format!("{line}\n{text}")];
    };
    let separator = (!text.trim_ascii().is_empty()).then(String::new);
    let header = format!("[{section}]");
    let lines: Vec<String> = separator.into_iter().chain([header, line]).collect();
    vec![append(text, &lines)]
}
