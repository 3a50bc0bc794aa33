//! Token calls: options and calls that are rejected without a request, quotas, and concurrent revocations. The requests of
//! each service are asserted in `contract`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use brainmaps::actions::{ActionError, Context};
use brainmaps::cli::{Code, Failure};
use brainmaps::domain::{RepeatedOptions, TokenId};
use brainmaps::service::NewToken;
use jiff::SignedDuration;
use serde_json::json as value;
use tokio::time::Instant;

use super::fixture::{Fixture, error_chain, key, new_token, target};
use super::network::{json, text, with_header};

const SERVICES: [(&str, &str); 5] = [
    ("brainmaps", "https://api.brainmaps.science"),
    ("basic-memory", "https://cloud.basicmemory.com"),
    ("neuroio", "https://iam.neuroio.com"),
    ("brainpercent", "https://brainpercent.app"),
    ("basira", "https://api.usebasira.com"),
];

/// A fixture with a stored key of `provider`.
pub(crate) async fn fixture(provider: &str) -> (Fixture, Context) {
    let fixture = Fixture::new();
    let origin = SERVICES.iter().find(|(id, _)| *id == provider).unwrap().1;
    fixture
        .store(provider, &key(provider, origin, provider))
        .await;
    let context = fixture.profile(provider);
    (fixture, context)
}

fn id(text: &str) -> TokenId {
    TokenId::new(text)
}

/// Returns the code of a failure and its whole text.
fn failure_text(error: ActionError) -> (Code, String) {
    let _no_secret = error_chain(&error);
    let failure = Failure::from(error);
    let text = format!(
        "{failure} | {} | {}",
        failure.causes().join(" | "),
        failure
            .hint_line(&RepeatedOptions::default())
            .unwrap_or_default()
    );
    (failure.code, text)
}

#[tokio::test(start_paused = true)]
async fn options_that_a_service_rejects_are_reported_before_any_request() {
    let days = |days| NewToken {
        permissions: vec!["read".into()],
        expires_in: Some(SignedDuration::from_hours(24 * i64::from(days))),
        ..new_token("ci")
    };
    let permission = |word: &str| NewToken {
        permissions: vec![word.into()],
        ..new_token("ci")
    };
    let scope = NewToken {
        scopes: vec!["brains".into()],
        ..permission("read")
    };
    let space = NewToken {
        space: Some("7".into()),
        ..new_token("ci")
    };
    let permanent = NewToken {
        permanent: Some(true),
        ..permission("read")
    };
    let name = |length: usize| NewToken {
        permissions: vec!["read".into()],
        ..new_token(&"é".repeat(length))
    };
    let cases = [
        ("brainmaps", new_token(""), Code::Usage, "require a NAME"),
        (
            "brainmaps",
            permission("read"),
            Code::Unsupported,
            "do not support --permission",
        ),
        (
            "brainmaps",
            space,
            Code::Unsupported,
            "do not support --space",
        ),
        (
            "neuroio",
            days(3),
            Code::Unsupported,
            "do not support --permission",
        ),
        (
            "brainpercent",
            new_token("ci"),
            Code::Usage,
            "require a --permission: read, write, delete",
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
            "of 1 to 365 days, not 0",
        ),
        (
            "brainpercent",
            days(366),
            Code::Usage,
            "of 1 to 365 days, not 366",
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
            "do not support --permission",
        ),
    ];
    for (provider, wanted, code, says) in cases {
        let (fixture, context) = fixture(provider).await;
        let error = context
            .session(&target(&context))
            .create_token(&wanted, None)
            .await;
        let (found, text) = failure_text(error.unwrap_err());
        assert_eq!(found, code, "{provider} {wanted:?}: {text}");
        assert!(text.contains(says), "{says}: {text}");
        assert!(fixture.network.requests().is_empty());
    }
    let (fixture, context) = fixture("brainpercent").await;
    fixture
        .network
        .add_script(|_| Some(Ok(json(500, &value!({})))));
    for fits in [name(100), days(1), days(365)] {
        let _ = context
            .session(&target(&context))
            .create_token(&fits, None)
            .await;
    }
    assert_eq!(fixture.network.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn undocumented_calls_are_rejected_without_a_credential() {
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
        for (code, text) in endings.into_iter().map(failure_text) {
            if has_more {
                assert_eq!(code, Code::LoginRequired, "{provider}");
                continue;
            }
            assert_eq!(code, Code::Unsupported, "{provider}: {text}");
            assert!(text.contains(&target.descriptor.name), "{text}");
            assert!(text.contains("supported: create, list, revoke"), "{text}");
        }
    }
    assert!(fixture.network.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_quota_is_explained_only_for_the_tokens_it_counts() {
    let permanent = |permanent| NewToken {
        permanent: Some(permanent),
        ..new_token("")
    };
    let key = NewToken {
        permissions: vec!["read".into()],
        ..new_token("ci")
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
    for (provider, wanted, body, has_limit, says) in cases {
        let (fixture, context) = fixture(provider).await;
        fixture
            .network
            .add_script(move |_| Some(Ok(json(400, &body))));
        let error = context
            .session(&target(&context))
            .create_token(&wanted, None)
            .await;
        let (code, text) = failure_text(error.unwrap_err());
        assert_eq!(
            (code, text.contains(says)),
            (Code::Rejected, has_limit),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_are_revoked_eight_at_a_time_and_a_retry_after_delays_all() {
    let (fixture, context) = fixture("neuroio").await;
    let target = target(&context);
    let ids: Vec<TokenId> = (0..80).map(|at| id(&at.to_string())).collect();
    fixture.network.set_latency(Duration::from_secs(1));
    let began = Instant::now();
    let sent_at: Arc<Mutex<Vec<u64>>> = Arc::default();
    let record = Arc::clone(&sent_at);
    fixture.network.add_script(move |_| {
        record.lock().unwrap().push(began.elapsed().as_secs());
        Some(Ok(text(204, "text/plain", "")))
    });
    let done = context.session(&target).revoke_tokens(&ids).await.unwrap();
    assert!(done.iter().all(|one| one.outcome.is_ok()));
    assert!(
        done.iter().map(|one| &one.id).eq(&ids),
        "the results are in the order of the ids"
    );
    assert_eq!(
        began.elapsed().as_secs(),
        10,
        "80 requests of one second, 8 at a time"
    );

    let began = Instant::now();
    let sent_at: Arc<Mutex<Vec<u64>>> = Arc::default();
    let responses = Arc::clone(&sent_at);
    fixture.network.add_script(move |_| {
        let mut times = responses.lock().unwrap();
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
    assert_eq!(after, 0, "no request was sent in between: {times:?}");

    fixture.network.add_script(move |_| {
        let slow = json(
            429,
            &value!({"error_codes": [1], "message": "slow down", "fields": []}),
        );
        Some(Ok(with_header(slow, "retry-after", "3600")))
    });
    fixture.network.clear_requests();
    let done = context.session(&target).revoke_tokens(&ids).await.unwrap();
    assert!(done.iter().all(|one| one.outcome.is_err()));
    assert_eq!(
        fixture.network.requests().len(),
        8,
        "a long Retry-After ends all revocations"
    );
}

/// A service with replicas, one of which does not know the new token yet.
#[tokio::test(start_paused = true)]
async fn token_that_was_just_created_is_looked_for_twice() {
    let (fixture, context) = fixture("neuroio").await;
    let target = target(&context);
    let not_found = value!({"error_codes": [1], "message": "not found", "fields": []});
    fixture.network.add_script(move |seen| {
        let created = value!({"key": "k".repeat(40), "id": 7});
        Some(Ok(match seen.line().as_str() {
            "POST /v1/tokens/" => json(201, &created),
            _ => json(404, &not_found),
        }))
    });
    let session = context.session(&target);
    let created = session.create_token(&new_token(""), None).await.unwrap();
    let new = created.token.id.unwrap();
    for (id, requests) in [(new, 2), (id("8"), 1)] {
        let before = fixture.network.requests().len();
        session.get_token(&id).await.unwrap_err();
        assert_eq!(fixture.network.requests().len() - before, requests, "{id}");
    }
}
