//! `helper docker`: prints the credential for a registry to docker, podman, skopeo and helm. It stores nothing.

use super::request::{bound_grant, invalid_request, read_request};
use crate::cli::app::App;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::HelperProgram;
use crate::helper::docker::{NO_SERVER, NOT_FOUND, Registry};

const READ_ONLY: &str = "brainmaps does not store passwords: run brainmaps login";

pub(super) fn run(app: &App, operation: &str) -> Result<ExitStatus, Failure> {
    match operation {
        "get" => get(app),
        "store" => refuse(app, READ_ONLY),
        "erase" => Ok(SUCCESS),
        "list" => print(app, "{}"),
        "version" => print(app, concat!("brainmaps ", env!("CARGO_PKG_VERSION"))),
        _ => refuse(app, "unknown operation"),
    }
}

/// Clients show the text on stdout if the credential is missing; some show stderr as well.
fn get(app: &App) -> Result<ExitStatus, Failure> {
    let input = read_request("docker", |_| false)?;
    if input.trim_ascii().is_empty() {
        return refuse(app, NO_SERVER);
    }
    let registry = Registry::parse(&input)
        .ok_or_else(|| invalid_request("docker", "expected the name of a registry"))?;
    match bound_grant(app, HelperProgram::Docker, |origin| registry.is_at(origin)) {
        Ok(Some(grant)) => {
            app.shell.secret(&registry.response(&grant))?;
            Ok(SUCCESS)
        }
        Ok(None) => refuse(app, NOT_FOUND),
        Err(failure) => {
            app.shell.result(failure.to_line())?;
            Err(failure)
        }
    }
}

fn print(app: &App, text: &str) -> Result<ExitStatus, Failure> {
    app.shell.result(text)?;
    Ok(SUCCESS)
}

/// The protocol has one exit status for all errors.
fn refuse(app: &App, text: &str) -> Result<ExitStatus, Failure> {
    app.shell.result(text)?;
    Ok(Code::Failed.exit())
}
