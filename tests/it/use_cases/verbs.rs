//! Every token call of every service, as its documents have it on the wire: what is sent, byte by byte, and what is made of
//! the answers. Both are written by hand, so that a misreading shared with the sandbox shows.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use brainmaps::actions::{ActionError, Context, ListOptions};
use brainmaps::cli::{Code, Failure};
use brainmaps::domain::{TokenId, TokenKind};
use brainmaps::http::Response;
use brainmaps::service::NewToken;
use serde_json::{Value, json as value};
use tokio::time::Instant;

use super::fixture::{Fixture, key, target, told};
use super::network::{json, text, with_header};

pub(crate) const SERVICES: [(&str, &str, &str); 5] = [
    (
        "brainmaps",
        "https://api.brainmaps.science",
        "authorization: Token",
    ),
    (
        "basic-memory",
        "https://cloud.basicmemory.com",
        "authorization: Bearer",
    ),
    ("neuroio", "https://iam.neuroio.com", "authorization: Token"),
    (
        "brainpercent",
        "https://brainpercent.app",
        "authorization: Bearer",
    ),
    ("basira", "https://api.usebasira.com", "x-api-key:"),
];

/// A stage where `provider` has a key stored.
pub(crate) async fn fixture(provider: &str) -> (Fixture, Context) {
    let fixture = Fixture::new();
    let origin = SERVICES
        .iter()
        .find(|(id, _, _)| *id == provider)
        .unwrap()
        .1;
    fixture
        .store(provider, &key(provider, origin, provider))
        .await;
    let context = fixture.profile(provider);
    (fixture, context)
}

/// The one request that was sent: method, path and query; its content type; its body.
fn sent(fixture: &Fixture) -> (String, String, String) {
    let seen = fixture.network.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let one = &seen[0];
    let query = one
        .url
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let kind = one.headers.get("content-type");
    let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
    (one.line() + &query, kind, one.body.clone())
}

fn id(text: &str) -> TokenId {
    TokenId::new(text)
}

fn named(name: &str) -> NewToken {
    NewToken {
        name: name.to_owned(),
        ..NewToken::default()
    }
}

fn neuroio(id: i64, expires: &Value) -> Value {
    value!({
        "id": id, "key": "neuro-secret", "is_active": true,
        "created": "2026-02-01T10:00:00.000000", "expires": expires,
    })
}

/// How a failure ends, and all that it says.
fn ending(error: ActionError) -> (Code, String) {
    let _no_secret = told(&error);
    let failure = Failure::from(error);
    let text = format!(
        "{failure} | {} | {}",
        failure.causes().join(" | "),
        failure.hints.join(" | ")
    );
    (failure.code, text)
}

#[tokio::test(start_paused = true)]
async fn making_a_token_sends_what_each_service_documents() {
    const JSON: &str = "application/json";
    let full = NewToken {
        permissions: vec!["read".into(), "write".into()],
        scopes: vec!["articles".into()],
        expires_in_days: Some(90),
        ..named("ci")
    };
    let permanent = NewToken {
        permanent: Some(true),
        ..named("")
    };
    let in_space = NewToken {
        space: Some("7".into()),
        ..named("")
    };
    let cases: Vec<(&str, NewToken, &str, Value, Response, Value)> = vec![
        (
            "brainmaps",
            named("ci"),
            "POST /api/tokens/",
            value!({"name": "ci"}),
            json(
                201,
                &value!({"id": "0b1c", "created_at": "2026-02-01T00:00:00Z", "expires_at": null, "is_revoked": false, "token": "s3cret"}),
            ),
            value!({"id": "0b1c", "name": "ci", "active": true, "kind": null}),
        ),
        (
            "basic-memory",
            named("ci"),
            "POST /api/keys",
            value!({"name": "ci"}),
            json(
                200,
                &value!({"key": "s3cret", "name": "ci", "created_at": "2026-02-01T00:00:00Z"}),
            ),
            value!({"id": null, "name": "ci", "created_at": "2026-02-01T00:00:00Z"}),
        ),
        (
            "neuroio",
            named("ignored"),
            "POST /v1/tokens/",
            value!({"permanent": false}),
            json(
                201,
                &value!({"id": 12, "key": "s3cret", "is_active": true, "created": "2026-02-01T00:00:00Z", "expires": "2026-02-02T00:00:00Z"}),
            ),
            value!({"id": "12", "name": null, "kind": "temporary", "expires_at": "2026-02-02T00:00:00Z"}),
        ),
        (
            "neuroio",
            permanent,
            "POST /v1/tokens/",
            value!({"permanent": true}),
            json(
                201,
                &value!({"id": 13, "key": "s3cret", "is_active": true, "created": "2026-02-01T00:00:00Z", "expires": null}),
            ),
            value!({"id": "13", "kind": "permanent", "expires_at": null}),
        ),
        (
            "neuroio",
            in_space,
            "POST /v1/spaces/7/tokens/",
            value!({"permanent": false}),
            json(
                201,
                &value!({"id": 14, "key": "s3cret", "is_active": true, "created": "2026-02-01T00:00:00Z", "expires": "2026-02-02T00:00:00Z"}),
            ),
            value!({"id": "14"}),
        ),
        (
            "brainpercent",
            full,
            "POST /api/v1/api-keys",
            value!({"name": "ci", "permissions": ["read", "write"], "scopes": ["articles"], "expires_in_days": 90}),
            json(
                201,
                &value!({"success": true, "data": {"id": "k1", "name": "ci", "key": "s3cret", "key_prefix": "bp_ab12", "permissions": ["read", "write"], "scopes": ["articles"], "expires_at": "2026-05-02T00:00:00Z", "created_at": "2026-02-01T00:00:00Z"}}),
            ),
            value!({"id": "k1", "prefix": "bp_ab12", "permissions": ["read", "write"], "scopes": ["articles"]}),
        ),
        (
            "basira",
            named("my-script"),
            "POST /api/v1/api-keys",
            value!({"name": "my-script"}),
            json(
                201,
                &value!({"id": 5, "name": "my-script", "key": "s3cret"}),
            ),
            value!({"id": "5", "name": "my-script"}),
        ),
    ];
    for (provider, wanted, line, body, answer, facts) in cases {
        let (fixture, context) = fixture(provider).await;
        let answered = answer.clone();
        fixture.network.script(move |_| Some(Ok(answered.clone())));
        let minted = context
            .session(&target(&context))
            .create_token(&wanted, None)
            .await;
        let minted = minted.unwrap_or_else(|error| panic!("{provider}: {error}"));
        assert_eq!(minted.secret.expose(), "s3cret");
        let (sent_line, kind, sent_body) = sent(&fixture);
        assert_eq!(
            (sent_line.as_str(), kind.as_str()),
            (line, JSON),
            "{provider}"
        );
        assert_eq!(
            serde_json::from_str::<Value>(&sent_body).unwrap(),
            body,
            "{provider}"
        );
        let shown = serde_json::to_value(&minted.token).unwrap();
        for (fact, expected) in facts.as_object().unwrap() {
            assert_eq!(&shown[fact], expected, "{provider} {fact}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_credential_travels_as_each_service_documents() {
    for (provider, origin, header) in SERVICES {
        let (fixture, context) = fixture(provider).await;
        fixture.network.script(|_| Some(Ok(json(200, &value!([])))));
        let _ = context
            .session(&target(&context))
            .list_tokens(&ListOptions::default())
            .await;
        let seen = &fixture.network.seen()[0];
        let (name, scheme) = header.split_once(':').unwrap();
        let found = seen.headers[name].to_str().unwrap();
        assert!(found.starts_with(scheme.trim()), "{provider}: {found}");
        assert_eq!(seen.origin(), origin);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_service_does_not_take_is_told_before_anything_is_sent() {
    let days = |days| NewToken {
        permissions: vec!["read".into()],
        expires_in_days: Some(days),
        ..named("ci")
    };
    let permission = |word: &str| NewToken {
        permissions: vec![word.into()],
        ..named("ci")
    };
    let scope = NewToken {
        scopes: vec!["brains".into()],
        ..permission("read")
    };
    let space = NewToken {
        space: Some("7".into()),
        ..named("ci")
    };
    let permanent = NewToken {
        permanent: Some(true),
        ..permission("read")
    };
    let name = |length: usize| NewToken {
        permissions: vec!["read".into()],
        ..named(&"é".repeat(length))
    };
    let cases = [
        ("brainmaps", named(""), Code::Usage, "need a NAME"),
        (
            "brainmaps",
            permission("read"),
            Code::Unsupported,
            "take no --permission",
        ),
        ("brainmaps", space, Code::Unsupported, "take no --space"),
        (
            "neuroio",
            days(3),
            Code::Unsupported,
            "take no --permission",
        ),
        (
            "brainpercent",
            named("ci"),
            Code::Usage,
            "need a --permission: read, write, delete",
        ),
        (
            "brainpercent",
            permission("admin"),
            Code::Usage,
            "have no permission `admin`",
        ),
        ("brainpercent", scope, Code::Usage, "have no scope `brains`"),
        (
            "brainpercent",
            days(0),
            Code::Usage,
            "from 1 to 365 days, not 0",
        ),
        (
            "brainpercent",
            days(366),
            Code::Usage,
            "from 1 to 365 days, not 366",
        ),
        (
            "brainpercent",
            name(101),
            Code::Usage,
            "at most 100 characters",
        ),
        (
            "brainpercent",
            permanent,
            Code::Unsupported,
            "--permanent or --temporary",
        ),
        (
            "basira",
            permission("read"),
            Code::Unsupported,
            "take no --permission",
        ),
    ];
    for (provider, wanted, code, says) in cases {
        let (fixture, context) = fixture(provider).await;
        let error = context
            .session(&target(&context))
            .create_token(&wanted, None)
            .await;
        let (found, text) = ending(error.unwrap_err());
        assert_eq!(found, code, "{provider} {wanted:?}: {text}");
        assert!(text.contains(says), "{says}: {text}");
        assert!(fixture.network.seen().is_empty());
    }
    let (fixture, context) = fixture("brainpercent").await;
    fixture.network.script(|_| Some(Ok(json(500, &value!({})))));
    for fits in [name(100), days(1), days(365)] {
        let _ = context
            .session(&target(&context))
            .create_token(&fits, None)
            .await;
    }
    assert_eq!(fixture.network.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn calls_that_no_source_documents_are_refused_offline() {
    // Not even a credential is needed to be told so.
    let fixture = Fixture::new();
    for (provider, has_more) in [
        ("brainmaps", false),
        ("basic-memory", false),
        ("brainpercent", false),
        ("basira", false),
        ("neuroio", true),
    ] {
        let context = fixture.profile(provider);
        let target = target(&context);
        let endings = [
            context
                .session(&target)
                .get_token(&id("1"))
                .await
                .unwrap_err(),
            context
                .session(&target)
                .update_token(&id("1"), true)
                .await
                .unwrap_err(),
            context
                .session(&target)
                .revoke_many(None)
                .await
                .unwrap_err(),
        ];
        for (code, text) in endings.into_iter().map(ending) {
            if has_more {
                assert_eq!(code, Code::LoginRequired, "{provider}");
                continue;
            }
            assert_eq!(code, Code::Unsupported, "{provider}: {text}");
            assert!(text.contains(&target.descriptor.name), "{text}");
            assert!(
                text.contains("its token calls are: create, list, revoke"),
                "{text}"
            );
        }
    }
    assert!(fixture.network.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_token_is_shown_switched_and_ended_by_its_id() {
    let (fixture, context) = fixture("neuroio").await;
    let target = target(&context);
    fixture.network.answer(
        "GET https://iam.neuroio.com/v1/tokens/1/",
        json(200, &neuroio(1, &Value::Null)),
    );
    let token = context.session(&target).get_token(&id("1")).await.unwrap();
    assert_eq!(token.kind, Some(TokenKind::Permanent));
    assert!(
        !serde_json::to_string(&token)
            .unwrap()
            .contains("neuro-secret")
    );

    fixture.network.forget();
    let mut off = neuroio(1, &Value::Null);
    off["is_active"] = value!(false);
    fixture.network.answer(
        "PATCH https://iam.neuroio.com/v1/tokens/1/",
        json(200, &off),
    );
    let token = context
        .session(&target)
        .update_token(&id("1"), false)
        .await
        .unwrap();
    assert_eq!(token.active, Some(false));
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        sent(&fixture),
        (
            "PATCH /v1/tokens/1/".into(),
            form.into(),
            "is_active=false".into()
        )
    );

    fixture.network.forget();
    fixture.network.answer(
        "DELETE https://iam.neuroio.com/v1/tokens/1/",
        text(204, "text/plain", ""),
    );
    let done = context
        .session(&target)
        .revoke_tokens(&[id("1")])
        .await
        .unwrap();
    assert!(done[0].outcome.is_ok());
    assert_eq!(
        sent(&fixture),
        ("DELETE /v1/tokens/1/".into(), String::new(), String::new())
    );
}

#[tokio::test(start_paused = true)]
async fn ending_one_is_the_call_that_each_service_documents() {
    for (provider, line) in [
        ("brainmaps", "POST /api/tokens/a%2Fb/revoke/"),
        ("basic-memory", "DELETE /api/keys/a%2Fb"),
        ("neuroio", "DELETE /v1/tokens/a%2Fb/"),
        ("brainpercent", "DELETE /api/v1/api-keys/a%2Fb"),
        ("basira", "DELETE /api/v1/api-keys/a%2Fb"),
    ] {
        let (fixture, context) = fixture(provider).await;
        fixture
            .network
            .script(|_| Some(Ok(json(200, &value!({"status": "token revoked"})))));
        let done = context
            .session(&target(&context))
            .revoke_tokens(&[id("a/b")])
            .await
            .unwrap();
        assert!(done[0].outcome.is_ok(), "{provider}");
        assert_eq!(sent(&fixture).0, line);
    }
}

#[tokio::test(start_paused = true)]
async fn ending_many_sends_the_filter_or_none_and_never_an_empty_one() {
    for (kind, line) in [
        (
            Some(TokenKind::Permanent),
            "DELETE /v1/tokens/?permanent=true",
        ),
        (
            Some(TokenKind::Temporary),
            "DELETE /v1/tokens/?permanent=false",
        ),
        (None, "DELETE /v1/tokens/"),
    ] {
        let (fixture, context) = fixture("neuroio").await;
        fixture
            .network
            .script(|_| Some(Ok(text(204, "text/plain", ""))));
        context
            .session(&target(&context))
            .revoke_many(kind)
            .await
            .unwrap();
        assert_eq!(sent(&fixture).0, line);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_by_offset_ends_with_a_short_page_and_takes_a_filter() {
    let (fixture, context) = fixture("neuroio").await;
    let target = target(&context);
    fixture.network.script(|seen| {
        let offset: i64 = seen
            .url
            .query_pairs()
            .find(|(name, _)| name == "offset")?
            .1
            .parse()
            .ok()?;
        let page: Vec<Value> = (offset..45.min(offset + 20))
            .map(|at| neuroio(at, &Value::Null))
            .collect();
        Some(Ok(json(200, &value!(page))))
    });
    let all = ListOptions {
        all: true,
        ..ListOptions::default()
    };
    let list = context.session(&target).list_tokens(&all).await.unwrap();
    assert_eq!((list.tokens.len(), list.has_more), (45, false));
    let queries = |fixture: &Fixture| -> Vec<String> {
        let seen = fixture.network.seen();
        seen.iter()
            .map(|seen| seen.url.query().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(
        queries(&fixture),
        [
            "limit=20&offset=0",
            "limit=20&offset=20",
            "limit=20&offset=40"
        ]
    );

    fixture.network.forget();
    let some = ListOptions {
        kind: Some(TokenKind::Permanent),
        offset: 5,
        limit: Some(2),
        ..ListOptions::default()
    };
    let list = context.session(&target).list_tokens(&some).await.unwrap();
    let ids: Vec<String> = list
        .tokens
        .iter()
        .map(|token| token.id.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        (ids, list.has_more),
        (vec!["5".to_owned(), "6".to_owned()], true)
    );
    assert_eq!(queries(&fixture), ["permanent=true&limit=20&offset=5"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_by_pages_goes_on_while_the_answer_says_so() {
    let (fixture, context) = fixture("brainpercent").await;
    fixture.network.script(|seen| {
        let page: u64 = seen.url.query_pairs().find(|(name, _)| name == "page")?.1.parse().ok()?;
        let key = value!({"id": format!("k{page}"), "name": "ci", "permissions": ["read"], "scopes": null, "expires_at": null});
        let pagination = value!({"total": 3, "page": page, "limit": 100, "total_pages": 3, "has_more": page < 3});
        Some(Ok(json(200, &value!({"success": true, "data": [key], "pagination": pagination}))))
    });
    let all = ListOptions {
        all: true,
        ..ListOptions::default()
    };
    let list = context
        .session(&target(&context))
        .list_tokens(&all)
        .await
        .unwrap();
    assert_eq!(list.tokens.len(), 3);
    let lines: Vec<String> = fixture
        .network
        .seen()
        .iter()
        .map(|seen| seen.url.query().unwrap().to_owned())
        .collect();
    assert_eq!(
        lines,
        ["page=1&limit=100", "page=2&limit=100", "page=3&limit=100"]
    );
}

#[tokio::test(start_paused = true)]
async fn every_error_envelope_becomes_its_code_with_the_services_own_words() {
    let percent = |code: &str, message: &str, more: Value| {
        let mut meta = value!({"request_id": "req_abc123", "timestamp": "2026-02-01T00:00:00Z"});
        for (name, value) in more.as_object().unwrap() {
            meta[name] = value.clone();
        }
        value!({"success": false, "error": {"code": code, "message": message}, "meta": meta})
    };
    let none = value!({});
    let cases: Vec<(&str, Response, Code, Vec<&str>)> = vec![
        (
            "brainmaps",
            json(400, &value!({"error": "invalid_name", "detail": "too odd"})),
            Code::Rejected,
            vec!["too odd", "invalid_name", "HTTP 400"],
        ),
        (
            "brainmaps",
            json(
                403,
                &value!({"detail": "You do not have permission to perform this action."}),
            ),
            Code::Forbidden,
            vec!["You do not have permission"],
        ),
        (
            "basic-memory",
            json(
                403,
                &value!({"detail": {"error": "subscription_required", "message": "Active subscription required", "subscribe_url": "https://basicmemory.com/subscribe"}}),
            ),
            Code::PaymentRequired,
            vec![
                "Active subscription required",
                "see https://basicmemory.com/subscribe",
            ],
        ),
        (
            "basic-memory",
            json(
                403,
                &value!({"error": "subscription_required", "message": "Pay", "subscribe_url": "https://basicmemory.com/subscribe"}),
            ),
            Code::PaymentRequired,
            vec!["Pay", "see https://basicmemory.com/subscribe"],
        ),
        (
            "basic-memory",
            json(422, &value!({"detail": "name is empty"})),
            Code::Rejected,
            vec!["name is empty"],
        ),
        (
            "neuroio",
            json(
                400,
                &value!({"error_codes": [103], "message": "Bad request", "fields": ["permanent"]}),
            ),
            Code::Rejected,
            vec!["Bad request", "103", "fields permanent"],
        ),
        (
            "neuroio",
            json(
                404,
                &value!({"error_codes": [4], "message": "Not found", "fields": []}),
            ),
            Code::NotFound,
            vec!["Not found"],
        ),
        (
            "brainpercent",
            json(
                402,
                &percent("INSUFFICIENT_CREDITS", "Not enough credits", none.clone()),
            ),
            Code::PaymentRequired,
            vec!["Not enough credits", "INSUFFICIENT_CREDITS", "req_abc123"],
        ),
        (
            "brainpercent",
            json(
                403,
                &percent(
                    "FORBIDDEN",
                    "API key lacks required permission: write",
                    none.clone(),
                ),
            ),
            Code::Forbidden,
            vec!["permission write", "req_abc123"],
        ),
        (
            "brainpercent",
            json(
                403,
                &percent("FORBIDDEN", "Missing scope 'articles'", none.clone()),
            ),
            Code::Forbidden,
            vec!["scope articles"],
        ),
        (
            "brainpercent",
            json(
                429,
                &percent(
                    "RATE_LIMIT_EXCEEDED",
                    "Too many requests. Please slow down.",
                    value!({"retry_after": 300}),
                ),
            ),
            Code::RateLimited,
            vec!["slow down", "try again in 5 minutes"],
        ),
        (
            "brainpercent",
            with_header(
                json(
                    429,
                    &percent("RATE_LIMIT_EXCEEDED", "Slow down", none.clone()),
                ),
                "retry-after",
                "600",
            ),
            Code::RateLimited,
            vec!["try again in 10 minutes"],
        ),
        (
            "brainpercent",
            json(200, &percent("SOMETHING", "No such luck", none.clone())),
            Code::Rejected,
            vec!["No such luck", "SOMETHING"],
        ),
        (
            "brainpercent",
            json(
                401,
                &percent("UNAUTHORIZED", "Missing or invalid API key", none),
            ),
            Code::CredentialRejected,
            vec!["Missing or invalid API key", "requires a session cookie"],
        ),
        (
            "basira",
            json(400, &value!({"error": "name is required"})),
            Code::Rejected,
            vec!["name is required"],
        ),
        (
            "basira",
            json(401, &value!({"error": "invalid key"})),
            Code::CredentialRejected,
            vec!["invalid key"],
        ),
        (
            "basira",
            json(429, &value!({"error": "rate limited"})),
            Code::RateLimited,
            vec!["rate limited"],
        ),
    ];
    for (provider, answer, code, says) in cases {
        let (fixture, context) = fixture(provider).await;
        fixture.network.script(move |_| Some(Ok(answer.clone())));
        let error = context
            .session(&target(&context))
            .list_tokens(&ListOptions::default())
            .await;
        let (found, text) = ending(error.unwrap_err());
        assert_eq!(found, code, "{provider}: {text}");
        for words in says {
            assert!(text.contains(words), "{provider}: `{words}` in {text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_explained_when_the_service_refuses_another_token() {
    let permanent = |permanent| NewToken {
        permanent: Some(permanent),
        ..named("")
    };
    let key = NewToken {
        permissions: vec!["read".into()],
        ..named("ci")
    };
    let refused = value!({"error_codes": [700], "message": "Limit reached", "fields": []});
    let envelope =
        value!({"success": false, "error": {"code": "BAD_REQUEST", "message": "Maximum reached"}});
    let cases = [
        (
            "neuroio",
            permanent(true),
            refused.clone(),
            true,
            "at most 5 permanent tokens per account or space",
        ),
        ("neuroio", permanent(false), refused, false, "at most 5"),
        (
            "brainpercent",
            key,
            envelope,
            true,
            "at most 10 active tokens per account",
        ),
    ];
    for (provider, wanted, body, is_told, says) in cases {
        let (fixture, context) = fixture(provider).await;
        fixture.network.script(move |_| Some(Ok(json(400, &body))));
        let error = context
            .session(&target(&context))
            .create_token(&wanted, None)
            .await;
        let (code, text) = ending(error.unwrap_err());
        assert_eq!(
            (code, text.contains(says)),
            (Code::Rejected, is_told),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn many_are_ended_eight_at_a_time_and_a_retry_after_holds_back_all() {
    let (fixture, context) = fixture("neuroio").await;
    let target = target(&context);
    let ids: Vec<TokenId> = (0..80).map(|at| id(&at.to_string())).collect();
    fixture.network.latency(Duration::from_secs(1));
    let began = Instant::now();
    let sent_at: Arc<Mutex<Vec<u64>>> = Arc::default();
    let record = Arc::clone(&sent_at);
    fixture.network.script(move |_| {
        record.lock().unwrap().push(began.elapsed().as_secs());
        Some(Ok(text(204, "text/plain", "")))
    });
    let done = context.session(&target).revoke_tokens(&ids).await.unwrap();
    assert!(done.iter().all(|one| one.outcome.is_ok()));
    assert!(
        done.iter().map(|one| &one.id).eq(&ids),
        "in the order of the ids"
    );
    assert_eq!(
        began.elapsed().as_secs(),
        10,
        "80 of a second each, 8 at a time"
    );

    let began = Instant::now();
    let sent_at: Arc<Mutex<Vec<u64>>> = Arc::default();
    let answers = Arc::clone(&sent_at);
    fixture.network.script(move |_| {
        let mut times = answers.lock().unwrap();
        times.push(began.elapsed().as_secs());
        let slow = json(
            429,
            &value!({"error_codes": [1], "message": "slow down", "fields": []}),
        );
        let slow = with_header(slow, "retry-after", "30");
        let done = text(204, "text/plain", "");
        Some(Ok(if times.len() == 8 { slow } else { done }))
    });
    let done = context
        .session(&target)
        .revoke_tokens(&ids[..20])
        .await
        .unwrap();
    assert!(done.iter().all(|one| one.outcome.is_ok()), "{done:?}");
    let times = sent_at.lock().unwrap().clone();
    let after = times.iter().filter(|at| (2..31).contains(*at)).count();
    assert_eq!(after, 0, "nobody was asked in between: {times:?}");

    fixture.network.script(move |_| {
        let slow = json(
            429,
            &value!({"error_codes": [1], "message": "slow down", "fields": []}),
        );
        Some(Ok(with_header(slow, "retry-after", "3600")))
    });
    fixture.network.forget();
    let done = context.session(&target).revoke_tokens(&ids).await.unwrap();
    assert!(done.iter().all(|one| one.outcome.is_err()));
    assert_eq!(
        fixture.network.seen().len(),
        8,
        "a long wait ends it for all"
    );
}
