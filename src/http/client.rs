//! What the rest of the program sends with: a transport, retry, the harmless redirects, the wire log.

use std::sync::Arc;

use ::http::header::LOCATION;
use tokio::time::{Instant, sleep};
use url::Url;

use super::retry::{self, Attempt, Outcome};
use super::{Answer, HttpError, Request, Transport, WireLog, shown};

/// A GET without a credential follows this many redirects inside its origin.
const MAX_REDIRECTS: u32 = 3;

/// Sends requests. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    log: WireLog,
}

impl Client {
    /// A client over `transport`, telling `log` what it does.
    pub fn new(transport: Arc<dyn Transport>, log: WireLog) -> Self {
        Self { transport, log }
    }

    /// Sends `request`, again where [`retry::next`] says so, and follows a redirect only for a GET that carries
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
        let mut number = 1;
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
            let wait = retry::next(attempt, outcome).filter(|_| request.may_retry());
            let Some(wait) = wait else { return result };
            self.log.waiting(wait);
            sleep(wait).await;
            number += 1;
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, HttpError> {
        self.log.sent(request);
        let started = Instant::now();
        let result = self.transport.send(request).await;
        match &result {
            Ok(answer) => self.log.answered(answer, started.elapsed()),
            Err(error) => self.log.failed(error, started.elapsed()),
        }
        result
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
