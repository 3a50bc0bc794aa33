//! `exec --broker`: runs a command behind the proxy. The command must not get the credential.

use std::cell::OnceCell;
use std::time::Duration;

use anyhow::Context as _;

use super::{ExecArgs, report_not_run};
use crate::actions::{Handover, ProgramVariable};
use crate::cli::app::{App, run_to_completion};
use crate::cli::commands::proxy::{audit_sink, open_upstream, settings};
use crate::cli::failure::{ExitStatus, Failure};
use crate::domain::CredentialEvent;
use crate::host::ChildProgram;
use crate::proxy::{ListenAddress, Listener, serve};

/// Runs the proxy as long as the command.
pub(super) fn run(app: &App, args: &ExecArgs) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    let plan = session.plan_broker(args.url_env.clone(), args.env.clone())?;
    session.begin_event(CredentialEvent::Exec);
    let handover = Handover::prepare(session, None)?;
    run_to_completion(|| async {
        let upstream =
            Box::pin(open_upstream(app, session, CredentialEvent::Exec, handover)).await?;
        let listener = Listener::bind(&ListenAddress::default()).await?;
        let settings = settings(session, &upstream, &args.allow, audit_sink(app, false))?;
        let url = settings.secret.url(&listener.origin());
        let added = session.broker_environment(&plan, &url);
        let variables = added.variables.iter().map(ProgramVariable::as_pair);
        let variables = variables.map(|(name, value)| (name, Some(value)));
        let mut child = match ChildProgram::start(&args.command, variables) {
            Ok(child) => child,
            Err(error) => return Ok(report_not_run(app, &args.command, &error)),
        };
        let status = OnceCell::new();
        let ended = async { _ = status.set(child.wait().await) };
        serve(listener, &settings, &upstream, ended, Duration::ZERO).await;
        status.into_inner().map_or(Ok(1), |status| {
            Ok(status.context("cannot wait for the command")?)
        })
    })
}
