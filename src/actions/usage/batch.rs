//! Collects uses in memory, so that a proxy does not write a file for each request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::actions::{ProfileSession, ResolvedCredential};
use crate::domain::{Credential, CredentialUsage};
use crate::http::{Request, StatusCode};

const INTERVAL: Duration = Duration::from_secs(5);

/// The uses of each credential since the last write.
pub(crate) struct UsageBatch<'a> {
    session: ProfileSession<'a>,
    pending: Mutex<Vec<(ResolvedCredential, CredentialUsage)>>,
}

impl<'a> UsageBatch<'a> {
    pub(crate) fn new(session: ProfileSession<'a>) -> Self {
        Self {
            session,
            pending: Mutex::default(),
        }
    }

    /// Adds a request if it succeeded.
    pub(crate) fn add(&self, selected: &ResolvedCredential, request: &Request, status: StatusCode) {
        let Some(used) = self.session.used_request(selected, request, status) else {
            return;
        };
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |credential: &Credential| *credential == selected.credential;
        let known = pending.iter_mut().find(|(it, _)| is_same(&it.credential));
        if let Some((_, usage)) = known {
            usage.add_request(used);
            return;
        }
        let mut usage = CredentialUsage::default();
        usage.add_request(used);
        pending.push((selected.clone(), usage));
    }

    pub(crate) fn write(&self) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = std::mem::take(&mut *pending);
        for (selected, usage) in pending {
            self.session.record_usage(&selected, &usage);
        }
    }

    /// Writes every few seconds. Never completes.
    pub(crate) async fn run(&self) {
        loop {
            sleep(INTERVAL).await;
            self.write();
        }
    }
}
