//! `--jq`: expressions of the language jq, by the crate jaq.

use std::fmt;
use std::sync::Arc;

use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, compile, data::JustLut};
use jaq_json::{Val, read, write::Pp};

use super::{FilterError, StreamStyle, json};
use crate::domain::{sanitize_line_to, sanitize_text};

/// The values of jaq, and no other data.
type Data = JustLut<Val>;

/// A compiled expression.
#[derive(Clone)]
pub struct JqFilter {
    filter: Arc<jaq_core::Filter<Data>>,
    expression: Arc<str>,
}

impl fmt::Debug for JqFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JqFilter")
    }
}

impl JqFilter {
    /// Compiles `expression`. It cannot read files, the environment or further input.
    ///
    /// # Errors
    /// [`FilterError::InvalidJq`].
    pub fn compile(expression: &str) -> Result<Self, FilterError> {
        if names_module(expression) {
            return Err(FilterError::InvalidJq(NO_MODULES.to_owned()));
        }
        let definitions = jaq_core::defs().chain(jaq_std::defs());
        let definitions = definitions.chain(jaq_json::defs()).chain(tables());
        let natives = jaq_core::funs::<Data>().chain(jaq_std::funs());
        let natives = natives.chain(jaq_json::funs());
        // It would print the keys in the environment.
        let natives = natives.filter(|(name, _, _)| *name != "env");
        let arena = Arena::default();
        let program = File {
            code: expression,
            path: (),
        };
        let modules = Loader::new(definitions).load(&arena, program);
        let modules = modules.map_err(|errors| describe_load_errors(expression, errors))?;
        let compiler = Compiler::default().with_funs(natives);
        let filter = compiler.compile(modules).map_err(describe_undefined)?;
        Ok(Self {
            filter: Arc::new(filter),
            expression: expression.into(),
        })
    }

    pub(super) fn expression(&self) -> &str {
        &self.expression
    }

    /// Passes each result to `push` until that returns `false`: strings as they are, other values as JSON.
    pub(super) fn for_each_result(
        &self,
        document: &[u8],
        stream: &StreamStyle,
        mut push: impl FnMut(String) -> bool,
    ) -> Result<(), FilterError> {
        let input = read::parse_single(document).map_err(|_| FilterError::NotJson)?;
        let context = Ctx::<Data>::new(&self.filter.lut, Vars::new([]));
        for result in self.filter.id.run((context, input)) {
            match result.map_err(jaq_core::Exn::get_err) {
                Ok(value) if push(to_text(&value, stream)) => {}
                Err(Ok(error)) => return Err(FilterError::Jq(shorten(&error.to_string()))),
                // The receiver is closed, or `halt` ends the results.
                Ok(_) | Err(Err(_)) => break,
            }
        }
        Ok(())
    }
}

const NO_MODULES: &str = "modules cannot be loaded";

/// Returns true if the expression begins with a directive about modules. The crate does not reject all of them, and ends the
/// program at some.
fn names_module(expression: &str) -> bool {
    let lines = expression.lines().map(str::trim_start);
    let code = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = code.take(1).collect::<String>();
    let word = first.split(|c: char| !c.is_alphanumeric()).next();
    matches!(word, Some("import" | "include" | "module"))
}

/// The formats `@csv` and `@tsv` of jq, which jaq has in a crate with many other formats.
fn tables() -> Vec<load::parse::Def<&'static str>> {
    load::parse(include_str!("tables.jq"), |parser| parser.defs()).unwrap_or_default()
}

/// Returns a JSON document as it is shown on a terminal.
///
/// # Errors
/// [`FilterError::NotJson`].
pub(super) fn indent(document: &[u8], stream: &StreamStyle) -> Result<String, FilterError> {
    let value = read::parse_single(document).map_err(|_| FilterError::NotJson)?;
    Ok(to_text(&value, stream) + "\n")
}

fn to_text(value: &Val, stream: &StreamStyle) -> String {
    if let Val::TStr(bytes) = value {
        let text = String::from_utf8_lossy(bytes);
        if stream.terminal {
            return sanitize_text(&text.replace('\t', "    "));
        }
        return text.into_owned();
    }
    let style = Pp {
        indent: stream.terminal.then(|| "  ".to_owned()),
        sep_space: stream.terminal,
        ..Pp::default()
    };
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = jaq_json::write::write(&mut bytes, &style, 0, value);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    json::escape(text, stream.terminal && !stream.utf8)
}

fn describe_load_errors(code: &str, errors: load::Errors<&str, ()>) -> FilterError {
    let near = |found: &str| {
        let at = load::span(code, found).start;
        let position = code[..at].chars().count() + 1;
        if found.is_empty() {
            return "at its end".to_owned();
        }
        format!("at character {position}, \"{}\"", shorten(found))
    };
    let first = errors.into_iter().next().map(|(_, error)| match error {
        load::Error::Io(_) => NO_MODULES.to_owned(),
        load::Error::Lex(errors) => errors
            .first()
            .map_or_else(String::new, |(expected, found)| {
                format!("expected {} {}", expected.as_str(), near(found))
            }),
        load::Error::Parse(errors) => errors
            .first()
            .map_or_else(String::new, |(expected, found)| {
                format!("expected {} {}", expected.as_str(), near(found))
            }),
    });
    FilterError::InvalidJq(first.unwrap_or_default())
}

fn describe_undefined(errors: compile::Errors<&str, ()>) -> FilterError {
    let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
    let first =
        first.map(|(name, kind)| format!("undefined {} \"{}\"", kind.as_str(), shorten(name)));
    FilterError::InvalidJq(first.unwrap_or_default())
}

/// The longest part of a text in a message, in characters.
const LONGEST: usize = 80;

fn shorten(text: &str) -> String {
    sanitize_line_to(LONGEST, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(expression: &str, document: &str) -> Result<String, FilterError> {
        apply(expression, document.as_bytes(), &StreamStyle::PLAIN)
    }

    fn apply(
        expression: &str,
        document: &[u8],
        stream: &StreamStyle,
    ) -> Result<String, FilterError> {
        let mut text = String::new();
        JqFilter::compile(expression)?.for_each_result(document, stream, |result| {
            text += &(result + "\n");
            true
        })?;
        Ok(text)
    }

    #[test]
    fn results_are_lines_and_strings_are_raw() {
        for (expression, expected) in [
            (".a", "x\ty\n"),
            (".", "{\"a\":\"x\\ty\",\"n\":[1,2.50,null]}\n"),
            (".n[]", "1\n2.50\nnull\n"),
            (".n | @csv", "1,2.50,\n"),
            (
                "[.a, \"q\\\"\"] | @tsv, @csv",
                "x\\ty\tq\"\n\"x\ty\",\"q\"\"\"\n",
            ),
            ("empty", ""),
            (".n[0], halt, .n[1]", "1\n"),
            (".n | map(select(. != null)) | length", "2\n"),
            (".a | test(\"^x\")", "true\n"),
        ] {
            let text = run(expression, r#"{"a":"x\ty","n":[1,2.50,null]}"#);
            assert_eq!(text.as_deref(), Ok(expected), "{expression}");
        }
    }

    #[test]
    fn invalid_expressions_are_described() {
        for (expression, expected) in [
            (".a[", "closing bracket"),
            (".a |", "at its end"),
            ("nonsense(1)", "undefined filter \"nonsense\""),
            ("$ENV", "undefined variable"),
            ("env", "undefined filter"),
            ("input", "undefined filter"),
            ("include \"x\"; .", "modules cannot be loaded"),
            ("# x\n import \"a\" as $d; $d", "modules cannot be loaded"),
        ] {
            let error = run(expression, "{}").unwrap_err();
            assert!(matches!(error, FilterError::InvalidJq(_)), "{error:?}");
            assert!(error.to_string().contains(expected), "{error}");
        }
        let error = run(".a.b", r#"{"a":1}"#).unwrap_err();
        assert!(matches!(error, FilterError::Jq(_)), "{error:?}");
    }

    #[test]
    fn terminal_sequences_are_removed_on_a_terminal() {
        let terminal = StreamStyle {
            terminal: true,
            ..StreamStyle::PLAIN
        };
        let document = "{\"a\":\"x\\u001b[31my\u{9b}\"}".as_bytes();
        let text = apply(".a, .", document, &terminal).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{9b}']), "{text:?}");
    }
}
