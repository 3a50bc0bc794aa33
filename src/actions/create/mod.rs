//! The record of a token's creation: written down before the request, closed when the secret was delivered. The next
//! creation finds the token of one that was cut short.

mod orphans;

use std::path::Path;

use super::env_place::SecretTarget;
use super::tokens::create_with;
use super::{Access, ActionError, Context, Target};
use crate::domain::MintedToken;
use crate::service::{NewToken, Service};
use crate::vault::{Creation, CreationJournal, Delivery, VaultError, fingerprint};

pub use orphans::Orphan;

/// Decides whether a token is revoked that an earlier creation left behind.
pub type Decide<'a> = &'a dyn Fn(&Orphan) -> bool;

/// A token that was created, and whose secret is not delivered yet.
#[derive(Debug)]
pub struct Created {
    /// The token and its secret.
    pub minted: MintedToken,
    journal: Option<CreationJournal>,
}

impl Created {
    /// Writes down that the secret may be delivered from here on.
    pub fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            // Without it, the token would be taken for one that nobody holds; but it is known by its id, and asked for.
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    /// Closes the record: the secret has arrived.
    pub fn delivered(self) -> MintedToken {
        if let Some(journal) = self.journal {
            // One that stays is reported by `doctor`, and settled by the next creation.
            let _ = journal.finish();
        }
        self.minted
    }
}

/// Creates a token as [`super::create_token`] does, and keeps a record of it until the secret is delivered. Tokens that
/// earlier creations left behind are revoked where `decide` says so.
///
/// # Errors
/// As [`super::create_token`].
pub async fn create_recorded(
    context: &Context,
    target: &Target,
    wanted: &NewToken,
    env_file: Option<&SecretTarget>,
    decide: Decide<'_>,
) -> Result<Created, ActionError> {
    let mut record = Record {
        decide: Some(decide),
        journal: None,
    };
    let minted = create_with(context, target, (wanted, env_file), &mut record).await?;
    Ok(Created {
        minted,
        journal: record.journal,
    })
}

/// Revokes what can only come from a creation that was cut short, for where nobody can be asked.
pub fn revoke_proven(orphan: &Orphan) -> bool {
    orphan.is_proven
}

/// The record of one creation, or none.
#[derive(Default)]
pub(super) struct Record<'a> {
    decide: Option<Decide<'a>>,
    journal: Option<CreationJournal>,
}

impl Record<'_> {
    /// Writes down that a creation begins, and settles what earlier ones left.
    pub(super) async fn begin(
        &mut self,
        context: &Context,
        service: &Service<'_, Access<'_>>,
        (wanted, env_file): (&NewToken, Option<&Path>),
    ) {
        let Some(decide) = self.decide else {
            return;
        };
        // Before the tokens are listed: what is created after that is either listed or finds this journal.
        let creation = new_creation(context, service, (wanted, env_file));
        let profile = &service.channel.target.profile;
        let begun = context.vault.begin_creation(profile, creation);
        self.journal = begun.map_err(|error| warn_of_none(context, &error)).ok();
        orphans::settle(context, service, decide).await;
    }

    /// Closes the record where `error` says that nothing was created.
    pub(super) fn failed(&mut self, error: &ActionError) {
        if !error.may_have_happened() {
            close(self.journal.take());
        }
    }

    /// Writes down what was created.
    pub(super) fn created(&mut self, minted: &MintedToken) {
        if let Some(journal) = &mut self.journal {
            // Without it, the token is found by its name.
            let _ = journal.set_created(minted.token.id.clone(), fingerprint(&minted.secret));
        }
    }

    /// Writes down that the secret may have arrived from here on.
    pub(super) fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    /// Closes the record: the secret has arrived in a file.
    pub(super) fn delivered(&mut self) {
        if let Some(journal) = self.journal.take() {
            let _ = journal.finish();
        }
    }

    /// Closes the record: the token was revoked again.
    pub(super) fn revoked(&mut self) {
        close(self.journal.take());
    }
}

fn new_creation(
    context: &Context,
    service: &Service<'_, Access<'_>>,
    (wanted, env_file): (&NewToken, Option<&Path>),
) -> Creation {
    Creation {
        provider: service.descriptor.id.clone(),
        origin: service.base.origin(),
        began_at: context.now(),
        name: (!wanted.name.is_empty()).then(|| wanted.name.clone()),
        created: None,
        delivery: Delivery::Pending,
        env_file: env_file.and_then(|path| std::path::absolute(path).ok()),
        fingerprint: None,
    }
}

fn close(journal: Option<CreationJournal>) {
    if let Some(journal) = journal {
        let _ = journal.close();
    }
}

fn warn_of_none(context: &Context, error: &VaultError) {
    context.warn(format!(
        "the journal cannot be written ({error}): if this command is cut short, the next one does not find its token"
    ));
}
