//! Parses the text of a `.env` file: which line sets which variable, and where its value is. The only parser of that
//! syntax: reading a key and editing a file agree about every line. dotenvy parses each value, guarded against its
//! expansion of variables of the process.

use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::Secret;

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
    /// The line without its line feed.
    bytes: &'a [u8],
    /// The offset of the value's text in the line: behind the `=`.
    value: usize,
}

impl<'a> Assignment<'a> {
    /// Returns the value with quotes and escapes resolved; `None` if it is malformed or not UTF-8.
    pub fn value(&self) -> Option<Secret> {
        parse_value(str::from_utf8(self.bytes).ok()?)
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
    let skipped = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    };
    let mut next = skipped;
    let lines = text.get(skipped..).unwrap_or_default();
    let lines = lines.split(|byte| *byte == b'\n').enumerate();
    lines.filter_map(move |(index, bytes)| {
        let start = next;
        next += bytes.len() + 1;
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

/// Returns the values of the variables `names`; an empty value counts as unset, and the last line of a variable wins. The
/// lines of other variables are not parsed, so that they may be malformed.
///
/// # Errors
/// The number of the first malformed line that sets one of `names`, and the variable.
pub fn find_values(
    content: &[u8],
    names: &[&str],
) -> Result<BTreeMap<String, Secret>, (usize, String)> {
    let mut values = BTreeMap::new();
    for assignment in assignments(content) {
        if !names.contains(&assignment.name) {
            continue;
        }
        let name = assignment.name.to_owned();
        match assignment.value() {
            Some(value) => values.insert(name, value),
            None => return Err((assignment.line, name)),
        };
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

/// Returns the range of the value in `rest`, the text behind the `=`, by the rules of dotenvy: quotes may be anywhere in a
/// value, and a blank outside of quotes ends it.
fn find_value_range(rest: &str) -> Range<usize> {
    let text = rest.trim_end();
    let start = text.len() - text.trim_start().len();
    let body = text.get(start..).unwrap_or_default();
    if body.is_empty() || body.starts_with('#') {
        return 0..0;
    }
    let (mut single, mut double, mut escaped) = (false, false, false);
    for (at, c) in body.char_indices() {
        if escaped {
            escaped = false;
        } else if single {
            single = c != '\'';
        } else {
            match c {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        let values = find_values(text.as_bytes(), &["KEY"]).unwrap();
        values.get("KEY").map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn values_are_parsed_as_other_dotenv_parsers_do() {
        for (text, expected) in [
            ("KEY=abc", "abc"),
            ("KEY=abc \r\n", "abc"),
            ("  export KEY = 'a b' # why", "a b"),
            ("KEY=\"a\\\"b\"", "a\"b"),
            ("KEY=a#b", "a#b"),
            ("\u{feff}KEY=abc", "abc"),
            ("KEY=old\nKEY=new", "new"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expected), "{text:?}");
        }
        for absent in [
            "",
            "KEY=",
            "KEY=\"\"",
            "#KEY=abc",
            "KEY_2=abc",
            "exportKEY=abc",
            "KEY",
            "export KEY",
        ] {
            assert_eq!(value(absent), None, "{absent:?}");
        }
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the test needs a variable of this process"
    )]
    fn variables_of_the_process_are_not_expanded() {
        assert!(std::env::var_os("PATH").is_some());
        for text in [
            "$PATH",
            "${PATH}",
            "\"$PATH\"",
            "\"${PATH}\"",
            "x$PATH",
            "'$PATH'",
            "\\\\$PATH",
            "$$PATH",
            "\\'$PATH",
            "\"\\\\$PATH\"",
            "a'b'$PATH",
        ] {
            let read = value(&format!("KEY={text}")).unwrap();
            assert!(
                read.contains("PATH") && !read.contains('/'),
                "{text}: {read}"
            );
            assert!(read.contains('$'), "{text}: {read}");
        }
    }

    #[test]
    fn dollar_sign_in_a_value_is_kept() {
        for (text, expected) in [
            ("a$b", "a$b"),
            ("\"a$b$\"", "a$b$"),
            ("a\\$b", "a$b"),
            ("\"a\\$b\"", "a$b"),
            ("'a\\$b'", "a\\$b"),
        ] {
            assert_eq!(
                value(&format!("KEY={text}")).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn value_range_covers_the_quotes_and_nothing_else() {
        for (text, token) in [
            ("KEY=abc", "abc"),
            ("KEY=abc\r\n", "abc"),
            ("A=1\nKEY = 'a b'  # why", "'a b'"),
            ("\u{feff}export\tKEY=\"a\\\" b\" # \"c\"", "\"a\\\" b\""),
            ("KEY=a#b #c", "a#b"),
            ("KEY='a'\\''b' x", "'a'\\''b'"),
            ("KEY=", ""),
            ("KEY=  # why", ""),
            ("KEY=\"\"", "\"\""),
        ] {
            let found = assignments(text.as_bytes()).find(|it| it.name == "KEY");
            assert_eq!(&text[found.unwrap().value_range()], token, "{text:?}");
        }
    }

    #[test]
    fn line_of_a_requested_variable_that_is_not_utf8_is_malformed() {
        let found = find_values(b"A=1\nKEY=\xff", &["KEY"]);
        assert_eq!(found.unwrap_err(), (2, "KEY".to_owned()));
    }

    #[test]
    fn unquoted_value_with_a_blank_is_malformed() {
        for text in ["KEY=abc def", "KEY=abc def # why", "export KEY='abc' def"] {
            let found = assignments(text.as_bytes()).next().unwrap();
            assert!(found.value().is_none(), "{text}");
            let found = find_values(text.as_bytes(), &["KEY"]);
            assert_eq!(found.unwrap_err(), (1, "KEY".to_owned()), "{text}");
        }
        assert_eq!(value("KEY='abc def'").as_deref(), Some("abc def"));
        assert_eq!(value("KEY=abc # def").as_deref(), Some("abc"));
    }

    #[test]
    fn malformed_lines_of_other_variables_are_ignored() {
        let text = b"NOTE=don't\n=\n\xff\xfe\nOTHER=\"\nKEY=abc\nLAST='";
        assert_eq!(find_values(text, &["KEY"]).unwrap()["KEY"].expose(), "abc");
    }
}
