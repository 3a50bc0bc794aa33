//! Checks a description, and lists what it reads, sends, offers and lacks.

use serde::Serialize;

use super::location::NamedText;
use crate::actions::Context;
use crate::actions::account::providers::supported_commands;
use crate::files::parse_toml;
use crate::provider::{
    AccessViolation, AllowedReferences, CatalogEntry, Descriptor, DescriptorSource, Diagnostic,
    Disclosure, Gap, check,
};

#[derive(Debug, Clone, Default, Serialize)]
pub struct CheckedDescription {
    /// Sorted by line.
    pub mistakes: Vec<Diagnostic>,
    /// What the description sends, by server. Empty if the description is unreadable.
    pub sends: Vec<Disclosure>,
    /// The variables and files that it makes the program read.
    pub reads: Vec<String>,
    /// What the user must check or do before using it.
    pub warnings: Vec<String>,
    /// The commands that work with it.
    pub offers: Vec<String>,
    /// The members without which commands do not work.
    pub lacks: Vec<Gap>,
}

/// Validates a description, and lists what it reads, sends, offers and lacks.
pub fn check_description(context: &Context, named: &NamedText) -> CheckedDescription {
    let text = &named.text;
    // A file of the catalog is found by its name; a draft elsewhere can have any.
    let folder = context.catalog.folder();
    let own = named
        .path
        .as_ref()
        .filter(|path| path.parent() == Some(folder));
    let stem = own.and_then(|path| path.file_stem()?.to_str());
    let mut checked = CheckedDescription {
        mistakes: check(text, stem),
        ..CheckedDescription::default()
    };
    if let Ok(descriptor) = parse_toml::<Descriptor>(text) {
        checked.sends = descriptor.disclosures();
        checked.reads = descriptor.local_sources();
        checked.offers = supported_commands(&descriptor);
        checked.lacks = descriptor.gaps();
        checked
            .warnings
            .extend(draft_name_warning(named, &descriptor));
        checked
            .warnings
            .extend(shared_prefix_warnings(context, &descriptor));
        report_violation(context, named, descriptor, &mut checked);
    }
    checked
}

fn draft_name_warning(named: &NamedText, descriptor: &Descriptor) -> Option<String> {
    let path = named.path.as_ref()?;
    // A pipe (/dev/stdin) has no name that must match the id.
    let is_description = path.extension().is_some_and(|ending| ending == "toml");
    let id = descriptor.id.as_str();
    let differs = path.file_stem().is_some_and(|stem| stem != id);
    (is_description && differs)
        .then(|| format!("the file differs from the id: `provider add` stores it as {id}.toml"))
}

/// A key that has the form of two services is sent to neither.
fn shared_prefix_warnings(context: &Context, descriptor: &Descriptor) -> Vec<String> {
    let Some(own) = descriptor.key.as_ref().map(|key| key.prefix.as_str()) else {
        return Vec::new();
    };
    let ids = context.catalog.ids().into_iter();
    let others = ids.filter(|id| id != descriptor.id.as_str());
    let others = others.filter_map(|id| context.catalog.find(&id.parse().ok()?).ok());
    let shared = others.filter_map(|CatalogEntry { descriptor, .. }| {
        let prefix = descriptor.key?.prefix;
        let is_shared = prefix.starts_with(own) || own.starts_with(prefix.as_str());
        is_shared.then(|| {
            let other = descriptor.id;
            format!(
                "keys with \"{own}\" and keys of {other} with \"{prefix}\" begin alike: `token scan` names both services, and verifies and revokes neither key"
            )
        })
    });
    shared.collect()
}

/// A variable of another service is an error. Another server is only a warning, because `--api-url` can allow it.
fn report_violation(
    context: &Context,
    named: &NamedText,
    descriptor: Descriptor,
    checked: &mut CheckedDescription,
) {
    let allowed = AllowedReferences {
        variables: context.config.allowed_variables(&descriptor.id),
        origins: &[],
    };
    let is_included = named.path.is_none() && named.id.is_some();
    let source = match &named.path {
        Some(path) => DescriptorSource::File(path.clone()),
        None if is_included => return,
        None => DescriptorSource::File(named.name.clone().into()),
    };
    let entry = CatalogEntry { descriptor, source };
    match context.catalog.find_violation(&entry, allowed) {
        None => {}
        Some(violation @ AccessViolation::Origin { .. }) => checked
            .warnings
            .push(format!("{violation}; it is used only with --api-url")),
        Some(violation) => {
            let message = violation.to_string();
            let diagnostic = Diagnostic::at_member(&named.text, violation.member(), message);
            checked.mistakes.push(diagnostic);
            checked.mistakes.sort();
        }
    }
}
