//! Property tests of every description that `check` accepts: no request has an unfilled placeholder, a secret in its URL, or a body that is not
//! what the template says. Descriptions come from a generator with a fixed seed.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::template_generator::{FRAGMENTS, Seeded};
use crate::domain::{ApiToken, Origin, Secret, TokenId, TokenKind};
use crate::http::testing::response;
use crate::http::{Request, Response};
use crate::provider::{Descriptor, Placeholder, check};
use crate::service::{ApiTransport, NewToken, Service, ServiceError, TokenToRotate};

const PASSWORD: &str = "pass-c4n4ry";
const OTP: &str = "otp-c4n4ry";
const KEY: &str = "key-c4n4ry";
const REFRESH_TOKEN: &str = "refresh-c4n4ry";
const NOW: &str = "2026-11-29T12:00:00Z";

const HEAD: &str = "id = \"maps\"\nname = \"Maps\"\napi_url = \"https://maps.example\"\n\
    [headers]\nsession_token = { name = \"Authorization\" }\n[tokens.fields]\nid = \"/id\"\n\
    [tokens.list]\ncall = \"GET /k\"\nitems = \"\"\n[whoami]\ncall = \"GET /me\"\naccount = \"/name\"\n";

/// Records the requests, and responds to all in the same way.
#[derive(Default)]
struct Recorder {
    requests: Mutex<Vec<Request>>,
    has_otp: bool,
}

impl ApiTransport for Recorder {
    type Error = ServiceError;

    fn server_time(&self, _origin: &Origin) -> Timestamp {
        NOW.parse().unwrap()
    }

    fn typed_secret(&self, placeholder: &Placeholder) -> Option<Secret> {
        match placeholder {
            Placeholder::Password => Some(Secret::new(PASSWORD)),
            Placeholder::Otp => self.has_otp.then(|| Secret::new(OTP)),
            _ => None,
        }
    }

    async fn send(&self, request: Request) -> Result<Response, ServiceError> {
        // `whoami` reports the user name.
        if request.url().path() != "/me" {
            self.requests.lock().unwrap().push(request);
        }
        Ok(response(200, r#"{"key":"secret-c4n4ry","name":"ada"}"#))
    }
}

fn wanted(full: bool) -> NewToken {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
    NewToken {
        name: "ci {id}".to_owned(),
        permanent: full.then_some(false),
        scopes: if full {
            words(&["a b", "c"])
        } else {
            Vec::new()
        },
        permissions: if full {
            words(&["{password}"])
        } else {
            Vec::new()
        },
        expires_in: full.then(|| SignedDuration::from_hours(48)),
        space: None,
    }
}

/// The values by the text of their placeholders, written down here and not computed.
fn value_of(placeholder: &str, full: bool) -> Option<Value> {
    let always = match placeholder {
        "{id}" => Some(json!("7/8")),
        "{name}" => Some(json!("ci {id}")),
        "{active}" => Some(json!(true)),
        "{username}" => Some(json!("ada")),
        "{password}" => Some(json!(PASSWORD)),
        "{key}" => Some(json!(KEY)),
        "{refresh_token}" => Some(json!(REFRESH_TOKEN)),
        _ => None,
    };
    let optional = match placeholder {
        "{otp}" => Some(json!(OTP)),
        "{scopes}" => Some(json!(["a b", "c"])),
        "{permissions}" => Some(json!(["{password}"])),
        "{permanent}" => Some(json!(false)),
        "{expires:days}" => Some(json!(2)),
        "{expires:seconds}" => Some(json!(172_800)),
        "{expires:ms}" => Some(json!(172_800_000)),
        "{expires:date}" => Some(json!("2026-12-01")),
        "{expires:rfc3339}" => Some(json!("2026-12-01T12:00:00Z")),
        "{expires:unix}" => Some(json!(1_796_126_400)),
        "{expires:unix_ms}" => Some(json!(1_796_126_400_000_i64)),
        _ => None,
    };
    always.or(optional.filter(|_| full))
}

/// Fills a template by its definition in the reference, character by character.
fn expected(template: &toml::Value, full: bool) -> Option<Value> {
    Some(match template {
        toml::Value::String(text) => return expected_text(text, full),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Boolean(value) => json!(value),
        toml::Value::Array(items) => items
            .iter()
            .filter_map(|item| expected(item, full))
            .collect(),
        toml::Value::Table(members) => Value::Object(
            members
                .iter()
                .filter_map(|(name, member)| Some((name.clone(), expected(member, full)?)))
                .collect(),
        ),
        other => panic!("{other}"),
    })
}

fn expected_text(text: &str, full: bool) -> Option<Value> {
    if FRAGMENTS.contains(&text) && text.len() > 2 && text.starts_with('{') {
        return value_of(text, full);
    }
    let mut whole = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let step = if rest.starts_with("{{") || rest.starts_with("}}") {
            whole.push(c);
            2
        } else if c == '{' {
            let end = rest.find('}').unwrap() + 1;
            whole.push_str(&plain(&value_of(&rest[..end], full)?));
            end
        } else {
            whole.push(c);
            c.len_utf8()
        };
        rest = &rest[step..];
    }
    Some(json!(whole))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn expected_form(template: &toml::Value, full: bool) -> Vec<(String, String)> {
    let Some(Value::Object(members)) = expected(template, full) else {
        panic!("{template}");
    };
    let fields = members.into_iter().flat_map(|(name, value)| match value {
        Value::Array(items) => items
            .iter()
            .map(|item| (name.clone(), plain(item)))
            .collect(),
        other => vec![(name, plain(&other))],
    });
    fields.collect()
}

fn check_request(request: &Request, section: &toml::Value, kind: &str, full: bool) {
    let url = request.url().as_str();
    assert!(!url.contains("c4n4ry"), "{url}");
    assert!(
        !url.contains(['{', '}']) && !url.contains("%7Bname%7D"),
        "{url}"
    );
    let header = section.get("headers").map(|headers| &headers["x-call"]);
    let header = header.and_then(|text| expected(text, full));
    let sent = request.headers().get("x-call");
    assert_eq!(
        sent.map(|value| value.to_str().unwrap().to_owned()),
        header.as_ref().map(plain),
        "{section}"
    );
    let body = std::str::from_utf8(request.body()).unwrap();
    if kind == "json" {
        let found: Value = serde_json::from_str(body).unwrap();
        assert_eq!(Some(found), expected(&section["json"], full), "{section}");
        return;
    }
    let found = url::form_urlencoded::parse(body.as_bytes()).into_owned();
    let found: Vec<_> = found.collect();
    assert_eq!(found, expected_form(&section["form"], full), "{section}");
}

/// The sections that the generator writes, the members besides the call and the body, and the placeholders of the call.
const SECTIONS: &[(&str, &str, &[&str])] = &[
    (
        "tokens.create",
        "secret = \"/key\"\n",
        &[
            "{name}",
            "{scopes}",
            "{permissions}",
            "{permanent}",
            "{expires:seconds}",
            "{expires:date}",
            "{password}",
            "{otp}",
            "{username}",
            "x{{",
        ],
    ),
    ("tokens.update", "", &["{active}", "{id}", "{otp}"]),
    ("tokens.revoke", "", &["{id}", "x {id}", "{password}"]),
    (
        "tokens.rotate",
        "secret = \"/key\"\n",
        &["{id}", "{name}", "{scopes}", "{expires:seconds}", "{otp}"],
    ),
    ("tokens.revoke_self", "", &["{password}", "{otp}", "x"]),
    (
        "exchange",
        "kind = \"session_token\"\nanswer = { secret = \"/key\" }\n",
        &["{key}", "x {key}"],
    ),
    (
        "login.password",
        "kind = \"session_token\"\nanswer = { secret = \"/key\" }\n",
        &["{username}", "{password}"],
    ),
];

async fn rotate(
    service: &Service<'_, Recorder>,
    id: &TokenId,
    full: bool,
) -> Result<(), ServiceError> {
    let wanted = wanted(full);
    let facts = ApiToken {
        name: Some(wanted.name),
        scopes: full.then_some(wanted.scopes),
        permissions: full.then_some(wanted.permissions),
        kind: full.then_some(TokenKind::Temporary),
        ..ApiToken::default()
    };
    let old = TokenToRotate {
        id,
        facts: &facts,
        lifetime: wanted.expires_in,
    };
    service.rotate_token(&old).await.map(drop)
}

/// Sends the requests of the section, with all arguments or few of them.
async fn send(service: &Service<'_, Recorder>, section: &str, full: bool) {
    let id = TokenId::new("7/8");
    let _ = match section {
        "tokens.create" => service.create_token(&wanted(full)).await.map(drop),
        "tokens.update" => service.update_token(&id, true).await.map(drop),
        "tokens.revoke" => service.revoke_token(&id).await,
        "tokens.revoke_self" => service.revoke_self().await,
        "tokens.rotate" => rotate(service, &id, full).await,
        "exchange" => service.exchange_key(&Secret::new(KEY)).await.map(drop),
        _ => {
            let password = Secret::new(PASSWORD);
            service.password_login("ada", &password).await.map(drop)
        }
    };
}

#[tokio::test]
async fn every_accepted_description_sends_what_its_templates_say() {
    let mut seeded = Seeded(15);
    let mut accepted = [0; SECTIONS.len()];
    for round in 0..3500 {
        let (name, rest, placeholders) = SECTIONS[round % SECTIONS.len()];
        let (text, kind) = seeded.section(name, rest, placeholders);
        let text = format!("{HEAD}{text}");
        // The header of the session needs a login.
        let only_login = |message: &str| message.contains("no login method yields");
        let diagnostics = check(&text, None);
        if diagnostics.iter().any(|it| !only_login(&it.message)) {
            continue;
        }
        let descriptor: Descriptor = toml::from_str(&text).unwrap();
        let document: toml::Value = toml::from_str(&text).unwrap();
        let section = name.split('.').fold(&document, |value, name| &value[name]);
        for full in [true, false] {
            let recorder = Recorder {
                has_otp: full,
                ..Recorder::default()
            };
            let service = Service {
                descriptor: &descriptor,
                base_url: "https://maps.example".parse().unwrap(),
                transport: &recorder,
            };
            send(&service, name, full).await;
            for request in recorder.requests.lock().unwrap().iter() {
                accepted[round % SECTIONS.len()] += 1;
                check_request(request, section, &kind, full);
            }
        }
    }
    assert!(
        accepted.iter().all(|count| *count > 20),
        "too few requests were sent: {accepted:?}"
    );
}
