//! The record of a token's creation: written down before the request, closed when the secret was delivered. The next
//! creation finds the token of one that was cut short.

mod orphans;

use std::path::Path;

use super::env_place::SecretTarget;
use super::tokens::{create_with, explained};
use super::{Access, ActionError, Context, Target};
use crate::domain::{ApiToken, MintedToken, TokenId};
use crate::service::{NewToken, Service, ServiceError};
use crate::vault::{Creation, CreationJournal, Delivery, VaultError, fingerprint};

pub use orphans::Orphan;

/// Decides whether a token is revoked that an earlier creation left behind.
pub type Decide<'a> = &'a dyn Fn(&Orphan) -> bool;

/// So many pages are read to learn which tokens exist. A longer list is not worth the time.
const MOST_PAGES: usize = 20;

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
    /// Settles what earlier creations left, and writes down that one begins.
    pub(super) async fn begin(
        &mut self,
        context: &Context,
        service: &Service<'_, Access<'_>>,
        (wanted, env_file): (&NewToken, Option<&Path>),
    ) -> Result<(), ActionError> {
        let Some(decide) = self.decide else {
            return Ok(());
        };
        let target = service.channel.target;
        // Before the tokens are listed: what is created after that is either listed or finds this journal.
        let creation = new_creation(context, service, (wanted, env_file));
        let begun = context.vault.begin_creation(&target.profile, creation);
        let mut journal = begun.map_err(|error| warn_of_none(context, &error)).ok();
        let listed = match list(target, service).await {
            Ok(listed) => listed,
            Err(error) => {
                close(journal);
                return Err(error);
            }
        };
        orphans::settle(context, service, listed.as_deref(), decide).await;
        if let (Some(open), Some(listed)) = (&mut journal, listed)
            && wanted.space.is_none()
            && let Err(error) = open.set_before(of_name(listed, &wanted.name))
        {
            warn_of_none(context, &error);
        }
        self.journal = journal;
        Ok(())
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
        before: None,
        created: None,
        delivery: Delivery::Pending,
        env_file: env_file.and_then(|path| std::path::absolute(path).ok()),
        fingerprint: None,
    }
}

/// The ids of the tokens of that name or of none.
fn of_name(tokens: Vec<ApiToken>, name: &str) -> Vec<TokenId> {
    let same = tokens
        .into_iter()
        .filter(|token| token.name.as_deref().is_none_or(|other| other == name));
    same.filter_map(|token| token.id).collect()
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

/// All tokens; `None` where the service does not list them, or lists very many.
async fn list(
    target: &Target,
    service: &Service<'_, Access<'_>>,
) -> Result<Option<Vec<ApiToken>>, ActionError> {
    let Ok(mut pages) = service.token_pages(None) else {
        return Ok(None);
    };
    let mut tokens = Vec::new();
    for _ in 0..MOST_PAGES {
        match pages.next_page().await {
            Ok(Some(page)) => tokens.extend(page),
            Ok(None) => return Ok(Some(tokens)),
            // Whether it creates tokens all the same is for the service to say.
            Err(
                ActionError::Service(ServiceError::Refused(_) | ServiceError::Malformed { .. })
                | ActionError::CredentialRejected { .. },
            ) => return Ok(None),
            Err(error) => return Err(explained(target, error)),
        }
    }
    Ok(None)
}
