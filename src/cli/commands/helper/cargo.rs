//! `helper cargo`: responds to the requests of cargo, each on one line, until cargo closes stdin.

use std::io::{BufRead as _, Read as _};

use super::request::{MAX_REQUEST, bound_grant, invalid_request};
use crate::cli::app::App;
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::domain::{HelperProgram, Secret};
use crate::helper::cargo::{Action, ErrorKind, HELLO, Request, error_response, response};

/// Responds to each line until cargo closes the connection.
pub(super) fn run(app: &App) -> Result<ExitStatus, Failure> {
    app.shell.verbatim(&Secret::verbatim(HELLO.to_owned()))?;
    let mut stdin = std::io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let mut limited = stdin.by_ref().take(MAX_REQUEST as u64);
        let length = limited
            .read_until(b'\n', &mut line)
            .map_err(|error| invalid_request("cargo", &error.to_string()))?;
        if length == 0 {
            return Ok(SUCCESS);
        }
        let request = Request::parse(&line).ok_or_else(|| {
            invalid_request("cargo", "expected a document of version 1 on one line")
        })?;
        app.shell.verbatim(&respond(app, &request))?;
    }
}

fn respond(app: &App, request: &Request) -> Secret {
    let is_bound = |origin: &_| request.registry.as_ref() == Some(origin);
    if request.action == Action::Other {
        return error_response(ErrorKind::NotSupported);
    }
    match bound_grant(app, HelperProgram::Cargo, is_bound) {
        Ok(Some(grant)) => response(&grant),
        Ok(None) => error_response(ErrorKind::OtherRegistry),
        Err(failure) => error_response(ErrorKind::Failed {
            message: failure.to_line(),
            hint: failure.hint_line(app.shell.repeated_options()),
        }),
    }
}
