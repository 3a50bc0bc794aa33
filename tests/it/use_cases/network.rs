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
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl RecordedRequest {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().to_string(),
            url: request.url().clone(),
            headers: request.headers().clone(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        }
    }

    /// Returns the method and the path.
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
            .find(|(it, _)| it == name)
            .map_or_else(String::new, |(_, value)| value.into_owned())
    }

    /// Returns the URL, the headers and the body, also with decoded fields, as one text.
    fn full_text(&self) -> String {
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
type Script = Box<dyn Fn(&RecordedRequest) -> Option<Outcome> + Send + Sync>;

/// The network and its record.
pub(crate) struct Network {
    sandbox: Arc<LazySandbox>,
    scripts: Mutex<Vec<Script>>,
    requests: Mutex<Vec<RecordedRequest>>,
    latency: Mutex<Duration>,
}

impl Network {
    pub(crate) fn new(sandbox: Arc<LazySandbox>) -> Arc<Self> {
        Arc::new(Self {
            sandbox,
            scripts: Mutex::default(),
            requests: Mutex::default(),
            latency: Mutex::default(),
        })
    }

    /// Adds a script, which is asked before all earlier ones. It responds to the requests for which it returns a result.
    pub(crate) fn add_script(
        &self,
        script: impl Fn(&RecordedRequest) -> Option<Outcome> + Send + Sync + 'static,
    ) {
        self.scripts.lock().unwrap().insert(0, Box::new(script));
    }

    /// Adds a fixed response to `METHOD URL`.
    pub(crate) fn add_response(&self, line: &str, response: Response) {
        let line = line.to_owned();
        self.add_script(move |seen| {
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
    pub(crate) fn set_latency(&self, latency: Duration) {
        *self.latency.lock().unwrap() = latency;
    }

    /// Returns all requests so far, in order.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns methods and paths of all requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().iter().map(RecordedRequest::line).collect()
    }

    /// Returns the number of requests with this method and path.
    pub(crate) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|seen| *seen == line).count()
    }

    /// Clears the scripts and the record.
    pub(crate) fn reset(&self) {
        self.scripts.lock().unwrap().clear();
        self.clear_requests();
    }

    /// Clears the recorded requests.
    pub(crate) fn clear_requests(&self) {
        self.requests.lock().unwrap().clear();
    }

    /// Fails if a request to another origin than `origin` contains `secret`.
    #[track_caller]
    pub(crate) fn assert_sent_only_to(&self, secret: &str, origin: &str) {
        for seen in self.requests() {
            let contains_secret = seen.full_text().contains(secret);
            assert!(
                !contains_secret || seen.origin() == origin,
                "{secret} in {seen:?}"
            );
        }
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: &Request) -> Outcome {
        let recorded = RecordedRequest::of(request);
        self.requests.lock().unwrap().push(recorded.clone());
        let latency = *self.latency.lock().unwrap();
        tokio::time::sleep(latency).await;
        let scripted = self
            .scripts
            .lock()
            .unwrap()
            .iter()
            .find_map(|script| script(&recorded));
        match scripted {
            Some(outcome) => outcome,
            None if recorded.origin() == SANDBOX => {
                InProcess::new(self.sandbox.get().router())
                    .send(request)
                    .await
            }
            None => Err(connection_refused(&recorded)),
        }
    }
}

/// Returns the error of a refused connection.
pub(crate) fn connection_refused(seen: &RecordedRequest) -> HttpError {
    HttpError::Connect {
        url: redact_url(&seen.url),
        kind: ConnectFailure::Refused,
        cause: "no server listens".to_owned(),
    }
}

/// Returns a JSON response.
pub(crate) fn json(status: u16, body: &Value) -> Response {
    text(status, "application/json", &body.to_string())
}

/// Returns a response with a text of this media type.
pub(crate) fn text(status: u16, kind: &str, body: &str) -> Response {
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: [(header::CONTENT_TYPE, kind.parse().unwrap())]
            .into_iter()
            .collect(),
        body: body.as_bytes().to_vec().into(),
    }
}

/// Returns the response with a header.
pub(crate) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    response.headers.insert(name, value.parse().unwrap());
    response
}
