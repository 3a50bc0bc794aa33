//! The sessions that this process got for its identity and keeps in memory only (`BRAINMAPS_LOGIN=workload`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::actions::{ActionError, Context, ProfileSession};
use crate::domain::{CredentialEvent, Freshness, ProfileName, StoredCredential};
use crate::http;

/// Signs in with the identity of this process and stores nothing. A login imports the credentials, so that these get it as a
/// value.
pub type SignIn =
    for<'a> fn(ProfileSession<'a>) -> BoxFuture<'a, Result<StoredCredential, ActionError>>;

/// What a command needs to use the identity of its process.
pub struct Workload {
    /// Reaches the endpoints of the platform, which `--sandbox` does not replace.
    pub network: http::Client,
    pub sign_in: SignIn,
    /// Shared by all contexts of the command.
    pub sessions: Arc<WorkloadSessions>,
}

#[derive(Default)]
pub struct WorkloadSessions {
    sessions: Mutex<BTreeMap<ProfileName, StoredCredential>>,
    /// Requests of one process that need a token at the same time exchange the identity once.
    exchange: tokio::sync::Mutex<()>,
}

impl WorkloadSessions {
    pub(crate) fn get(&self, profile: &ProfileName) -> Option<StoredCredential> {
        let sessions = self.sessions.lock();
        let sessions = sessions.unwrap_or_else(PoisonError::into_inner);
        sessions.get(profile).cloned()
    }

    fn set(&self, profile: ProfileName, session: StoredCredential) {
        let sessions = self.sessions.lock();
        let mut sessions = sessions.unwrap_or_else(PoisonError::into_inner);
        sessions.insert(profile, session);
    }
}

impl ProfileSession<'_> {
    /// Returns a session for the identity of this process that replaces `seen`. It is not stored.
    pub(crate) async fn refresh_workload_session(
        self,
        seen: &StoredCredential,
    ) -> Result<StoredCredential, ActionError> {
        let workload = &self.context.workload;
        let _exchange = workload.sessions.exchange.lock().await;
        let current = workload.sessions.get(&self.target.name);
        let other = current.filter(|current| current.credential != seen.credential);
        if let Some(other) = other.filter(|other| is_fresh(self.context, other)) {
            return Ok(other);
        }
        self.begin_event(CredentialEvent::Login);
        let session = (workload.sign_in)(self).await?;
        self.record_workload_login(&session);
        let profile = self.target.name.clone();
        workload.sessions.set(profile, session.clone());
        Ok(session)
    }
}

fn is_fresh(context: &Context, session: &StoredCredential) -> bool {
    context.freshness_of(session, SignedDuration::ZERO) == Freshness::Fresh
}

/// The time of a session that does not exist yet.
pub(crate) const NOT_YET: Timestamp = Timestamp::UNIX_EPOCH;
