//! The network of a fixture: the sandbox at its URL, scripted servers, and nothing else; every request is recorded.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use brainmaps::http::{
    ConnectFailure, HeaderMap, HttpError, InProcess, Request, Response, StatusCode, Transport,
    header, redact_url,
};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::fixture::LazySandbox;

pub(crate) const SANDBOX: &str = "http://localhost:8000";

/// A recorded request.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().to_string(),
            url: request.url().clone(),
            headers: request.headers().clone(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        }
    }

    /// Method and path.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.url.path())
    }

    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub(crate) fn authorization(&self) -> &str {
        self.headers
            .get(header::AUTHORIZATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Returns a field of the form in the body; empty if missing.
    pub(crate) fn field(&self, name: &str) -> String {
        form_urlencoded::parse(self.body.as_bytes())
            .find(|(found, _)| found == name)
            .map_or_else(String::new, |(_, value)| value.into_owned())
    }

    /// Returns URL, headers and body in one text.
    fn whole(&self) -> String {
        let headers = self
            .headers
            .values()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let headers: Vec<String> = headers.collect();
        let form: String = form_urlencoded::parse(self.body.as_bytes())
            .map(|(_, value)| value.into_owned() + "\n")
            .collect();
        format!(
            "{}\n{}\n{}\n{form}",
            self.url,
            headers.join("\n"),
            self.body
        )
    }
}

type Outcome = Result<Response, HttpError>;
type Script = Box<dyn Fn(&Seen) -> Option<Outcome> + Send + Sync>;

/// The network and its record.
pub(crate) struct Network {
    sandbox: Arc<LazySandbox>,
    scripts: Mutex<Vec<Script>>,
    seen: Mutex<Vec<Seen>>,
    latency: Mutex<Duration>,
}

impl Network {
    pub(crate) fn new(sandbox: Arc<LazySandbox>) -> Arc<Self> {
        Arc::new(Self {
            sandbox,
            scripts: Mutex::default(),
            seen: Mutex::default(),
            latency: Mutex::default(),
        })
    }

    /// Adds a server in front of the others; it responds if `script` returns something.
    pub(crate) fn script(&self, script: impl Fn(&Seen) -> Option<Outcome> + Send + Sync + 'static) {
        self.scripts.lock().unwrap().insert(0, Box::new(script));
    }

    /// Adds a fixed response to `METHOD URL`.
    pub(crate) fn response(&self, line: &str, response: Response) {
        let line = line.to_owned();
        self.script(move |seen| {
            let url = &seen.url;
            let received = format!(
                "{} {}{}",
                seen.method,
                url.origin().ascii_serialization(),
                url.path()
            );
            (received == line).then(|| Ok(response.clone()))
        });
    }

    /// Sets the duration of every exchange.
    pub(crate) fn latency(&self, latency: Duration) {
        *self.latency.lock().unwrap() = latency;
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns methods and paths of all requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }

    pub(crate) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|seen| *seen == line).count()
    }

    /// Clears the scripts and the record.
    pub(crate) fn reset(&self) {
        self.scripts.lock().unwrap().clear();
        self.forget();
    }

    pub(crate) fn forget(&self) {
        self.seen.lock().unwrap().clear();
    }

    /// Fails if `secret` was sent to another origin than `origin`.
    #[track_caller]
    pub(crate) fn assert_stays(&self, secret: &str, origin: &str) {
        for seen in self.seen() {
            let carries = seen.whole().contains(secret);
            assert!(!carries || seen.origin() == origin, "{secret} in {seen:?}");
        }
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: &Request) -> Outcome {
        let seen = Seen::of(request);
        self.seen.lock().unwrap().push(seen.clone());
        let latency = *self.latency.lock().unwrap();
        tokio::time::sleep(latency).await;
        let scripted = self
            .scripts
            .lock()
            .unwrap()
            .iter()
            .find_map(|script| script(&seen));
        match scripted {
            Some(outcome) => outcome,
            None if seen.origin() == SANDBOX => {
                InProcess::new(self.sandbox.get().router())
                    .send(request)
                    .await
            }
            None => Err(dead(&seen)),
        }
    }
}

/// The error of a refused connection.
pub(crate) fn dead(seen: &Seen) -> HttpError {
    HttpError::Connect {
        url: redact_url(&seen.url),
        kind: ConnectFailure::Refused,
        cause: "no server listens".to_owned(),
    }
}

/// A JSON response.
pub(crate) fn json(status: u16, body: &Value) -> Response {
    text(status, "application/json", &body.to_string())
}

/// A response of any type.
pub(crate) fn text(status: u16, kind: &str, body: &str) -> Response {
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: [(header::CONTENT_TYPE, kind.parse().unwrap())]
            .into_iter()
            .collect(),
        body: body.as_bytes().to_vec().into(),
    }
}

/// Adds a header to a response.
pub(crate) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    response.headers.insert(name, value.parse().unwrap());
    response
}
