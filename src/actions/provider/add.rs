//! Adds a description to the user's own.

use std::path::PathBuf;

use serde::Serialize;

use super::check::{CheckedDescription, check_description};
use super::line_changes::line_changes;
use super::location::NamedText;
use crate::actions::{ActionError, Context, DescriptionError};
use crate::domain::ProviderId;
use crate::files::parse_toml;
use crate::provider::{
    AccessViolation, AllowedReferences, CatalogEntry, Descriptor, DescriptorSource, ProviderError,
};
use crate::vault::write_settings;

#[derive(Debug, Clone, Serialize)]
pub struct Addition {
    pub id: ProviderId,
    /// Where it is stored.
    pub file: PathBuf,
    /// Whether the id is the one of a built-in service.
    pub replaces_built_in: bool,
    /// The lines that differ from the file that it replaces.
    pub changes: Vec<String>,
    #[serde(skip)]
    pub is_new: bool,
    #[serde(skip)]
    pub name: String,
    #[serde(skip)]
    pub checked: CheckedDescription,
    #[serde(skip)]
    text: String,
}

impl Addition {
    /// Returns true if the file exists with another content.
    pub fn replaces_file(&self) -> bool {
        !self.is_new && !self.changes.is_empty()
    }
}

/// Checks what adding a description would change.
///
/// # Errors
/// [`DescriptionError`] if the description is invalid or names what it may not.
pub fn plan_addition(context: &Context, named: NamedText) -> Result<Addition, ActionError> {
    // Drafts are checked as the file that they become, and included descriptions as the user's own.
    let as_own = NamedText {
        id: None,
        path: None,
        ..named.clone()
    };
    let checked = check_description(context, &as_own);
    let descriptor = parse_toml::<Descriptor>(&named.text).ok();
    let Some(descriptor) = descriptor.filter(|_| checked.mistakes.is_empty()) else {
        return Err(invalid(&named, &checked).into());
    };
    let (id, name) = (descriptor.id.clone(), descriptor.name.clone());
    let file = context.catalog.folder().join(format!("{id}.toml"));
    let entry = CatalogEntry {
        descriptor,
        source: DescriptorSource::File(file.clone()),
    };
    check_servers(context, &named.name, &entry)?;
    let existing = context
        .catalog
        .own_text(id.as_str())
        .map_err(ProviderError::File)?;
    // A link may name a file of another kind, whose content is not shown.
    let is_shown = |text: &str| !file.is_symlink() || parse_toml::<Descriptor>(text).is_ok();
    let old = existing.as_ref().map(|(text, _)| text.as_str());
    let old = old.map(|text| if is_shown(text) { text } else { "" });
    Ok(Addition {
        replaces_built_in: context.catalog.is_built_in(&id),
        is_new: old.is_none(),
        changes: old.map_or(Vec::new(), |old| line_changes(old, &named.text)),
        text: named.text,
        id,
        file,
        name,
        checked,
    })
}

/// A description with the id of a built-in service must use that service's servers.
fn check_servers(
    context: &Context,
    name: &str,
    entry: &CatalogEntry,
) -> Result<(), DescriptionError> {
    let allowed = AllowedReferences {
        variables: context.config.allowed_variables(&entry.descriptor.id),
        origins: &[],
    };
    match context.catalog.find_violation(entry, allowed) {
        Some(violation @ AccessViolation::Origin { .. }) => {
            let name = name.to_owned();
            Err(DescriptionError::Origin { name, violation })
        }
        _ => Ok(()),
    }
}

pub(super) fn invalid(named: &NamedText, checked: &CheckedDescription) -> DescriptionError {
    let first = checked.mistakes.first();
    DescriptionError::Invalid {
        name: named.name.clone(),
        count: checked.mistakes.len(),
        first: first.map(ToString::to_string).unwrap_or_default(),
    }
}

/// Writes the description.
///
/// # Errors
/// If the file cannot be written: it is then unchanged.
pub fn add_description(addition: &Addition) -> Result<(), ActionError> {
    Ok(write_settings(&addition.file, addition.text.as_bytes())?)
}
