//! `helper kubectl`: prints the credential for the cluster that kubectl names.

use super::request::{bound_grant, invalid_request};
use crate::cli::app::App;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::HelperProgram;
use crate::helper::kubectl::{InvalidRequest, REQUEST_VARIABLE, Request};

pub(super) fn run(app: &App) -> Result<ExitStatus, Failure> {
    let text = app.environment.get(REQUEST_VARIABLE).unwrap_or_default();
    let request = Request::parse(text).map_err(|error| {
        let failure = invalid_request("kubectl", &error.to_string());
        let hint = "set provideClusterInfo: true for this user in the kubeconfig file";
        failure.with_hints((error == InvalidRequest::NoServer).then_some(hint))
    })?;
    let grant = bound_grant(app, HelperProgram::Kubectl, |origin| {
        *origin == request.server
    })?;
    let grant = grant.ok_or_else(|| other_cluster(&request))?;
    app.shell.secret(&request.response(&grant))?;
    Ok(SUCCESS)
}

fn other_cluster(request: &Request) -> Failure {
    let message = format!("the profile has no credential for {}", request.server);
    let hint = "choose the profile of that server with --profile";
    Failure::new(Code::LoginRequired, message).with_hint(hint)
}
