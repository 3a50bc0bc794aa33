//! The pages of an authorization request, as a browser shows them.

use std::time::Duration;

use super::super::fixture::Fixture;
use super::super::page::Browser;
use super::{REDIRECT_URI, authorization_response, changed_parameters, parameters, redeem, url};

async fn sign_in(browser: &mut Browser<'_>) {
    assert_eq!(browser.heading(), "Sign in to BrainMaps");
    let who = [("email", "demo@brainmaps.test"), ("password", "demo")];
    browser.submit("/sign-in", &who).await;
    assert_eq!(browser.heading(), "Let BrainMaps CLI use your account?");
}

/// Returns the id of the request in the form of the consent page.
fn request_id(browser: &Browser<'_>) -> String {
    let (_, rest) = browser
        .page
        .body
        .split_once("name=\"request\" value=\"")
        .unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn decide(browser: &mut Browser<'_>, decision: &str) {
    let id = request_id(browser);
    browser
        .submit("/consent", &[("request", &id), ("decision", decision)])
        .await;
}

#[tokio::test]
async fn person_signs_in_and_approves() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    let page = &browser.page;
    assert!(page.body.contains("http://127.0.0.1:41231"));
    assert!(page.body.contains("See your brains"));
    assert!(!page.body.contains("personal access tokens"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:41231;"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    decide(&mut browser, "approve").await;
    let response = authorization_response(&browser.page, REDIRECT_URI);
    assert_eq!(response["iss"], "http://localhost:8000");
    let tokens = redeem(&fixture, &response["code"], &[]).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    let bearer = format!("Bearer {}", tokens.text("/access_token"));
    let brains = fixture.get("/api/brains/", &bearer).await;
    assert_eq!(brains.status, 200);
}

#[tokio::test]
async fn denial_is_sent_to_the_client() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    decide(&mut browser, "deny").await;
    let response = authorization_response(&browser.page, REDIRECT_URI);
    assert_eq!(response["error"], "access_denied");
    assert_eq!(response["state"], parameters()["state"]);
    assert_eq!(response["iss"], "http://localhost:8000");
    assert!(!response.contains_key("code"));
}

#[tokio::test]
async fn request_is_decided_once() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    let (id, page) = (request_id(&browser), browser.page.body.clone());
    decide(&mut browser, "approve").await;
    browser.page.body = page;
    browser
        .submit("/consent", &[("request", &id), ("decision", "approve")])
        .await;
    assert_eq!(browser.heading(), "This request was decided or has expired");
}

#[tokio::test]
async fn form_decides_its_own_request_only() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    let first = request_id(&browser);
    browser.open(&url(&parameters())).await;
    assert_ne!(request_id(&browser), first, "signed in, so consent is next");
    let fields = [("request", first.as_str()), ("decision", "approve")];
    browser.submit("/consent", &fields).await;
    assert_eq!(browser.heading(), "This form has expired");
}

#[tokio::test]
async fn form_token_is_required() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    let id = request_id(&browser);
    let fields = [("csrf", "x"), ("request", &id), ("decision", "approve")];
    browser.submit_exactly("/consent", &fields).await;
    assert_eq!(browser.page.status, 403);
}

#[tokio::test]
async fn request_expires() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    fixture.advance(Duration::from_mins(10));
    decide(&mut browser, "approve").await;
    assert_eq!(browser.heading(), "This request was decided or has expired");
}

#[tokio::test]
async fn prompt_none_shows_no_page() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    let silent = url(&changed_parameters(&[("prompt", "none")]));
    browser.open(&silent).await;
    let response = authorization_response(&browser.page, REDIRECT_URI);
    assert_eq!(response["error"], "login_required");
    assert_eq!(response["iss"], "http://localhost:8000");
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    browser.open(&silent).await;
    let response = authorization_response(&browser.page, REDIRECT_URI);
    assert_eq!(response["error"], "consent_required");
}

#[tokio::test]
async fn prompt_login_asks_for_the_password_again() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    for change in [("prompt", "login"), ("max_age", "60")] {
        browser.open(&url(&changed_parameters(&[change]))).await;
        sign_in(&mut browser).await;
    }
}

#[tokio::test]
async fn pages_of_a_device_follow_those_of_a_program() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser.open(&url(&parameters())).await;
    sign_in(&mut browser).await;
    let device = super::super::fixture::Device::new(&fixture).await;
    browser.open("/device").await;
    browser
        .submit("", &[("user_code", &device.user_code)])
        .await;
    assert!(browser.page.body.contains(&device.user_code));
    assert!(!browser.page.body.contains("name=\"request\""));
}

#[tokio::test]
async fn response_is_posted_as_a_form_on_request() {
    let fixture = Fixture::new();
    let mut browser = Browser::new(&fixture).await;
    browser
        .open(&url(&changed_parameters(&[("response_mode", "form_post")])))
        .await;
    sign_in(&mut browser).await;
    decide(&mut browser, "approve").await;
    let page = &browser.page;
    assert_eq!(page.status, 200, "{page:?}");
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:41231;"),
        "{policy}"
    );
    assert!(policy.contains("script-src 'sha256-"), "{policy}");
    let form = format!("<form method=\"post\" action=\"{REDIRECT_URI}\">");
    assert!(page.body.contains(&form), "{page:?}");
    let value = |name: &str| {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = page.body.split_once(&start)?;
        Some(rest.split('"').next()?.to_owned())
    };
    assert_eq!(value("iss").as_deref(), Some("http://localhost:8000"));
    assert_eq!(value("state").as_deref(), Some("s+t/ä&#38;te"));
    let tokens = redeem(&fixture, &value("code").unwrap(), &[]).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
}
