//! Tokens whose creation was cut short: live, and nobody has the secret. They are found by the journal's facts, and revoked
//! only when they can be nobody else's, or the user says so.

use jiff::{SignedDuration, Timestamp};

use super::Decide;
use crate::actions::{Access, ActionError, Context};
use crate::domain::{ApiToken, TokenId};
use crate::service::{RefusalKind, Service, ServiceError};
use crate::vault::{Creation, CreationJournal, Creations, Delivery, EnvFile, fingerprint};

/// The clocks of services tick in seconds.
const BEFORE: SignedDuration = SignedDuration::from_secs(2);
/// A request takes no longer than this.
const AFTER: SignedDuration = SignedDuration::from_secs(120);

/// A token that a creation may have left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: Option<String>,
    /// When the service created it.
    pub created_at: Option<Timestamp>,
    /// Whether it can come from nothing but that creation, and nobody has its secret.
    pub is_proven: bool,
}

/// Looks for the tokens of abandoned creations among those `listed`, and closes their journals.
pub(super) async fn settle(
    context: &Context,
    service: &Service<'_, Access<'_>>,
    listed: Option<&[ApiToken]>,
    decide: Decide<'_>,
) {
    let found = match context.vault.creations(&service.channel.target.profile) {
        Ok(found) => found,
        Err(error) => {
            context.warn(format!("cannot look for unfinished creations: {error}"));
            return;
        }
    };
    for path in &found.set_aside {
        context.warn(format!(
            "the journal of a \"token create\" is damaged and kept as \"{}\"; the token that it was for may exist: see \
             \"brainmaps token list\"",
            path.display()
        ));
    }
    let facts = Facts::new(context, service, listed, &found);
    for journal in found.abandoned {
        let creation = journal.creation();
        if creation.provider != service.descriptor.id || creation.origin != service.base.origin() {
            continue;
        }
        match facts.find(creation) {
            Found::Nothing if facts.others_need(creation) => {}
            Found::Nothing => drop(journal.close()),
            Found::Unknown => tell_unknown(context, creation),
            Found::Tokens(orphans) => {
                revoke(context, service, (journal, orphans), decide).await;
            }
        }
    }
}

/// What is known when journals are judged.
struct Facts<'a> {
    context: &'a Context,
    service: &'a Service<'a, Access<'a>>,
    listed: Option<&'a [ApiToken]>,
    /// The tokens whose creations are known.
    known: Vec<TokenId>,
    running: Vec<Creation>,
}

/// What a creation left.
enum Found {
    Nothing,
    /// The tokens cannot be listed.
    Unknown,
    Tokens(Vec<Orphan>),
}

impl<'a> Facts<'a> {
    fn new(
        context: &'a Context,
        service: &'a Service<'a, Access<'a>>,
        listed: Option<&'a [ApiToken]>,
        found: &Creations,
    ) -> Self {
        let abandoned = found.abandoned.iter().map(CreationJournal::creation);
        let all = abandoned.chain(&found.running);
        Self {
            context,
            service,
            listed,
            known: all.filter_map(|it| it.created.clone()).collect(),
            running: found.running.clone(),
        }
    }

    /// Returns `true` if the journal of a finished creation still tells its token apart from those of others.
    fn others_need(&self, creation: &Creation) -> bool {
        // This process itself is among those that run.
        creation.delivery == Delivery::Done && self.running.len() > 1
    }

    fn find(&self, creation: &Creation) -> Found {
        if creation.delivery == Delivery::Done || self.is_in_file(creation) {
            return Found::Nothing;
        }
        if let Some(id) = &creation.created {
            return self.find_created(creation, id);
        }
        let Some(listed) = self.listed else {
            return Found::Unknown;
        };
        let candidates: Vec<&ApiToken> = listed
            .iter()
            .filter(|token| self.may_be_of(creation, token))
            .collect();
        let is_proven = candidates.len() == 1
            && creation.name.is_some()
            && creation.before.is_some()
            && !self.is_raced(creation);
        let orphans: Vec<Orphan> = candidates
            .into_iter()
            .filter_map(|token| {
                let is_proven = is_proven && token.name.is_some() && token.created_at.is_some();
                orphan(token, is_proven)
            })
            .collect();
        if orphans.is_empty() {
            return Found::Nothing;
        }
        Found::Tokens(orphans)
    }

    /// The service told the id, so that the token is no other's; whether its secret was delivered is another matter.
    fn find_created(&self, creation: &Creation, id: &TokenId) -> Found {
        let is_proven = creation.delivery == Delivery::Pending;
        let Some(listed) = self.listed else {
            return Found::Tokens(vec![Orphan {
                id: id.clone(),
                name: creation.name.clone(),
                created_at: None,
                is_proven,
            }]);
        };
        let token = listed.iter().find(|token| token.id.as_ref() == Some(id));
        let token = token.filter(|token| token.active != Some(false));
        let orphan = token.and_then(|token| orphan(token, is_proven));
        orphan.map_or(Found::Nothing, |orphan| Found::Tokens(vec![orphan]))
    }

    /// Whether the token may come from `creation`, of which the service's answer was lost.
    fn may_be_of(&self, creation: &Creation, token: &ApiToken) -> bool {
        let Some(id) = &token.id else {
            return false;
        };
        let is_older = creation.before.as_ref().is_some_and(|it| it.contains(id));
        let has_name = token.name.is_none() || token.name == creation.name;
        let is_in_time = token.created_at.is_none_or(|at| {
            let origin = self.service.base.origin().to_string();
            let offset = self.context.moment_at(&origin).offset.unwrap_or_default();
            let after = at.duration_since(creation.began_at) - offset;
            (-BEFORE..=AFTER).contains(&after)
        });
        has_name
            && is_in_time
            && !is_older
            && token.active != Some(false)
            && !self.known.contains(id)
    }

    /// Whether another process is creating a token of the same name, which may be the one found.
    fn is_raced(&self, creation: &Creation) -> bool {
        let same = |it: &&Creation| it.name == creation.name && it.before.is_some();
        self.running.iter().filter(same).count() > 0
    }

    /// Whether the secret arrived in the env file that it was for.
    fn is_in_file(&self, creation: &Creation) -> bool {
        let (Some(path), Some(expected)) = (&creation.env_file, &creation.fingerprint) else {
            return false;
        };
        let variable = self.service.descriptor.environment.api_key.as_deref();
        let (Some(variable), Ok(file)) = (variable, EnvFile::open(path)) else {
            return false;
        };
        let secret = file.get(variable).ok().flatten();
        secret.is_some_and(|secret| fingerprint(&secret) == *expected)
    }
}

fn orphan(token: &ApiToken, is_proven: bool) -> Option<Orphan> {
    Some(Orphan {
        id: token.id.clone()?,
        name: token.name.clone(),
        created_at: token.created_at,
        is_proven,
    })
}

/// Revokes those that `decide` names, and tells the others. The journal stays only where a revocation failed.
async fn revoke(
    context: &Context,
    service: &Service<'_, Access<'_>>,
    (journal, orphans): (CreationJournal, Vec<Orphan>),
    decide: Decide<'_>,
) {
    let mut kept = Vec::new();
    let mut has_failed = false;
    for orphan in orphans {
        if !decide(&orphan) {
            kept.push(orphan.id.to_string());
            continue;
        }
        match service.revoke_token(&orphan.id).await {
            Err(error) if !is_gone(&error) => {
                has_failed = true;
                context.warn(format!(
                    "cannot revoke token {}, which an earlier \"token create\" left behind: {error}",
                    orphan.id
                ));
            }
            _ => context.warn(format!(
                "revoked token {}: an earlier \"token create\" was cut short, and nobody has its secret",
                orphan.id
            )),
        }
    }
    if !kept.is_empty() {
        context.warn(format!(
            "an earlier \"token create\" was cut short and may have created {}; run `brainmaps token revoke {}` if nobody \
             has its secret",
            kept.join(", "),
            kept.join(" ")
        ));
    }
    if !has_failed {
        let _ = journal.close();
    }
}

fn is_gone(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Service(ServiceError::Refused(refusal)) if refusal.kind == RefusalKind::NotFound
    )
}

fn tell_unknown(context: &Context, creation: &Creation) {
    let name = creation.name.as_deref().unwrap_or("a token");
    context.warn(format!(
        "a \"token create\" of \"{name}\" was cut short at {:.0}, and the tokens cannot be listed: it may exist",
        creation.began_at
    ));
}
