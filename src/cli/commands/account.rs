//! `account resend-verification`: requests another verification e-mail for the account.

use clap::Subcommand;
use serde::Serialize;

use crate::cli::app::{App, CommandOutput, OfProfile, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::after_help;
use crate::ui::{Line, OutputError, Shell};

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

#[derive(Serialize)]
struct VerificationRequest {
    sent: bool,
    limit: Option<String>,
    #[serde(skip)]
    service: String,
}

pub(crate) fn run(app: &App, command: &AccountCommand) -> Result<ExitStatus, Failure> {
    match command {
        AccountCommand::ResendVerification => app.print(&resend_verification(app)?),
    }
}

fn resend_verification(app: &App) -> Result<OfProfile<VerificationRequest>, Failure> {
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    let request = VerificationRequest {
        sent: true,
        limit: block_on_interruptible(&context, || session.resend_verification())?,
        service: target.descriptor.name.clone(),
    };
    Ok(OfProfile::new(&target, request))
}

impl CommandOutput for OfProfile<VerificationRequest> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let VerificationRequest { limit, service, .. } = &self.result;
        shell.result(Line::success(format!(
            "Requested another verification e-mail from {service}"
        )))?;
        if let Some(limit) = limit {
            shell.note(format!("the service allows {limit}"));
        }
        Ok(())
    }
}
