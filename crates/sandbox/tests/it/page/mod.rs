//! The page, walked as a browser does: cookies kept, redirects followed, forms sent with what they hold.

mod device_flow;
mod safety;

use axum::body::Body;
use axum::http::{Method, header};

use super::fixture::{Fixture, TestResponse, request};

/// A browser of few words.
pub(crate) struct Browser<'a> {
    fixture: &'a Fixture,
    root: String,
    cookie: String,
    pub(crate) page: TestResponse,
}

impl<'a> Browser<'a> {
    /// Opens the page of the service at `prefix`.
    pub(crate) async fn at(fixture: &'a Fixture, prefix: &str, query: &str) -> Self {
        let root = format!("{prefix}/device");
        let mut browser = Self {
            fixture,
            page: fixture.get(&root, "").await,
            root: root.clone(),
            cookie: String::new(),
        };
        browser.open(&format!("{root}{query}")).await;
        browser
    }

    pub(crate) async fn new(fixture: &'a Fixture) -> Self {
        Self::at(fixture, "", "").await
    }

    pub(crate) async fn open(&mut self, path: &str) {
        let received = request(Method::GET, path, "", Body::empty());
        self.send(received).await;
    }

    /// Sends the form of `step` as the page holds it, with these fields filled in.
    pub(crate) async fn submit(&mut self, step: &str, fields: &[(&str, &str)]) {
        let csrf = self.csrf();
        let mut whole = vec![("csrf", csrf.as_str())];
        whole.extend(fields);
        self.submit_exactly(step, &whole).await;
    }

    pub(crate) async fn submit_exactly(&mut self, step: &str, fields: &[(&str, &str)]) {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let path = format!("{}{step}", self.root);
        let mut received = request(Method::POST, &path, "", body.into());
        let kind = "application/x-www-form-urlencoded";
        received
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.parse().unwrap());
        self.send(received).await;
    }

    async fn send(&mut self, mut received: axum::http::Request<Body>) {
        loop {
            if !self.cookie.is_empty() {
                received
                    .headers_mut()
                    .insert(header::COOKIE, self.cookie.parse().unwrap());
            }
            self.page = self.fixture.send(received).await;
            if let Some(cookie) = self.page.headers.get(header::SET_COOKIE) {
                let cookie = cookie.to_str().unwrap();
                self.cookie = cookie.split(';').next().unwrap().to_owned();
            }
            if self.page.status != 303 {
                return;
            }
            let next = self.page.header("location").to_owned();
            // The redirect leaves the sandbox.
            if !next.starts_with('/') {
                return;
            }
            received = request(Method::GET, &next, "", Body::empty());
        }
    }

    fn csrf(&self) -> String {
        let (_, rest) = self
            .page
            .body
            .split_once("name=\"csrf\" value=\"")
            .unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn heading(&self) -> &str {
        let (_, rest) = self.page.body.split_once("<h1>").unwrap_or_default();
        rest.split("</h1>").next().unwrap_or_default()
    }

    /// As far as the decision.
    async fn reach_consent(&mut self, code: &str) {
        self.submit("", &[("user_code", code)]).await;
        assert_eq!(self.heading(), format!("Sign in to {}", self.service()));
        let who = [("email", "demo@brainmaps.test"), ("password", "demo")];
        self.submit("/sign-in", &who).await;
        assert!(self.heading().starts_with("Let "), "{:?}", self.page);
    }

    async fn decide(&mut self, code: &str, decision: &str) {
        let fields = [("user_code", code), ("decision", decision)];
        self.submit("/consent", &fields).await;
    }

    fn service(&self) -> &'static str {
        if self.root.starts_with("/basic") {
            "Basic Memory"
        } else {
            "BrainMaps"
        }
    }
}
