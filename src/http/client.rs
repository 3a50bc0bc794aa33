//! What the rest of the program sends with: a transport, retry, the harmless redirects, the wire log.

use std::sync::Arc;

use ::http::StatusCode;
use ::http::header::LOCATION;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use url::Url;
use zeroize::Zeroizing;

use super::dates::Dates;
use super::retry::{self, Attempt, Outcome};
use super::{Answer, HttpError, Request, Transport, WireLog, shown};

/// A GET without a credential follows this many redirects inside its origin.
const MAX_REDIRECTS: u32 = 3;

/// Sends requests. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    log: WireLog,
    dates: Arc<Dates>,
}

impl Client {
    /// A client over `transport`, telling `log` what it does.
    pub fn new(transport: Arc<dyn Transport>, log: WireLog) -> Self {
        let dates = Arc::default();
        Self {
            transport,
            log,
            dates,
        }
    }

    /// The time by the clock of the server at `origin` (`https://host:port`), where an answer told it.
    pub fn server_time(&self, origin: &str) -> Option<Timestamp> {
        self.dates.at(origin)
    }

    /// The time by the clock of each server that told it, with its origin.
    pub fn server_times(&self) -> Vec<(String, Timestamp)> {
        self.dates.all()
    }

    /// Sends `request`, again where [`retry::next`] says so (a DELETE that an earlier try did is answered by 204), and follows a redirect only for a GET that carries
    /// neither credential nor body, inside its origin. Any other status is an answer.
    ///
    /// # Errors
    /// [`HttpError`], of the last attempt.
    pub async fn send(&self, request: Request) -> Result<Answer, HttpError> {
        let mut request = request;
        let mut followed = 0;
        loop {
            let answer = self.persist(&request).await?;
            let Some(location) = location(&answer) else {
                return Ok(answer);
            };
            let target = request.url().join(location).ok();
            let next = target.clone().and_then(|url| request.redirected(url));
            match next {
                Some(next) if followed < MAX_REDIRECTS => request = next,
                _ => return Err(redirected(&request, target.as_ref())),
            }
            followed += 1;
        }
    }

    async fn persist(&self, request: &Request) -> Result<Answer, HttpError> {
        request.guard()?;
        let started = Instant::now();
        let (mut number, mut is_left_open) = (1, false);
        loop {
            let result = self.exchange(request).await;
            let outcome = match &result {
                Ok(answer) => Outcome::Answered(answer.status, answer.retry_delay()),
                Err(error) => error.into(),
            };
            let attempt = Attempt {
                number,
                idempotent: request.method().is_idempotent(),
                elapsed: started.elapsed(),
                jitter: jitter(),
            };
            let is_told = request.tells_rate_limits()
                && matches!(outcome, Outcome::Answered(StatusCode::TOO_MANY_REQUESTS, _));
            let wait = retry::next(attempt, outcome);
            let wait = wait.filter(|_| request.may_retry() && !is_told);
            let Some(wait) = wait else {
                return result.map(|answer| settled(request, is_left_open, answer));
            };
            is_left_open |= outcome.leaves_open();
            self.log.waiting(wait);
            sleep(wait).await;
            number += 1;
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, HttpError> {
        self.log.sent(request);
        let started = Instant::now();
        let result = self.transport.send(request).await;
        let result = result.map(|answer| answer.without(request.confided(), request.hands_out()));
        match &result {
            Ok(answer) => {
                let took = started.elapsed();
                self.log.answered(answer, took);
                self.dates.note(request.url(), answer, took);
            }
            Err(error) => self.log.failed(error, started.elapsed()),
        }
        result
    }
}

/// `answer`, or that of a server that did what was asked where an earlier try was it.
fn settled(request: &Request, is_left_open: bool, answer: Answer) -> Answer {
    if !retry::was_done_before(request.method(), is_left_open, answer.status) {
        return answer;
    }
    Answer {
        status: StatusCode::NO_CONTENT,
        body: Zeroizing::default(),
        ..answer
    }
}

/// Where a redirect points, as it stands in the answer.
fn location(answer: &Answer) -> Option<&str> {
    let redirect = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    redirect.then(|| answer.header(LOCATION.as_str()))?
}

fn redirected(request: &Request, target: Option<&Url>) -> HttpError {
    HttpError::Redirected {
        url: shown(request.url()),
        to: target.map_or_else(|| "an address that is no URL".to_owned(), shown),
    }
}

fn jitter() -> u8 {
    let mut byte = [0];
    // Without randomness the waits are merely regular.
    getrandom::fill(&mut byte).map_or(0, |()| byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Mutex;

    use super::super::testing::{Stub, answer, answer_with, url};
    use super::super::{HeaderName, Method, NotConnected};
    use crate::domain::Secret;

    fn get(text: &str) -> Request {
        Request::get(url(text))
    }

    fn post() -> Request {
        Request::new(Method::POST, url("https://a.b/"))
    }

    fn broken(kind: NotConnected) -> HttpError {
        HttpError::Connect {
            url: "https://a.b/".to_owned(),
            kind,
            cause: "broken".to_owned(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_get_survives_two_passing_failures_and_a_post_none() {
        let passing = |before, _: &Request| Ok(answer([503, 502, 200][before], "{}"));
        let (client, stub) = Stub::client(passing);
        assert_eq!(client.send(get("https://a.b/")).await.unwrap().status, 200);
        assert_eq!(stub.count(), 3);

        let (client, stub) = Stub::client(passing);
        assert_eq!(client.send(post()).await.unwrap().status, 503);
        assert_eq!(stub.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_marked_so_is_sent_once_whatever_happens() {
        let (client, stub) = Stub::client(|_, _| Err(broken(NotConnected::Other)));
        assert!(client.send(post().no_retry()).await.is_err());
        assert!(client.send(get("https://a.b/").no_retry()).await.is_err());
        assert_eq!(stub.count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_connection_is_told_within_a_second() {
        let started = Instant::now();
        let (client, stub) = Stub::client(|_, _| Err(broken(NotConnected::Refused)));
        assert!(client.send(post()).await.is_err());
        assert_eq!(stub.count(), 2);
        assert!(started.elapsed().as_secs() < 1);
    }

    #[tokio::test(start_paused = true)]
    async fn rfc9110_10_2_3_a_long_retry_after_is_told_and_a_short_one_waited_out() {
        let (client, stub) = Stub::client(|_, _| Ok(answer_with(429, "retry-after", "3600")));
        let answer = client.send(get("https://a.b/")).await.unwrap();
        assert_eq!((answer.status.as_u16(), stub.count()), (429, 1));

        let started = Instant::now();
        let (client, stub) =
            Stub::client(|before, _| Ok(answer_with([429, 200][before], "retry-after", "7")));
        assert_eq!(client.send(get("https://a.b/")).await.unwrap().status, 200);
        assert_eq!(stub.seconds_since(started), [0, 7]);
    }

    #[tokio::test]
    async fn a_get_without_a_credential_follows_redirects_inside_its_origin() {
        let (client, stub) = Stub::client(|before, _| {
            Ok(answer_with(
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

        let (client, stub) = Stub::client(|_, _| Ok(answer_with(302, "location", "/again")));
        let endless = client.send(get("https://a.b/")).await;
        assert!(matches!(endless, Err(HttpError::Redirected { .. })));
        assert_eq!(stub.count(), 4);
    }

    #[tokio::test]
    async fn rfc9700_4_9_nothing_else_is_followed() {
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
            let (client, stub) = Stub::client(move |_, _| Ok(answer_with(307, "location", to)));
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
    async fn a_request_that_may_not_leave_reaches_no_transport() {
        let (client, stub) = Stub::answering(200, "{}");
        assert!(client.send(get("http://example.com/")).await.is_err());
        assert_eq!(stub.count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_wire_log_tells_each_attempt() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = lines.clone();
        let (_, stub) = Stub::client(|before, _| {
            if before == 0 {
                Err(broken(NotConnected::Other))
            } else {
                Ok(answer(204, ""))
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
