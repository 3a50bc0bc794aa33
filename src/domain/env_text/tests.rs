//! Values, forms and edits of single lines.

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
        ("\u{feff}KEY=abc", "abc"),
        ("KEY=old\nKEY=new", "new"),
        ("A=1\rKEY=abc\rB=2\r", "abc"),
        ("KEY=\"abc\"#why", "abc"),
        ("KEY='abc'  # it's why", "abc"),
        ("KEY=\"a#b\" # why", "a#b"),
        ("KEY=abc;", "abc;"),
        ("KEY==abc", "=abc"),
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
fn forms_that_readers_disagree_about_are_malformed() {
    for text in [
        "KEY: abc",
        "KEY:abc",
        "KEY : abc",
        "KEY=`abc`",
        "KEY=ab#c",
        "KEY=\"abc\";",
        "KEY='abc';",
        "KEY=\"abc\"def",
        "KEY+=abc",
        "KEY ?= abc",
        "\"KEY\"=abc",
        "\"KEY\": \"abc\"",
        "export A=1 KEY=abc",
        "A=1 KEY=abc",
        "declare -x KEY=abc",
        "set KEY=abc",
        "$env:KEY = 'abc'",
    ] {
        let text = format!("A=1\n{text}\n");
        let found = find_values(text.as_bytes(), &["KEY"]);
        assert_eq!(found.unwrap_err(), (2, "KEY".to_owned()), "{text}");
        let text = format!("{text}KEY=new");
        let found = find_values(text.as_bytes(), &["KEY"]);
        assert!(found.is_err() || found.unwrap()["KEY"].expose() == "new");
    }
    for absent in [
        "# KEY: abc",
        "A=1 # KEY=abc",
        "NOTE='set KEY=abc'",
        "NOTE=\"KEY: abc\"",
        "MY_KEY: abc",
        "KEYS: abc",
        "see KEY",
    ] {
        assert_eq!(value(absent), None, "{absent}");
    }
}

#[test]
fn malformed_lines_of_other_variables_are_ignored() {
    let text = b"NOTE=don't\n=\n\xff\xfe\nOTHER=\"\nKEY=abc\nLAST='";
    assert_eq!(find_values(text, &["KEY"]).unwrap()["KEY"].expose(), "abc");
}

/// Most readers take such a line as a part of the other value.
#[test]
fn line_inside_the_value_of_another_variable_is_malformed() {
    for quote in ['"', '\''] {
        for line_end in ["\n", "\r\n", "\r"] {
            let text =
                format!("KEY=good|NOTES={quote}old:|KEY=old|{quote}|").replace('|', line_end);
            let found = find_values(text.as_bytes(), &["KEY"]);
            assert_eq!(found.unwrap_err(), (3, "KEY".to_owned()), "{text:?}");
        }
    }
    let unclosed = find_values(b"A='x\nKEY=good\n", &["KEY"]).unwrap();
    assert_eq!(unclosed["KEY"].expose(), "good");
}
