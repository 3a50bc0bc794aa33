//! Checks that the profile index is readable, and reports which profile is in use and why.

use super::{Check, Finding};
use crate::actions::{Context, ProfileSession, Routing};
use crate::domain::format_count;
use crate::files::quote_path;

pub(super) fn check(context: &Context) -> Check {
    let finding = match context.vault.index() {
        Ok(index) => Finding::Ok(match index.profiles.len() {
            0 => "no profiles yet; each provider has a built-in one".to_owned(),
            count => format_count(count, "profile"),
        }),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("profiles")
}

pub(super) fn check_active(session: ProfileSession<'_>) -> Check {
    let target = session.target;
    let name = &target.name;
    let message = match &target.routing {
        _ if session.context.options.profile.is_some() => {
            format!("\"{name}\", which --profile or BRAINMAPS_PROFILE names")
        }
        Routing::Bound(project) => {
            let file = quote_path(&project.path);
            match target.routing.local_file() {
                Some(_) => format!(
                    "\"{name}\", the default profile: {file} declares this directory local, so that only login and logout use a profile"
                ),
                None => format!("\"{name}\", to which {file} binds this directory"),
            }
        }
        Routing::Unbound | Routing::Overridden(_) => format!("\"{name}\", the default profile"),
    };
    Finding::Ok(message).into_check("profile")
}
