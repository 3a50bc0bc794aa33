//! The page that gives the cookie.

use std::time::Duration;

use axum::http::Method;
use brainmaps_sandbox::{CANARY, DEMO_EMAIL};

use super::{LOGIN, cookie, list};
use crate::world::{World, request};

#[tokio::test]
async fn the_page_gives_the_cookie_to_whoever_signs_in() {
    let world = World::new();
    let page = world.get(LOGIN, "").await;
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
        world.get("/brainpercent/login/style.css", "").await.status,
        200
    );

    let body = format!("email={DEMO_EMAIL}&password=demo");
    let shown = world.raw_form(LOGIN, &body).await;
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
    assert_eq!(list(&world, cookie, "").await.status, 200);

    let mut foreign = request(Method::POST, LOGIN, "", body.into());
    let headers = foreign.headers_mut();
    headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(world.send(foreign).await.status, 403);
}

#[tokio::test]
async fn guessing_at_the_password_of_the_page_is_slowed_down() {
    let world = World::new();
    let wrong = format!("email={DEMO_EMAIL}&password=wrong");
    for _ in 0..10 {
        let reply = world.raw_form(LOGIN, &wrong).await;
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains("do not belong together"));
        assert_eq!(reply.header("set-cookie"), "");
    }
    let reply = world.raw_form(LOGIN, &wrong).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.header("retry-after"), "61");
    world.pass(Duration::from_mins(1));
    cookie(&world).await;
}
