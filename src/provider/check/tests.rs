use super::*;
use crate::provider::{Catalog, DescriptorSource};

/// The mistakes as `LINE AT: MESSAGE`.
fn diagnostics_of(text: &str) -> Vec<String> {
    check(text, None)
        .iter()
        .map(|it| format!("{} {}: {}", it.line, it.at, it.message))
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

const INVALID: &str = "id = \"ma ps\"\n\
        nmae = \"Maps\"\n\
        api_url = \"http://maps.example\"\n\
        \n\
        [headers]\n\
        api_key = { name = 7 }\n\
        apikey = { name = \"X\" }\n\
        access_token = { scheme = \"Bearer\" }\n\
        \n\
        [oauth]\n\
        issuer = \"ftp://id.example\"\n\
        token_endpoint = \"token\"\n\
        \n\
        [tokens]\n\
        revoke = \"DELETE /keys\"\n\
        \n\
        [tokens.create]\n\
        call = \"/keys\"\n\
        encoding = \"xml\"\n\
        body = { name = \"nmae\", days = \"expires_in_days\" }\n\
        \n\
        [tokens.list]\n\
        call = \"GET /keys/{id}\"\n\
        items = [\"results\", \"/ok\", \"keys\"]\n\
        paging = { style = \"next_link\", nxt = \"/next\" }\n\
        \n\
        [tokens.fields]\n\
        active = \"/active\"\n\
        revoked = \"/revoked\"\n\
        \n\
        [[errors.special]]\n\
        status = 200\n\
        at = [\"/code\"]\n\
        is = \"x\"\n\
        means = \"doom\"\n";

const EXPECTED: &[&str] = &[
    "1 name: missing field `name`",
    "1 id: the value is not a valid name",
    "2 nmae: unknown member, expected one of",
    "3 api_url: the value is plain http",
    "6 headers.api_key.name: value of the wrong type, expected",
    "7 headers.apikey: unknown value, expected one of",
    "8 headers.access_token.name: missing field `name`",
    "11 oauth.issuer: the value is neither http nor https",
    "12 oauth.token_endpoint: it is no URL",
    "15 tokens.revoke: `{id}` is missing",
    "18 tokens.create.call: the value is no call",
    "19 tokens.create.encoding: unknown value, expected",
    "20 tokens.create.body.name: unknown value, expected",
    "17 tokens.create.secret: missing field `secret`",
    "23 tokens.list.call: `{id}` stands for",
    "24 tokens.list.items.0: the value is no JSON pointer",
    "24 tokens.list.items.2: the value is no JSON pointer",
    "25 tokens.list.paging.nxt: unknown member",
    "25 tokens.list.paging.next: missing field",
    "27 tokens.fields.id: say where a token's id stands",
    "29 tokens.fields.revoked: `active` and `revoked`",
    "32 errors.special.0.status: 200 is no status",
    "35 errors.special.0.means: unknown value, expected",
];

#[test]
fn every_mistake_is_told_with_its_line_in_one_run() {
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
fn what_is_no_toml_is_told_beside_the_rest() {
    let found = diagnostics_of(&format!(
        "{HEAD}[whoami]\ncall = GET /me\n[oauth]\nissuer = 5\n"
    ));
    assert!(found.iter().any(|it| it.starts_with("7 ")), "{found:?}");
    assert!(
        found.iter().any(|it| it.starts_with("9 oauth.issuer: ")),
        "{found:?}"
    );
    for text in [
        "",
        "[",
        "= 1",
        "a = {",
        "\u{0}",
        "id = \"\"\"",
        "[[id]]",
        "[headers.x.y.z]",
    ] {
        assert!(!check(text, None).is_empty(), "{text:?}");
    }
}

/// A linked file, or a key written in the wrong place, must not end up in a log.
#[test]
fn diagnostics_do_not_quote_values() {
    const SECRET: &str = "hunter2";
    let lines: Vec<&str> = INVALID.lines().collect();
    for at in 0..lines.len() {
        let Some((name, _)) = lines[at].split_once('=') else {
            continue;
        };
        for value in [
            "hunter2 x",
            "ftp://hunter2",
            "hunter2` is `hunter2",
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

/// Whatever is done to a description: what cannot be read has a mistake, and the search for them ends.
#[test]
fn unreadable_description_has_a_diagnostic() {
    let catalog = Catalog::new("/nonexistent".into());
    for id in catalog.ids() {
        let (text, _) = catalog.read_text(&id.parse().unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let value = lines[at].split_once('=').map(|(name, _)| name);
            let instead = ["7", "\"x y\"", "[\"x\"]", "{ x = 1 }", "[[]]"];
            let instead = instead.map(|it| value.map(|name| format!("{name}= {it}")));
            for line in instead.into_iter().flatten().chain([String::new()]) {
                let mut damaged = lines.clone();
                damaged[at] = &line;
                let damaged = damaged.join("\n");
                let is_read = toml::from_str::<crate::provider::Descriptor>(&damaged).is_ok();
                let found = check(&damaged, None);
                assert!(is_read || !found.is_empty(), "{damaged}");
                let is_toml = damaged.parse::<toml::Table>().is_ok();
                assert!(!is_toml || found.len() < 20, "{found:?}\n{damaged}");
            }
        }
    }
}

/// What follows the head of a description, and how the line about it begins.
const SEMANTIC_ERRORS: &[(&str, &str)] = &[
    (
        "[key]\nprefix = \"a\"\nscopes = [\"a\"]",
        "8 key.scopes: unknown member",
    ),
    (
        "cookie = { name = \"Cookie\" }",
        "6 headers.cookie: no sign-in gives",
    ),
    (
        "[logout]\ncall = \"POST /out\"\nends = [\"session_token\"]",
        "4 headers.session_token: `logout` gives",
    ),
    (
        "[environment]\napi_key = \"MAPS-KEY\"",
        "7 environment.api_key: the value is no name",
    ),
    (
        "[environment]\napi_key = \"A_B\"\napi_url = \"A_B\"",
        "8 environment.api_url: A_B stands for",
    ),
    ("[key]\nprefix = \"\"", "7 key.prefix: keys begin"),
    (
        "access_token = { name = \"X Key\", scheme = \"Be arer\" }\n[oauth]\nclient_id = \"a\"",
        "6 headers.access_token.name: the value is no name of a header",
    ),
    (
        "access_token = { name = \"X Key\", scheme = \"Be arer\" }\n[oauth]\nclient_id = \"a\"",
        "6 headers.access_token.scheme: the value is no scheme",
    ),
    (
        "[whoami]\ncall = \"GET /me\"\nwith = { cookie = \"GET /keys\" }",
        "8 whoami.with.cookie: there is no header",
    ),
    (
        "[whoami]\ncall = \"GET /me\"\nwith = { api_key = \"GET /keys/{id}\" }",
        "8 whoami.with.api_key: `{id}` stands for",
    ),
    (
        "[tokens.fields]\nactive_by = \"presence\"\n[tokens.update]\ncall = \"PUT /k/{id}\"\nactive = \"on\"",
        "7 tokens.fields.active_by: a token that is switched off",
    ),
    (
        "[oauth]\nclient_id = \"a\"",
        "4 headers.access_token: `oauth` gives",
    ),
    (
        "[login.import]\nfiles = []\naccess_token = \"/a\"",
        "7 login.import.files: name at least",
    ),
    (
        "[login.import]\nfiles = [\"x\"]\naccess_token = \"/a\"",
        "7 login.import.files.0: the value is no such place",
    ),
];

#[test]
fn semantic_errors_are_reported_with_their_line() {
    for (rest, expected) in SEMANTIC_ERRORS {
        let found = diagnostics_of(&format!("{HEAD}{rest}\n"));
        assert!(
            found.iter().any(|it| it.starts_with(expected)),
            "no `{expected}` in\n{}",
            found.join("\n")
        );
    }
    let named = check(HEAD, Some("other"));
    assert_eq!((named.len(), named[0].line), (1, 1));
}
