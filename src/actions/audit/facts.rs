//! Collects what an audit compares with its policy.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::usage_facts::{TokenUsage, find_token_usage};
use crate::actions::token::revoked_env_key::{RejectedEnvKey, find_rejected_env_key};
use crate::actions::{
    ActionError, ListOptions, ProfileSession, ResolvedCredential, Source, Target,
};
use crate::domain::{ApiToken, ProfileName, TokenId};
use crate::provider::{CreateArgument, Descriptor, Quota, RequestNeed, TokenVerb};
use crate::service::ensure_supported;
use crate::vault::{JournaledOperation, RememberedTargets};

/// What is known about a profile and its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFacts {
    pub profile: ProfileName,
    pub service: ServiceFacts,
    pub tokens: Vec<ApiToken>,
    /// What tokens were used for on this computer.
    pub usage: Vec<TokenUsage>,
    pub interrupted: Vec<JournaledOperation>,
    pub own: Option<OwnCredential>,
    /// When this computer last used each token, where the service does not report it.
    pub local_use: HashMap<TokenId, Timestamp>,
    /// Where the secrets of tokens were written.
    pub targets: Vec<RememberedTargets>,
    /// A key in `.env` that another source takes precedence over.
    pub rejected_env_key: Option<RejectedEnvKey>,
}

/// What a service reports about its tokens, and what it can do with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, from the description of the service"
)]
pub struct ServiceFacts {
    pub can_list: bool,
    pub can_rotate: bool,
    /// Whether a rotation can change the rights.
    pub can_narrow: bool,
    pub can_revoke: bool,
    /// The option that creates a token with an expiry, if new tokens can have one.
    pub expiry_option: Option<&'static str>,
    /// Whether new tokens can be limited.
    pub offers_scopes: bool,
    pub offers_permissions: bool,
    pub reports_last_use: bool,
    pub reports_scopes: bool,
    pub reports_permissions: bool,
    pub quota: Option<Quota>,
    pub needs: Vec<RequestNeed>,
}

/// The credential in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCredential {
    /// For the message, such as `API key`.
    pub label: &'static str,
    /// Whether the next access token needs no user.
    pub is_refreshable: bool,
    /// When it was created or stored.
    pub since: Option<Timestamp>,
    pub remaining: Option<SignedDuration>,
    pub lifetime: Option<SignedDuration>,
}

impl From<&Descriptor> for ServiceFacts {
    fn from(descriptor: &Descriptor) -> Self {
        let fields = &descriptor.tokens.fields;
        let create = descriptor.tokens.create.as_ref();
        let takes = |argument| create.is_some_and(|create| create.takes(argument));
        Self {
            can_list: descriptor.supports(TokenVerb::List),
            can_rotate: descriptor.supports(TokenVerb::Rotate),
            can_narrow: descriptor.supports(TokenVerb::Rotate)
                && descriptor.tokens.rotate.is_none(),
            can_revoke: descriptor.supports(TokenVerb::Revoke) && !fields.id_is_secret,
            expiry_option: if takes(CreateArgument::Expiry) {
                Some("--expires-in 90d")
            } else {
                takes(CreateArgument::Permanent).then_some("--temporary")
            },
            offers_scopes: takes(CreateArgument::Scopes),
            offers_permissions: takes(CreateArgument::Permissions),
            reports_last_use: fields.last_used_at.is_some(),
            reports_scopes: fields.scopes.is_some(),
            reports_permissions: fields.permissions.is_some(),
            quota: create.and_then(|create| create.limits.at_most.clone()),
            needs: descriptor.tokens.needs.clone(),
        }
    }
}

/// Fails if the service cannot list its tokens: nothing found would be taken for nothing wrong.
pub(super) fn require_list(target: &Target) -> Result<(), ActionError> {
    Ok(ensure_supported(&target.descriptor, TokenVerb::List)?)
}

impl ProfileSession<'_> {
    /// Reads all tokens of the profile, its interrupted operations, and the facts about the credential in use.
    ///
    /// # Errors
    /// Errors of the service, the network or the disk.
    pub async fn collect_audit_facts(self) -> Result<AuditFacts, ActionError> {
        let service = ServiceFacts::from(&*self.target.descriptor);
        let mut tokens = Vec::new();
        if service.can_list {
            let all = ListOptions {
                all: true,
                ..ListOptions::default()
            };
            tokens = Box::pin(self.list_tokens(&all)).await?.tokens;
        }
        let selected = self.resolve_credential()?;
        // The list was read with a key from `.env` if that is in use.
        let rejected_env_key = match selected.source {
            Source::DotEnv { .. } => None,
            _ => Box::pin(find_rejected_env_key(self)).await,
        };
        let local_use = if service.reports_last_use {
            HashMap::new()
        } else {
            self.read_local_use(&selected.base.origin())
        };
        Ok(AuditFacts {
            profile: self.target.name.clone(),
            service,
            usage: find_token_usage(self, &selected, &tokens),
            local_use,
            tokens,
            interrupted: interrupted_operations(self),
            own: Some(own_credential(self, &selected)),
            // `doctor` reports a record that cannot be read.
            targets: self.remembered_targets().unwrap_or_default(),
            rejected_env_key,
        })
    }
}

fn interrupted_operations(session: ProfileSession<'_>) -> Vec<JournaledOperation> {
    let journals = session
        .vault()
        .unfinished_journals(Some(&session.target.name));
    // `doctor` reports a journal that cannot be read.
    let contents = journals
        .into_iter()
        .filter_map(|journal| journal.content.ok());
    contents.collect()
}

fn own_credential(session: ProfileSession<'_>, selected: &ResolvedCredential) -> OwnCredential {
    // A record that cannot be read is an unknown age.
    let keys = session.vault().created_keys().ok();
    let created = keys.and_then(|keys| Some(keys.find(&selected.credential.secret)?.created_at));
    let stored = selected.stored.as_ref();
    OwnCredential {
        label: selected.credential.kind.label(),
        is_refreshable: stored.is_some_and(|stored| session.can_refresh(stored)),
        since: created.or(stored.map(|stored| stored.expiry.issued_at)),
        remaining: stored.and_then(|stored| {
            let reading = session.context.clock_reading_for(stored);
            stored.expiry.remaining(reading)
        }),
        lifetime: stored.and_then(|stored| {
            let expiry = &stored.expiry;
            Some(expiry.expires_at?.duration_since(expiry.issued_at))
        }),
    }
}
