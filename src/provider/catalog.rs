//! Which services there are: the built-in ones, and the user's own, which may replace a built-in one.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{AccessViolation, Descriptor};
use crate::domain::{ProviderId, sanitize_line};
use crate::files::{FileError, InvalidToml, Requirements, names, parse_toml, read_settings};

/// Built-in descriptions: id and text, sorted by id.
pub(super) static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// A larger description is something else.
const FILE_REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(1024 * 1024);

/// Where a description comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DescriptorSource {
    /// Part of the program.
    BuiltIn,
    /// A file of the user's.
    File(PathBuf),
}

/// A service's description and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogEntry {
    /// The description.
    pub descriptor: Descriptor,
    /// Where it comes from.
    pub source: DescriptorSource,
}

/// Why a service cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// No such description.
    #[error("there is no service `{id}`")]
    Unknown {
        /// The name that was asked for.
        id: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The file is another user's, can be written by others, or cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file names what belongs to something else.
    #[error("cannot use {}: {overreach}", path.display())]
    AccessViolation {
        /// The file.
        path: PathBuf,
        /// What it names.
        overreach: Box<AccessViolation>,
        /// What the setting `allow_variable.ID` permits so far, and the variable in question, where that helps.
        allow: Option<String>,
    },
    /// The file is not a valid description.
    #[error("`{}` is not a valid provider description: {error}", shown(path))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        error: InvalidToml,
    },
    /// The file's name is not the id in it.
    #[error("`{}` must be called {id}.toml, because its id is `{id}`", shown(path))]
    FileNameMismatch {
        /// The file.
        path: PathBuf,
        /// The id in it.
        id: ProviderId,
    },
}

/// The services there are.
#[derive(Debug, Clone)]
pub struct Catalog {
    folder: PathBuf,
}

impl Catalog {
    /// The built-in services and those described in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The description called `id`; the user's own goes first.
    ///
    /// # Errors
    /// [`ProviderError`] when there is none, or the user's file is wrong.
    pub fn find(&self, id: &ProviderId) -> Result<CatalogEntry, ProviderError> {
        match self.read_text(id)? {
            (text, DescriptorSource::File(path)) => Self::parse_entry(&text, path),
            (text, DescriptorSource::BuiltIn) => Ok(CatalogEntry {
                descriptor: parse_descriptor(&text, Path::new("(built in)"))?,
                source: DescriptorSource::BuiltIn,
            }),
        }
    }

    /// The description called `id` as it is written, and where it comes from.
    ///
    /// # Errors
    /// [`ProviderError`] when there is none, or the user's file cannot be read.
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

    /// The text of the user's own description called `id`, and its file.
    fn own_text(&self, id: &str) -> Result<Option<(Zeroizing<String>, PathBuf)>, FileError> {
        let file = format!("{id}.toml");
        let path = self.folder.join(&file);
        let (Some(above), Some(folder)) = (self.folder.parent(), self.folder.file_name()) else {
            return Ok(None);
        };
        let text = read_settings(above, &Path::new(folder).join(file), &FILE_REQUIREMENTS)?;
        Ok(text.map(|text| (text, path)))
    }

    /// The directory of the user's own descriptions.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The ids of the user's own descriptions, sorted.
    pub fn own_ids(&self) -> Vec<ProviderId> {
        // Only what `find` would find: the folder may hold a README or an editor's backup, too.
        let own = names(&self.folder).unwrap_or_default().into_iter();
        let own = own.filter_map(|name| name.to_str()?.strip_suffix(".toml")?.parse().ok());
        let mut ids: Vec<ProviderId> = own.collect();
        ids.sort();
        ids
    }

    /// The names of all services, sorted.
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

    /// Whether a service of this name is there, without reading its description.
    pub fn contains(&self, id: &str) -> bool {
        BUILT_IN.iter().any(|(known, _)| *known == id)
            || self.folder.join(format!("{id}.toml")).is_file()
    }

    fn parse_entry(text: &str, path: PathBuf) -> Result<CatalogEntry, ProviderError> {
        let descriptor = parse_descriptor(text, &path)?;
        if path
            .file_stem()
            .is_some_and(|stem| stem != descriptor.id.as_str())
        {
            let id = descriptor.id;
            return Err(ProviderError::FileNameMismatch { path, id });
        }
        Ok(CatalogEntry {
            descriptor,
            source: DescriptorSource::File(path),
        })
    }
}

fn parse_descriptor(text: &str, path: &Path) -> Result<Descriptor, ProviderError> {
    parse_toml(text).map_err(|error| ProviderError::Invalid {
        path: path.to_owned(),
        error,
    })
}

fn shown(path: &Path) -> String {
    sanitize_line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for header in ["{ name = \"X Key\" }", "{ name = \"X\", scheme = \"\" }"] {
            replace(
                &folder.path().join("mine.toml"),
                &format!("{HEAD}api_key = {header}\n"),
            );
            let message = catalog.find(&"mine".parse().unwrap()).unwrap_err();
            let message = message.to_string();
            let parts = ["mine.toml` is not a valid", "line 5", "invalid value"];
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
