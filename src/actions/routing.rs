//! The effect of the project file on a command.

use std::path::{Path, PathBuf};

use crate::actions::{ActionError, Context, RoutingError, error_line};
use crate::domain::ProfileName;
use crate::host::{Project, ProjectBinding, project};

/// The effect of the project file on a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routing {
    /// Not found in this or any parent directory.
    Unbound,
    /// The user named a profile, so that the file is not read.
    Overridden(PathBuf),
    Bound(Project),
}

impl Routing {
    /// As [`Routing::find`], for commands that must work with any project file: an unusable file is a warning.
    pub(crate) fn find_or_warn(context: &Context) -> Self {
        Self::find(context).unwrap_or_else(|error| {
            context.warn(format!("ignoring the project file: {}", error_line(&error)));
            Self::Unbound
        })
    }

    pub(crate) fn find(context: &Context) -> Result<Self, RoutingError> {
        if context.options.profile.is_some() {
            let file = project::find_path(&context.search_scope());
            return Ok(file.map_or(Self::Unbound, Self::Overridden));
        }
        let found = project::read_nearest(&context.search_scope())?;
        Ok(found.map_or(Self::Unbound, Self::Bound))
    }

    pub fn bound_profile(&self) -> Option<&ProfileName> {
        match self {
            Self::Bound(Project {
                binding: ProjectBinding::Profile(name),
                ..
            }) => Some(name),
            _ => None,
        }
    }

    /// Returns the project file that declares the directory local.
    pub fn local_file(&self) -> Option<&Path> {
        match self {
            Self::Bound(Project {
                binding: ProjectBinding::Local,
                path,
            }) => Some(path),
            _ => None,
        }
    }

    /// Names the project file in the error if it chose the unknown profile.
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
