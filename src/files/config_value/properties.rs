//! Finds the values in Java's `.properties` files, and escapes new ones.

use std::fmt::Write as _;

use super::document::{Document, Kind, Leaf, NewValue};
use super::text_lines::{append, lines};
use crate::domain::{KeyPath, Segment};

pub(super) fn parse(text: &str) -> Document {
    let mut document = Document::default();
    let mut is_continued = false;
    for (start, line) in lines(text) {
        let continues = ends_with_backslash(line);
        if is_continued {
            if let Some(above) = document.leaves.last_mut() {
                above.value.push_str(line.trim_start());
                above.obstacle = Some("a value of several lines");
            }
            is_continued = continues;
            continue;
        }
        let body = line.trim_start_matches([' ', '\t', '\x0c']);
        if body.is_empty() || body.starts_with(['#', '!']) {
            continue;
        }
        document
            .leaves
            .push(entry(body, start + line.len() - body.len()));
        is_continued = continues;
    }
    document.mark_repeated(<[Segment]>::to_vec);
    document
}

fn ends_with_backslash(line: &str) -> bool {
    let backslashes = line.bytes().rev().take_while(|byte| *byte == b'\\');
    backslashes.count() % 2 == 1
}

/// Reads the entry in the line that starts at byte `start`.
fn entry(line: &str, start: usize) -> Leaf {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\x0c');
    let mut is_escaped = false;
    let end = line.find(|c: char| {
        let ends = !is_escaped && (is_space(c) || matches!(c, '=' | ':'));
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start_matches(is_space);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    let source = rest.trim_start_matches(is_space);
    let from = start + line.len() - source.len();
    let value = unescape(source);
    let separator = line.len() - name.len() - source.len();
    let obstacle = match &value {
        None => Some("an unknown escape"),
        Some(_) if separator == 0 => Some("no value"),
        Some(_) => None,
    };
    Leaf {
        path: vec![Segment::Name(
            unescape(name).unwrap_or_else(|| name.to_owned()),
        )],
        kind: Kind::Text,
        value: value.unwrap_or_default(),
        span: from..from + source.len(),
        obstacle,
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        plain.push(match chars.next() {
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('f') => '\x0c',
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
            }
            Some(other) => other,
            None => break,
        });
    }
    Some(plain)
}

/// Returns `None` for a value that its readers would change.
pub(super) fn escape(value: &str) -> Option<String> {
    if value.starts_with(' ') || value.ends_with(' ') {
        return None;
    }
    let mut escaped = String::new();
    for c in value.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            _ if c.is_ascii() => escaped.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    write!(escaped, "\\u{unit:04x}").ok()?;
                }
            }
        }
    }
    Some(escaped)
}

/// The whole path is the name.
pub(super) fn path_of(key: &KeyPath) -> Vec<Segment> {
    let name = match key.segments() {
        [Segment::Name(name)] => name.clone(),
        _ => key.as_str().to_owned(),
    };
    vec![Segment::Name(name)]
}

pub(super) fn additions(text: &str, new: NewValue<'_>) -> Vec<String> {
    let (Some(Segment::Name(name)), Some(value)) = (new.path.first(), escape(new.value)) else {
        return Vec::new();
    };
    vec![append(text, &[format!("{name}={value}")])]
}
