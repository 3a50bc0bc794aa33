//! YAML with one document. The parser reports where a value starts; where it ends is found in the text.

use std::collections::BTreeSet;
use std::ops::Range;

use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};

use super::document::{Container, Document, Kind, Leaf, NewValue, line_of, names_of};
use super::text_lines::{append, insert_after_line, line_start, quoted_string};
use super::{ConfigValueError, MAX_DEPTH};
use crate::domain::Segment;

pub(super) fn parse(text: &str) -> Result<Document, ConfigValueError> {
    let mut builder = Builder::new(text);
    // Event by event, because `Parser::load` calls itself for each level and overflows the stack.
    let mut parser = Parser::new_from_str(text);
    loop {
        let next = parser.next_token();
        let (event, marker) = next.map_err(|error| ConfigValueError::Malformed {
            line: error.marker().line(),
        })?;
        if event == Event::StreamEnd {
            return Ok(builder.document);
        }
        builder.handle(event, marker)?;
    }
}

/// A list or a mapping that is not complete.
struct Open {
    path: Vec<Segment>,
    start: usize,
    obstacle: Option<&'static str>,
    members: Members,
    is_empty: bool,
}

enum Members {
    /// The number of items so far.
    List(usize),
    /// The names so far, and the name whose value is next.
    Mapping(BTreeSet<String>, Option<String>),
}

struct Builder<'t> {
    text: &'t str,
    /// The byte of each character.
    offsets: Vec<usize>,
    documents: usize,
    open: Vec<Open>,
    document: Document,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            offsets: text.char_indices().map(|(at, _)| at).collect(),
            documents: 0,
            open: Vec::new(),
            document: Document::default(),
        }
    }

    fn handle(&mut self, event: Event, marker: Marker) -> Result<(), ConfigValueError> {
        let at = self.offsets.get(marker.index()).copied();
        let at = at.unwrap_or(self.text.len());
        match event {
            Event::DocumentStart => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(ConfigValueError::SeveralDocuments);
                }
            }
            Event::Alias(id) => {
                let obstacle = Some("an alias");
                self.add(Scalar::other(format!("*{id}"), at..at, obstacle))?;
            }
            Event::Scalar(value, style, anchor, tag) => {
                let obstacle = obstacle(anchor, tag.as_ref());
                self.add(self.scalar(value, style, at, obstacle))?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(Members::List(0), at, obstacle(anchor, tag.as_ref()))?;
            }
            Event::MappingStart(anchor, tag) => {
                let members = Members::Mapping(BTreeSet::new(), None);
                self.begin(members, at, obstacle(anchor, tag.as_ref()))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            _ => {}
        }
        Ok(())
    }

    /// Returns the path of the next value; `None` if it is the name of a member.
    fn next_path(&mut self) -> Option<Vec<Segment>> {
        let Some(open) = self.open.last_mut() else {
            return Some(Vec::new());
        };
        let segment = match &mut open.members {
            Members::List(length) => {
                *length += 1;
                Segment::Index(*length - 1)
            }
            Members::Mapping(_, name) => Segment::Name(name.take()?),
        };
        open.is_empty = false;
        Some([open.path.as_slice(), &[segment]].concat())
    }

    fn add(&mut self, scalar: Scalar) -> Result<(), ConfigValueError> {
        let inherited = self.open.last().and_then(|open| open.obstacle);
        let Some(path) = self.next_path() else {
            return self.add_name(scalar);
        };
        self.document.leaves.push(Leaf {
            path,
            kind: scalar.kind,
            value: scalar.value,
            span: scalar.span,
            obstacle: scalar.obstacle.or(inherited),
        });
        Ok(())
    }

    fn add_name(&mut self, scalar: Scalar) -> Result<(), ConfigValueError> {
        let line = line_of(self.text, scalar.span.start);
        if let Some(construct) = scalar.name_obstacle() {
            return Err(ConfigValueError::Unsupported { line, construct });
        }
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if scalar.value == "<<" {
            open.obstacle = open.obstacle.or(Some("a merge key"));
        }
        if let Members::Mapping(names, next) = &mut open.members {
            if !names.insert(scalar.value.clone()) {
                return Err(ConfigValueError::DuplicateKey { line });
            }
            *next = Some(scalar.value);
        }
        Ok(())
    }

    fn begin(
        &mut self,
        members: Members,
        at: usize,
        obstacle: Option<&'static str>,
    ) -> Result<(), ConfigValueError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(ConfigValueError::TooDeep);
        }
        let inherited = self.open.last().and_then(|open| open.obstacle);
        let Some(path) = self.next_path() else {
            return Err(ConfigValueError::Unsupported {
                line: line_of(self.text, at),
                construct: "a key that is a list or a mapping",
            });
        };
        self.open.push(Open {
            path,
            start: at,
            obstacle: obstacle.or(inherited),
            members,
            is_empty: true,
        });
        Ok(())
    }

    fn end(&mut self, at: usize) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let value = match open.members {
            Members::List(_) => "[]",
            Members::Mapping(..) => "{}",
        };
        if open.is_empty {
            self.document.leaves.push(Leaf {
                path: open.path.clone(),
                kind: Kind::Empty,
                value: value.to_owned(),
                span: open.start..open.start,
                obstacle: None,
            });
        }
        self.document.containers.push(Container {
            path: open.path,
            span: open.start..at,
            obstacle: open.obstacle,
        });
    }

    fn scalar(
        &self,
        value: String,
        style: TScalarStyle,
        at: usize,
        obstacle: Option<&'static str>,
    ) -> Scalar {
        let rest = &self.text[at..];
        let (length, found) = match style {
            TScalarStyle::Plain if value.is_empty() => (None, "no value"),
            TScalarStyle::Plain => {
                let length = rest.starts_with(value.as_str()).then_some(value.len());
                (length, "a value of several lines")
            }
            TScalarStyle::SingleQuoted => (single_quoted_length(rest), "a quoted value"),
            TScalarStyle::DoubleQuoted => (double_quoted_length(rest), "a quoted value"),
            _ => (None, "a block scalar"),
        };
        Scalar {
            kind: match style {
                TScalarStyle::Plain => plain_kind(&value),
                _ => Kind::Text,
            },
            value,
            span: at..at + length.unwrap_or_default(),
            obstacle: obstacle.or(length.is_none().then_some(found)),
        }
    }
}

struct Scalar {
    kind: Kind,
    value: String,
    span: Range<usize>,
    obstacle: Option<&'static str>,
}

impl Scalar {
    fn other(value: String, span: Range<usize>, obstacle: Option<&'static str>) -> Self {
        Self {
            kind: Kind::Other,
            value,
            span,
            obstacle,
        }
    }

    /// Returns why it cannot be the name of a member.
    fn name_obstacle(&self) -> Option<&'static str> {
        self.obstacle
            .filter(|obstacle| matches!(*obstacle, "an alias" | "a tag"))
    }
}

/// A change of an anchored value would change its aliases too.
fn obstacle(anchor: usize, tag: Option<&Tag>) -> Option<&'static str> {
    match (anchor, tag) {
        (0, None) => None,
        (0, Some(_)) => Some("a tag"),
        _ => Some("an anchor"),
    }
}

fn single_quoted_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let mut from = 0;
    loop {
        let at = from + inside.get(from..)?.find('\'')?;
        if !inside[at + 1..].starts_with('\'') {
            return Some(at + 2);
        }
        from = at + 2;
    }
}

fn double_quoted_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('"')?;
    let mut is_escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

fn plain_kind(value: &str) -> Kind {
    let lower = value.to_ascii_lowercase();
    match lower.as_str() {
        "" | "~" | "null" => Kind::Null,
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" => Kind::Other,
        _ if is_number(&lower) => Kind::Other,
        _ => Kind::Text,
    }
}

fn is_number(value: &str) -> bool {
    let plain = value.replace('_', "");
    let digits = plain.trim_start_matches(['+', '-']);
    let radix = ["0x", "0o", "0b"];
    plain.parse::<f64>().is_ok()
        || [".inf", ".nan"].contains(&digits)
        || radix.iter().any(|prefix| digits.starts_with(prefix))
        || (digits.contains(':')
            && digits
                .chars()
                .all(|c| c.is_ascii_digit() || ":.".contains(c)))
}

/// Keeps the style if the value allows it.
pub(super) fn quote(present: &str, value: &str) -> String {
    match present.chars().next() {
        Some('\'') => format!("'{}'", value.replace('\'', "''")),
        Some('"') | None => quoted_string(value),
        Some(_) if is_plain(value) => value.to_owned(),
        Some(_) => quoted_string(value),
    }
}

/// Returns `true` if all readers of YAML read the unquoted value as this text.
fn is_plain(value: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.chars().all(is_safe)
        && plain_kind(value) == Kind::Text
}

/// Adds a line below the last value of the mapping, or a mapping at the end of the file.
pub(super) fn additions(text: &str, document: &Document, new: NewValue<'_>) -> Vec<String> {
    let Some((Segment::Name(name), parent)) = new.path.split_last() else {
        return Vec::new();
    };
    let line = format!("{}: {}", key(name), quoted_string(new.value));
    let mut texts = Vec::new();
    if let Some(child) = document.last_child(parent) {
        let start = line_start(text, child.span.start);
        let before = &text[start..child.span.start];
        let indent_end = before
            .find(|c| c != ' ' && c != '-')
            .unwrap_or(before.len());
        let indent = " ".repeat(indent_end);
        let at = child.span.end;
        texts.push(insert_after_line(text, at, &format!("{indent}{line}")));
    }
    if let Some(names) = names_of(new.path) {
        let last = names.len() - 1;
        let lines = names.iter().enumerate().map(|(depth, name)| {
            let indent = "  ".repeat(depth);
            match depth {
                _ if depth == last => format!("{indent}{line}"),
                _ => format!("{indent}{}:", key(name)),
            }
        });
        texts.push(append(text, &lines.collect::<Vec<_>>()));
    }
    texts
}

fn key(name: &str) -> String {
    if is_plain(name) {
        name.to_owned()
    } else {
        quoted_string(name)
    }
}
