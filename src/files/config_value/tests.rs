use super::*;

const NEW: &str = "n3w-Key_1";

fn parse_key(format: ConfigFormat, key: &str) -> (ConfigFormat, KeyPath) {
    (format, key.parse().unwrap())
}

fn set_in((format, key): (ConfigFormat, &str), text: &str) -> Result<String, ConfigValueError> {
    let (format, key) = parse_key(format, key);
    set(text, ValuePath { format, key: &key }, NEW)
}

fn get_in(
    (format, key): (ConfigFormat, &str),
    text: &str,
) -> Result<Option<String>, ConfigValueError> {
    let (format, key) = parse_key(format, key);
    get(text, ValuePath { format, key: &key })
}

use ConfigFormat::{Ini, Json, Properties, Toml, Yaml};

/// Format, text with the old value `OLD`, key, and how the new value is written.
const REPLACED: [(ConfigFormat, &str, &str, &str); 26] = [
    (
        Yaml,
        "# c\napi:\n  key: OLD # keep\n  b: 1\n",
        "api.key",
        NEW,
    ),
    (Yaml, "api: {key: OLD, b: [1, 2]}\n", "api.key", NEW),
    (
        Yaml,
        "a:\r\n- token: 'OLD'   # x\r\n- token: other\r\n",
        "a[0].token",
        "'n3w-Key_1'",
    ),
    (Yaml, "\u{feff}é: ü\nkey: \"OLD\"\n", "key", "\"n3w-Key_1\""),
    (Yaml, "---\n\"a.b\":\n  - [x, OLD]\n", "\"a.b\"[0][1]", NEW),
    (Yaml, "x: &a 1\ny: *a\nkey: OLD\n", "key", NEW),
    (
        Yaml,
        "base: &b {x: 1}\nmap:\n  <<: *b\nkey: OLD\n",
        "key",
        NEW,
    ),
    (
        Yaml,
        "text: |\n  key: OLD\nkey: 'O''LD'\n",
        "key",
        "'n3w-Key_1'",
    ),
    (Yaml, "key: 12345\n", "key", NEW),
    (Yaml, "key: ~\n", "key", NEW),
    (
        Toml,
        "# c\n[api]\nkey = \"OLD\" # keep\nb = 1\n",
        "api.key",
        "\"n3w-Key_1\"",
    ),
    (
        Toml,
        "api.key = 'OLD'\r\nb = 1\r\n",
        "api.key",
        "'n3w-Key_1'",
    ),
    (
        Toml,
        "api = { key = \"OLD\", b = [1] }\n",
        "api.key",
        "\"n3w-Key_1\"",
    ),
    (
        Toml,
        "[[s]]\nt = 1\n[[s]]\nt = \"OLD\"",
        "s[1].t",
        "\"n3w-Key_1\"",
    ),
    (
        Toml,
        "\u{feff}key = \"\"\"OLD\nx\"\"\"\n",
        "key",
        "\"n3w-Key_1\"",
    ),
    (
        Toml,
        "[\"a.b\"]\nkey = 17\n",
        "\"a.b\".key",
        "\"n3w-Key_1\"",
    ),
    (
        Json,
        "{\n  \"api\": {\"key\": \"OLD\", \"b\": 1e3}\n}\n",
        "api.key",
        "\"n3w-Key_1\"",
    ),
    (Json, "[1, {\"key\":null}]", "[1].key", "\"n3w-Key_1\""),
    (
        Json,
        "\u{feff}{\r\n\t\"k\\u00e9\": 1,\r\n\t\"key\": \"O\\\"LD\"\r\n}",
        "key",
        "\"n3w-Key_1\"",
    ),
    (
        Ini,
        "; c\n[api]\nkey = OLD\nb=1\n[other]\nkey = x\n",
        "api.key",
        NEW,
    ),
    (Ini, "key=OLD\r\n[a.b]\r\nkey: \"y\"\r\n", "key", NEW),
    (Ini, "[a.b]\nkey: \"OLD\"\n", "a.b.key", NEW),
    (Ini, "[a]\nkey =\n", "a.key", NEW),
    (
        Properties,
        "# c\napi.key = OLD\napi.key2=x\n",
        "api.key",
        NEW,
    ),
    (Properties, "! c\na\\:b:1\n  api.key OLD", "api.key", NEW),
    (Properties, "api.key=\n", "api.key", NEW),
];

#[test]
fn replacing_a_value_keeps_every_other_byte() {
    for (format, text, key, new) in REPLACED {
        let edited = set_in((format, key), text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let common = text.bytes().zip(edited.bytes());
        let start = common.take_while(|(one, other)| one == other).count();
        let ends = text.bytes().rev().zip(edited.bytes().rev());
        let end = ends.take_while(|(one, other)| one == other).count();
        assert!(edited.contains(new), "{edited}");
        let at = edited.find(new).unwrap();
        assert!(
            start >= at && edited.len() - end <= at + new.len(),
            "{edited}"
        );
        assert_eq!(
            get_in((format, key), &edited),
            Ok(Some(NEW.to_owned())),
            "{edited}"
        );
        let again = set_in((format, key), &edited);
        assert_eq!(again.as_ref(), Ok(&edited), "a second time");
    }
}

/// Format, text, key, text with the key.
const ADDED: [(ConfigFormat, &str, &str, &str); 19] = [
    (Yaml, "", "api.key", "api:\n  key: \"n3w-Key_1\"\n"),
    (
        Yaml,
        "api:\n  b: 1 # c\nz: 1\n",
        "api.key",
        "api:\n  b: 1 # c\n  key: \"n3w-Key_1\"\nz: 1\n",
    ),
    (
        Yaml,
        "a:\n- b: 1\n",
        "a[0].key",
        "a:\n- b: 1\n  key: \"n3w-Key_1\"\n",
    ),
    (
        Yaml,
        "# c\nz: 1",
        "api.key",
        "# c\nz: 1\napi:\n  key: \"n3w-Key_1\"\n",
    ),
    (Yaml, "z: 1\r\n", "key", "z: 1\r\nkey: \"n3w-Key_1\"\r\n"),
    (Toml, "", "api.key", "[api]\nkey = \"n3w-Key_1\"\n"),
    (
        Toml,
        "a = 1\n[api]\nb = 1 # c\n[x]\n",
        "api.key",
        "a = 1\n[api]\nb = 1 # c\nkey = \"n3w-Key_1\"\n[x]\n",
    ),
    (
        Toml,
        "a = 1\r\n[x]\r\n",
        "key",
        "a = 1\r\nkey = \"n3w-Key_1\"\r\n[x]\r\n",
    ),
    (
        Toml,
        "[x]\ny = 1\n",
        "key",
        "key = \"n3w-Key_1\"\n[x]\ny = 1\n",
    ),
    (
        Toml,
        "[x]\ny = 1\n",
        "a.\"b c\".key",
        "[x]\ny = 1\n\n[a.\"b c\"]\nkey = \"n3w-Key_1\"\n",
    ),
    (
        Json,
        "",
        "api.key",
        "{\n  \"api\": { \"key\": \"n3w-Key_1\" }\n}\n",
    ),
    (Json, "{}", "key", "{ \"key\": \"n3w-Key_1\" }"),
    (
        Json,
        "{\n  \"a\": 1\n}\n",
        "api.key",
        "{\n  \"a\": 1,\n  \"api\": { \"key\": \"n3w-Key_1\" }\n}\n",
    ),
    (
        Json,
        "{\"a\":{\"b\":1}}",
        "a.key",
        "{\"a\":{\"b\":1,\"key\": \"n3w-Key_1\"}}",
    ),
    (Ini, "", "api.key", "[api]\nkey = n3w-Key_1\n"),
    (
        Ini,
        "[api]\nb=1\n\n[x]\nc=1\n",
        "api.key",
        "[api]\nb=1\nkey=n3w-Key_1\n\n[x]\nc=1\n",
    ),
    (
        Ini,
        "[x]\nc = 1",
        "api.key",
        "[x]\nc = 1\n\n[api]\nkey = n3w-Key_1\n",
    ),
    (Properties, "", "api.key", "api.key=n3w-Key_1\n"),
    (Properties, "a=1", "api.key", "a=1\napi.key=n3w-Key_1\n"),
];

#[test]
fn missing_key_is_added() {
    for (format, text, key, expected) in ADDED {
        assert_eq!(get_in((format, key), text), Ok(None), "{text}");
        assert_eq!(
            set_in((format, key), text).as_deref(),
            Ok(expected),
            "{text}"
        );
    }
}

/// Format, text, key, a part of the message.
const REFUSED: [(ConfigFormat, &str, &str, &str); 35] = [
    (Yaml, "key: &a OLD\nb: *a\n", "key", "line 1 has an anchor"),
    (Yaml, "a: &a x\nkey: *a\n", "key", "line 2 has an alias"),
    (Yaml, "m: &m\n  key: OLD\nn: *m\n", "m.key", "an anchor"),
    (Yaml, "m: *m\n", "m.key", "malformed"),
    (
        Yaml,
        "b: &b {key: x}\nm:\n  <<: *b\n",
        "m.key",
        "a merge key",
    ),
    (Yaml, "b: &b {key: x}\nm: *b\n", "m.key", "an alias"),
    (Yaml, "key: |\n  OLD\n", "key", "a block scalar"),
    (Yaml, "key: >-\n  OLD\n", "key", "a block scalar"),
    (Yaml, "key: !secret OLD\n", "key", "a tag"),
    (Yaml, "key: !!str OLD\n", "key", "a tag"),
    (Yaml, "key: one\n  two\n", "key", "several lines"),
    (Yaml, "key:\nb: 1\n", "key", "no value"),
    (Yaml, "a: 1\nkey: x\nkey: y\n", "key", "line 3 occurs twice"),
    (Yaml, "a: 1\n---\nkey: x\n", "key", "several documents"),
    (Yaml, "key: [1, 2]\n", "key", "not a single value"),
    (Yaml, "key: [1, 2]\n", "key[2]", "cannot be added"),
    (Yaml, "a: {b: 1}\n", "a.key", "cannot be added"),
    (Yaml, "key: \"x\n", "key", "malformed"),
    (Yaml, "? [a]\n: 1\n", "key", "a key that is a list"),
    (Toml, "key = 1\nkey = 2\n", "key", "line 2 is malformed"),
    (Toml, "key = [1]\n", "key", "not a single value"),
    (Toml, "a = 1\n", "a.key", "a part of it is a value"),
    (Toml, "a = { b = 1 }\n", "a.key", "cannot be added"),
    (Toml, "key = OLD\n", "key", "malformed"),
    (Json, "{\"key\": 1, \"key\": 2}", "key", "occurs twice"),
    (Json, "{\"key\": {}}", "key", "not a single value"),
    (Json, "// c\n{\"key\": 1}", "key", "line 1 is malformed"),
    (Json, "{\"a\": [1]}", "a.key", "cannot be added"),
    (Ini, "[a]\nkey = x ; c\n", "a.key", "a comment behind"),
    (Ini, "[a]\nkey = x\n  y\n", "a.key", "an indented line"),
    (Ini, "[a]\nkey = x\nKEY = y\n", "a.key", "occurs twice"),
    (Ini, "[a]\nb = 1\n[a]\nkey = x\n", "a.key", "occurs twice"),
    (Ini, "[a]\nkey = \"x\" y\n", "a.key", "quotes"),
    (Properties, "key = x\\\n  y\n", "key", "several lines"),
    (Properties, "key = x\nkey: y\n", "key", "occurs twice"),
];

#[test]
fn text_that_readers_interpret_differently_is_refused() {
    for (format, text, key, message) in REFUSED {
        let error = set_in((format, key), text);
        let error = error.expect_err(text).to_string();
        assert!(error.contains(message), "{text}: {error}");
        assert!(!error.contains("OLD"), "{error}");
    }
}

#[test]
fn value_that_looks_like_another_type_is_quoted() {
    for value in [
        "123", "1e5", "true", "null", "a: b", "#x", "0x1f", "no", "-", "é", "'\"\\", "12:30",
    ] {
        for (format, text) in [
            (Yaml, "key: old\nb: 1\n"),
            (Yaml, "key: 'old'\nb: 1\n"),
            (Yaml, "{key: old, b: 1}"),
            (Toml, "key = 'old'\nb = 1\n"),
            (Json, "{\"key\": \"old\"}"),
            (Properties, "key=old\nb=1\n"),
        ] {
            let key = "key".parse().unwrap();
            let path = ValuePath { format, key: &key };
            let edited = set(text, path, value).unwrap();
            assert_eq!(
                get(&edited, path).unwrap().as_deref(),
                Some(value),
                "{edited}"
            );
        }
    }
}

/// Every path of generated documents is replaced in turn: all other values stay as they are.
#[test]
fn only_this_value_changes() {
    let mut seed = 7_u64;
    for round in 0..300 {
        let value = random_value(&mut seed, 0);
        let json = serde_json::to_string_pretty(&value).unwrap();
        let compact = value.to_string();
        // JSON is YAML too.
        for (format, text) in [(Json, &json), (Json, &compact), (Yaml, &json)] {
            let before = parse(format, text).unwrap();
            for leaf in before.leaves.iter().filter(|leaf| leaf.obstacle.is_none()) {
                let Some(key) = key_of(&leaf.path).filter(|_| leaf.kind != Kind::Empty) else {
                    continue;
                };
                let path = ValuePath { format, key: &key };
                let edited = set(text, path, NEW).unwrap();
                let after = parse(format, &edited).unwrap();
                let others = |document: &Document| {
                    let all = document.leaves.iter().filter(|it| it.path != leaf.path);
                    all.map(|it| (it.path.clone(), it.kind, it.value.clone()))
                        .collect::<Vec<_>>()
                };
                assert_eq!(others(&before), others(&after), "{round}: {text}");
                assert_eq!(get(&edited, path).unwrap().as_deref(), Some(NEW));
            }
        }
    }
}

fn key_of(path: &[Segment]) -> Option<KeyPath> {
    let mut text = String::new();
    for segment in path {
        let dot = if text.is_empty() { "" } else { "." };
        text.extend(match segment {
            Segment::Name(name) => [dot.to_owned(), format!("\"{name}\"")],
            Segment::Index(index) => [String::new(), format!("[{index}]")],
        });
    }
    text.parse().ok()
}

fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    usize::try_from(*seed >> 33).unwrap()
}

fn random_value(seed: &mut u64, depth: usize) -> serde_json::Value {
    let texts = [
        "", "a", "a b", "#x", "é: y", "\"q\"", "'", "\\", "- z", "null", "12", "{}",
    ];
    match next(seed) % if depth > 3 { 4 } else { 7 } {
        0 => serde_json::Value::Null,
        1 => (next(seed) % 100).into(),
        2 | 3 => texts[next(seed) % texts.len()].into(),
        4 => (0..next(seed) % 4)
            .map(|_| random_value(seed, depth + 1))
            .collect(),
        _ => {
            let names = ["a", "b.c", "d e", "f", "#"];
            let members =
                (0..next(seed) % 5).map(|at| (names[at].to_owned(), random_value(seed, depth + 1)));
            serde_json::Value::Object(members.collect())
        }
    }
}
