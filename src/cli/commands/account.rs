//! `account resend-verification`

use clap::Subcommand;
use serde_json::json;

use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::cli::help_text::after_help;
use crate::ui::Span;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum AccountCommand {
    /// Request another verification e-mail
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps account resend-verification",
            "brainmaps --profile work account resend-verification",
        ],
        see: "brainmaps whoami, brainmaps login"
    }
    )]
    ResendVerification,
}

pub(crate) fn run(app: &App, command: &AccountCommand) -> Result<ExitStatus, Failure> {
    match command {
        AccountCommand::ResendVerification => resend_verification(app),
    }
}

fn resend_verification(app: &App) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let limit =
        block_on_interruptible(&context, || context.session(&target).resend_verification())?;
    if app.shell.options().json {
        let (profile, provider) = (&target.name, &target.descriptor.id);
        app.shell.document(
            &json!({ "profile": profile, "provider": provider, "sent": true, "limit": limit }),
        )?;
        return Ok(SUCCESS);
    }
    let service = &target.descriptor.name;
    app.shell.result([
        Span::good("✓"),
        Span::plain(format!(
            " Requested another verification e-mail from {service}"
        )),
    ])?;
    if let Some(limit) = limit {
        app.shell.note(format!("the service allows {limit}"));
    }
    Ok(SUCCESS)
}
