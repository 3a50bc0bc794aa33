//! What the scanner searches for, as data: built from the descriptions of services and from known keys.

use std::collections::BTreeSet;

use super::context::Context;
use super::literals::{Literals, Target};
use crate::domain::{CredentialKind, ProviderId, Secret};
use crate::provider::{AuthScheme, Descriptor, KeyFormat};

/// A shorter prefix occurs in any text.
const MIN_PREFIX: usize = 3;

/// The headers of schemes that many services use. A value after them can be anyone's.
const COMMON_SCHEMES: &[&str] = &["bearer", "basic"];

pub struct KnownKey {
    pub provider: ProviderId,
    pub key: Secret,
}

/// Returns the service of a key that this computer created.
pub type FindCreated = Box<dyn Fn(&Secret) -> Option<ProviderId> + Send + Sync>;

/// The keys that this computer stored, and a test for those that it created.
#[derive(Default)]
pub struct KnownKeys {
    pub stored: Vec<KnownKey>,
    /// The lengths of the created keys that no prefix announces.
    pub created_lengths: Vec<usize>,
    pub find_created: Option<FindCreated>,
}

impl KnownKeys {
    /// Returns the service of `key` if this computer created or stored it.
    pub fn provider_of(&self, key: &Secret) -> Option<ProviderId> {
        let stored = self.stored.iter().find(|known| known.key == *key);
        let stored = stored.map(|known| known.provider.clone());
        stored.or_else(|| self.find_created.as_ref()?(key))
    }
}

/// The keys of a service, by their form.
pub(super) struct KeyRule {
    pub(super) provider: ProviderId,
    pub(super) format: KeyFormat,
}

/// An issuer of JWTs.
pub(super) struct Issuer {
    pub(super) provider: ProviderId,
    pub(super) url: String,
}

pub struct Rules {
    pub(super) keys: Vec<KeyRule>,
    pub(super) contexts: Vec<Context>,
    pub(super) issuers: Vec<Issuer>,
    pub(super) known: KnownKeys,
    pub(super) literals: Literals,
}

impl Rules {
    /// Builds the rules for `services`. `issuers` are further issuers of JWTs, with the service that they belong to.
    ///
    /// # Errors
    /// If there are too many literals for one automaton.
    pub fn new(
        services: &[Descriptor],
        issuers: Vec<(ProviderId, String)>,
        known: KnownKeys,
    ) -> Result<Self, String> {
        let keys = key_rules(services);
        let contexts = contexts(services);
        let described = services.iter().flat_map(described_issuers);
        let issuers = described
            .chain(issuers)
            .map(|(provider, url)| Issuer { provider, url });
        let mut targets: Vec<(String, Target)> = vec![("eyJ".to_owned(), Target::Jwt)];
        let prefixes = keys.iter().map(|rule| rule.format.prefix.clone());
        targets.extend(prefixes.map(|prefix| (prefix, Target::Key)));
        for (index, context) in contexts.iter().enumerate() {
            let spellings = context.spellings().into_iter();
            targets.extend(spellings.map(|name| (name, Target::Context(index))));
        }
        for stored in &known.stored {
            if let Some(start) = stored_literal(&stored.key, &targets) {
                targets.push((start, Target::Stored));
            }
        }
        Ok(Self {
            literals: Literals::new(targets)?,
            keys,
            contexts,
            issuers: issuers.collect(),
            known,
        })
    }

    /// Returns the services that use JWTs of `issuer`, each once.
    pub(super) fn providers_of_issuer(&self, issuer: &str) -> Vec<ProviderId> {
        let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
        let issuer = trimmed(issuer);
        let found = self.issuers.iter().filter(|it| trimmed(&it.url) == issuer);
        let found: BTreeSet<&ProviderId> = found.map(|it| &it.provider).collect();
        found.into_iter().cloned().collect()
    }

    /// Returns `true` for a key that the description of a service has as an example.
    pub(super) fn is_example(&self, key: &Secret) -> bool {
        let mut formats = self.keys.iter().map(|rule| &rule.format);
        formats.any(|format| format.examples.iter().any(|it| it == key.expose()))
    }
}

fn key_rules(services: &[Descriptor]) -> Vec<KeyRule> {
    let rules = services.iter().filter_map(|service| {
        let format = service.key.clone()?;
        let provider = service.id.clone();
        (format.prefix.len() >= MIN_PREFIX).then_some(KeyRule { provider, format })
    });
    rules.collect()
}

fn described_issuers(service: &Descriptor) -> Vec<(ProviderId, String)> {
    let oauth = service
        .oauth
        .as_ref()
        .and_then(|oauth| oauth.issuer.clone());
    let api = service.api_url.as_ref().map(ToString::to_string);
    let urls = oauth.into_iter().chain(api);
    urls.map(|url| (service.id.clone(), url)).collect()
}

/// Returns the variables and headers of the services whose keys have no prefix.
fn contexts(services: &[Descriptor]) -> Vec<Context> {
    let mut contexts: Vec<Context> = Vec::new();
    let is_opaque = |service: &&Descriptor| {
        let prefix = service.key.as_ref().map_or(0, |format| format.prefix.len());
        prefix < MIN_PREFIX
    };
    for service in services.iter().filter(is_opaque) {
        let provider = &service.id;
        if let Some(name) = &service.environment.api_key {
            Context::add(&mut contexts, Context::variable(name), provider);
        }
        let header = service.header(CredentialKind::ApiKey);
        let header = header.filter(|it| service.api_url.is_some() && it.basic_user.is_none());
        if let Some(header) = header {
            let scheme = header.scheme.as_ref().map(AuthScheme::as_str);
            let is_common =
                scheme.is_some_and(|it| COMMON_SCHEMES.contains(&it.to_ascii_lowercase().as_str()));
            if !is_common {
                let context = Context::header(header.name.as_str(), scheme);
                Context::add(&mut contexts, context, provider);
            }
        }
    }
    contexts
}

/// Returns the start of a stored key, by which it is found; `None` if another literal announces it, or it is too short.
fn stored_literal(key: &Secret, targets: &[(String, Target)]) -> Option<String> {
    const LENGTH: usize = 12;
    let is_announced = targets
        .iter()
        .any(|(literal, _)| key.expose().starts_with(literal.as_str()));
    let start = key.expose().get(..LENGTH)?;
    (!is_announced).then(|| start.to_owned())
}
