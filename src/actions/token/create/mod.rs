//! Journal of a token's creation: written before the request and closed when the secret is delivered. If the process
//! dies in between, the next creation finds the token.

mod orphans;

use std::path::Path;

use crate::actions::token::env_file_target::SecretTarget;
use crate::actions::token::tokens::create_with_record;
use crate::actions::{ActionError, AuthenticatedClient, Context, ProfileSession};
use crate::domain::{CreatedToken, Secret};
use crate::service::{NewToken, Service};
use crate::vault::{Creation, CreationJournal, Delivery, VaultError};

pub use orphans::Orphan;

/// Decides whether a token that an earlier creation left behind is revoked.
pub type ShouldRevoke<'a> = &'a dyn Fn(&Orphan) -> bool;

/// A created token whose secret is not delivered yet.
#[derive(Debug)]
pub struct UndeliveredToken {
    pub created: CreatedToken,
    journal: Option<CreationJournal>,
}

impl UndeliveredToken {
    /// Records that the secret may be delivered from now on.
    pub fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            // If this fails, the token is still found by its id, and revoked only with the user's consent.
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    /// Closes the journal: the secret was delivered.
    pub fn finish_delivery(self) -> CreatedToken {
        if let Some(journal) = self.journal {
            // `doctor` reports a journal that remains, and the next creation closes it.
            let _ = journal.finish();
        }
        self.created
    }
}

impl ProfileSession<'_> {
    /// Creates a token and keeps a journal until the secret is delivered. Revokes tokens that earlier creations left
    /// behind, if `decide` agrees.
    ///
    /// # Errors
    /// As [`super::create_token`].
    pub async fn create_token_with_journal(
        self,
        wanted: &NewToken,
        env_file: Option<&SecretTarget>,
        decide: ShouldRevoke<'_>,
    ) -> Result<UndeliveredToken, ActionError> {
        let mut record = CreationRecord {
            decide: Some(decide),
            journal: None,
        };
        let minted = create_with_record(self, (wanted, env_file), &mut record).await?;
        Ok(UndeliveredToken {
            created: minted,
            journal: record.journal,
        })
    }
}

/// Agrees for tokens that certainly come from an interrupted creation, when no user can be asked.
pub fn revoke_if_proven(orphan: &Orphan) -> bool {
    orphan.is_proven
}

/// The journal of one creation, if it has one.
#[derive(Default)]
pub(crate) struct CreationRecord<'a> {
    decide: Option<ShouldRevoke<'a>>,
    journal: Option<CreationJournal>,
}

impl CreationRecord<'_> {
    /// Opens the journal, and handles tokens of earlier creations.
    pub(crate) async fn begin(
        &mut self,
        context: &Context,
        service: &Service<'_, AuthenticatedClient<'_>>,
        (wanted, env_file): (&NewToken, Option<&Path>),
    ) {
        let Some(decide) = self.decide else {
            return;
        };
        // Opened before listing, so that a concurrent creation is either listed or finds this journal.
        let creation = journal_entry(context, service, (wanted, env_file));
        let profile = &service.transport.session.target.name;
        let begun = context.vault.begin_creation(profile, creation);
        self.journal = begun
            .map_err(|error| warn_without_journal(context, &error))
            .ok();
        orphans::revoke_orphans(context, service, decide).await;
    }

    /// Closes the journal if `error` proves that no token was created.
    pub(crate) fn on_error(&mut self, error: &ActionError) {
        if !error.may_have_been_processed() {
            close_journal(self.journal.take());
        }
    }

    pub(crate) fn record_created(&mut self, minted: &CreatedToken) {
        if let Some(journal) = &mut self.journal {
            // If this fails, the token is found by its name.
            let _ = journal.set_created(
                minted.token.id.clone(),
                minted.secret.fingerprint(Secret::LONG_FINGERPRINT),
            );
        }
    }

    /// Records that the secret may have been delivered from now on.
    pub(crate) fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    pub(crate) fn finish_delivery(&mut self) {
        if let Some(journal) = self.journal.take() {
            let _ = journal.finish();
        }
    }

    pub(crate) fn record_revoked(&mut self) {
        close_journal(self.journal.take());
    }
}

fn journal_entry(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    (wanted, env_file): (&NewToken, Option<&Path>),
) -> Creation {
    Creation {
        provider: service.descriptor.id.clone(),
        origin: service.base_url.origin(),
        began_at: context.now(),
        name: (!wanted.name.is_empty()).then(|| wanted.name.clone()),
        token_id: None,
        delivery: Delivery::Pending,
        env_file: env_file.and_then(|path| std::path::absolute(path).ok()),
        fingerprint: None,
    }
}

fn close_journal(journal: Option<CreationJournal>) {
    if let Some(journal) = journal {
        let _ = journal.delete();
    }
}

fn warn_without_journal(context: &Context, error: &VaultError) {
    context.warn(format!(
        "cannot write the journal ({error}): if this command is interrupted, the next one cannot find its token"
    ));
}
