//! Many requests at once that heed a service's wish to be left alone: a 429 holds back all of them.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::{Access, ActionError};
use crate::http::{Answer, Request, StatusCode};
use crate::service::{Channel, Refusal};

/// The longest wait that is worth it; a request that is to wait longer is given up, and so is every later one.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// How often one request is sent at the most.
const MOST_TRIES: u32 = 5;

/// A way to a service that waits when the service says so.
pub(super) struct Paced<'a> {
    access: &'a Access<'a>,
    state: Mutex<State>,
}

struct State {
    /// Nothing is sent before.
    resume_at: Instant,
    /// The answer that ended it all.
    last_word: Option<Answer>,
}

impl<'a> Paced<'a> {
    pub(super) fn new(access: &'a Access<'a>) -> Self {
        Self {
            access,
            state: Mutex::new(State {
                resume_at: Instant::now(),
                last_word: None,
            }),
        }
    }

    /// Waits until the service may be asked again; its last word where it may not.
    async fn turn(&self) -> Option<Answer> {
        loop {
            let state = self.state.lock().await;
            if state.last_word.is_some() || state.resume_at <= Instant::now() {
                return state.last_word.clone();
            }
            let resume_at = state.resume_at;
            drop(state);
            sleep_until(resume_at).await;
        }
    }

    /// Puts off everybody's next request, or ends it all where the wait is not worth it.
    async fn hold_back(&self, wait: Duration, answer: &Answer) {
        let mut state = self.state.lock().await;
        if wait > LONGEST_WAIT {
            state.last_word = Some(answer.clone());
        } else {
            state.resume_at = state.resume_at.max(Instant::now() + wait);
        }
    }
}

impl Channel for Paced<'_> {
    type Error = ActionError;

    async fn send(&self, request: Request) -> Result<Answer, ActionError> {
        let request = request.tell_rate_limits();
        let mut tries = 1;
        loop {
            if let Some(answer) = self.turn().await {
                return Ok(answer);
            }
            let answer = self.access.send(request.clone()).await?;
            if answer.status != StatusCode::TOO_MANY_REQUESTS || tries >= MOST_TRIES {
                return Ok(answer);
            }
            let asked = Refusal::read(&self.access.target.descriptor, &answer).retry_after;
            let wait = asked.unwrap_or(Duration::from_secs(1 << tries));
            self.hold_back(wait, &answer).await;
            tries += 1;
        }
    }
}
