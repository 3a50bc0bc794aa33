//! Reports the file in the directory that chose the credential of a command.
//!
//! A project file or `.env` may come with a cloned repository. Scripts and CI jobs rely on these files, so that they
//! are not rejected. Instead, a command that changes something or prints a secret first reports the file and the
//! server.

use std::path::Path;

use crate::actions::{Context, Event, ProfileSession, ResolvedCredential, Routing, Source, Target};
use crate::domain::Origin;

/// What a command does with the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reads from the service. The file is not reported.
    Read,
    /// Changes something at the service or on this computer.
    Change,
    /// Prints a secret.
    Disclose,
}

pub(crate) fn report_credential_file(
    session: ProfileSession<'_>,
    selected: &ResolvedCredential,
    purpose: Purpose,
) {
    if purpose == Purpose::Read {
        return;
    }
    let origin = selected.base.origin();
    match &selected.source {
        Source::DotEnv { variable, path } => {
            emit_file_choice(session.context, variable, path, Some(&origin));
        }
        Source::Environment { .. }
        | Source::MountedFile { .. }
        | Source::Stored
        | Source::Workload => {
            report_project_file(session, &origin);
        }
    }
}

/// Reports the project file that chose the profile of a login or logout, or declares the directory local.
pub(crate) fn report_profile_file(session: ProfileSession<'_>) {
    let origin = session
        .target
        .base
        .as_ref()
        .map(crate::domain::BaseUrl::origin);
    if let Some((what, path)) = bound_profile(session.target) {
        emit_file_choice(session.context, &what, path, origin.as_ref());
    } else if let Some(path) = session.target.routing.local_file() {
        let file = display_path(&session.context.directory, path);
        let name = &session.target.name;
        let text =
            format!("using the default profile \"{name}\": {file} declares this directory local");
        let event = Event::FileChoice(text.clone());
        session.context.emit_once(&text, &event);
    }
}

fn report_project_file(session: ProfileSession<'_>, origin: &Origin) {
    if let Some((what, path)) = bound_profile(session.target) {
        emit_file_choice(session.context, &what, path, Some(origin));
    }
}

fn bound_profile(target: &Target) -> Option<(String, &Path)> {
    let Routing::Bound(project) = &target.routing else {
        return None;
    };
    let name = target.routing.bound_profile()?;
    Some((format!("profile \"{name}\""), &project.path))
}

fn emit_file_choice(context: &Context, what: &str, path: &Path, origin: Option<&Origin>) {
    let file = display_path(&context.directory, path);
    let at = origin.map(|origin| format!(" at {origin}"));
    let text = format!("using {what} ({file}){}", at.unwrap_or_default());
    context.emit_once(&text.clone(), &Event::FileChoice(text));
}

/// Returns the path relative to `directory`, as `./.env` or `../.env`. Contains no directory names, which could forge a
/// line of output.
pub(crate) fn display_path(directory: &Path, path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let above = directory
        .ancestors()
        .position(|folder| Some(folder) == path.parent());
    match above {
        Some(0) => format!("./{name}"),
        Some(levels) => format!("{}{name}", "../".repeat(levels)),
        None => crate::domain::sanitize_line(&path.to_string_lossy()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_path_is_displayed_relative_to_the_directory() {
        for (path, expected) in [
            ("/a/b/.env", "./.env"),
            ("/a/.env", "../.env"),
            ("/.brainmaps.toml", "../../.brainmaps.toml"),
            ("/elsewhere/.env", "/elsewhere/.env"),
        ] {
            assert_eq!(display_path(Path::new("/a/b"), Path::new(path)), expected);
        }
    }
}
