//! Reports what takes precedence over a profile's stored credential in later commands.

use crate::actions::credential::select::find_shadowing_source;
use crate::actions::{Context, ProfileSession};
use crate::domain::{Hint, ProfileName, Warning};
use crate::files::quote_path;
use crate::host::{ProjectBinding, project};

/// Returns what later commands in this directory use instead of the profile's stored credential: a key in a variable or
/// `.env`, or another profile.
pub(crate) fn find_precedence(session: ProfileSession<'_>) -> Option<Warning> {
    let profile = &session.target.name;
    find_key(session).or_else(|| find_other_profile(session.context, profile))
}

/// Returns what commands use in a directory although it is declared local: a key in a variable or `.env`, or a profile.
pub(crate) fn find_precedence_over_local(session: ProfileSession<'_>) -> Option<Warning> {
    let environment = &session.context.environment;
    let named = || environment.get("BRAINMAPS_PROFILE").map(name_other_profile);
    find_key(session).or_else(named)
}

fn find_key(session: ProfileSession<'_>) -> Option<Warning> {
    let source = find_shadowing_source(session)?;
    Some(format!("{source} takes precedence").into())
}

fn name_other_profile(name: &str) -> Warning {
    format!("BRAINMAPS_PROFILE names profile \"{name}\" and takes precedence").into()
}

/// Returns the variable or the project file that selects another profile than `profile`.
pub(crate) fn find_other_profile(context: &Context, profile: &ProfileName) -> Option<Warning> {
    if let Some(name) = context.environment.get("BRAINMAPS_PROFILE") {
        return (name != profile.as_str()).then(|| name_other_profile(name));
    }
    let found = project::read_nearest(&context.search_scope()).ok()??;
    let path = quote_path(&found.path);
    match &found.binding {
        ProjectBinding::Profile(name) if name == profile => None,
        ProjectBinding::Profile(name) => Some(
            format!(
                "the project file {path} names profile \"{name}\" and takes precedence in this directory"
            )
            .into(),
        ),
        ProjectBinding::Local => {
            let text = format!(
                "the project file {path} declares this directory local: commands use no credential in it"
            );
            let hint = Hint::from("to use one, bind the directory: ").command("project set-cloud");
            Some(Warning::with_hint(text, hint))
        }
    }
}
