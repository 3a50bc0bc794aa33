//! The project file of a directory: chooses a profile, or declares the directory local (no credential needed).
//!
//! Login and logout never change the project file. In a local directory they work on the default profile.

use std::path::PathBuf;

use serde::Serialize;

use crate::actions::credential::precedence::{find_precedence, find_precedence_over_local};
use crate::actions::{ActionError, Context, ProfileStatus, Routing, RoutingError, Target};
use crate::domain::{ProfileName, Warning};
use crate::host::{ProjectBinding, ProjectError, project};
use crate::vault::{delete_user_file, write_user_file};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BindingMode {
    /// No project file: the default profile.
    Unbound,
    /// Bound to a profile.
    Cloud,
    Local,
}

#[derive(Debug, Clone, Serialize)]
pub struct ProjectView {
    pub file: Option<PathBuf>,
    pub mode: BindingMode,
    /// Whether `--profile` or its variable takes precedence.
    pub overruled: bool,
    #[serde(flatten)]
    pub uses: ProfileStatus,
}

/// Returns the binding of the directory and the status of the profile that commands use here.
///
/// # Errors
/// If the file is invalid or names an unknown profile, and errors of the credential sources.
pub fn describe_project(context: &Context) -> Result<ProjectView, ActionError> {
    let found = project::read_nearest(&context.search_scope()).map_err(RoutingError::from)?;
    let target = Target::resolve(context)?;
    let session = context.session(&target);
    let mode = match found.as_ref().map(|project| &project.binding) {
        None => BindingMode::Unbound,
        Some(ProjectBinding::Profile(_)) => BindingMode::Cloud,
        Some(ProjectBinding::Local) => BindingMode::Local,
    };
    Ok(ProjectView {
        mode,
        file: found.map(|project| project.path),
        overruled: matches!(target.routing, Routing::Overridden(_)),
        uses: session.read_status()?,
    })
}

/// A binding that was written.
#[derive(Debug, Clone)]
pub struct Binding {
    pub file: PathBuf,
    /// `None` if the directory is local.
    pub profile: Option<ProfileName>,
    /// What takes precedence over the binding in this directory.
    pub precedence: Option<Warning>,
}

/// Binds the current directory to the active profile.
///
/// # Errors
/// If the profile does not exist or the file cannot be written.
pub fn bind_profile(context: &Context) -> Result<Binding, ActionError> {
    let target = Target::ignoring_project(context)?;
    let bound = ProjectBinding::Profile(target.name.clone());
    Ok(Binding {
        file: write_binding(context, &bound)?,
        precedence: find_precedence(context.session(&target)),
        profile: Some(target.name),
    })
}

/// Declares the current directory local.
///
/// # Errors
/// If the file cannot be written.
pub fn bind_local(context: &Context) -> Result<Binding, ActionError> {
    let file = write_binding(context, &ProjectBinding::Local)?;
    // A profile that does not exist has no credential.
    let target = Target::ignoring_project(context).ok();
    let precedence = target.and_then(|target| find_precedence_over_local(context.session(&target)));
    Ok(Binding {
        file,
        profile: None,
        precedence,
    })
}

/// Removes the binding of the current directory, and the project file if it has no policy of audits. Returns the path of the
/// file; `None` if the directory has none.
///
/// # Errors
/// If the file cannot be changed.
pub fn unbind(context: &Context) -> Result<Unbound, ActionError> {
    let path = context.directory.join(project::PROJECT_FILE);
    let text = match project::rebind(&context.directory, None) {
        // A file that cannot be read has no policy to keep.
        Err(ProjectError::File(_)) => None,
        text => text.map_err(RoutingError::from)?,
    };
    if let Some(text) = text {
        write_user_file(&path, text.as_bytes()).map_err(ActionError::ProjectFile)?;
        return Ok(Unbound {
            file: Some(path),
            still_bound_by: None,
        });
    }
    let is_deleted = delete_user_file(&path).map_err(ActionError::ProjectFile)?;
    Ok(Unbound {
        file: is_deleted.then_some(path),
        still_bound_by: project::find_path(&context.search_scope()),
    })
}

#[derive(Debug, Clone)]
pub struct Unbound {
    /// The file that was changed or deleted.
    pub file: Option<PathBuf>,
    /// The project file of a parent directory, which applies here too.
    pub still_bound_by: Option<PathBuf>,
}

fn write_binding(context: &Context, bound: &ProjectBinding) -> Result<PathBuf, ActionError> {
    let path = context.directory.join(project::PROJECT_FILE);
    let text = project::rebind(&context.directory, Some(bound))
        .map_err(RoutingError::from)?
        .unwrap_or_default();
    write_user_file(&path, text.as_bytes()).map_err(ActionError::ProjectFile)?;
    Ok(path)
}
