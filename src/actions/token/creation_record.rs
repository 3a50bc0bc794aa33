//! The journal of a token's creation, from before the request until the secret is delivered.

use crate::actions::token::orphans;
use crate::actions::{ActionError, AuthenticatedClient, Context, ShouldRevoke};
use crate::domain::{CreatedToken, Secret};
use crate::provider::Descriptor;
use crate::service::{NewToken, Service};
use crate::vault::{Creation, CreationJournal, Delivery, SecretDestination, VaultError};

/// The journal of one creation, if it has one.
#[derive(Default)]
pub(crate) struct CreationRecord<'a> {
    decide: Option<ShouldRevoke<'a>>,
    journal: Option<CreationJournal>,
}

impl<'a> CreationRecord<'a> {
    pub(super) fn new(decide: ShouldRevoke<'a>) -> Self {
        Self {
            decide: Some(decide),
            journal: None,
        }
    }

    pub(super) fn into_journal(self) -> Option<CreationJournal> {
        self.journal
    }

    /// Opens the journal, and handles tokens of earlier creations.
    ///
    /// # Errors
    /// If the user interrupts the command meanwhile; nothing was created.
    pub(crate) async fn begin(
        &mut self,
        context: &Context,
        service: &Service<'_, AuthenticatedClient<'_>>,
        new_token: &NewToken,
        targets: &[SecretDestination],
    ) -> Result<(), ActionError> {
        let Some(decide) = self.decide else {
            return Ok(());
        };
        // Opened before listing, so that a concurrent creation is either listed or finds this journal.
        let creation = journal_entry(context, service, new_token, targets);
        let profile = &service.transport.session.target.name;
        let begun = context.vault.begin_creation(profile, creation);
        self.journal = begun
            .map_err(|error| warn_without_journal(context, &error))
            .ok();
        let settled = orphans::revoke_orphans(context, service, decide).await;
        if settled.is_err() {
            close_journal(self.journal.take());
        }
        settled
    }

    /// Closes the journal if `error` proves that no token was created.
    pub(crate) fn on_error(&mut self, error: &ActionError) {
        if !error.may_have_been_processed() {
            close_journal(self.journal.take());
        }
    }

    pub(crate) fn record_created(&mut self, created: &CreatedToken) {
        if let Some(journal) = &mut self.journal {
            // If this fails, the token is found by its name.
            let _ = journal.set_created(
                created.token.id.clone(),
                created.secret.fingerprint(Secret::LONG_FINGERPRINT),
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
    new_token: &NewToken,
    targets: &[SecretDestination],
) -> Creation {
    let targets = targets.iter();
    Creation {
        provider: service.descriptor.id.clone(),
        kind: service.descriptor.tokens.kind.clone(),
        origin: service.base_url.origin(),
        began_at: context.now(),
        name: (!new_token.name.is_empty()).then(|| new_token.name.clone()),
        token_id: None,
        delivery: Delivery::Pending,
        targets: targets
            .map(|target| with_variable(service.descriptor, target))
            .collect(),
        fingerprint: None,
    }
}

/// Names the variable of an env file, so that the file can be read without the description of the service.
fn with_variable(descriptor: &Descriptor, target: &SecretDestination) -> SecretDestination {
    match (target.clone(), descriptor.environment.api_key.clone()) {
        (SecretDestination::EnvFile(path), Some(variable)) => {
            SecretDestination::EnvVariable { path, variable }
        }
        (other, _) => other,
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
