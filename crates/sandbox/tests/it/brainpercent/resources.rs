//! Articles, social content and projects: permissions and scopes, the rate limit, and the credits.

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use super::{
    ARTICLES, CREDITS, GENERATE, KEYS, PROJECTS, SOCIAL, USAGE, api_error, cookie, error_code, key,
    list, send,
};
use crate::fixture::{Fixture, request};

#[tokio::test]
async fn a_request_needs_the_permission_and_the_scope() {
    let article = format!("{ARTICLES}/art_1");
    let status = format!("{ARTICLES}/art_1/status");
    let project = format!("{PROJECTS}/prj_1");
    let publish = "/brainpercent/api/v1/social/publish";
    let write_social = "/brainpercent/api/v1/social/generate";
    for (method, path, permission, scope) in [
        (Method::GET, ARTICLES, "read", "articles"),
        (Method::GET, &article, "read", "articles"),
        (Method::GET, &status, "read", "articles"),
        (Method::POST, GENERATE, "write", "articles"),
        (Method::PUT, &article, "write", "articles"),
        (Method::GET, SOCIAL, "read", "social"),
        (Method::POST, write_social, "write", "social"),
        (Method::POST, publish, "write", "social"),
        (Method::GET, PROJECTS, "read", "projects"),
        (Method::GET, &project, "read", "projects"),
        (Method::GET, CREDITS, "read", "user"),
        (Method::GET, USAGE, "read", "user"),
        (Method::DELETE, &article, "delete", "articles"),
    ] {
        let fixture = Fixture::new();
        let cookie = cookie(&fixture).await;
        let body = json!({"title": "A title", "id": "soc_2"});
        let others = |all: &'static [&'static str], own: &str| -> Vec<&'static str> {
            all.iter().copied().filter(|word| *word != own).collect()
        };
        let permissions = others(&["read", "write", "delete"], permission);
        let scopes = others(&["articles", "social", "projects", "user"], scope);

        let lacks = key(&fixture, &cookie, &permissions, &[]).await;
        let reply = send(&fixture, method.clone(), path, &lacks, body.clone()).await;
        assert_eq!(
            api_error(&reply),
            error_code(403, "FORBIDDEN"),
            "{method} {path}"
        );
        let words = format!("lacks the {permission} permission");
        assert!(reply.text("/error/message").contains(&words), "{reply:?}");

        let lacks = key(&fixture, &cookie, &[permission], &scopes).await;
        let reply = send(&fixture, method.clone(), path, &lacks, body.clone()).await;
        assert_eq!(
            api_error(&reply),
            error_code(403, "FORBIDDEN"),
            "{method} {path}"
        );
        let words = format!("lacks the {scope} scope");
        assert!(reply.text("/error/message").contains(&words), "{reply:?}");

        let fits = key(&fixture, &cookie, &[permission], &[scope]).await;
        let reply = send(&fixture, method.clone(), path, &fits, body).await;
        assert!(reply.status.is_success(), "{method} {path} {reply:?}");
        assert_eq!(reply.json()["success"], true);
    }
}

#[tokio::test]
async fn deleted_article_is_not_found() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let article = format!("{ARTICLES}/art_1");
    let all = key(&fixture, &cookie, &["read", "delete"], &[]).await;
    assert_eq!(fixture.delete(&article, &all).await.status, 200);
    let reply = fixture.get(&article, &all).await;
    assert_eq!(api_error(&reply), error_code(404, "NOT_FOUND"));
}

#[tokio::test]
async fn only_valid_keys_work() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let bearer = key(&fixture, &cookie, &["read"], &[]).await;
    for authorization in [
        String::new(),
        bearer.replacen("Bearer", "Token", 1),
        "Bearer".to_owned(),
        format!("Bearer bp_{}", "0".repeat(64)),
        format!("{bearer}0"),
    ] {
        let reply = fixture.get(ARTICLES, &authorization).await;
        assert_eq!(
            api_error(&reply),
            error_code(401, "UNAUTHORIZED"),
            "{authorization}"
        );
    }
    for bad in ["", "brainpercent_session=", "brainpercent_session=x", "x"] {
        let reply = list(&fixture, bad, "").await;
        assert_eq!(api_error(&reply), error_code(401, "UNAUTHORIZED"), "{bad}");
    }
    let among = format!("theme=dark; {cookie}; x=y");
    assert_eq!(list(&fixture, &among, "").await.status, 200);
}

#[tokio::test]
async fn lists_are_paginated() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let bearer = key(&fixture, &cookie, &["read"], &[]).await;
    for (query, count, pagination) in [
        (
            "",
            20,
            json!({"total": 25, "page": 1, "limit": 20, "total_pages": 2, "has_more": true}),
        ),
        (
            "?page=2",
            5,
            json!({"total": 25, "page": 2, "limit": 20, "total_pages": 2, "has_more": false}),
        ),
        (
            "?page=3",
            0,
            json!({"total": 25, "page": 3, "limit": 20, "total_pages": 2, "has_more": false}),
        ),
        (
            "?page=2&limit=10",
            10,
            json!({"total": 25, "page": 2, "limit": 10, "total_pages": 3, "has_more": true}),
        ),
        (
            "?limit=500",
            25,
            json!({"total": 25, "page": 1, "limit": 100, "total_pages": 1, "has_more": false}),
        ),
    ] {
        let reply = fixture.get(&format!("{ARTICLES}{query}"), &bearer).await;
        assert_eq!(reply.json()["pagination"], pagination, "{query}");
        assert_eq!(reply.json()["data"].as_array().unwrap().len(), count);
    }
    for query in ["?page=0", "?page=x", "?limit=0", "?limit=-1", "?page="] {
        let reply = fixture.get(&format!("{ARTICLES}{query}"), &bearer).await;
        assert_eq!(
            api_error(&reply),
            error_code(400, "VALIDATION_ERROR"),
            "{query}"
        );
    }
    let first = fixture.get(&format!("{ARTICLES}?limit=1"), &bearer).await;
    assert_eq!(first.text("/data/0/id"), "art_25", "the newest first");
    assert_eq!(
        list(&fixture, &cookie, "?page=2&limit=5").await.json()["pagination"]["total"],
        1
    );
}

#[tokio::test]
async fn generating_costs_credits_until_they_run_out() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let bearer = key(&fixture, &cookie, &["read", "write"], &[]).await;
    let credits = fixture.get(CREDITS, &bearer).await.json();
    assert_eq!(
        credits,
        json!({"success": true, "data": {"credits": 30, "used": 0}})
    );
    for _ in 0..3 {
        let made = fixture
            .post(GENERATE, &bearer, json!({"title": "Glia"}))
            .await;
        assert_eq!(
            (made.status.as_u16(), made.text("/data/title")),
            (201, "Glia".to_owned())
        );
    }
    let reply = fixture
        .post(GENERATE, &bearer, json!({"title": "Glia"}))
        .await;
    assert_eq!(api_error(&reply), error_code(402, "INSUFFICIENT_CREDITS"));
    let reply = fixture.post(GENERATE, &bearer, json!({})).await;
    assert_eq!(api_error(&reply), error_code(400, "VALIDATION_ERROR"));
    let usage = fixture.get(USAGE, &bearer).await.json();
    assert_eq!(usage["data"], json!({"generated": 3, "credits_used": 30}));
    assert_eq!(
        fixture.get(ARTICLES, &bearer).await.json()["pagination"]["total"],
        28
    );
}

#[tokio::test]
async fn sixty_first_request_within_a_minute_is_rejected() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let one = key(&fixture, &cookie, &["read"], &[]).await;
    let other = key(&fixture, &cookie, &["read"], &[]).await;
    for _ in 0..60 {
        assert_eq!(fixture.get(PROJECTS, &one).await.status, 200);
    }
    fixture.advance(Duration::from_millis(17_500));
    let reply = fixture.get(PROJECTS, &one).await;
    assert_eq!(api_error(&reply), error_code(429, "RATE_LIMIT_EXCEEDED"));
    assert_eq!(reply.header("retry-after"), "43");
    assert_eq!(reply.json()["meta"]["retry_after"], 43);
    assert_eq!(
        fixture.get(PROJECTS, &other).await.status,
        200,
        "each key has its own limit"
    );
    fixture.advance(Duration::from_secs(43));
    assert_eq!(fixture.get(PROJECTS, &one).await.status, 200);
}

#[tokio::test]
async fn every_response_allows_cors() {
    let fixture = Fixture::new();
    let cookie = cookie(&fixture).await;
    let bearer = key(&fixture, &cookie, &["read"], &[]).await;
    for (method, path, authorization, status) in [
        (Method::OPTIONS, ARTICLES, "", 204),
        (Method::OPTIONS, KEYS, "", 204),
        (Method::OPTIONS, "/brainpercent/api/v1/nothing", "", 204),
        (Method::GET, ARTICLES, bearer.as_str(), 200),
        (Method::GET, ARTICLES, "", 401),
        (Method::PUT, ARTICLES, "", 405),
        (Method::GET, "/brainpercent/api/v1/nothing", "", 404),
        (
            Method::GET,
            "/brainpercent/api/v1/articles/",
            bearer.as_str(),
            404,
        ),
    ] {
        let reply = fixture
            .send(request(method.clone(), path, authorization, Body::empty()))
            .await;
        assert_eq!(reply.status, status, "{method} {path}");
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            (
                "access-control-allow-methods",
                "GET, POST, PUT, DELETE, OPTIONS",
            ),
            (
                "access-control-allow-headers",
                "Authorization, Content-Type, X-Request-Id",
            ),
            ("access-control-max-age", "86400"),
        ] {
            assert_eq!(reply.header(name), value, "{method} {path}");
        }
        if status >= 400 {
            api_error(&reply);
        }
    }
}
