//! The pages reject forged forms, guesses and forms of other sites, run no scripts, and have labels for screen readers.

use std::sync::Barrier;
use std::thread;

use axum::http::{Method, header};
use brainmaps_sandbox::CANARY;

use super::Browser;
use crate::fixture::{Device, Fixture, TestResponse, request};

#[tokio::test]
async fn input_is_escaped() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser
        .submit("", &[("user_code", "\"><script>alert(1)")])
        .await;
    assert!(
        !browser.page.body.contains("<script"),
        "{}",
        browser.page.body
    );
    assert!(browser.page.body.contains("role=\"alert\""));
}

#[tokio::test]
async fn form_without_its_token_is_rejected() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    browser.reach_consent(&device.user_code).await;
    let csrf = browser.csrf();
    let other = Browser::new(&fixture).await.csrf();
    let code = device.user_code.as_str();
    let fields = [
        ("user_code", code),
        ("decision", "approve"),
        ("email", "x"),
        ("password", "y"),
    ];
    for step in ["", "/sign-in", "/sign-out", "/consent"] {
        for wrong in ["", "x", &other] {
            let mut fields_with_token = vec![("csrf", wrong)];
            fields_with_token.extend(fields);
            browser.submit_exactly(step, &fields_with_token).await;
            assert_eq!(browser.page.status, 403, "{step} {wrong}");
            browser.submit_exactly(step, &fields).await;
            assert_eq!(browser.page.status, 403, "{step}");
        }
    }
    let cookie = std::mem::take(&mut browser.cookie);
    browser
        .submit_exactly("/consent", &[("csrf", &csrf), fields[0], fields[1]])
        .await;
    assert_eq!(
        browser.page.status, 403,
        "the form token is rejected without the cookie"
    );
    assert_eq!(
        device.poll().await.error(),
        (400, "authorization_pending".into())
    );
    browser.cookie = cookie;
    browser
        .submit_exactly("/consent", &[("csrf", &csrf), fields[0], fields[1]])
        .await;
    assert!(browser.heading().ends_with("is signed in"));
}

#[tokio::test]
async fn form_from_another_site_is_rejected() {
    let fixture = Fixture::new();
    let browser = Browser::new(&fixture).await;
    for (site, status) in [
        ("cross-site", 403),
        ("same-site", 403),
        ("same-origin", 400),
        ("none", 400),
    ] {
        let body = format!("csrf={}&user_code=BBBB-BBBB", browser.csrf());
        let mut received = request(Method::POST, "/device", "", body.into());
        let headers = received.headers_mut();
        headers.insert(header::COOKIE, browser.cookie.parse().unwrap());
        headers.insert("sec-fetch-site", site.parse().unwrap());
        let kind = "application/x-www-form-urlencoded";
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        assert_eq!(fixture.send(received).await.status, status, "{site}");
    }
}

#[tokio::test]
async fn form_decides_only_about_the_code_that_it_showed() {
    let fixture = Fixture::new();
    let (one, other) = (Device::new(&fixture).await, Device::new(&fixture).await);
    let mut browser = Browser::new(&fixture).await;
    browser.reach_consent(&one.user_code).await;
    let csrf_of_first_tab = browser.csrf();
    browser.open("/device").await;
    browser.submit("", &[("user_code", &other.user_code)]).await;
    let fields = [
        ("csrf", csrf_of_first_tab.as_str()),
        ("user_code", &one.user_code),
        ("decision", "approve"),
    ];
    browser.submit_exactly("/consent", &fields).await;
    assert_eq!(browser.page.status, 403);
    for device in [one, other] {
        assert_eq!(
            device.poll().await.error(),
            (400, "authorization_pending".into())
        );
    }
}

#[tokio::test]
async fn wrong_passwords_are_reported_and_limited() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    let wrong = [("email", "demo@brainmaps.test"), ("password", "wrong")];
    for _ in 0..10 {
        browser.submit("/sign-in", &wrong).await;
        assert_eq!(browser.page.status, 400);
        assert!(!browser.page.body.contains("value=\"wrong\""));
    }
    let right = [wrong[0], ("password", "demo")];
    browser.submit("/sign-in", &right).await;
    assert_eq!(browser.page.status, 429);
}

/// Each thread has its own connection to the state file, as each process has.
#[test]
fn concurrent_guesses_do_not_exceed_the_limit() {
    let wrong_code = [("user_code", "BBBB-BBBB")];
    let wrong_password = [("email", "demo@brainmaps.test"), ("password", "wrong")];
    for (step, fields) in [("", &wrong_code[..]), ("/sign-in", &wrong_password)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let start = Barrier::new(16);
        let guess = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            runtime.block_on(async {
                let fixture = Fixture::on_file(&path);
                let mut browser = Browser::new(&fixture).await;
                start.wait();
                browser.submit(step, fields).await;
                browser.page.status.as_u16()
            })
        };
        let mut statuses: Vec<u16> = thread::scope(|scope| {
            let guesses: Vec<_> = (0..16).map(|_| scope.spawn(guess)).collect();
            let ended = guesses.into_iter().map(|guess| guess.join().unwrap());
            ended.collect()
        });
        statuses.sort_unstable();
        assert_eq!(
            statuses,
            [[400; 10].as_slice(), &[429; 6]].concat(),
            "{step:?}"
        );
    }
}

#[tokio::test]
async fn sign_in_changes_the_cookie_and_sign_out_asks_again() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    let planted = browser.cookie.clone();
    browser.reach_consent(&device.user_code).await;
    assert_ne!(browser.cookie, planted);
    let signed_in = std::mem::replace(&mut browser.cookie, planted);
    browser.open("/device/consent").await;
    assert_eq!(browser.heading(), "Enter the code from your terminal");
    browser.cookie = signed_in;
    browser.open("/device/consent").await;
    browser.submit("/sign-out", &[]).await;
    assert_eq!(browser.heading(), "Sign in to BrainMaps");
}

#[tokio::test]
async fn pages_have_security_headers_and_are_accessible() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let mut browser = Browser::new(&fixture).await;
    check_page(&browser.page);
    browser.submit("", &[("user_code", "x")]).await;
    check_page(&browser.page);
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    check_page(&browser.page);
    browser
        .submit("/sign-in", &[("email", "x"), ("password", "y")])
        .await;
    check_page(&browser.page);
    browser.open("/device").await;
    browser.reach_consent(&device.user_code).await;
    check_page(&browser.page);
    browser.decide(&device.user_code, "approve").await;
    check_page(&browser.page);
    browser.submit_exactly("", &[]).await;
    check_page(&browser.page);
}

/// Checks the security headers, that the page has no script and loads nothing from other hosts, and that each field has a label.
fn check_page(page: &TestResponse) {
    check_headers(page);
    let html = &page.body;
    assert!(html.contains("<html lang=\"en\">"));
    assert_eq!(html.matches("<h1>").count(), 1);
    for forbidden in [
        "<script",
        "<iframe",
        "<img",
        "style=",
        "javascript:",
        "http://",
        "https://",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for (at, _) in html.match_indices(" on") {
        let word: String = html[at + 1..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(!html[at + 1 + word.len()..].starts_with('='), "{word}");
    }
    let fields = html.split("<input ").skip(1);
    for field in fields.filter(|field| !field.starts_with("type=\"hidden\"")) {
        let (_, id) = field.split_once("id=\"").unwrap();
        let id = id.split('"').next().unwrap();
        assert!(html.contains(&format!("<label for=\"{id}\"")), "{id}");
    }
    for (at, _) in html.match_indices("aria-describedby=\"") {
        let named = html[at..].split('"').nth(1).unwrap();
        for id in named.split(' ') {
            assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
    assert!(!html.contains(CANARY), "the page does not show the cookie");
}

fn check_headers(page: &TestResponse) {
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    for (name, value) in [
        ("content-security-policy", policy),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn cookie_is_restricted_to_the_page() {
    let fixture = Fixture::new();
    for (prefix, path) in [
        ("", "Path=/device"),
        ("/basic-memory", "Path=/basic-memory/device"),
    ] {
        let reply = fixture.get(&format!("{prefix}/device"), "").await;
        let cookie = reply.header("set-cookie");
        assert!(cookie.contains(CANARY));
        for part in [path, "HttpOnly", "SameSite=Lax", "Max-Age=1800"] {
            assert!(
                cookie.split("; ").any(|attribute| attribute == part),
                "{cookie}"
            );
        }
    }
}

#[tokio::test]
async fn style_sheet_is_served_locally() {
    let fixture = Fixture::new();
    for prefix in ["", "/basic-memory"] {
        let reply = fixture.get(&format!("{prefix}/device/style.css"), "").await;
        assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
        assert!(reply.body.contains("prefers-color-scheme: dark"));
        assert!(!reply.body.contains("url("));
    }
}
