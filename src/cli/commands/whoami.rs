//! `whoami`

use serde_json::json;

use crate::actions::{Access, Purpose};
use crate::cli::app::{App, block_on};
use crate::cli::{DONE, Exit, Failure};
use crate::service::Identity;

pub(crate) fn run(app: &App) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let access = Access::open(&context, &target, Purpose::Read)?;
    let found = block_on(&context, || async {
        let service = access.service().await;
        Ok((service.whoami().await?, service.tells_spaces()))
    });
    let (Identity { account, space }, tells_spaces) = found?;
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.profile, "provider": target.descriptor.id, "account": account, "space": space,
        }))?;
        return Ok(DONE);
    }
    let service = &target.descriptor.name;
    let nameless = || format!("signed in to {service}, which does not name the account");
    let account = account.unwrap_or_else(nameless);
    match &space {
        Some(space) => app.shell.result(format!("{account}, {space}"))?,
        None => app.shell.result(account)?,
    }
    if tells_spaces && space.is_none() {
        app.shell
            .note("with a token of the account or of its management, of no space");
    }
    Ok(DONE)
}
