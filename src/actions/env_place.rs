//! Where a new key goes in an env file. A key in a file is sent to the URL in that file, or else to the service's own URL:
//! a key of any other server is written together with its URL.

use std::path::{Path, PathBuf};

use super::{ActionError, Context, Target};
use crate::domain::{BaseUrl, Secret};
use crate::vault::EnvFile;

/// An env file that can be written, and the variable that takes the key of a service.
#[derive(Debug)]
pub(super) struct EnvVariable {
    file: EnvFile,
    path: PathBuf,
    variable: String,
}

impl EnvVariable {
    /// Opens the file at `path`, before a key is created.
    ///
    /// # Errors
    /// When the file cannot be written, and when the service has no variable for a key.
    pub(super) fn open(target: &Target, path: &Path) -> Result<Self, ActionError> {
        let service = target.descriptor.name.clone();
        let variable = target.descriptor.environment.api_key.clone();
        Ok(Self {
            variable: variable.ok_or(ActionError::NoVariable { service })?,
            file: EnvFile::open(path).map_err(ActionError::EnvFile)?,
            path: path.to_owned(),
        })
    }

    /// The place for a key that is created at `base`.
    ///
    /// # Errors
    /// When a reader of the file would send the key to another server: the file names another URL, or the service has no
    /// variable for the URL.
    pub(super) fn for_key_of(
        self,
        context: &Context,
        target: &Target,
        base: &BaseUrl,
    ) -> Result<EnvPlace, ActionError> {
        let url = url_to_add(context, target, base, (&self.file, &self.path))?;
        Ok(EnvPlace {
            file: self.file,
            variable: self.variable,
            url,
        })
    }
}

/// Where a key goes in an env file, with its URL.
#[derive(Debug)]
pub(super) struct EnvPlace {
    file: EnvFile,
    variable: String,
    /// The URL variable and its value, where the file must get both.
    url: Option<(String, Secret)>,
}

impl EnvPlace {
    /// The key that is in the file now.
    pub(super) fn get(&self) -> Result<Option<Secret>, ActionError> {
        Ok(self.file.get(&self.variable)?)
    }

    /// Writes the key, and its URL where the file has none, in one step.
    pub(super) fn set(&self, secret: &Secret) -> Result<(), ActionError> {
        let url = self.url.as_ref();
        let url = url.map(|(name, value)| (name.as_str(), value));
        let key = (self.variable.as_str(), secret);
        let all: Vec<_> = std::iter::once(key).chain(url).collect();
        Ok(self.file.set_all(&all)?)
    }
}

/// The URL variable that has to be written beside a key of `base`; `None` where a reader of the file finds `base` anyway.
fn url_to_add(
    context: &Context,
    target: &Target,
    base: &BaseUrl,
    (file, path): (&EnvFile, &Path),
) -> Result<Option<(String, Secret)>, ActionError> {
    let (service, here) = (&target.descriptor, base.origin());
    let is_here = |url: &BaseUrl| url.origin() == here;
    let is_service_default = service.api_url.as_ref().is_some_and(is_here);
    let Some(name) = service.environment.api_url.clone() else {
        if is_service_default {
            return Ok(None);
        }
        return Err(ActionError::NoUrlVariable {
            path: path.to_owned(),
            service: service.name.clone(),
            here,
        });
    };
    let found = file.get(&name).map_err(ActionError::EnvFile)?;
    match found.map(|found| found.expose().parse::<BaseUrl>()) {
        Some(Ok(url)) if is_here(&url) => Ok(None),
        Some(_) => Err(ActionError::OtherAddress {
            path: path.to_owned(),
            variable: name,
            here,
        }),
        None if is_service_default && target.usual_base(context).as_ref().is_some_and(is_here) => {
            Ok(None)
        }
        None => Ok(Some((name, Secret::new(base.to_string())))),
    }
}
