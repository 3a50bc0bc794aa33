//! The text of a `.env`: dotenvy reads each line, guarded against its habit of reading the process environment.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::domain::Secret;

/// Stands for `$` while a line is parsed. dotenvy replaces `$NAME` by the variables of *this process*, so that a
/// `.env` somebody else wrote could collect any secret of the environment and send it to a URL of its own choice.
/// It is a Unicode noncharacter: no file and no credential holds it.
const DOLLAR: char = '\u{FDD0}';

/// Every line stands for itself, so that an apostrophe in one value cannot swallow the lines below it, and the lines
/// of other variables are not parsed at all. A malformed line of a wanted name is an error: its number, its name.
pub(super) fn wanted(
    text: &[u8],
    names: &[&str],
) -> Result<BTreeMap<String, Secret>, (usize, String)> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut values = BTreeMap::new();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let Ok(line) = str::from_utf8(line) else {
            continue;
        };
        let Some(name) = names.iter().find(|name| Some(**name) == name_in(line)) else {
            continue;
        };
        let value = value_in(line).ok_or_else(|| (index + 1, (*name).to_owned()))?;
        values.insert((*name).to_owned(), value);
    }
    values.retain(|_, value| !value.is_empty());
    Ok(values)
}

/// What a line sets; `export NAME` alone sets nothing.
fn name_in(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let name = name.trim();
    match name.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => Some(rest.trim_start()),
        _ => Some(name),
    }
}

/// dotenvy's errors hold the line, secret and all: they end here.
fn value_in(line: &str) -> Option<Secret> {
    let line = Zeroizing::new(without_dollars(line) + "\n");
    let (_, value) = dotenvy::from_read_iter(line.as_bytes()).next()?.ok()?;
    let value = Zeroizing::new(value);
    Some(Secret::new(value.replace(DOLLAR, "$")))
}

/// `line` with each `$` replaced, and with it the backslash that escapes it outside single quotes.
fn without_dollars(line: &str) -> String {
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
        let values = wanted(text.as_bytes(), &["KEY"]).unwrap();
        values.get("KEY").map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn values_are_read_as_every_dotenv_reader_reads_them() {
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
    fn nothing_of_the_process_environment_gets_in() {
        assert!(crate::host::Environment::capture().get("PATH").is_some());
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
    fn a_dollar_in_a_value_survives() {
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
    fn a_malformed_line_elsewhere_hides_nothing() {
        let text = b"NOTE=don't\n=\n\xff\xfe\nOTHER=\"\nKEY=abc\nLAST='";
        assert_eq!(wanted(text, &["KEY"]).unwrap()["KEY"].expose(), "abc");
    }
}
