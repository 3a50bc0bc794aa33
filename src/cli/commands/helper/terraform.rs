//! `helper terraform`: prints the credential for a host to Terraform. It stores nothing.

use super::request::bound_grant;
use crate::cli::app::App;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::{HelperProgram, Hint, Origin, Secret};
use crate::helper::terraform::{NOTHING, host_origin, response};

pub(super) fn run(app: &App, operation: &str, host: &str) -> Result<ExitStatus, Failure> {
    match operation {
        "get" => get(app, host),
        "store" => Err(read_only()),
        // Nothing is stored for Terraform.
        "forget" => Ok(SUCCESS),
        _ => Err(Failure::new(Code::Usage, "expected get, store or forget")),
    }
}

/// Terraform asks about every host, and continues without a credential if the helper fails.
fn get(app: &App, host: &str) -> Result<ExitStatus, Failure> {
    let requested = host_origin(host);
    let is_requested = |origin: &Origin| requested.as_ref() == Some(origin);
    let grant = match requested {
        Some(_) => bound_grant(app, HelperProgram::Terraform, is_requested)?,
        None => None,
    };
    let nothing = || Secret::verbatim(NOTHING.to_owned());
    app.shell
        .verbatim(&grant.as_ref().map_or_else(nothing, response))?;
    Ok(SUCCESS)
}

fn read_only() -> Failure {
    let message =
        "cannot store the token: this credentials helper stores no tokens of other programs";
    let hint = Hint::from("for the server of a profile, run ").command("login");
    Failure::new(Code::Unsupported, message).with_hint(hint)
}
