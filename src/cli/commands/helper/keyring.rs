//! `helper keyring`: responds in place of the `keyring` command, and runs that command for all other servers.

use std::ffi::OsString;
use std::iter::once;

use super::request::{bound_grant, is_bound};
use crate::cli::app::App;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::{HelperProgram, Hint, Origin, Secret, sanitize_line};
use crate::helper::keyring::{Query, Request};
use crate::host::{self, PASSED_VARIABLE, find_next_program};

pub(super) fn run(app: &App, arguments: &[OsString]) -> Result<ExitStatus, Failure> {
    let text: Option<Vec<&str>> = arguments.iter().map(|it| it.to_str()).collect();
    let request = text.map_or(Request::Other, |text| Request::parse(&text));
    let is_requested = |origin: &Origin| request.is_about(origin);
    match &request {
        Request::Get(query) => get(app, query, is_requested, arguments),
        Request::Change(_) if is_bound(app, HelperProgram::Keyring, is_requested)? => {
            Err(read_only())
        }
        Request::Change(_) | Request::Other => pass_on(app, arguments),
    }
}

fn get(
    app: &App,
    query: &Query,
    is_requested: impl Fn(&Origin) -> bool,
    arguments: &[OsString],
) -> Result<ExitStatus, Failure> {
    match bound_grant(app, HelperProgram::Keyring, is_requested)? {
        Some(grant) => {
            app.shell.verbatim(&query.response(&grant))?;
            Ok(SUCCESS)
        }
        None => pass_on(app, arguments),
    }
}

/// Runs the `keyring` that this one hides. Without one, the exit status says that there is no credential.
fn pass_on(app: &App, arguments: &[OsString]) -> Result<ExitStatus, Failure> {
    let Some(next) = find_next_program(&app.environment, HelperProgram::Keyring.name()) else {
        return Ok(Code::Failed.exit());
    };
    let command: Vec<OsString> = once(next.path.as_os_str().to_owned())
        .chain(arguments.iter().cloned())
        .collect();
    let passed = Secret::verbatim(next.passed);
    let error = host::exec(&command, [(PASSED_VARIABLE, &passed)]);
    let program = sanitize_line(&next.path.to_string_lossy());
    let message = format!("cannot run \"{program}\": {error}");
    Err(Failure::new(Code::Failed, message))
}

fn read_only() -> Failure {
    let message =
        "cannot change the credential: this keyring stores no passwords of other programs";
    let hint = Hint::from("to sign in or out, run ")
        .command("login")
        .text(" or ")
        .command("logout");
    Failure::new(Code::Failed, message).with_hint(hint)
}
