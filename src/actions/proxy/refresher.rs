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
enum WantedCredential {
    /// A credential that has not expired.
    Fresh,
    /// Another credential than this one, which the service rejected. `None` if there is none.
    Other(Credential),
}

type Outcome = Result<Option<ResolvedCredential>, Rejection>;

struct Job {
    wanted: WantedCredential,
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

/// What the last attempts to get a credential ended with.
#[derive(Default)]
struct LastAttempts {
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
        let selected = self.request(WantedCredential::Fresh).await?;
        selected.ok_or_else(unavailable)
    }

    /// Returns another credential than `rejected`; `None` if there is none.
    pub(super) async fn replace(&self, rejected: &ResolvedCredential) -> Outcome {
        self.request(WantedCredential::Other(rejected.credential.clone()))
            .await
    }

    async fn request(&self, wanted: WantedCredential) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        let since = Instant::now();
        let _ended = self.jobs.send(Job {
            wanted,
            since,
            reply,
        });
        outcome.await.unwrap_or_else(|_| Err(unavailable()))
    }

    /// Refreshes when a request needs it, one after the other. Never completes.
    pub(super) async fn run(&self) {
        let mut queue = self.queue.lock().await;
        let mut last = LastAttempts::default();
        while let Some(job) = queue.recv().await {
            let outcome = self.attempt(&job, &mut last).await;
            let _gone = job.reply.send(outcome);
        }
    }

    async fn attempt(&self, job: &Job, last: &mut LastAttempts) -> Outcome {
        if let Some((at, rejection)) = &last.failure
            && job.since <= *at
        {
            return Err(rejection.clone());
        }
        let outcome = match &job.wanted {
            WantedCredential::Fresh if is_recent(last.kept_at) => {
                Ok(Some(self.client.selected().await))
            }
            WantedCredential::Fresh => self.refresh_expiring(last).await,
            WantedCredential::Other(rejected) => self.refresh_rejected(rejected, last).await,
        };
        outcome.map_err(|error| {
            let rejection = self.describe(error);
            last.failure = Some((Instant::now(), rejection.clone()));
            rejection
        })
    }

    async fn refresh_expiring(
        &self,
        last: &mut LastAttempts,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let selected = self
            .client
            .refresh_if_expiring(SignedDuration::ZERO)
            .await?;
        if self.client.selected_if_fresh().await.is_none() {
            last.kept_at = Some(Instant::now());
        }
        Ok(Some(selected))
    }

    /// Refreshes the session, or reads the sources again: the user may have replaced a key.
    async fn refresh_rejected(
        &self,
        rejected: &Credential,
        last: &mut LastAttempts,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let selected = self.client.selected().await;
        if selected.credential != *rejected {
            return Ok(Some(selected));
        }
        if !is_recent(last.replaced_at)
            && let Some(again) = self.client.refresh_after_401(rejected).await?
        {
            last.replaced_at = Some(Instant::now());
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
