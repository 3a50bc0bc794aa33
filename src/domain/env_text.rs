//! Parses the text of a `.env` file: which line sets which variable, and where its value is. The only parser of that
//! syntax: reading a key and editing a file agree about every line. dotenvy parses each value, guarded against its
//! expansion of variables of the process. A form about which dotenv (Node), python-dotenv and godotenv disagree is
//! malformed.

mod multiline;

use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::Secret;

pub use multiline::MultilineQuotes;

/// Replaces `$` while dotenvy parses a line. It would expand `$NAME` to a variable of *this process*, so that a foreign
/// `.env` file could send any secret of the environment to a URL of its choice. The character is a Unicode
/// noncharacter, which no file and no credential contains.
const DOLLAR: char = '\u{FDD0}';

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line that sets a variable.
#[derive(Clone, Copy)]
pub struct Assignment<'a> {
    /// Counted from 1.
    pub line: usize,
    pub name: &'a str,
    /// The offset of the line in the text.
    start: usize,
    /// The line without its line end.
    bytes: &'a [u8],
    /// The offset of the value's text in the line: behind the `=`.
    value: usize,
}

impl<'a> Assignment<'a> {
    /// Returns the value with quotes and escapes resolved; `None` if it is malformed or not UTF-8.
    pub fn value(&self) -> Option<Secret> {
        let line = str::from_utf8(self.bytes).ok()?;
        let text = self.value_text();
        let range = find_value_range(text);
        let behind = text.get(range.end..)?.trim_start();
        let is_malformed = !behind.is_empty() && !behind.starts_with('#');
        if is_malformed || is_ambiguous(text.get(range.clone())?) {
            return None;
        }
        parse_value(line.get(..self.value + range.end)?)
    }

    /// Returns the range of the value in the text, with its quotes, without the blanks around it and without a comment.
    pub fn value_range(&self) -> Range<usize> {
        let start = self.start + self.value;
        let range = find_value_range(self.value_text());
        start + range.start..start + range.end
    }

    /// Returns the text behind the `=`; empty if it is not UTF-8.
    pub fn value_text(&self) -> &'a str {
        let text = self.bytes.get(self.value..).unwrap_or_default();
        str::from_utf8(text).unwrap_or_default()
    }
}

/// Returns the lines of `text` that set a variable. Lines are parsed one by one, so that an apostrophe in one value cannot
/// swallow the lines below it.
pub fn assignments(text: &[u8]) -> impl Iterator<Item = Assignment<'_>> {
    lines(text).enumerate().filter_map(|(index, line)| {
        let Line { start, bytes } = line;
        let equals = bytes.iter().position(|byte| *byte == b'=')?;
        let name = parse_name(str::from_utf8(bytes.get(..equals)?).ok()?);
        Some(Assignment {
            line: index + 1,
            name,
            start,
            bytes,
            value: equals + 1,
        })
    })
}

struct Line<'a> {
    /// The offset in the text.
    start: usize,
    /// Without the line end.
    bytes: &'a [u8],
}

/// Splits at line feeds, carriage returns and pairs of both. Omits a byte order mark.
fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let has_mark = text.starts_with(BYTE_ORDER_MARK);
    let mut next = Some(if has_mark { BYTE_ORDER_MARK.len() } else { 0 });
    std::iter::from_fn(move || {
        let start = next?;
        let rest = text.get(start..)?;
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (bytes, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let ending = if behind.starts_with(b"\r\n") { 2 } else { 1 };
        next = end.map(|end| start + end + ending);
        Some(Line { start, bytes })
    })
}

/// Returns the values of the variables `names`; an empty value counts as unset, and the last line of a variable wins. The
/// lines of other variables are not parsed, so that they may be malformed.
///
/// # Errors
/// The number of the first malformed line that sets one of `names`, and the variable. If no line sets one of `names`, a
/// line that seems to, as `KEY: value` and `export A=1 KEY=value`, is malformed. A line inside another variable's value,
/// which begins above and ends in or below it, is malformed as well.
pub fn find_values(
    content: &[u8],
    names: &[&str],
) -> Result<BTreeMap<String, Secret>, (usize, String)> {
    let quotes = MultilineQuotes::of(content);
    let mut values = BTreeMap::new();
    for assignment in assignments(content) {
        if !names.contains(&assignment.name) {
            continue;
        }
        let name = assignment.name.to_owned();
        let is_inside = quotes.opening_line(assignment.line).is_some();
        match assignment.value().filter(|_| !is_inside) {
            Some(value) => values.insert(name, value),
            None => return Err((assignment.line, name)),
        };
    }
    for name in names.iter().filter(|name| !values.contains_key(**name)) {
        let found = lines(content).position(|line| seems_to_set(line.bytes, name));
        if let Some(index) = found {
            return Err((index + 1, (*name).to_owned()));
        }
    }
    values.retain(|_, value| !value.is_empty());
    Ok(values)
}

/// Returns the name of the variable; `before` is the text before the `=`.
fn parse_name(before: &str) -> &str {
    let name = before.trim();
    match name.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => name,
    }
}

/// Returns `true` if `line` has `name` and behind it a colon, an equals sign or an operator of `make`, outside of quotes and
/// comments.
fn seems_to_set(line: &[u8], name: &str) -> bool {
    let line = String::from_utf8_lossy(line);
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + name.len()..]);
        let quoted = |quote: char| {
            let behind = behind.strip_prefix(quote)?;
            Some((before.strip_suffix(quote)?, behind))
        };
        let (before, behind) = quoted('"')
            .or_else(|| quoted('\''))
            .unwrap_or((before, behind));
        let behind = behind.trim_start_matches([' ', '\t', '+', '?']);
        let is_open = |quote: char| before.matches(quote).count() % 2 == 1;
        let is_comment = before.trim_start().starts_with('#') || before.contains(" #");
        !before.ends_with(is_inside)
            && behind.starts_with([':', '='])
            && !is_comment
            && !is_open('"')
            && !is_open('\'')
    })
}

/// Returns `true` for backquotes, which only some readers remove, for a `#` in an unquoted value, which only some treat as
/// a comment, and for text directly behind a quoted value: some readers keep the quotes then. Pieces as shells and this
/// program write them (`'a'\''b'`) are accepted.
fn is_ambiguous(value: &str) -> bool {
    let Some(quote @ ('"' | '\'' | '`')) = value.chars().next() else {
        return value.contains('#');
    };
    let mut escaped = false;
    let end = value.char_indices().skip(1).find(|(_, c)| {
        let is_end = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped && quote == '"';
        is_end
    });
    let behind = end.and_then(|(at, _)| value.get(at + 1..));
    quote == '`' || behind.is_some_and(|it| !it.is_empty() && !it.starts_with(['"', '\'', '\\']))
}

/// Returns the range of the value in `rest`, the text behind the `=`, by the rules of dotenvy: quotes may be anywhere in a
/// value, and a blank outside of quotes ends it. So does a `#` behind a closing quote.
fn find_value_range(rest: &str) -> Range<usize> {
    let text = rest.trim_end();
    let start = text.len() - text.trim_start().len();
    let body = text.get(start..).unwrap_or_default();
    if body.is_empty() || body.starts_with('#') {
        return 0..0;
    }
    let (mut single, mut double, mut escaped) = (false, false, false);
    let mut previous = ' ';
    for (at, c) in body.char_indices() {
        let before = std::mem::replace(&mut previous, c);
        if escaped {
            escaped = false;
        } else if single {
            single = c != '\'';
        } else {
            match c {
                '#' if !double && matches!(before, '"' | '\'') => return start..start + at,
                '\\' => escaped = true,
                '"' => double = !double,
                '\'' if !double => single = true,
                ' ' | '\t' if !double => return start..start + at,
                _ => {}
            }
        }
    }
    start..text.len()
}

/// Drops dotenvy's errors: they quote the line with its secret.
fn parse_value(line: &str) -> Option<Secret> {
    let line = Zeroizing::new(replace_dollars(line) + "\n");
    let (_, value) = dotenvy::from_read_iter(line.as_bytes()).next()?.ok()?;
    let value = Zeroizing::new(value);
    Some(Secret::new(value.replace(DOLLAR, "$")))
}

/// Replaces each `$`, and removes the backslash that escapes one outside of single quotes.
fn replace_dollars(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let (mut single, mut double, mut escaped) = (false, false, false);
    for c in line.chars() {
        match c {
            '$' if escaped => {
                out.pop();
                out.push(DOLLAR);
            }
            '$' => out.push(DOLLAR),
            _ => out.push(c),
        }
        let plain = !escaped;
        escaped = c == '\\' && plain && !single;
        single ^= c == '\'' && plain && !double;
        double ^= c == '"' && plain && !single;
    }
    out
}

/// Characters that need no quotes for any reader of env files, including POSIX shells.
const PLAIN: &str = "_-.:/+=~@%";

/// Returns `true` if `value` needs no quotes.
pub fn is_plain(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || PLAIN.contains(c);
    value.chars().all(plain)
}

/// Quotes `value` for POSIX shells and dotenvy. A backslash goes outside of the quotes, because dotenvy treats `\'`
/// in single quotes as an escape when it looks for the end of the line, but not when it parses the value.
pub fn quote(value: &str) -> String {
    if is_plain(value) {
        return value.to_owned();
    }
    let mut text = String::with_capacity(4 * value.len() + 2);
    text.push('\'');
    for c in value.chars() {
        match c {
            '\'' => text.push_str(r"'\''"),
            '\\' => text.push_str(r"'\\'"),
            other => text.push(other),
        }
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests;
