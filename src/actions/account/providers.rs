//! The services there are, as a user looks at them.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::actions::{ActionError, Context};
use crate::domain::{CredentialKind, ProviderId};
use crate::files::{FileError, parse_toml};
use crate::provider::{
    AccessViolation, AllowedReferences, CatalogEntry, Descriptor, DescriptorSource, Diagnostic,
    Disclosure, ProviderError, check,
};

/// A larger description is something else.
const MAX_SIZE: u64 = 1024 * 1024;

/// One service.
#[derive(Debug, Clone, Serialize)]
pub struct ProviderView {
    /// Its short name.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// `built_in` or `yours`.
    pub source: &'static str,
    /// The file, where it is the user's.
    pub file: Option<PathBuf>,
    /// Where it is.
    pub api_url: Option<String>,
    /// The commands that work with it: `login --device`, `token create`.
    pub offers: Vec<String>,
}

/// All services, sorted. One whose description is wrong is told and left out.
pub fn list_providers(context: &Context) -> Vec<ProviderView> {
    let ids = context.catalog.ids();
    let ids = ids.iter().filter_map(|id| id.parse().ok());
    ids.filter_map(|id| match build_view(context, &id) {
        Ok((view, _)) => Some(view),
        Err(wrong) => {
            context.warn(format!(
                "{wrong}; `brainmaps provider check FILE` tells all"
            ));
            None
        }
    })
    .collect()
}

/// One service, and its whole description as a value.
///
/// # Errors
/// When there is none, or its description is wrong.
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

/// The commands that the description has what it takes for.
fn supported_commands(service: &Descriptor) -> Vec<String> {
    let logins = [
        (service.oauth.is_some(), "login --device"),
        (service.login.password.is_some(), "login --password"),
        (service.login.cookie.is_some(), "login --with-cookie"),
        (service.login.import.is_some(), "login --import"),
        (
            service.headers.contains_key(&CredentialKind::ApiKey),
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
    let tokens = service.tokens.supported_verbs();
    logins
        .map(|(_, command)| (*command).to_owned())
        .chain(tokens.iter().map(|verb| format!("token {verb}")))
        .collect()
}

/// Reads a description that the user named on the command line: any file, a pipe too.
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

/// What came of checking a description.
#[derive(Debug, Clone, Serialize)]
pub struct CheckedDescription {
    /// Every mistake, by line.
    pub mistakes: Vec<Diagnostic>,
    /// What the description sends, by server; empty where it cannot be read.
    pub sends: Vec<Disclosure>,
    /// The variables and files that it makes the program read.
    pub reads: Vec<String>,
    /// What the user has to know or to do before it can be used.
    pub warnings: Vec<String>,
}

/// Checks the description at `path`: every mistake in it, and what it reads and sends.
///
/// # Errors
/// When the file cannot be read.
pub fn check_provider(context: &Context, path: &Path) -> Result<CheckedDescription, ActionError> {
    let text = read_description(path).map_err(ProviderError::File)?;
    // What comes from a pipe (/dev/stdin) has no name to agree with.
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
