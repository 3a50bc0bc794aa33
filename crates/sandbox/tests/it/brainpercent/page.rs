//! The sandbox's own login page, which shows the session cookie.

use std::time::Duration;

use axum::http::Method;
use brainmaps_sandbox::{CANARY, DEMO_EMAIL};

use super::{LOGIN, cookie, list};
use crate::fixture::{Fixture, request};

#[tokio::test]
async fn page_shows_the_cookie_after_sign_in() {
    let fixture = Fixture::new();
    let page = fixture.get(LOGIN, "").await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("action=\"/brainpercent/login\""),
        "{page:?}"
    );
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert_eq!(page.header("access-control-allow-origin"), "");
    assert_eq!(
        fixture
            .get("/brainpercent/login/style.css", "")
            .await
            .status,
        200
    );

    let body = format!("email={DEMO_EMAIL}&password=demo");
    let shown = fixture.raw_form(LOGIN, &body).await;
    assert_eq!(shown.status, 200);
    let set = shown.header("set-cookie");
    let (cookie, rest) = set.split_once("; ").unwrap();
    assert_eq!(
        rest,
        "Path=/brainpercent; Max-Age=2592000; HttpOnly; SameSite=Strict"
    );
    assert!(cookie.contains(CANARY));
    assert!(
        shown.body.contains(&format!("value=\"{cookie}\"")),
        "{shown:?}"
    );
    assert_eq!(list(&fixture, cookie, "").await.status, 200);

    let mut foreign = request(Method::POST, LOGIN, "", body.into());
    let headers = foreign.headers_mut();
    headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(fixture.send(foreign).await.status, 403);
}

#[tokio::test]
async fn password_attempts_are_limited() {
    let fixture = Fixture::new();
    let wrong = format!("email={DEMO_EMAIL}&password=wrong");
    for _ in 0..10 {
        let reply = fixture.raw_form(LOGIN, &wrong).await;
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains("Wrong e-mail address or password"));
        assert_eq!(reply.header("set-cookie"), "");
    }
    let reply = fixture.raw_form(LOGIN, &wrong).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.header("retry-after"), "61");
    fixture.advance(Duration::from_mins(1));
    cookie(&fixture).await;
}
