//! The HTTP client: sends a request over a transport with retries, safe redirects and the wire log.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use ::http::StatusCode;
use ::http::header::LOCATION;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use url::Url;
use zeroize::Zeroizing;

use super::retry::{self, Attempt, AttemptOutcome};
use super::server_clock::ServerClocks;
use super::{HttpError, Request, Response, Transport, WireLog, redact_url};

/// The number of redirects that a GET without a credential follows inside its origin.
const MAX_REDIRECTS: u32 = 3;

/// Sends requests. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) log: WireLog,
    pub(super) server_clocks: Arc<ServerClocks>,
    local_time: Arc<LocalTime>,
}

type LocalTime = dyn Fn() -> Timestamp + Send + Sync;

impl Client {
    /// Creates a client that sends over `transport` and writes each exchange to `log`.
    pub fn new(transport: Arc<dyn Transport>, log: WireLog) -> Self {
        let server_clocks = Arc::default();
        Self {
            transport,
            log,
            server_clocks,
            local_time: Arc::new(|| Timestamp::UNIX_EPOCH),
        }
    }

    /// Sets the clock of this computer; without one it is always the epoch.
    #[must_use]
    pub fn with_local_time(self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let local_time = Arc::new(now);
        Self { local_time, ..self }
    }

    /// Returns the current time by the clock of the server at `origin`, or by the local one if no response had a `Date`.
    pub fn time_at(&self, origin: &str) -> Timestamp {
        self.server_time(origin)
            .unwrap_or_else(|| (self.local_time)())
    }

    /// Returns the current time by the clock of the server at `origin` (`https://host:port`), if a response had a `Date`.
    pub fn server_time(&self, origin: &str) -> Option<Timestamp> {
        self.server_clocks.time_at(origin)
    }

    /// Returns each origin whose responses had a `Date`, with the current time by its clock.
    pub fn server_times(&self) -> Vec<(String, Timestamp)> {
        self.server_clocks.all_times()
    }

    /// Sends `request` and repeats it as [`retry::next_delay`] decides. A redirect is followed only for a GET without
    /// credential and body, and only inside its origin. Any other status is returned as a response. If a DELETE finds
    /// nothing after an earlier attempt without a response, the result is 204.
    ///
    /// # Errors
    /// [`HttpError`] of the last attempt.
    pub async fn send(&self, request: Request) -> Result<Response, HttpError> {
        let mut request = request;
        let mut followed = 0;
        loop {
            let borrow = || Ok::<_, HttpError>(Cow::Borrowed(&request));
            let (_, response) = self.send_with_retry(borrow).await?;
            let Some(location) = redirect_location(&response) else {
                return Ok(response);
            };
            let target = request.url().join(location).ok();
            let next = target.clone().and_then(|url| request.for_redirect(url));
            match next {
                Some(next) if followed < MAX_REDIRECTS => request = next,
                _ => return Err(redirect_error(&request, target.as_ref())),
            }
            followed += 1;
        }
    }

    /// As [`Client::send`], but calls `build` before each attempt, for requests that must not be sent twice as they are.
    /// No redirect is followed.
    ///
    /// # Errors
    /// [`HttpError`] of the last attempt, and the errors of `build`.
    pub async fn send_rebuilt<E: From<HttpError>>(
        &self,
        build: impl Fn() -> Result<Request, E>,
    ) -> Result<Response, E> {
        let build = || build().map(Cow::Owned);
        let (request, response) = self.send_with_retry(build).await?;
        let Some(location) = redirect_location(&response) else {
            return Ok(response);
        };
        let target = request.url().join(location).ok();
        Err(redirect_error(&request, target.as_ref()).into())
    }

    /// Returns the response with the request as it was sent last.
    async fn send_with_retry<'a, E: From<HttpError>>(
        &self,
        build: impl Fn() -> Result<Cow<'a, Request>, E>,
    ) -> Result<(Cow<'a, Request>, Response), E> {
        let started = Instant::now();
        let (mut number, mut is_ambiguous) = (1, false);
        loop {
            let request = build()?;
            request.check_origin()?;
            let result = self.exchange(&request).await;
            let outcome = match &result {
                Ok(response) => AttemptOutcome::Responded(response.status, response.retry_delay()),
                Err(error) => error.into(),
            };
            let Some(wait) = next_delay(&request, started, number, outcome) else {
                let response = treat_deleted_as_done(&request, is_ambiguous, result?);
                return Ok((request, response));
            };
            is_ambiguous |= outcome.is_ambiguous();
            self.log.retry_scheduled(wait);
            sleep(wait).await;
            number += 1;
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Response, HttpError> {
        self.log.sent(request, Some(request.body().len() as u64));
        let started = Instant::now();
        let result = self.transport.send(request).await;
        let result = result.map(|response| {
            response.redact_secrets(request.echoable_secrets(), request.issued_secrets())
        });
        match &result {
            Ok(response) => {
                let duration = started.elapsed();
                self.log.received(response, duration);
                self.server_clocks.record(request.url(), response, duration);
            }
            Err(error) => self.log.failed(error, started.elapsed()),
        }
        result
    }
}

/// Returns the delay before `request` is sent again; `None` to stop.
pub(super) fn next_delay(
    request: &Request,
    started: Instant,
    number: u32,
    outcome: AttemptOutcome,
) -> Option<Duration> {
    let attempt = Attempt {
        number,
        is_idempotent: request.method().is_idempotent(),
        elapsed: started.elapsed(),
        jitter: random_jitter(),
    };
    let returns_429 = request.returns_429()
        && matches!(
            outcome,
            AttemptOutcome::Responded(StatusCode::TOO_MANY_REQUESTS, _)
        );
    let delay = retry::next_delay(attempt, outcome);
    delay.filter(|_| request.may_retry() && !returns_429)
}

/// Returns 204 instead of a 404 or 410 if an earlier attempt of this DELETE, whose response was lost, deleted the resource.
fn treat_deleted_as_done(request: &Request, is_ambiguous: bool, response: Response) -> Response {
    if !retry::was_already_deleted(request.method(), is_ambiguous, response.status) {
        return response;
    }
    Response {
        status: StatusCode::NO_CONTENT,
        body: Zeroizing::default(),
        ..response
    }
}

/// Returns the `Location` of a redirect, unparsed.
fn redirect_location(response: &Response) -> Option<&str> {
    let is_redirect = matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    is_redirect.then(|| response.header(LOCATION.as_str()))?
}

fn redirect_error(request: &Request, target: Option<&Url>) -> HttpError {
    HttpError::Redirected {
        url: redact_url(request.url()),
        to: target.map_or_else(|| "an invalid URL".to_owned(), redact_url),
    }
}

fn random_jitter() -> u8 {
    let mut byte = [0];
    // Without randomness the delays are regular, which is acceptable.
    getrandom::fill(&mut byte).map_or(0, |()| byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Mutex;

    use super::super::testing::{Stub, response, response_with_header, url};
    use super::super::{ConnectFailure, HeaderName, Method};
    use crate::domain::Secret;

    fn get(text: &str) -> Request {
        Request::get(url(text))
    }

    fn post() -> Request {
        Request::new(Method::POST, url("https://a.b/"))
    }

    fn broken(kind: ConnectFailure) -> HttpError {
        HttpError::Connect {
            url: "https://a.b/".to_owned(),
            kind,
            cause: "broken".to_owned(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn get_is_retried_after_transient_errors_and_post_is_not() {
        let transient = |before, _: &Request| Ok(response([503, 502, 200][before], "{}"));
        let (client, stub) = Stub::client(transient);
        assert_eq!(client.send(get("https://a.b/")).await.unwrap().status, 200);
        assert_eq!(stub.count(), 3);

        let (client, stub) = Stub::client(transient);
        assert_eq!(client.send(post()).await.unwrap().status, 503);
        assert_eq!(stub.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn no_retry_request_is_sent_once() {
        let (client, stub) = Stub::client(|_, _| Err(broken(ConnectFailure::Other)));
        assert!(client.send(post().no_retry()).await.is_err());
        assert!(client.send(get("https://a.b/").no_retry()).await.is_err());
        assert_eq!(stub.count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn refused_connection_fails_within_a_second() {
        let started = Instant::now();
        let (client, stub) = Stub::client(|_, _| Err(broken(ConnectFailure::Refused)));
        assert!(client.send(post()).await.is_err());
        assert_eq!(stub.count(), 2);
        assert!(started.elapsed().as_secs() < 1);
    }

    #[tokio::test(start_paused = true)]
    async fn rfc9110_10_2_3_long_retry_after_is_returned_and_short_one_waited_for() {
        let (client, stub) =
            Stub::client(|_, _| Ok(response_with_header(429, "retry-after", "3600")));
        let received = client.send(get("https://a.b/")).await.unwrap();
        assert_eq!((received.status.as_u16(), stub.count()), (429, 1));

        let started = Instant::now();
        let (client, stub) = Stub::client(|before, _| {
            Ok(response_with_header([429, 200][before], "retry-after", "7"))
        });
        assert_eq!(client.send(get("https://a.b/")).await.unwrap().status, 200);
        assert_eq!(stub.seconds_since(started), [0, 7]);
    }

    #[tokio::test]
    async fn get_without_credential_follows_same_origin_redirects() {
        let (client, stub) = Stub::client(|before, _| {
            Ok(response_with_header(
                [301, 308, 200][before],
                "location",
                ["/two", "three?q=1", ""][before],
            ))
        });
        assert_eq!(
            client.send(get("https://a.b/one")).await.unwrap().status,
            200
        );
        assert_eq!(
            stub.urls(),
            [
                "https://a.b/one",
                "https://a.b/two",
                "https://a.b/three?q=1"
            ]
        );

        let (client, stub) =
            Stub::client(|_, _| Ok(response_with_header(302, "location", "/again")));
        let endless = client.send(get("https://a.b/")).await;
        assert!(matches!(endless, Err(HttpError::Redirected { .. })));
        assert_eq!(stub.count(), 4);
    }

    #[tokio::test]
    async fn rfc9700_4_9_other_redirects_are_not_followed() {
        let origin = "https://a.b".parse().unwrap();
        let key = HeaderName::from_static("x-api-key");
        let authorised = get("https://a.b/")
            .authorize(&origin, key, &Secret::new("hunter2"))
            .unwrap();
        let cases = [
            (get("https://a.b/"), "https://evil.net/x?y"),
            (get("https://a.b/"), "http://a.b/"),
            (get("https://a.b/"), "https://a.b:444/"),
            (get("https://a.b/"), "http://["),
            (authorised, "/elsewhere"),
            (post(), "https://a.b//"),
            (post().form(&[("token", "hunter2")]), "/elsewhere"),
        ];
        for (request, to) in cases {
            let (client, stub) =
                Stub::client(move |_, _| Ok(response_with_header(307, "location", to)));
            let error = client.send(request).await.unwrap_err();
            assert!(
                matches!(error, HttpError::Redirected { .. }),
                "{to}: {error}"
            );
            assert!(!error.to_string().contains('?'), "{error}");
            assert_eq!(stub.count(), 1, "{to}");
        }
    }

    #[tokio::test]
    async fn forbidden_request_does_not_reach_the_transport() {
        let (client, stub) = Stub::responding(200, "{}");
        assert!(client.send(get("http://example.com/")).await.is_err());
        assert_eq!(stub.count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn wire_log_lists_each_attempt() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = lines.clone();
        let (_, stub) = Stub::client(|before, _| {
            if before == 0 {
                Err(broken(ConnectFailure::Other))
            } else {
                Ok(response(204, ""))
            }
        });
        let client = Client::new(
            stub,
            WireLog::to(move |line| sink.lock().unwrap().push(line.to_owned())),
        );
        client.send(get("https://a.b/x?hunter2")).await.unwrap();
        let lines = lines.lock().unwrap();
        assert_eq!(
            lines.iter().map(|line| &line[..1]).collect::<String>(),
            "> ! * > <".replace(' ', "")
        );
        assert!(!lines.concat().contains("hunter2"));
    }
}
