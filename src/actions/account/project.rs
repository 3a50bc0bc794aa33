//! Which account a directory uses: its binding, which names a profile or says that the directory is local.
//!
//! Login and logout never change it, and it never changes what they do: in a local directory they are about the usual
//! profile.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::actions::{ActionError, Context, ProfileStatus, Target, read_status};
use crate::domain::ProfileName;
use crate::host::{Project, ProjectBinding, ProjectError, project};
use crate::vault::write_project_file;

/// Why the directory's binding keeps a command from its work.
#[derive(Debug, thiserror::Error)]
pub enum RoutingError {
    /// The profile that it names is not there.
    #[error("`{}` names the profile `{name}`, and there is none", path.display())]
    NoSuchProfile {
        /// The project file.
        path: PathBuf,
        /// The name in it.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The directory is local, and the command needs a credential.
    #[error("this directory is local (`{}`): nothing here needs a credential or the network", path.display())]
    Local {
        /// The project file.
        path: PathBuf,
    },
    /// The file is wrong.
    #[error(transparent)]
    File(#[from] ProjectError),
}

/// What the directory's project file means for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routing {
    /// There is none here or above.
    Unbound,
    /// The user named a profile for this command, so the file is not even read.
    Overridden(PathBuf),
    /// The file counts.
    Bound(Project),
}

impl Routing {
    /// As [`Routing::find`], for a command that must work whatever the project file contains: a file that cannot be used
    /// is a warning.
    pub(crate) fn find_or_warn(context: &Context) -> Self {
        Self::find(context).unwrap_or_else(|error| {
            context.warn(format!("ignoring the project file: {error}"));
            Self::Unbound
        })
    }

    /// What the project file says for this command.
    pub(crate) fn find(context: &Context) -> Result<Self, RoutingError> {
        if context.options.profile.is_some() {
            let file = project::find_path(&context.search_scope());
            return Ok(file.map_or(Self::Unbound, Self::Overridden));
        }
        let found = project::read_nearest(&context.search_scope())?;
        Ok(found.map_or(Self::Unbound, Self::Bound))
    }

    /// The profile that the directory is bound to.
    pub fn bound_profile(&self) -> Option<&ProfileName> {
        match self {
            Self::Bound(Project {
                binding: ProjectBinding::Profile(name),
                ..
            }) => Some(name),
            _ => None,
        }
    }

    /// The file that says that the directory is local.
    pub fn local_file(&self) -> Option<&Path> {
        match self {
            Self::Bound(Project {
                binding: ProjectBinding::Local,
                path,
            }) => Some(path),
            _ => None,
        }
    }

    /// A profile that is not there is told together with the file that names it.
    pub(crate) fn with_file(&self, error: ActionError) -> ActionError {
        match (self, error) {
            (Self::Bound(project), ActionError::NoSuchProfile { name, known })
                if self.bound_profile().is_some() =>
            {
                let path = project.path.clone();
                RoutingError::NoSuchProfile { path, name, known }.into()
            }
            (_, other) => other,
        }
    }
}

/// How a directory is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BindingMode {
    /// No file says anything: the usual profile.
    Unbound,
    /// To a profile.
    Cloud,
    /// To nothing.
    Local,
}

/// A directory's binding, as its user sees it.
#[derive(Debug, Clone, Serialize)]
pub struct ProjectView {
    /// The file, where there is one.
    pub file: Option<PathBuf>,
    /// What it says.
    pub mode: BindingMode,
    /// Whether `--profile` or its variable goes before it.
    pub overruled: bool,
    /// What commands in this directory use.
    #[serde(flatten)]
    pub uses: ProfileStatus,
}

/// What the directory is bound to, and what its commands use.
///
/// # Errors
/// For a file that is wrong or names no profile that is there, and what reading the sources says.
pub fn describe_project(context: &Context) -> Result<ProjectView, ActionError> {
    let found = project::read_nearest(&context.search_scope()).map_err(RoutingError::from)?;
    let target = Target::resolve(context)?;
    let mode = match found.as_ref().map(|project| &project.binding) {
        None => BindingMode::Unbound,
        Some(ProjectBinding::Profile(_)) => BindingMode::Cloud,
        Some(ProjectBinding::Local) => BindingMode::Local,
    };
    Ok(ProjectView {
        mode,
        file: found.map(|project| project.path),
        overruled: matches!(target.routing, Routing::Overridden(_)),
        uses: read_status(context, &target)?,
    })
}

/// Binds the current directory to the profile that `--profile` names, or else to the usual one.
///
/// # Errors
/// For an unknown profile, and what the disk says.
pub fn bind_profile(context: &Context) -> Result<(PathBuf, ProfileName), ActionError> {
    let target = Target::ignoring_project(context)?;
    let bound = ProjectBinding::Profile(target.name.clone());
    Ok((write_binding(context, &bound)?, target.name))
}

/// Makes the current directory local.
///
/// # Errors
/// What the disk says.
pub fn bind_local(context: &Context) -> Result<PathBuf, ActionError> {
    write_binding(context, &ProjectBinding::Local)
}

fn write_binding(context: &Context, bound: &ProjectBinding) -> Result<PathBuf, ActionError> {
    let path = context.directory.join(project::PROJECT_FILE);
    write_project_file(&path, bound.to_toml().as_bytes()).map_err(ActionError::ProjectFile)?;
    Ok(path)
}
