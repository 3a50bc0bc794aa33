//! Finds orphans, the active tokens of interrupted creations whose secret was never delivered, with the journals of these
//! creations. Revokes an orphan only if the service reported its id to that creation, or if the user agrees.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::actions::token::created_keys::{self, is_of_service};
use crate::actions::token::unfinished::delivery_state;
use crate::actions::{ActionError, AuthenticatedClient, Context};
use crate::domain::{ApiToken, CommandLine, CredentialEvent, Hint, TokenId, Warning};
use crate::files::quote_path;
use crate::provider::TokenVerb;
use crate::service::Service;
use crate::vault::{Creation, CreationJournal, CreationJournals, Delivery, SecretDestination};

/// Services report times in whole seconds.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(2);
/// Longer than any request takes.
const MAX_REQUEST_TIME: SignedDuration = SignedDuration::from_secs(120);
/// Bounds the time of the search.
const MAX_PAGES: usize = 20;

/// Decides whether a token that an earlier creation left behind is revoked. Fails if the user interrupts the command.
pub type ShouldRevoke<'a> = &'a dyn Fn(&Orphan) -> Result<bool, ActionError>;

/// A token that an interrupted creation may have left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    pub id: TokenId,
    pub name: Option<String>,
    pub created_at: Option<Timestamp>,
    /// The files that have its secret.
    pub written_to: Vec<SecretDestination>,
    /// Whether the service reported this id to that creation, and the secret was certainly not delivered.
    pub is_proven: bool,
}

/// The reason why the tokens of the service could not be listed.
#[derive(Debug, thiserror::Error)]
enum ListError {
    #[error("the service has no call that lists tokens")]
    NotOffered,
    #[error("the list has more than {MAX_PAGES} pages")]
    TooLong,
    #[error("the tokens cannot be listed ({0})")]
    Failed(#[from] ActionError),
}

/// Handles the tokens of interrupted creations and closes their journals. Sends nothing if there are no journals.
///
/// # Errors
/// If `decide` fails; the journals that are left stay.
pub(super) async fn revoke_orphans(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    decide: ShouldRevoke<'_>,
) -> Result<(), ActionError> {
    let profile = &service.transport.session.target.name;
    let journals = match context.vault.claim_creation_journals(profile) {
        Ok(journals) => journals,
        Err(error) => {
            context.warn(format!("cannot look for unfinished creations: {error}"));
            return Ok(());
        }
    };
    warn_of_damaged(context, &journals.quarantined);
    let is_of_this_service = |journal: &CreationJournal| is_of_service(journal.creation(), service);
    if !journals.abandoned.iter().any(is_of_this_service) {
        return Ok(());
    }
    let tokens = list_all_tokens(service).await;
    let search = OrphanSearch::new(context, service, tokens.as_deref(), &journals);
    for journal in journals.abandoned.into_iter().filter(is_of_this_service) {
        let creation = journal.creation();
        match search.find(creation) {
            SearchResult::NoToken if search.is_needed_by_others(creation) => {}
            SearchResult::NoToken => drop(journal.delete()),
            SearchResult::Unlisted(ListError::NotOffered) => report_once(context, journal),
            SearchResult::Unlisted(reason) => warn_unlisted(context, creation, reason),
            SearchResult::Orphans(orphans) => {
                revoke_or_report(context, service, journal, orphans, decide).await?;
            }
        }
    }
    Ok(())
}

fn warn_of_damaged(context: &Context, quarantined: &[PathBuf]) {
    for path in quarantined {
        let text = format!(
            "the journal of a \"token create\" is damaged and kept as {}; the token that it was for may exist",
            quote_path(path)
        );
        let hint = Hint::from("see ").command("token list");
        context.warn(Warning::with_hint(text, hint));
    }
}

/// Returns `true` if every target is a file that has the secret.
fn is_delivered(creation: &Creation) -> bool {
    !creation.targets.is_empty() && creation.files_with_secret() == creation.targets
}

struct OrphanSearch<'a> {
    context: &'a Context,
    service: &'a Service<'a, AuthenticatedClient<'a>>,
    listed: Result<&'a [ApiToken], &'a ListError>,
    /// Tokens of known creations.
    known_ids: Vec<TokenId>,
    /// The number of running creations, including this one.
    running_creations: usize,
}

enum SearchResult<'a> {
    NoToken,
    Unlisted(&'a ListError),
    Orphans(Vec<Orphan>),
}

impl<'a> OrphanSearch<'a> {
    fn new(
        context: &'a Context,
        service: &'a Service<'a, AuthenticatedClient<'a>>,
        listed: Result<&'a [ApiToken], &'a ListError>,
        journals: &CreationJournals,
    ) -> Self {
        let abandoned = journals.abandoned.iter().map(CreationJournal::creation);
        let creations = abandoned.chain(&journals.running);
        Self {
            context,
            service,
            listed,
            known_ids: creations.filter_map(|it| it.token_id.clone()).collect(),
            running_creations: journals.running.len(),
        }
    }

    /// Returns true if the journal of a finished creation is needed to distinguish its token from those of concurrent ones.
    fn is_needed_by_others(&self, creation: &Creation) -> bool {
        creation.delivery == Delivery::Done && self.running_creations > 1
    }

    fn find(&self, creation: &Creation) -> SearchResult<'a> {
        if creation.delivery == Delivery::Done || is_delivered(creation) {
            return SearchResult::NoToken;
        }
        if let Some(id) = &creation.token_id {
            return self.find_created(creation, id);
        }
        let listed = match self.listed {
            Ok(listed) => listed,
            Err(reason) => return SearchResult::Unlisted(reason),
        };
        // Another machine may have created a token of this name at the same time, so that none of them is proven.
        let candidates = listed
            .iter()
            .filter(|token| self.may_result_from(creation, token));
        let orphans: Vec<Orphan> = candidates
            .filter_map(|token| to_orphan(token, Vec::new()))
            .collect();
        if orphans.is_empty() {
            return SearchResult::NoToken;
        }
        SearchResult::Orphans(orphans)
    }

    /// Returns the token of a creation that received the id, so that the token is certainly its own. The secret may have been
    /// delivered nevertheless.
    fn find_created(&self, creation: &Creation, id: &TokenId) -> SearchResult<'a> {
        let is_proven = creation.delivery == Delivery::Pending;
        let written_to = creation.files_with_secret();
        let Ok(listed) = self.listed else {
            return SearchResult::Orphans(vec![Orphan {
                id: id.clone(),
                name: creation.name.clone(),
                created_at: None,
                written_to,
                is_proven,
            }]);
        };
        let token = listed.iter().find(|token| token.id.as_ref() == Some(id));
        let token = token.filter(|token| token.active != Some(false));
        let orphan = token.and_then(|token| to_orphan(token, written_to));
        orphan.map_or(SearchResult::NoToken, |orphan| {
            SearchResult::Orphans(vec![Orphan {
                is_proven,
                ..orphan
            }])
        })
    }

    /// Returns true if the token may come from `creation`, whose response was lost.
    fn may_result_from(&self, creation: &Creation, token: &ApiToken) -> bool {
        let Some(id) = &token.id else {
            return false;
        };
        let has_name = token.name.is_none() || token.name == creation.name;
        let is_in_time = token.created_at.is_none_or(|at| {
            let origin = self.service.base_url.origin().to_string();
            let offset = self
                .context
                .clock_reading_at(&origin)
                .offset
                .unwrap_or_default();
            let after = at.duration_since(creation.began_at) - offset;
            (-CLOCK_TOLERANCE..=MAX_REQUEST_TIME).contains(&after)
        });
        has_name && is_in_time && token.active != Some(false) && !self.known_ids.contains(id)
    }
}

async fn list_all_tokens(
    service: &Service<'_, AuthenticatedClient<'_>>,
) -> Result<Vec<ApiToken>, ListError> {
    if !service.descriptor.supports(TokenVerb::List) {
        return Err(ListError::NotOffered);
    }
    let mut pages = service.token_pages(None).map_err(ActionError::from)?;
    let mut tokens = Vec::new();
    for _ in 0..MAX_PAGES {
        match pages.next_page().await? {
            Some(page) => tokens.extend(page),
            None => return Ok(tokens),
        }
    }
    Err(ListError::TooLong)
}

/// Returns the token as an orphan that is not proven.
fn to_orphan(token: &ApiToken, written_to: Vec<SecretDestination>) -> Option<Orphan> {
    Some(Orphan {
        id: token.id.clone()?,
        name: token.name.clone(),
        created_at: token.created_at,
        written_to,
        is_proven: false,
    })
}

/// Revokes the tokens that `decide` agrees to, and reports the others. Keeps the journal only if a revocation fails.
async fn revoke_or_report(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    journal: CreationJournal,
    orphans: Vec<Orphan>,
    decide: ShouldRevoke<'_>,
) -> Result<(), ActionError> {
    let can_revoke = service.descriptor.supports(TokenVerb::Revoke);
    let mut unrevoked = Vec::new();
    let mut has_failed = false;
    for orphan in orphans {
        if can_revoke && decide(&orphan)? {
            has_failed |= !revoke(context, service, &orphan).await;
        } else {
            unrevoked.push(orphan);
        }
    }
    if !unrevoked.is_empty() {
        warn_may_exist(context, service, &unrevoked);
    }
    if !has_failed {
        let _ = journal.delete();
    }
    Ok(())
}

/// Revokes a token and returns whether it is revoked.
async fn revoke(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    orphan: &Orphan,
) -> bool {
    let id = &orphan.id;
    if let Err(error) = service.revoke_token(id).await
        && !error.is_not_found()
    {
        context.warn(format!(
            "cannot revoke token {id}, which an earlier \"token create\" left behind: {error}"
        ));
        return false;
    }
    let session = service.transport.session;
    session.record_token(CredentialEvent::TokenRevoke, Some(id));
    created_keys::mark_revoked(session, service, std::slice::from_ref(id)).await;
    let delivery = delivery_state(&orphan.written_to);
    context.warn(format!(
        "revoked token {id}: an earlier \"token create\" was interrupted, and {delivery}"
    ));
    true
}

fn warn_may_exist(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    orphans: &[Orphan],
) {
    let ids: Vec<String> = orphans.iter().map(|orphan| orphan.id.to_string()).collect();
    let hint = if service.descriptor.supports(TokenVerb::Revoke) {
        let profile = &service.transport.session.target.name;
        let revoke = CommandLine::for_profile(profile, "token revoke");
        Hint::run(ids.iter().fold(revoke, CommandLine::argument))
    } else {
        Hint::from("revoke it on the website of the service")
    };
    let mut text = format!(
        "an interrupted \"token create\" may have created {}",
        ids.join(", ")
    );
    let written_to = orphans.iter().flat_map(|orphan| orphan.written_to.clone());
    let written_to: Vec<_> = written_to.collect();
    if !written_to.is_empty() {
        text = format!("{text}, and {}", delivery_state(&written_to));
    }
    context.warn(Warning::with_hint(
        text,
        hint.text(" if its secret is lost"),
    ));
}

fn warn_unlisted(context: &Context, creation: &Creation, reason: &ListError) {
    let name = creation.name.as_deref().unwrap_or("a token");
    context.warn(format!(
        "a \"token create\" of \"{name}\" was interrupted at {:.0}, and {reason}: it may exist",
        creation.began_at
    ));
}

/// Reports a creation that no later command can settle, and leaves its journal to `doctor`.
fn report_once(context: &Context, journal: CreationJournal) {
    warn_unlisted(context, journal.creation(), &ListError::NotOffered);
    // If this fails, the next creation reports it again.
    let _ = journal.mark_reported();
}
