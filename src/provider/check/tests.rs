use super::*;
use crate::provider::{Catalog, DescriptorSource};

/// Returns the diagnostics as `LINE:COLUMN AT: MESSAGE`.
fn diagnostics_of(text: &str) -> Vec<String> {
    check(text, None)
        .iter()
        .map(|it| format!("{}:{} {}: {}", it.line, it.column, it.at, it.message))
        .collect()
}

const HEAD: &str = "id = \"maps\"\nname = \"Maps\"\napi_url = \"https://maps.example\"\n[headers]\napi_key = { name = \"X-API-Key\" }\n";

#[test]
fn built_in_descriptions_have_no_diagnostics() {
    let catalog = Catalog::new("/nonexistent".into());
    for id in catalog.ids() {
        let (text, source) = catalog.read_text(&id.parse().unwrap()).unwrap();
        assert_eq!(source, DescriptorSource::BuiltIn);
        assert_eq!(check(&text, Some(&id)), [], "{id}");
    }
    assert_eq!(diagnostics_of(HEAD), [""; 0]);
}

/// Text after [`HEAD`], and the start of the only diagnostic.
const SYNTAX_ERRORS: &[(&str, &str)] = &[
    (
        "nmae = 1\n[oauth]\nissuer = \n[x]\n= 2",
        "8:10 : invalid TOML: ",
    ),
    (
        "[whoami]\ncall = GET /me\n[oauth]\nissuer = 5\n",
        "7:8 : invalid TOML: ",
    ),
    ("[headers]\n", "6:2 : invalid TOML: "),
    ("api_key = 5\n", "6:1 : invalid TOML: "),
    (
        "cookie = { name = 7 }",
        "6:19 headers.cookie.name: value of the wrong type, expected a string",
    ),
    (
        "cookies = { name = \"X\" }",
        "6:1 headers.cookies: unknown member, expected one of",
    ),
    (
        "cookie = { scheme = \"Bearer\" }",
        "6:10 headers.cookie: missing field `name`",
    ),
    (
        "cookie = { name = \"X Key\" }",
        "6:19 headers.cookie.name: expected the name of a header",
    ),
    (
        "cookie = { name = \"X\", scheme = \"Be arer\" }",
        "6:33 headers.cookie.scheme: expected one word",
    ),
    (
        "[oauth]\nissuer = 5",
        "7:10 oauth.issuer: value of the wrong type",
    ),
    (
        "[oauth]\ntoken_endpoint = \"token\"",
        "7:18 oauth.token_endpoint: expected a URL, or a path",
    ),
    (
        "[oauth]\ntoken_endpoint = \"http://a.b\"",
        "7:18 oauth.token_endpoint: expected an https URL",
    ),
    (
        "[login]\nmethods = [\"browser\", \"fax\"]",
        "7:23 login.methods.1: unknown value, expected",
    ),
    (
        "[login.import]\nfiles = [\"x\"]\naccess_token = \"/a\"",
        "7:10 login.import.files.0: expected ~/.tool/token.json",
    ),
    (
        "[key]\nprefix = \"a\"\nscopes = [\"a\"]",
        "8:1 key.scopes: unknown member, expected one of",
    ),
    (
        "[tokens.create]\ncall = \"/keys\"",
        "7:8 tokens.create.call: expected a method and a path",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nencoding = \"xml\"",
        "8:12 tokens.create.encoding: unknown value, expected",
    ),
    (
        "[tokens.create]\nbody = { name = \"nmae\" }",
        "7:17 tokens.create.body.name: unknown value, expected",
    ),
    (
        "[tokens.create]\ncall = \"POST /k\"\nbody = {}",
        "6:1 tokens.create: missing field `secret`",
    ),
    (
        "[tokens.list]\ncall = \"GET /k\"\nitems = [\"/ok\", \"keys\"]",
        "8:17 tokens.list.items.1: expected a JSON pointer",
    ),
    (
        "[tokens.list]\ncall = \"GET /k\"\nitems = []\npaging = { style = \"next_link\", nxt = \"/next\" }",
        "9:33 tokens.list.paging.nxt: unknown member, expected",
    ),
    (
        "[[errors.special]]\nat = [\"/code\"]\nis = \"x\"\nmeans = \"doom\"",
        "9:9 errors.special.0.means: unknown value, expected",
    ),
];

#[test]
fn first_syntax_error_is_reported_with_line_and_column() {
    for (rest, expected) in SYNTAX_ERRORS {
        let found = diagnostics_of(&format!("{HEAD}{rest}\n"));
        let is_it = |it: &String| it.starts_with(expected);
        assert!(found.iter().any(is_it), "{expected}: {found:?}");
        // The check continues after a value that its type rejects, or that is missing.
        let is_another = |it: &&String| {
            it.contains("headers.access_token: `oauth` uses")
                || it.contains("headers.access_token: `login` uses")
                || it.contains("tokens.create: missing field `")
                || it.contains("tokens.fields.id: expected the JSON pointer")
                || it.contains("tokens.list.items: expected the JSON pointer")
                || it.contains("login.import: an import requires")
                || it.contains("tokens.list.items: expected the JSON pointer")
        };
        let others = found.iter().filter(|it| !is_it(it));
        let others: Vec<_> = others.filter(|it| !is_another(it)).collect();
        assert!(others.is_empty(), "{expected}: {others:?}");
    }
    for (old, new, expected) in [
        (
            "id = \"maps\"",
            "id = \"ma ps\"",
            "1:6 id: expected 1 to 64 of",
        ),
        ("name = \"Maps\"", "", "1:1 : missing field `name`"),
        (
            "name =",
            "nmae =",
            "2:1 nmae: unknown member, expected one of",
        ),
        ("https://", "http://", "3:11 api_url: expected an https URL"),
    ] {
        let found = diagnostics_of(&HEAD.replacen(old, new, 1));
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{expected}: {found:?}"
        );
    }
}

#[test]
fn text_that_is_not_toml_has_one_diagnostic() {
    for text in ["[", "= 1", "a = {", "\u{0}", "id = \"\"\""] {
        assert_eq!(check(text, None).len(), 1, "{text:?}");
    }
    for text in ["", "[[id]]", "[headers.x.y.z]"] {
        assert!(check(text, None).len() > 1, "{text:?}");
    }
}

/// A linked file, or a key in the wrong member, must not end up in a log.
#[test]
fn diagnostics_do_not_quote_values() {
    const SECRET: &str = "hunter2";
    let built_in = built_in_texts().swap_remove(0);
    for text in [built_in.as_str(), INVALID] {
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let Some((name, _)) = lines[at].split_once('=') else {
                continue;
            };
            for value in [
                "hunter2 x",
                "ftp://hunter2",
                "hunter2` is `hunter2",
                "expected hunter2",
                "/hunter2",
            ] {
                let shapes = [
                    format!("\"{value}\""),
                    format!("[\"{value}\"]"),
                    value.to_owned(),
                ];
                for shape in shapes {
                    let line = format!("{name}= {shape}");
                    let mut changed = lines.clone();
                    changed[at] = &line;
                    let found = diagnostics_of(&changed.join("\n")).join("\n");
                    assert!(!found.contains(SECRET), "{line}: {found}");
                }
            }
        }
    }
}

fn built_in_texts() -> Vec<String> {
    let catalog = Catalog::new("/nonexistent".into());
    let texts = catalog.ids().into_iter().map(|id| {
        let (text, _) = catalog.read_text(&id.parse().unwrap()).unwrap();
        text.into_owned()
    });
    texts.collect()
}

#[test]
fn unreadable_description_has_a_diagnostic() {
    for text in built_in_texts() {
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let value = lines[at].split_once('=').map(|(name, _)| name);
            let instead = ["7", "\"x y\"", "[\"x\"]", "{ x = 1 }", "[[]]"];
            let instead = instead.map(|it| value.map(|name| format!("{name}= {it}")));
            for line in instead.into_iter().flatten().chain([String::new()]) {
                let mut damaged = lines.clone();
                damaged[at] = &line;
                let damaged = damaged.join("\n");
                let has_diagnostic = !check(&damaged, None).is_empty();
                assert!(
                    has_diagnostic || parse_description(&damaged).is_ok(),
                    "{damaged}"
                );
            }
        }
    }
}

/// A description that can be parsed, and the starts of its diagnostics.
const INVALID: &str = "id = \"maps\"\n\
        name = \" \"\n\
        [headers]\n\
        cookie = { name = \"Cookie\" }\n\
        [environment]\n\
        api_key = \"MAPS-KEY\"\n\
        api_url = \"A_B\"\n\
        issuer = \"A_B\"\n\
        [key]\n\
        prefix = \"\"\n\
        length = 0\n\
        separator = \"\"\n\
        [oauth]\n\
        issuer = \"ftp://id.example\"\n\
        scopes = [\"a b\"]\n\
        [login.import]\n\
        files = []\n\
        access_token = \"/a\"\n\
        [login.password]\n\
        call = \"POST /login/{id}\"\n\
        kind = \"session_token\"\n\
        body = { n = \"username\", p = \"password\" }\n\
        answer = { secret = \"/s\" }\n\
        [refresh]\n\
        call = \"POST /refresh\"\n\
        field = \"r\"\n\
        answer = { secret = \"/s\" }\n\
        [logout]\n\
        call = \"POST /out/{id}\"\n\
        ends = []\n\
        [whoami]\n\
        call = \"GET /me\"\n\
        with = { api_key = \"GET /keys/{id}\" }\n\
        [tokens]\n\
        revoke = \"DELETE /keys\"\n\
        [tokens.create]\n\
        call = \"POST /k\"\n\
        body = {}\n\
        secret = \"/s\"\n\
        [tokens.create.limits]\n\
        expires_in_days = { least = 9, most = 1 }\n\
        scopes = { allowed = [\"a\"], default = [\"b\"] }\n\
        [tokens.list]\n\
        call = \"GET /keys/{id}\"\n\
        items = []\n\
        paging = { style = \"offset\", limit = \"l\", offset = \"o\", size = 0 }\n\
        [tokens.update]\n\
        call = \"PUT /k/{id}\"\n\
        active = \"on\"\n\
        [tokens.fields]\n\
        active = \"/active\"\n\
        revoked = \"/revoked\"\n\
        active_by = \"presence\"\n\
        [[errors.special]]\n\
        status = 200\n\
        at = []\n\
        is = \"x\"\n\
        means = \"rate_limited\"\n";

const EXPECTED: &[&str] = &[
    "2:1 name: expected the service's name",
    "3:2 headers.access_token: `oauth` uses this credential kind",
    "3:2 headers.api_key: `key` uses this credential kind",
    "3:2 headers.session_token: `login` uses this credential kind",
    "4:1 headers.cookie: no login method yields",
    "6:1 environment.api_key: expected the name of an environment variable",
    "8:1 environment.issuer: A_B is already the variable of another setting",
    "10:1 key.prefix: expected visible ASCII",
    "11:1 key.length: expected at least one character",
    "12:1 key.separator: expected at least one character",
    "14:1 oauth.issuer: expected an https URL",
    "15:1 oauth.scopes: expected one word per scope",
    "16:8 login.import: an import requires client_id",
    "17:1 login.import.files: expected at least one file",
    "20:1 login.password.call: unexpected `{id}`",
    "24:2 refresh: `[refresh]` requires `refresh_token`",
    "29:1 logout.call: `{id}` requires `token_id`",
    "33:10 whoami.with.api_key: the credential kind api_key has no header",
    "33:10 whoami.with.api_key: unexpected `{id}`",
    "35:1 tokens.revoke: missing `{id}`",
    "41:1 tokens.create.limits.expires_in_days: expected least <= default <= most",
    "42:29 tokens.create.limits.scopes.default: expected only values from `allowed`",
    "44:1 tokens.list.call: unexpected `{id}`",
    "45:1 tokens.list.items: expected the JSON pointer of the list",
    "46:57 tokens.list.paging.size: expected at least one token per page",
    "50:9 tokens.fields.id: expected the JSON pointer",
    "52:1 tokens.fields.revoked: `revoked` and `active` are the same fact",
    "53:1 tokens.fields.active_by: `active_by` cannot detect",
    "55:1 errors.special.0.status: expected an error status",
    "56:1 errors.special.0.at: expected both or neither: the JSON pointer of the code",
];

#[test]
fn all_semantic_errors_are_reported_with_line_and_column() {
    let found = diagnostics_of(INVALID);
    for expected in EXPECTED {
        assert!(
            found.iter().any(|it| it.starts_with(expected)),
            "no `{expected}` in\n{}",
            found.join("\n")
        );
    }
    assert_eq!(found.len(), EXPECTED.len(), "{}", found.join("\n"));
}

#[test]
fn a_rejected_value_does_not_hide_other_errors() {
    let text = HEAD
        .replace("\"maps\"", "\"ma ps\"")
        .replace("\"Maps\"", "\" \"")
        .replace("X-API-Key", "X API Key");
    let found = diagnostics_of(&format!("{text}[key]\nprefix = \"\"\n"));
    let expected = [
        "1:6 id: expected 1 to 64 of",
        "2:1 name: expected the service's name",
        "5:20 headers.api_key.name: expected the name of a header",
        "7:1 key.prefix: expected visible ASCII",
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn unknown_and_missing_members_do_not_hide_other_errors() {
    let text = HEAD.replace("name = \"Maps\"\n", "titel = \"Maps\"\n");
    let rest = "[whoami]\nacount = \"/login\"\n[tokens.create]\ncal = \"POST /k\"\nsecret = \"key\"\nbdoy = 1\n[tokens.fields]\nid = 7\n";
    let found = diagnostics_of(&format!("{text}{rest}"));
    let expected = [
        "1:1 : missing field `name`",
        "2:1 titel: unknown member, expected one of",
        "6:1 whoami: missing field `call`",
        "7:1 whoami.acount: unknown member",
        "9:1 tokens.create.cal: unknown member",
        "10:10 tokens.create.secret: expected a JSON pointer",
        "11:1 tokens.create.bdoy: unknown member",
        "13:6 tokens.fields.id: value of the wrong type",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn file_name_and_id_must_agree() {
    assert_eq!(check(HEAD, Some("maps")), []);
    let found = check(HEAD, Some("other"));
    assert_eq!((found.len(), found[0].line), (1, 1));
    assert!(found[0].message.contains("maps.toml"), "{found:?}");
}
