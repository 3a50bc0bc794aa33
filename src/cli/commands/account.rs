//! `account resend-verification`

use clap::Subcommand;
use serde_json::json;

use crate::actions;
use crate::cli::app::{App, block_on};
use crate::cli::{DONE, Exit, Failure};
use crate::ui::Span;

/// The account itself.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum AccountCommand {
    /// Have the e-mail that verifies your address sent again
    ResendVerification,
}

pub(crate) fn run(app: &App, command: &AccountCommand) -> Result<Exit, Failure> {
    match command {
        AccountCommand::ResendVerification => resend_verification(app),
    }
}

fn resend_verification(app: &App) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let limit = block_on(&context, || actions::resend_verification(&context, &target))?;
    if app.shell.options().json {
        let (profile, provider) = (&target.profile, &target.descriptor.id);
        app.shell.document(
            &json!({ "profile": profile, "provider": provider, "sent": true, "limit": limit }),
        )?;
        return Ok(DONE);
    }
    let service = &target.descriptor.name;
    app.shell.result([
        Span::good("✓"),
        Span::plain(format!(" {service} sends the verification e-mail again")),
    ])?;
    if let Some(limit) = limit {
        app.shell.note(format!("the service allows {limit}"));
    }
    Ok(DONE)
}
