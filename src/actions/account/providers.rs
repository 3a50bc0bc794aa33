//! Lists the known providers.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::actions::{ActionError, Context};
use crate::domain::{CredentialKind, Hint, ProviderId, Warning};
use crate::files::parse_toml;
use crate::provider::{Descriptor, DescriptorSource, ProviderError, Source, gallery_ids};

#[derive(Debug, Clone, Serialize)]
pub struct ProviderView {
    pub id: ProviderId,
    pub name: String,
    /// `built_in`, `gallery` or `yours`
    pub source: &'static str,
    /// Set if the provider is the user's own.
    pub file: Option<PathBuf>,
    pub api_url: Option<String>,
    /// Supported commands, such as `login --device` and `token create`.
    pub offers: Vec<String>,
    /// What the description was written from.
    pub evidence: Option<Source>,
}

/// Lists all providers, sorted, optionally with those of the gallery. Skips invalid descriptions with a warning.
pub fn list_providers(context: &Context, with_gallery: bool) -> Vec<ProviderView> {
    let mut ids = context.catalog.ids();
    if with_gallery {
        ids.extend(gallery_ids().map(str::to_owned));
        ids.sort();
        ids.dedup();
    }
    let ids = ids.iter().filter_map(|id| id.parse().ok());
    ids.filter_map(|id| match build_view(context, &id) {
        Ok((view, _)) => Some(view),
        Err(wrong) => {
            let hint = Hint::run("provider check FILE").text(" for all errors");
            context.warn(Warning::with_hint(wrong.to_string(), hint));
            None
        }
    })
    .collect()
}

pub struct DescribedProvider {
    pub view: ProviderView,
    pub descriptor: Descriptor,
    /// As the file has it.
    pub description: Value,
}

/// Returns one provider and its whole description.
///
/// # Errors
/// If the provider does not exist or its description is invalid.
pub fn get_provider(context: &Context, id: &ProviderId) -> Result<DescribedProvider, ActionError> {
    let (view, descriptor) = build_view(context, id)?;
    let (text, _) = context.catalog.read_text_with_gallery(id)?;
    let table: toml::Table = parse_toml(&text).unwrap_or_default();
    Ok(DescribedProvider {
        view,
        descriptor,
        description: serde_json::to_value(table).unwrap_or_default(),
    })
}

fn build_view(
    context: &Context,
    id: &ProviderId,
) -> Result<(ProviderView, Descriptor), ProviderError> {
    let entry = context.catalog.find_with_gallery(id)?;
    let service = entry.descriptor;
    let (source, file) = match entry.source {
        DescriptorSource::BuiltIn => ("built_in", None),
        DescriptorSource::Gallery => ("gallery", None),
        DescriptorSource::File(path) => ("yours", Some(path)),
    };
    let view = ProviderView {
        id: service.id.clone(),
        name: service.name.clone(),
        source,
        file,
        api_url: service.api_url.as_ref().map(ToString::to_string),
        offers: supported_commands(&service),
        evidence: service.source.clone(),
    };
    Ok((view, service))
}

/// Lists the commands that the description supports.
pub(in crate::actions) fn supported_commands(service: &Descriptor) -> Vec<String> {
    let logins = [
        (service.oauth.is_some(), "login --device"),
        (service.oauth.is_some(), "login --browser"),
        (service.login.password.is_some(), "login --password"),
        (service.login.cookie.is_some(), "login --with-cookie"),
        (service.login.import.is_some(), "login --import"),
        (
            service.headers.contains_key(&CredentialKind::ApiKey) || service.exchange.is_some(),
            "login --with-token",
        ),
        (service.logout.is_some(), "logout"),
        (service.whoami.is_some(), "whoami"),
        (
            service.account.resend_verification.is_some(),
            "account resend-verification",
        ),
    ];
    let logins = logins.iter().filter(|(is_offered, _)| *is_offered);
    let tokens = service.supported_verbs();
    logins
        .map(|(_, command)| (*command).to_owned())
        .chain(tokens.iter().map(|verb| format!("token {verb}")))
        .collect()
}
