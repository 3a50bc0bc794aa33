//! The variable of an env file that a new key is written to.
//!
//! A program that reads the file sends the key to the URL in the file, or else to the service's default URL. Therefore
//! a key of another server is written together with its URL.

use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::existing_key::ExistingKey;
use crate::actions::{ActionError, Context, Event, ProfileSession};
use crate::domain::{BaseUrl, Secret, sanitize_line};
use crate::files::{absolute_unless_dash, quote_path, shell_word};
use crate::host::is_unignored;
use crate::vault::{EnvFile, ExpectedValue, Layout, SecretDestination};

/// The variable of an env file that a new secret is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretTarget {
    /// Need not exist.
    pub path: PathBuf,
    /// Defaults to the variable that the provider names.
    pub variable: Option<String>,
    /// Whether an existing key may be replaced.
    pub can_replace: bool,
}

impl SecretTarget {
    /// Uses the provider's variable, and fails if it is set already.
    pub fn env_file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            variable: None,
            can_replace: false,
        }
    }

    /// Returns `None` for a destination that is not an env file.
    pub(super) fn from_destination(destination: &SecretDestination) -> Option<Self> {
        match destination {
            SecretDestination::EnvFile(path) => Some(Self::env_file(path)),
            SecretDestination::EnvVariable { path, variable } => Some(Self {
                variable: Some(variable.clone()),
                ..Self::env_file(path)
            }),
            _ => None,
        }
    }

    /// Returns the destination, with an absolute path. The path `-` is kept, and rejected when the file is opened.
    pub fn to_destination(&self) -> SecretDestination {
        let path = absolute_unless_dash(&self.path);
        match self.variable.clone() {
            None => SecretDestination::EnvFile(path),
            Some(variable) => SecretDestination::EnvVariable { path, variable },
        }
    }

    #[must_use]
    pub fn allow_replacing(mut self) -> Self {
        self.can_replace = true;
        self
    }
}

impl ProfileSession<'_> {
    /// Returns the directory for which the env file at `path` is now the credential source.
    pub fn find_directory_using_file(self, path: &Path) -> Option<PathBuf> {
        let variable = self.target.descriptor.environment.api_key.as_deref()?;
        let found = self.context.read_dotenv(&[variable]).ok()??;
        found.get(variable)?;
        let (found, path) = (found.path.canonicalize().ok()?, path.canonicalize().ok()?);
        (found == path).then(|| path.parent().map(Path::to_owned))?
    }
}

/// The key variable of an env file that can be written.
#[derive(Debug)]
pub(crate) struct EnvVariable {
    file: EnvFile,
    variable: String,
    /// The value when the file was opened.
    value: Option<Secret>,
    can_replace: bool,
}

impl EnvVariable {
    /// Opens the file before a key is created, and warns about its owner, mode and git status.
    ///
    /// # Errors
    /// If the file cannot be written, or the service has no variable for its key.
    pub(crate) fn open(
        session: ProfileSession<'_>,
        wanted: &SecretTarget,
    ) -> Result<Self, ActionError> {
        let service = session.target.descriptor.name.clone();
        let variable = wanted.variable.clone();
        let variable = variable.or_else(|| session.target.descriptor.environment.api_key.clone());
        let variable = variable.ok_or(ActionError::NoVariable { service })?;
        let file = EnvFile::open(&wanted.path)?;
        warn_about_file(session.context, &file);
        Ok(Self {
            value: file.get(&variable)?,
            file,
            variable,
            can_replace: wanted.can_replace,
        })
    }

    pub(super) fn existing_key(self) -> Option<ExistingKey> {
        let path = self.file.path().to_owned();
        let name = self.variable;
        self.value.map(|_| ExistingKey { path, name })
    }

    /// Fails if the variable holds a key that must not be replaced.
    pub(crate) fn check_replaceable(self) -> Result<Self, ActionError> {
        if self.value.is_none() || self.can_replace {
            return Ok(self);
        }
        Err(ActionError::KeyExists {
            path: self.file.path().to_owned(),
            variable: self.variable,
            is_config: false,
        })
    }

    /// Prepares the file for a key of the server at `base`.
    ///
    /// # Errors
    /// If a program that reads the file would send the key to another server: the file names another URL, or the
    /// service has no variable for its URL.
    pub(crate) fn for_key_at(
        self,
        session: ProfileSession<'_>,
        base: &BaseUrl,
    ) -> Result<EnvFileTarget, ActionError> {
        let url = url_to_add(session, base, &self.file)?;
        Ok(EnvFileTarget {
            variable: self,
            url,
        })
    }
}

/// The key variable of an env file, and the URL variable if the key needs one.
#[derive(Debug)]
pub(crate) struct EnvFileTarget {
    variable: EnvVariable,
    /// Set if the URL must be written beside the key.
    url: Option<(String, Secret)>,
}

impl EnvFileTarget {
    pub(crate) fn path(&self) -> &Path {
        self.variable.file.path()
    }

    pub(crate) fn variable_name(&self) -> &str {
        &self.variable.variable
    }

    /// Returns the destination as it is remembered.
    pub(crate) fn destination(&self, session: ProfileSession<'_>) -> SecretDestination {
        let path = self.path().to_owned();
        let default_name = session.target.descriptor.environment.api_key.as_deref();
        if default_name == Some(self.variable_name()) {
            return SecretDestination::EnvFile(path);
        }
        let variable = self.variable_name().to_owned();
        SecretDestination::EnvVariable { path, variable }
    }

    pub(crate) fn existed(&self) -> bool {
        self.variable.file.owner_and_mode().is_some()
    }

    pub(crate) fn previous_value(&self) -> Option<&Secret> {
        self.variable.value.as_ref()
    }

    pub(crate) fn get(&self) -> Result<Option<Secret>, ActionError> {
        Ok(self.variable.file.get(self.variable_name())?)
    }

    /// Writes the key, and the URL if needed, in one step. A value that another process wrote since the file was opened
    /// is replaced only if the user allowed replacing.
    pub(crate) fn set(&self, context: &Context, secret: &Secret) -> Result<(), ActionError> {
        let layout = self.variable.file.layout(self.variable_name())?;
        self.write(secret)?;
        if let Some((url, _)) = &self.url {
            let (key, shown) = (self.variable_name(), quote_path(self.path()));
            let text = format!("wrote {key} and {url} to {shown}");
            context.emit(&Event::VariablesWritten(text));
        }
        warn_about_lines(context, self, &layout);
        Ok(())
    }

    fn write(&self, secret: &Secret) -> Result<(), ActionError> {
        let url = self.url.as_ref();
        let url = url.map(|(name, value)| (name.as_str(), value));
        let all: Vec<_> = std::iter::once((self.variable_name(), secret))
            .chain(url)
            .collect();
        if self.variable.can_replace {
            return Ok(self.variable.file.set_all(&all)?);
        }
        let before = ExpectedValue {
            variable: self.variable_name(),
            value: self.previous_value(),
        };
        Ok(self.variable.file.set_all_if_unchanged(&all, before)?)
    }
}

/// Warns if the file belongs to another user, is readable by others, or may be committed to git.
pub(super) fn warn_about_file(context: &Context, file: &EnvFile) {
    let path = file.path();
    let shown = sanitize_line(&path.to_string_lossy());
    if let Some((owner, mode)) = file.owner_and_mode() {
        let mode = mode & 0o777;
        if owner.user != geteuid().as_raw() {
            context.warn(format!(
                "`{shown}` belongs to another user (uid {}, gid {}): its owner, group and mode ({mode:04o}) are kept",
                owner.user, owner.group
            ));
        }
        if mode & 0o007 != 0 {
            context.warn(format!(
                "`{shown}` can be read by all users of this machine (mode {mode:04o}): run `chmod o= {}`",
                shell_word(path)
            ));
        }
    }
    if is_unignored(&context.environment, path) {
        context.warn(format!(
            "`{shown}` is in a git work tree and not ignored: add it to .gitignore, or the key may be committed"
        ));
    }
}

/// Warns of lines that other readers of the file may use instead of the one that was written.
fn warn_about_lines(context: &Context, env_target: &EnvFileTarget, layout: &Layout) {
    let (variable, shown) = (
        env_target.variable_name(),
        sanitize_line(&env_target.path().to_string_lossy()),
    );
    if !layout.kept.is_empty() {
        context.warn(format!(
            "`{shown}` sets {variable} more than once: {} changed, and {} kept, which some programs read instead",
            lines(&layout.changed),
            lines(&layout.kept)
        ));
    }
    if let Some(line) = layout.unclosed {
        context.warn(format!(
            "line {line} of `{shown}` has a quote that is not closed: some programs do not find {variable} below it"
        ));
    }
}

fn lines(numbers: &[usize]) -> String {
    let all: Vec<String> = numbers.iter().map(usize::to_string).collect();
    match all.as_slice() {
        [one] => format!("line {one} was"),
        several => format!("lines {} were", several.join(", ")),
    }
}

/// Returns the URL variable to write beside a key of `base`, or `None` if programs that read the file find `base`
/// without it.
fn url_to_add(
    session: ProfileSession<'_>,
    base: &BaseUrl,
    file: &EnvFile,
) -> Result<Option<(String, Secret)>, ActionError> {
    let (service, server) = (&session.target.descriptor, base.origin());
    let is_server = |url: &BaseUrl| url.origin() == server;
    let is_service_default = service.api_url.as_ref().is_some_and(is_server);
    let Some(name) = service.environment.api_url.clone() else {
        if is_service_default {
            return Ok(None);
        }
        return Err(ActionError::NoUrlVariable {
            path: file.path().to_owned(),
            service: service.name.clone(),
            server,
        });
    };
    let found = file.get(&name)?;
    match found.map(|found| found.expose().parse::<BaseUrl>()) {
        Some(Ok(url)) if is_server(&url) => Ok(None),
        Some(_) => Err(ActionError::UrlMismatch {
            path: file.path().to_owned(),
            variable: name,
            server,
        }),
        None if is_service_default
            && session
                .target
                .configured_base(session.context)
                .as_ref()
                .is_some_and(is_server) =>
        {
            Ok(None)
        }
        None => Ok(Some((name, Secret::new(base.to_string())))),
    }
}
