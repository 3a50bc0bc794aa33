//! The provider descriptions: the built-in ones and those of the user, which may replace a built-in one. Reads files and
//! parses them; whether a description may be used is decided in `access_policy`.

mod access_policy;
mod gallery;
mod key_owner;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::{ProviderId, sanitize_line};
use crate::files::{FileError, InvalidToml, Requirements, names, read_settings};
use crate::provider::Descriptor;
use crate::provider::check::parse_description;

pub use access_policy::{
    AccessViolation, AllowedReferences, find_reserving_service, variable_prefix,
};
pub use gallery::{gallery_ids, gallery_text};

/// Id and text, sorted by id.
pub(super) static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The same descriptions as JSON, in the same order.
static BUILT_IN_JSON: &[&str] = include!(concat!(env!("OUT_DIR"), "/builtin_json.rs"));

/// A larger file is not a description.
const FILE_REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(1024 * 1024);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DescriptorSource {
    BuiltIn,
    /// Included, but not a service until the user adds it.
    Gallery,
    /// A file of the user.
    File(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogEntry {
    pub descriptor: Descriptor,
    pub source: DescriptorSource,
}

#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("unknown service `{id}`")]
    Unknown {
        id: String,
        /// The ids of all services, for a suggestion.
        known: Vec<String>,
    },
    /// The file belongs to another user, is writable by others, or cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    #[error("cannot use {}: {violation}", path.display())]
    AccessViolation {
        path: PathBuf,
        violation: Box<AccessViolation>,
        /// The arguments of `config set` that allow the variable.
        allow: Option<String>,
    },
    #[error(
        "`{}` is not a valid provider description: {error}",
        display_path(path)
    )]
    Invalid { path: PathBuf, error: InvalidToml },
    #[error(
        "cannot use `{}`: its id is `{id}`, so its name must be {id}.toml",
        display_path(path)
    )]
    FileNameMismatch { path: PathBuf, id: ProviderId },
}

#[derive(Debug, Clone)]
pub struct Catalog {
    folder: PathBuf,
}

impl Catalog {
    /// `folder` has the user's own descriptions.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Returns the description of a service; the user's own takes precedence.
    ///
    /// # Errors
    /// [`ProviderError`] if there is none, or the user's file is invalid.
    pub fn find(&self, id: &ProviderId) -> Result<CatalogEntry, ProviderError> {
        match self.read_text(id)? {
            (text, DescriptorSource::File(path)) => Self::parse_entry(&text, path),
            (text, source) => Ok(CatalogEntry {
                descriptor: parse_built_in(id.as_str())
                    .map_or_else(|| parse_included(&text), Ok)?,
                source,
            }),
        }
    }

    /// Returns the TOML text of a description.
    ///
    /// # Errors
    /// [`ProviderError`] if there is none, or the user's file cannot be read.
    pub fn read_text(
        &self,
        id: &ProviderId,
    ) -> Result<(Cow<'static, str>, DescriptorSource), ProviderError> {
        if let Some((mut text, path)) = self.own_text(id.as_str())? {
            let text = std::mem::take(&mut *text);
            return Ok((text.into(), DescriptorSource::File(path)));
        }
        let built_in = BUILT_IN.iter().find(|(known, _)| *known == id.as_str());
        let unknown = || ProviderError::Unknown {
            id: id.to_string(),
            known: self.ids(),
        };
        let (_, text) = built_in.ok_or_else(unknown)?;
        Ok(((*text).into(), DescriptorSource::BuiltIn))
    }

    /// Returns the text of the user's own description with this id, and its file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn own_text(&self, id: &str) -> Result<Option<(Zeroizing<String>, PathBuf)>, FileError> {
        let file = format!("{id}.toml");
        let path = self.folder.join(&file);
        let (Some(above), Some(folder)) = (self.folder.parent(), self.folder.file_name()) else {
            return Ok(None);
        };
        let text = read_settings(above, &Path::new(folder).join(file), &FILE_REQUIREMENTS)?;
        Ok(text.map(|text| (text, path)))
    }

    /// Returns true if a service with this id is part of the program.
    pub fn is_built_in(&self, id: &ProviderId) -> bool {
        BUILT_IN.iter().any(|(known, _)| *known == id.as_str())
    }

    /// Returns the directory of the user's own descriptions.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the ids of the user's own descriptions, sorted; none if their directory cannot be read.
    pub fn own_ids(&self) -> Vec<ProviderId> {
        self.read_own_ids().unwrap_or_default()
    }

    /// As [`Catalog::own_ids`].
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn read_own_ids(&self) -> Result<Vec<ProviderId>, FileError> {
        let own = match names(&self.folder) {
            // Nothing is read below a file.
            Err(FileError::NotADirectory { .. }) => Vec::new(),
            own => own?,
        };
        // The directory may also have a README or an editor's backup.
        let own = own.into_iter();
        let own = own.filter_map(|name| name.to_str()?.strip_suffix(".toml")?.parse().ok());
        let mut ids: Vec<ProviderId> = own.collect();
        ids.sort();
        Ok(ids)
    }

    /// Returns the ids of all services, sorted.
    pub fn ids(&self) -> Vec<String> {
        let own = self.own_ids().into_iter().map(|id| id.to_string());
        let mut ids: Vec<String> = BUILT_IN
            .iter()
            .map(|(id, _)| (*id).to_owned())
            .chain(own)
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Returns `true` if there is a description, without reading it.
    pub fn contains(&self, id: &str) -> bool {
        BUILT_IN.iter().any(|(known, _)| *known == id)
            || self.folder.join(format!("{id}.toml")).is_file()
    }

    fn parse_entry(text: &str, path: PathBuf) -> Result<CatalogEntry, ProviderError> {
        let mut descriptor = parse_descriptor(text, &path)?;
        if path
            .file_stem()
            .is_some_and(|stem| stem != descriptor.id.as_str())
        {
            let id = descriptor.id;
            return Err(ProviderError::FileNameMismatch { path, id });
        }
        descriptor.file = Some(path.clone());
        Ok(CatalogEntry {
            descriptor,
            source: DescriptorSource::File(path),
        })
    }
}

/// Returns `None` for an unknown id.
pub(super) fn parse_built_in(id: &str) -> Option<Descriptor> {
    let known = BUILT_IN.iter().map(|(known, _)| *known);
    let mut known = known.zip(BUILT_IN_JSON);
    let (_, json) = known.find(|(known, _)| *known == id)?;
    serde_json::from_str(json).ok()
}

/// Parses a description that is part of the program.
pub(super) fn parse_included(text: &str) -> Result<Descriptor, ProviderError> {
    parse_descriptor(text, Path::new("(built in)"))
}

fn parse_descriptor(text: &str, path: &Path) -> Result<Descriptor, ProviderError> {
    parse_description(text).map_err(|error| ProviderError::Invalid {
        path: path.to_owned(),
        error,
    })
}

fn display_path(path: &Path) -> String {
    sanitize_line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_a_built_in_description_is_the_same_as_its_toml() {
        for (id, text) in BUILT_IN {
            let parsed = parse_built_in(id);
            assert_eq!(parsed, Some(parse_description(text).unwrap()), "{id}");
        }
    }

    #[test]
    fn built_in_descriptions_are_valid_and_match_their_file_names() {
        let catalog = Catalog::new(PathBuf::from("/nonexistent"));
        assert!(!BUILT_IN.is_empty());
        for (id, _) in BUILT_IN {
            let entry = catalog.find(&id.parse().unwrap()).unwrap();
            assert_eq!(entry.descriptor.id.as_str(), *id);
            assert_eq!(entry.source, DescriptorSource::BuiltIn);
        }
    }

    const HEAD: &str =
        "id = \"mine\"\nname = \"Mine\"\napi_url = \"https://mine.example\"\n[headers]\n";

    #[test]
    fn errors_in_a_user_description_name_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        let catalog = Catalog::new(folder.path().to_owned());
        replace(&file, HEAD);
        assert_eq!(
            catalog
                .find(&"mine".parse().unwrap())
                .unwrap()
                .descriptor
                .name,
            "Mine"
        );
        replace(&file, &HEAD.replace("name", "nmae"));
        let message = catalog
            .find(&"mine".parse().unwrap())
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("line 2, column 1") && message.contains("unknown member"),
            "{message}"
        );
        assert!(catalog.ids().contains(&"mine".to_owned()));
        for other in ["README.md", "mine.toml~", ".hidden.toml", "a b.toml"] {
            std::fs::create_dir(folder.path().join(other)).unwrap();
        }
        assert_eq!(catalog.ids().len(), BUILT_IN.len() + 1);
    }

    #[test]
    fn invalid_header_is_reported_with_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::new(folder.path().to_owned());
        for (header, expected) in [
            ("{ name = \"X Key\" }", "expected the name of a header"),
            ("{ name = \"X\", scheme = \"\" }", "expected one word"),
        ] {
            replace(
                &folder.path().join("mine.toml"),
                &format!("{HEAD}api_key = {header}\n"),
            );
            let message = catalog.find(&"mine".parse().unwrap()).unwrap_err();
            let message = message.to_string();
            let parts = ["mine.toml` is not a valid", "line 5", expected];
            assert!(parts.iter().all(|it| message.contains(it)), "{message}");
            assert!(!message.contains("X Key"), "{message}");
        }
    }

    fn replace(file: &Path, text: &str) {
        use std::io::Write;
        let mut open = std::fs::OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .open(file)
            .unwrap();
        open.write_all(text.as_bytes()).unwrap();
    }
}
