//! Lists the known providers, and checks a user's own description.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::actions::{ActionError, Context};
use crate::domain::{CredentialKind, Hint, ProviderId, Warning};
use crate::files::{FileError, parse_toml};
use crate::provider::{
    AccessViolation, AllowedReferences, CatalogEntry, Descriptor, DescriptorSource, Diagnostic,
    Disclosure, ProviderError, check,
};

/// A larger file is not a description.
const MAX_SIZE: u64 = 1024 * 1024;

#[derive(Debug, Clone, Serialize)]
pub struct ProviderView {
    pub id: ProviderId,
    pub name: String,
    /// `built_in` or `yours`
    pub source: &'static str,
    /// Set if the provider is the user's own.
    pub file: Option<PathBuf>,
    pub api_url: Option<String>,
    /// Supported commands, such as `login --device` and `token create`.
    pub offers: Vec<String>,
}

/// Lists all providers, sorted. Skips invalid descriptions with a warning.
pub fn list_providers(context: &Context) -> Vec<ProviderView> {
    let ids = context.catalog.ids();
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

/// Returns one provider and its whole description as a value.
///
/// # Errors
/// If the provider does not exist or its description is invalid.
pub fn get_provider(
    context: &Context,
    id: &ProviderId,
) -> Result<(ProviderView, Descriptor, Value), ActionError> {
    let (view, descriptor) = build_view(context, id)?;
    let (text, _) = context.catalog.read_text(id)?;
    let table: toml::Table = parse_toml(&text).unwrap_or_default();
    let value = serde_json::to_value(table).unwrap_or_default();
    Ok((view, descriptor, value))
}

fn build_view(
    context: &Context,
    id: &ProviderId,
) -> Result<(ProviderView, Descriptor), ProviderError> {
    let entry = context.catalog.find(id)?;
    let service = entry.descriptor;
    let (source, file) = match entry.source {
        DescriptorSource::BuiltIn => ("built_in", None),
        DescriptorSource::File(path) => ("yours", Some(path)),
    };
    let view = ProviderView {
        id: service.id.clone(),
        name: service.name.clone(),
        source,
        file,
        api_url: service.api_url.as_ref().map(ToString::to_string),
        offers: supported_commands(&service),
    };
    Ok((view, service))
}

/// Lists the commands that the description supports.
fn supported_commands(service: &Descriptor) -> Vec<String> {
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
    let logins = logins.iter().filter(|(is_there, _)| *is_there);
    let tokens = service.supported_verbs();
    logins
        .map(|(_, command)| (*command).to_owned())
        .chain(tokens.iter().map(|verb| format!("token {verb}")))
        .collect()
}

/// Reads a description that the user named: any file, also a pipe.
fn read_description(path: &Path) -> Result<String, FileError> {
    let file = File::open(path).map_err(FileError::io("open", path))?;
    let mut bytes = Vec::new();
    file.take(MAX_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(FileError::io("read", path))?;
    let path = || path.to_owned();
    if bytes.len() as u64 > MAX_SIZE {
        return Err(FileError::TooLarge {
            path: path(),
            limit: MAX_SIZE,
        });
    }
    String::from_utf8(bytes).map_err(|_| FileError::NotText { path: path() })
}

#[derive(Debug, Clone, Serialize)]
pub struct CheckedDescription {
    /// Sorted by line.
    pub mistakes: Vec<Diagnostic>,
    /// What the description sends, by server. Empty if the description is unreadable.
    pub sends: Vec<Disclosure>,
    /// The variables and files that it makes the program read.
    pub reads: Vec<String>,
    /// What the user must know or do before using it.
    pub warnings: Vec<String>,
}

/// Validates the description at `path`, and lists what it reads and sends.
///
/// # Errors
/// If the file cannot be read.
pub fn check_provider(context: &Context, path: &Path) -> Result<CheckedDescription, ActionError> {
    let text = read_description(path).map_err(ProviderError::File)?;
    // A pipe (/dev/stdin) has no file name that must match the id.
    let named = path.extension().is_some_and(|ending| ending == "toml");
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let mut checked = CheckedDescription {
        mistakes: check(&text, stem.filter(|_| named)),
        sends: Vec::new(),
        reads: Vec::new(),
        warnings: Vec::new(),
    };
    if let Ok(descriptor) = parse_toml::<Descriptor>(&text) {
        checked.sends = descriptor.disclosures();
        checked.reads = descriptor.local_sources();
        let source = DescriptorSource::File(path.to_owned());
        report_violation(
            context,
            &CatalogEntry { descriptor, source },
            &text,
            &mut checked,
        );
    }
    Ok(checked)
}

/// A variable of another service is an error. Another server is only a warning, because `--api-url` can allow it.
fn report_violation(
    context: &Context,
    entry: &CatalogEntry,
    text: &str,
    checked: &mut CheckedDescription,
) {
    let allowed = AllowedReferences {
        variables: context.config.allowed_variables(&entry.descriptor.id),
        origins: &[],
    };
    match context.catalog.find_violation(entry, allowed) {
        None => {}
        Some(violation @ AccessViolation::Origin { .. }) => checked
            .warnings
            .push(format!("{violation}; it is used only with --api-url")),
        Some(violation) => {
            let message = violation.to_string();
            let diagnostic = Diagnostic::at_member(text, violation.member(), message);
            checked.mistakes.push(diagnostic);
            checked.mistakes.sort();
        }
    }
}
