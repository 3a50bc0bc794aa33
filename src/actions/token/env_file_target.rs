//! Where a new key goes in an env file. A key in a file is sent to the URL in that file, or else to the service's own URL:
//! a key of any other server is written together with its URL.

use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use crate::actions::{ActionError, Context, Target};
use crate::domain::{BaseUrl, Secret, sanitize_line};
use crate::files::shell_word;
use crate::host::{dotenv, is_unignored};
use crate::vault::{EnvFile, Layout};

/// Where a new secret is written: a variable of an env file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretTarget {
    /// The env file, which need not exist.
    pub path: PathBuf,
    /// The variable; `None` for the one that the service's description names.
    pub variable: Option<String>,
    /// Whether a key that is there may be replaced.
    pub can_replace: bool,
}

impl SecretTarget {
    /// The service's variable in the env file at `path`, unless it is set already.
    pub fn env_file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            variable: None,
            can_replace: false,
        }
    }

    /// The same, and a key that is there may be replaced.
    #[must_use]
    pub fn allow_replacing(mut self) -> Self {
        self.can_replace = true;
        self
    }
}

/// Returns the variable of `wanted` that holds a key already, so that the user can be asked before it is replaced.
///
/// # Errors
/// When the file cannot be written, and when the service has no variable for a key.
pub fn find_existing_key(
    context: &Context,
    target: &Target,
    wanted: &SecretTarget,
) -> Result<Option<String>, ActionError> {
    let found = EnvVariable::open(context, target, wanted)?;
    Ok(found.value.map(|_| found.variable))
}

/// Returns the directory in which, and below which, the key in the env file at `path` is now the one that is used.
pub fn find_directory_using_file(
    context: &Context,
    target: &Target,
    path: &Path,
) -> Option<PathBuf> {
    let variable = target.descriptor.environment.api_key.as_deref()?;
    let found = dotenv::read_nearest(&context.search_scope(), &[variable]).ok()??;
    found.get(variable)?;
    let (found, path) = (found.path.canonicalize().ok()?, path.canonicalize().ok()?);
    (found == path).then(|| path.parent().map(Path::to_owned))?
}

/// An env file that can be written, and the variable that takes the key of a service.
#[derive(Debug)]
pub(crate) struct EnvVariable {
    file: EnvFile,
    variable: String,
    /// The variable's value at the time of opening.
    value: Option<Secret>,
    can_replace: bool,
}

impl EnvVariable {
    /// Opens the file, before a key is created. Warns of what the user may not expect of it.
    ///
    /// # Errors
    /// When the file cannot be written, and when the service has no variable for a key.
    pub(crate) fn open(
        context: &Context,
        target: &Target,
        wanted: &SecretTarget,
    ) -> Result<Self, ActionError> {
        let service = target.descriptor.name.clone();
        let variable = wanted.variable.clone();
        let variable = variable.or_else(|| target.descriptor.environment.api_key.clone());
        let variable = variable.ok_or(ActionError::NoVariable { service })?;
        let file = EnvFile::open(&wanted.path)?;
        warn_about_file(context, &file);
        Ok(Self {
            value: file.get(&variable)?,
            file,
            variable,
            can_replace: wanted.can_replace,
        })
    }

    /// Fails if the variable holds a key that the user did not agree to replace.
    pub(crate) fn check_replaceable(self) -> Result<Self, ActionError> {
        if self.value.is_none() || self.can_replace {
            return Ok(self);
        }
        Err(ActionError::KeyExists {
            path: self.file.path().to_owned(),
            variable: self.variable,
        })
    }

    /// The place for a key that is created at `base`.
    ///
    /// # Errors
    /// When a reader of the file would send the key to another server: the file names another URL, or the service has no
    /// variable for the URL.
    pub(crate) fn for_key_at(
        self,
        context: &Context,
        target: &Target,
        base: &BaseUrl,
    ) -> Result<EnvFileTarget, ActionError> {
        let url = url_to_add(context, target, base, &self.file)?;
        Ok(EnvFileTarget {
            variable: self,
            url,
        })
    }
}

/// Where a key goes in an env file, with its URL.
#[derive(Debug)]
pub(crate) struct EnvFileTarget {
    variable: EnvVariable,
    /// The URL variable and its value, where the file must get both.
    url: Option<(String, Secret)>,
}

impl EnvFileTarget {
    /// Returns the file.
    pub(crate) fn path(&self) -> &Path {
        self.variable.file.path()
    }

    /// Returns the variable's name.
    pub(crate) fn variable_name(&self) -> &str {
        &self.variable.variable
    }

    /// Returns `true` if the file existed when it was opened.
    pub(crate) fn existed(&self) -> bool {
        self.variable.file.owner_and_mode().is_some()
    }

    /// Returns the key that was in the file when it was opened.
    pub(crate) fn previous_value(&self) -> Option<&Secret> {
        self.variable.value.as_ref()
    }

    /// The key that is in the file now.
    pub(crate) fn get(&self) -> Result<Option<Secret>, ActionError> {
        Ok(self.variable.file.get(self.variable_name())?)
    }

    /// Writes the key, and its URL where the file has none, in one step. A value that another process has put there
    /// meanwhile is overwritten only where the user agreed to replace any.
    pub(crate) fn set(&self, context: &Context, secret: &Secret) -> Result<(), ActionError> {
        let layout = self.variable.file.layout(self.variable_name())?;
        self.write(secret)?;
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
        let before = (self.variable_name(), self.previous_value());
        Ok(self.variable.file.set_all_if_unchanged(&all, before)?)
    }

    /// Puts the value of before back, if `written` is still there.
    pub(crate) fn restore(&self, before: &Secret, written: &Secret) -> Result<(), ActionError> {
        let all = [(self.variable_name(), before)];
        let expected = (self.variable_name(), Some(written));
        Ok(self.variable.file.set_all_if_unchanged(&all, expected)?)
    }
}

/// Warns if the file is somebody else's, can be read by others, or would be committed.
fn warn_about_file(context: &Context, file: &EnvFile) {
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
fn warn_about_lines(context: &Context, place: &EnvFileTarget, layout: &Layout) {
    let (variable, shown) = (
        place.variable_name(),
        sanitize_line(&place.path().to_string_lossy()),
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

/// The URL variable that has to be written beside a key of `base`; `None` where a reader of the file finds `base` anyway.
fn url_to_add(
    context: &Context,
    target: &Target,
    base: &BaseUrl,
    file: &EnvFile,
) -> Result<Option<(String, Secret)>, ActionError> {
    let (service, here) = (&target.descriptor, base.origin());
    let is_here = |url: &BaseUrl| url.origin() == here;
    let is_service_default = service.api_url.as_ref().is_some_and(is_here);
    let Some(name) = service.environment.api_url.clone() else {
        if is_service_default {
            return Ok(None);
        }
        return Err(ActionError::NoUrlVariable {
            path: file.path().to_owned(),
            service: service.name.clone(),
            here,
        });
    };
    let found = file.get(&name)?;
    match found.map(|found| found.expose().parse::<BaseUrl>()) {
        Some(Ok(url)) if is_here(&url) => Ok(None),
        Some(_) => Err(ActionError::UrlMismatch {
            path: file.path().to_owned(),
            variable: name,
            here,
        }),
        None if is_service_default
            && target
                .configured_base(context)
                .as_ref()
                .is_some_and(is_here) =>
        {
            Ok(None)
        }
        None => Ok(Some((name, Secret::new(base.to_string())))),
    }
}
