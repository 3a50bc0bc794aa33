//! [`Client::open`]: sends a request whose body, and whose response, may have any size.

use tokio::time::{Instant, sleep};

use super::client::next_delay;
use super::retry::{self, AttemptOutcome};
use super::{Client, HttpError, Request, RequestBody, StatusCode, StreamedResponse};

impl Client {
    /// Sends `request` with `body` and returns the response before its body arrives. Retries follow the same table as
    /// [`Client::send`], but only while `body` can be sent again, and never after a response was returned. A redirect is
    /// returned, not followed. `Content-Encoding` is not decoded.
    ///
    /// # Errors
    /// [`HttpError`] of the last attempt.
    pub async fn open(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, HttpError> {
        request.check_origin()?;
        let started = Instant::now();
        let (mut number, mut body, mut is_ambiguous) = (1, body.or_body_of(request), false);
        loop {
            let copy = body.try_clone();
            let result = self.open_once(request, body).await;
            let outcome = match &result {
                Ok(response) => {
                    AttemptOutcome::Responded(response.status, response.head().retry_delay())
                }
                Err(error) => error.into(),
            };
            let wait = next_delay(request, started, number, outcome);
            let (Some(wait), Some(copy)) = (wait, copy) else {
                let is_done =
                    |status| retry::was_already_deleted(request.method(), is_ambiguous, status);
                return result.map(|response| {
                    if is_done(response.status) {
                        return response.into_empty(StatusCode::NO_CONTENT);
                    }
                    response
                });
            };
            is_ambiguous |= outcome.is_ambiguous();
            self.log.retry_scheduled(wait);
            sleep(wait).await;
            (number, body) = (number + 1, copy);
        }
    }

    async fn open_once(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, HttpError> {
        self.log.sent(request, body.length());
        let started = Instant::now();
        let result = self.transport.open(request, body).await;
        let result = result.map(|response| response.redact_headers(request));
        match &result {
            Ok(response) => {
                let (head, took) = (response.head(), started.elapsed());
                self.log.opened(&head, took);
                self.server_clocks.record(request.url(), &head, took);
            }
            Err(error) => self.log.failed(error, started.elapsed()),
        }
        result
    }
}
