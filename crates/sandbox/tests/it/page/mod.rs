//! The pages `/device`, through a test browser that stores cookies, follows redirects, and submits forms with their hidden fields.

mod device_flow;
mod safety;

use axum::body::Body;
use axum::http::{Method, header};

use super::fixture::{Fixture, TestResponse, request};

/// A browser that stores one cookie, follows redirects with status 303, and runs no scripts.
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

    /// Submits the form of `step` with the form token of the page and these fields.
    pub(crate) async fn submit(&mut self, step: &str, fields: &[(&str, &str)]) {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.submit_exactly(step, &all).await;
    }

    /// Submits the form of `step` with these fields only.
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
            // An absolute URL leads to the client, which the test reads from the header.
            if !next.starts_with('/') {
                return;
            }
            received = request(Method::GET, &next, "", Body::empty());
        }
    }

    /// Returns the form token of the page; empty without one.
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

    /// Enters the code and signs in, so that the page asks for the decision.
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
