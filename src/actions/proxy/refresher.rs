//! Refreshes the credential apart from the requests that need it: a client that goes away must not interrupt a refresh,
//! whose result would be lost with the only copy of the new refresh token.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::Instant;

use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, ResolvedCredential};
use crate::domain::Credential;
use crate::http::StatusCode;
use crate::proxy::Rejection;

/// Makes the response for a client from an error.
pub type DescribeError<'a> = Box<dyn Fn(ActionError) -> Rejection + Send + Sync + 'a>;

/// What a request waits for.
enum Need {
    /// A credential that has not expired.
    Fresh,
    /// Another credential than this one, which the service rejected. `None` if there is none.
    Other(Credential),
}

type Outcome = Result<Option<ResolvedCredential>, Rejection>;

struct Job {
    need: Need,
    since: Instant,
    reply: oneshot::Sender<Outcome>,
}

pub(super) struct Refresher<'a> {
    client: AuthenticatedClient<'a>,
    describe: DescribeError<'a>,
    jobs: mpsc::UnboundedSender<Job>,
    queue: Mutex<mpsc::UnboundedReceiver<Job>>,
}

/// After an attempt without a fresh credential, or a refresh because of a rejection, the next one waits this long: a
/// client that repeats a request must not refresh the session each time.
const MIN_INTERVAL: Duration = Duration::from_secs(10);

/// The last attempts.
#[derive(Default)]
struct History {
    /// The requests that waited during a failed attempt get its failure, instead of an attempt each.
    failure: Option<(Instant, Rejection)>,
    /// The credential could not be refreshed, and is still valid.
    kept_at: Option<Instant>,
    /// A credential was refreshed because the service rejected it.
    replaced_at: Option<Instant>,
}

impl<'a> Refresher<'a> {
    pub(super) fn new(
        session: ProfileSession<'a>,
        selected: ResolvedCredential,
        describe: DescribeError<'a>,
    ) -> Self {
        let (jobs, queue) = mpsc::unbounded_channel();
        Self {
            client: AuthenticatedClient::with_credential(session, selected),
            describe,
            jobs,
            queue: Mutex::new(queue),
        }
    }

    pub(super) fn describe(&self, error: ActionError) -> Rejection {
        (self.describe)(error)
    }

    /// Returns a credential that has not expired.
    pub(super) async fn fresh(&self) -> Result<ResolvedCredential, Rejection> {
        if let Some(selected) = self.client.selected_if_fresh().await {
            return Ok(selected);
        }
        let selected = self.request(Need::Fresh).await?;
        selected.ok_or_else(unavailable)
    }

    /// Returns another credential than `rejected`; `None` if there is none.
    pub(super) async fn replace(&self, rejected: &ResolvedCredential) -> Outcome {
        self.request(Need::Other(rejected.credential.clone())).await
    }

    async fn request(&self, need: Need) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        let since = Instant::now();
        let _ended = self.jobs.send(Job { need, since, reply });
        outcome.await.unwrap_or_else(|_| Err(unavailable()))
    }

    /// Refreshes when a request needs it, one after the other. Never completes.
    pub(super) async fn run(&self) {
        let mut queue = self.queue.lock().await;
        let mut history = History::default();
        while let Some(job) = queue.recv().await {
            let outcome = self.attempt(&job, &mut history).await;
            let _gone = job.reply.send(outcome);
        }
    }

    async fn attempt(&self, job: &Job, history: &mut History) -> Outcome {
        if let Some((at, rejection)) = &history.failure
            && job.since <= *at
        {
            return Err(rejection.clone());
        }
        let outcome = match &job.need {
            Need::Fresh if is_recent(history.kept_at) => Ok(Some(self.client.selected().await)),
            Need::Fresh => self.refresh_expiring(history).await,
            Need::Other(rejected) => self.refresh_rejected(rejected, history).await,
        };
        outcome.map_err(|error| {
            let rejection = self.describe(error);
            history.failure = Some((Instant::now(), rejection.clone()));
            rejection
        })
    }

    async fn refresh_expiring(
        &self,
        history: &mut History,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let selected = self.client.ensure_fresh(SignedDuration::ZERO).await?;
        if self.client.selected_if_fresh().await.is_none() {
            history.kept_at = Some(Instant::now());
        }
        Ok(Some(selected))
    }

    /// Refreshes the session, or reads the sources again: the user may have replaced a key.
    async fn refresh_rejected(
        &self,
        rejected: &Credential,
        history: &mut History,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let selected = self.client.selected().await;
        if selected.credential != *rejected {
            return Ok(Some(selected));
        }
        if !is_recent(history.replaced_at)
            && let Some(again) = self.client.refresh_after_401(rejected).await?
        {
            history.replaced_at = Some(Instant::now());
            return Ok(Some(again));
        }
        self.client.reselect(rejected).await
    }
}

fn is_recent(at: Option<Instant>) -> bool {
    at.is_some_and(|at| at.elapsed() < MIN_INTERVAL)
}

fn unavailable() -> Rejection {
    Rejection {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "UNAVAILABLE".to_owned(),
        message: "the proxy is ending".to_owned(),
        hint: None,
    }
}
