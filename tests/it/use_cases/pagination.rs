//! Paginated lists: every style, endless lists, and links to other origins.

use brainmaps::actions::{ActionError, Context, ListOptions, TokenList};
use brainmaps::host::Environment;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::fixture::{API, BEGIN, Fixture, canary, error_chain, key, target};
use super::network::{self, RecordedRequest};

fn all() -> ListOptions {
    ListOptions {
        all: true,
        ..ListOptions::default()
    }
}

fn tokens(from: u64, count: u64) -> Vec<Value> {
    (from..from + count).map(|id| json!({"id": id})).collect()
}

fn parameter(seen: &RecordedRequest, name: &str) -> Option<u64> {
    let mut pairs = seen.url.query_pairs();
    pairs.find(|(found, _)| found == name)?.1.parse().ok()
}

async fn brainmaps_with(
    page: impl Fn(&RecordedRequest) -> Value + Send + Sync + 'static,
) -> Fixture {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &key("brainmaps", API, "key"))
        .await;
    fixture
        .network
        .add_script(move |seen| Some(Ok(network::json(200, &page(seen)))));
    fixture
}

async fn list_tokens_with(
    context: &Context,
    options: &ListOptions,
) -> Result<TokenList, ActionError> {
    context.session(&target(context)).list_tokens(options).await
}

fn ids(list: &TokenList) -> Vec<u64> {
    let id = |token: &brainmaps::domain::ApiToken| token.id.as_ref()?.as_str().parse().ok();
    list.tokens.iter().map(|token| id(token).unwrap()).collect()
}

/// Ten pages of three.
fn ten_pages(seen: &RecordedRequest) -> Value {
    let page = parameter(seen, "page").unwrap_or(1);
    let next = (page < 10).then(|| format!("{API}/api/tokens/?page={}", page + 1));
    json!({"results": tokens(page * 3, 3), "next": next})
}

#[tokio::test(start_paused = true)]
async fn next_links_are_followed_as_far_as_needed() {
    let rows = [
        (all(), 10, (3..33).collect::<Vec<_>>(), false),
        (ListOptions::default(), 1, vec![3, 4, 5], true),
        (
            ListOptions {
                limit: Some(4),
                ..ListOptions::default()
            },
            2,
            vec![3, 4, 5, 6],
            true,
        ),
        (
            ListOptions {
                limit: Some(3),
                ..ListOptions::default()
            },
            1,
            vec![3, 4, 5],
            true,
        ),
        (
            ListOptions {
                limit: Some(3),
                offset: 28,
                ..ListOptions::default()
            },
            10,
            vec![31, 32],
            false,
        ),
        (
            ListOptions {
                offset: 7,
                ..ListOptions::default()
            },
            3,
            vec![10, 11],
            true,
        ),
        (
            ListOptions {
                offset: 99,
                ..ListOptions::default()
            },
            10,
            vec![],
            false,
        ),
        (
            ListOptions {
                limit: Some(0),
                ..ListOptions::default()
            },
            0,
            vec![],
            true,
        ),
    ];
    for (options, requests, expected, more) in rows {
        let fixture = brainmaps_with(ten_pages).await;
        let list = list_tokens_with(&fixture.context(), &options)
            .await
            .unwrap();
        assert_eq!((ids(&list), list.has_more), (expected, more), "{options:?}");
        assert_eq!(fixture.network.requests().len(), requests, "{options:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_next_link_may_be_relative_to_its_page() {
    for link in ["?page=2", "/api/tokens/?page=2", "../tokens/?page=2#top"] {
        let fixture = brainmaps_with(move |seen| match parameter(seen, "page") {
            None => json!({"results": tokens(1, 1), "next": link}),
            Some(_) => json!({"results": tokens(2, 1), "next": ""}),
        })
        .await;
        let list = list_tokens_with(&fixture.context(), &all()).await.unwrap();
        assert_eq!(ids(&list), [1, 2]);
        assert_eq!(fixture.network.lines(), ["GET /api/tokens/"; 2], "{link}");
    }
}

/// A server behind a proxy links to the address that it has there.
#[tokio::test(start_paused = true)]
async fn rfc9700_4_9_next_link_is_followed_at_the_own_origin_only() {
    let links = [
        "http://api.brainmaps.science/api/tokens/?page=2",
        "http://inner:8000/api/tokens/?page=2",
        "//evil.test/api/tokens/?page=2",
        "https://api.brainmaps.science:444/api/tokens/?page=2",
        "https://user:secret@evil.test/api/tokens/?page=2#top",
    ];
    for link in links {
        let fixture = brainmaps_with(move |seen| match parameter(seen, "page") {
            None => json!({"results": tokens(1, 1), "next": link}),
            Some(_) => json!({"results": tokens(2, 1), "next": null}),
        })
        .await;
        let list = list_tokens_with(&fixture.context(), &all()).await.unwrap();
        assert_eq!(ids(&list), [1, 2], "{link}");
        let second = &fixture.network.requests()[1].url;
        assert_eq!(second.as_str(), format!("{API}/api/tokens/?page=2"));
    }
}

#[tokio::test(start_paused = true)]
async fn next_link_that_is_not_a_web_address_is_an_error() {
    for link in ["javascript:alert(1)", "data:,x", "http://["] {
        let fixture = brainmaps_with(move |_| json!({"results": [], "next": link})).await;
        let error = list_tokens_with(&fixture.context(), &all())
            .await
            .unwrap_err();
        assert!(error_chain(&error).contains("is not a URL"), "{error}");
        assert_eq!(fixture.network.requests().len(), 1, "{link}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cyclic_list_ends() {
    for pages in 1..4 {
        let fixture = brainmaps_with(move |seen| {
            let page = parameter(seen, "page").unwrap_or(0);
            let next = (page + 1) % pages;
            json!({"results": tokens(page, 1), "next": format!("/api/tokens/?page={next}")})
        })
        .await;
        let error = list_tokens_with(&fixture.context(), &all())
            .await
            .unwrap_err();
        assert!(
            error_chain(&error).contains("whose pages repeat"),
            "{error}"
        );
        let requests = fixture.network.requests().len() as u64;
        assert!(requests <= pages + 2, "{requests}");
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "slow: run by ./tests/run"]
async fn an_endless_list_ends() {
    type Page = fn(u64) -> Vec<Value>;
    let rows: [(Page, u64, &str); 3] = [
        (|_| tokens(1, 1), 2, "whose pages repeat"),
        (|_| Vec::new(), 10, "one page without tokens after another"),
        (|page| tokens(page, 1), 10_000, "a list without an end"),
    ];
    for (results, requests, expected) in rows {
        let fixture = brainmaps_with(move |seen| {
            let page = parameter(seen, "page").unwrap_or(0);
            json!({"results": results(page), "next": format!("/api/tokens/?page={}", page + 1)})
        })
        .await;
        let error = list_tokens_with(&fixture.context(), &all())
            .await
            .unwrap_err();
        assert!(error_chain(&error).contains(expected), "{error}");
        assert_eq!(fixture.network.requests().len() as u64, requests);
    }
}

/// Returns the context of a described service with this pagination; empty for none.
fn context_with_paging(fixture: &Fixture, paging: &str) -> Context {
    let paging = if paging.is_empty() {
        String::new()
    } else {
        format!("paging = {{ {paging} }}")
    };
    fixture.write_description(
        "mine",
        &format!(
            "id = \"mine\"\nname = \"Mine\"\napi_url = \"https://mine.test/v1\"\n[environment]\n\
            api_key = \"MINE_KEY\"\n[headers]\napi_key = {{ name = \"X-Key\" }}\n[tokens.list]\n\
            call = \"GET /tokens/?permanent=true\"\nitems = [\"/data\", \"\"]\n{paging}\n\
            [tokens.fields]\nid = \"/id\"\nexpires_at = \"/ends\"\n"
        ),
    );
    let mut context = fixture.profile("mine");
    context.environment = Environment::from_vars([("MINE_KEY", canary("key"))]);
    context
}

#[tokio::test(start_paused = true)]
async fn offset_pagination_stops_at_a_short_page() {
    for (total, requests) in [(0, 1), (3, 1), (4, 2), (9, 3)] {
        let fixture = Fixture::new();
        let context = context_with_paging(
            &fixture,
            "style = \"offset\", limit = \"limit\", offset = \"offset\", size = 4",
        );
        fixture.network.add_script(move |seen| {
            let from = parameter(seen, "offset").unwrap();
            let count = parameter(seen, "limit").unwrap().min(total - from);
            Some(Ok(network::json(200, &json!(tokens(from, count)))))
        });
        let list = list_tokens_with(&context, &all()).await.unwrap();
        assert_eq!(ids(&list), (0..total).collect::<Vec<_>>());
        let seen = fixture.network.requests();
        assert_eq!(seen.len(), requests);
        assert_eq!(
            seen[0].url.as_str(),
            "https://mine.test/v1/tokens/?permanent=true&limit=4&offset=0"
        );
        assert_eq!(seen[0].headers["x-key"], canary("key").as_str());
    }
}

#[tokio::test(start_paused = true)]
async fn cursor_is_sent_with_the_next_request_until_there_is_none() {
    for last in [json!(null), json!(""), json!("c3")] {
        let fixture = Fixture::new();
        let context = context_with_paging(
            &fixture,
            "style = \"cursor\", parameter = \"after\", next = \"/next\", more = \"/more\"",
        );
        fixture.network.add_script(move |seen| {
            let query = seen.url.query().unwrap_or_default();
            let (from, next, more) = match query.strip_prefix("permanent=true") {
                Some("") => (0, json!("c+1"), None),
                Some("&after=c%2B1") => (2, json!(22), Some(true)),
                Some("&after=22") => (4, last.clone(), Some(false)),
                _ => panic!("{query}"),
            };
            let page = json!({"data": tokens(from, 2), "next": next, "more": more});
            Some(Ok(network::json(200, &page)))
        });
        let list = list_tokens_with(&context, &all()).await.unwrap();
        assert_eq!(ids(&list), [0, 1, 2, 3, 4, 5]);
    }
}

fn linked(fixture: &Fixture) {
    fixture.network.add_script(move |seen| {
        let page = parameter(seen, "page").unwrap_or(1);
        let mut response = network::json(200, &json!(tokens(page * 2, 2)));
        if page < 3 {
            let link = format!("<http://inner/v1/tokens/?page={}>; rel=\"next\"", page + 1);
            response.headers.insert("link", link.parse().unwrap());
        }
        Some(Ok(response))
    });
}

#[tokio::test(start_paused = true)]
async fn link_header_is_followed_with_and_without_a_paging_style() {
    for paging in ["style = \"link_header\"", ""] {
        let fixture = Fixture::new();
        let context = context_with_paging(&fixture, paging);
        linked(&fixture);
        let list = list_tokens_with(&context, &all()).await.unwrap();
        assert_eq!(ids(&list), [2, 3, 4, 5, 6, 7]);
        let urls = fixture.network.requests();
        assert_eq!(urls[2].url.as_str(), "https://mine.test/v1/tokens/?page=3");
    }
}

#[tokio::test(start_paused = true)]
async fn list_that_ends_before_its_link_header_is_an_error() {
    for paging in [
        "style = \"next_link\", next = \"/next\"",
        "style = \"cursor\", parameter = \"after\", next = \"/next\"",
        "style = \"offset\", limit = \"limit\", offset = \"offset\", size = 4",
    ] {
        let fixture = Fixture::new();
        let context = context_with_paging(&fixture, paging);
        linked(&fixture);
        let error = list_tokens_with(&context, &all()).await.unwrap_err();
        assert!(error_chain(&error).contains("does not follow"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn page_numbers_are_followed_while_the_service_reports_more() {
    let fixture = Fixture::new();
    let context = context_with_paging(
        &fixture,
        "style = \"page\", page = \"page\", limit = \"limit\", size = 2, more = \"/pagination/has_more\"",
    );
    fixture.network.add_script(|seen| {
        let page = parameter(seen, "page").unwrap();
        let more = json!({"has_more": page < 3});
        Some(Ok(network::json(
            200,
            &json!({"data": tokens(page * 2, 2), "pagination": more}),
        )))
    });
    let list = list_tokens_with(&context, &all()).await.unwrap();
    assert_eq!(ids(&list), [2, 3, 4, 5, 6, 7]);
    assert!(!list.has_more);
    let first = list_tokens_with(&context, &ListOptions::default())
        .await
        .unwrap();
    assert!(first.has_more && first.tokens.len() == 2);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_ignores_offset_or_page_does_not_cause_a_loop() {
    for paging in [
        "style = \"offset\", limit = \"limit\", offset = \"offset\", size = 2",
        "style = \"page\", page = \"page\", limit = \"limit\", size = 2, more = \"/more\"",
    ] {
        let fixture = Fixture::new();
        let context = context_with_paging(&fixture, paging);
        fixture.network.add_script(|_| {
            Some(Ok(network::json(
                200,
                &json!({"data": tokens(1, 2), "more": true}),
            )))
        });
        let error = list_tokens_with(&context, &all()).await.unwrap_err();
        assert!(
            error_chain(&error).contains("whose pages repeat"),
            "{error}"
        );
        assert_eq!(fixture.network.requests().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn expiring_within_selects_tokens_by_expiry() {
    let fixture = Fixture::new();
    let context = context_with_paging(
        &fixture,
        "style = \"offset\", limit = \"limit\", offset = \"offset\", size = 9",
    );
    let ends = [
        json!(BEGIN + 86_400),
        json!(BEGIN + 9 * 86_400),
        json!(null),
        json!("2020-01-01"),
        json!("soon"),
    ];
    let data: Vec<_> = (0_u64..)
        .zip(ends)
        .map(|(id, end)| json!({"id": id, "ends": end}))
        .collect();
    fixture
        .network
        .add_script(move |_| Some(Ok(network::json(200, &json!(data)))));
    let options = ListOptions {
        expires_within: Some(SignedDuration::from_hours(7 * 24)),
        ..all()
    };
    assert_eq!(
        ids(&list_tokens_with(&context, &options).await.unwrap()),
        [0, 3]
    );
    assert_eq!(
        ids(&list_tokens_with(&context, &all()).await.unwrap()),
        [0, 1, 2, 3, 4]
    );
}
