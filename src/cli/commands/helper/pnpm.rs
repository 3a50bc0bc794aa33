//! `helper pnpm`: prints the credential to pnpm, only if `helper install` configured pnpm.

use super::request::grant_for;
use crate::cli::app::App;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::{HelperProgram, Hint};
use crate::helper::pnpm::response;

/// Pnpm names no server. It asks only for those in its configuration, which `helper install` recorded.
pub(super) fn run(app: &App) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    if session.bound_origins(HelperProgram::Pnpm).is_empty() {
        return Err(not_installed(target.name.as_str()));
    }
    let grant = grant_for(session, HelperProgram::Pnpm)?;
    let grant = grant.ok_or_else(|| not_installed(target.name.as_str()))?;
    app.shell.verbatim(&response(&grant))?;
    Ok(SUCCESS)
}

fn not_installed(profile: &str) -> Failure {
    let message = format!("pnpm is not set up for the server of profile \"{profile}\"");
    let hint = Hint::from("run ").command("helper install pnpm");
    Failure::new(Code::LoginRequired, message).with_hint(hint)
}
