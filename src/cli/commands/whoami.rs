//! `whoami`

use serde_json::json;

use crate::actions::Access;
use crate::cli::app::{App, block_on};
use crate::cli::{DONE, Exit, Failure};

pub(crate) fn run(app: &App) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let access = Access::open(&context, &target)?;
    let account = block_on(&context, || async { access.service().await.whoami().await })?;
    let (profile, provider) = (&target.profile, &target.descriptor.id);
    if app.shell.options().json {
        app.shell
            .document(&json!({ "profile": profile, "provider": provider, "account": account }))?;
        return Ok(DONE);
    }
    let service = &target.descriptor.name;
    let nameless = || format!("signed in to {service}, which does not name the account");
    app.shell.result(account.unwrap_or_else(nameless))?;
    Ok(DONE)
}
