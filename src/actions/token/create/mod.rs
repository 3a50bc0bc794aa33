//! The record of a token's creation: written down before the request, closed when the secret was delivered. The next
//! creation finds the token of one that was cut short.

mod orphans;

use std::path::Path;

use crate::actions::token::env_file_target::SecretTarget;
use crate::actions::token::tokens::create_with_record;
use crate::actions::{ActionError, AuthenticatedClient, Context, Target};
use crate::domain::{CreatedToken, Secret};
use crate::service::{NewToken, Service};
use crate::vault::{Creation, CreationJournal, Delivery, VaultError};

pub use orphans::Orphan;

/// Decides whether a token is revoked that an earlier creation left behind.
pub type ShouldRevoke<'a> = &'a dyn Fn(&Orphan) -> bool;

/// A token that was created, and whose secret is not delivered yet.
#[derive(Debug)]
pub struct UndeliveredToken {
    /// The token and its secret.
    pub created: CreatedToken,
    journal: Option<CreationJournal>,
}

impl UndeliveredToken {
    /// Writes down that the secret may be delivered from here on.
    pub fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            // Without it, the token would be taken for one that nobody holds; but it is known by its id, and asked for.
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    /// Closes the record: the secret has arrived.
    pub fn finish_delivery(self) -> CreatedToken {
        if let Some(journal) = self.journal {
            // One that stays is reported by `doctor`, and settled by the next creation.
            let _ = journal.finish();
        }
        self.created
    }
}

/// Creates a token as [`super::create_token`] does, and keeps a record of it until the secret is delivered. Tokens that
/// earlier creations left behind are revoked where `decide` says so.
///
/// # Errors
/// As [`super::create_token`].
pub async fn create_token_with_journal(
    context: &Context,
    target: &Target,
    wanted: &NewToken,
    env_file: Option<&SecretTarget>,
    decide: ShouldRevoke<'_>,
) -> Result<UndeliveredToken, ActionError> {
    let mut record = CreationRecord {
        decide: Some(decide),
        journal: None,
    };
    let minted = create_with_record(context, target, (wanted, env_file), &mut record).await?;
    Ok(UndeliveredToken {
        created: minted,
        journal: record.journal,
    })
}

/// Revokes what can only come from a creation that was cut short, for where nobody can be asked.
pub fn revoke_if_proven(orphan: &Orphan) -> bool {
    orphan.is_proven
}

/// The record of one creation, or none.
#[derive(Default)]
pub(crate) struct CreationRecord<'a> {
    decide: Option<ShouldRevoke<'a>>,
    journal: Option<CreationJournal>,
}

impl CreationRecord<'_> {
    /// Writes down that a creation begins, and settles what earlier ones left.
    pub(crate) async fn begin(
        &mut self,
        context: &Context,
        service: &Service<'_, AuthenticatedClient<'_>>,
        (wanted, env_file): (&NewToken, Option<&Path>),
    ) {
        let Some(decide) = self.decide else {
            return;
        };
        // Before the tokens are listed: what is created after that is either listed or finds this journal.
        let creation = journal_entry(context, service, (wanted, env_file));
        let profile = &service.transport.target.name;
        let begun = context.vault.begin_creation(profile, creation);
        self.journal = begun
            .map_err(|error| warn_without_journal(context, &error))
            .ok();
        orphans::revoke_orphans(context, service, decide).await;
    }

    /// Closes the record where `error` says that nothing was created.
    pub(crate) fn on_error(&mut self, error: &ActionError) {
        if !error.may_have_been_processed() {
            close_journal(self.journal.take());
        }
    }

    /// Writes down what was created.
    pub(crate) fn record_created(&mut self, minted: &CreatedToken) {
        if let Some(journal) = &mut self.journal {
            // Without it, the token is found by its name.
            let _ = journal.set_created(
                minted.token.id.clone(),
                minted.secret.fingerprint(Secret::LONG_FINGERPRINT),
            );
        }
    }

    /// Writes down that the secret may have arrived from here on.
    pub(crate) fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    /// Closes the record: the secret has arrived in a file.
    pub(crate) fn finish_delivery(&mut self) {
        if let Some(journal) = self.journal.take() {
            let _ = journal.finish();
        }
    }

    /// Closes the record: the token was revoked again.
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
        "the journal cannot be written ({error}): if this command is cut short, the next one does not find its token"
    ));
}
