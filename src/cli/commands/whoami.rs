//! `whoami`

use serde_json::json;

use crate::actions::{AuthenticatedClient, Purpose};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::service::Identity;

pub(crate) fn run(app: &App) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read)?;
    let found = block_on_interruptible(&context, || async {
        let service = access.service().await;
        Ok((service.whoami().await?, service.reports_spaces()))
    });
    let (Identity { account, space }, reports_spaces) = found?;
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.name, "provider": target.descriptor.id, "account": account, "space": space,
        }))?;
        return Ok(SUCCESS);
    }
    let service = &target.descriptor.name;
    let nameless = || format!("signed in to {service}; the service does not report the account");
    let account = account.unwrap_or_else(nameless);
    match &space {
        Some(space) => app.shell.result(format!("{account}, {space}"))?,
        None => app.shell.result(account)?,
    }
    if reports_spaces && space.is_none() {
        app.shell
            .note("the token belongs to the account or its management, not to a space");
    }
    Ok(SUCCESS)
}
