//! `provider test`: tries the calls of a description. Must not send one without `--live`, or a change without `--create`.

use clap::Args;

use super::check::read_named;
use crate::actions::{Context, Target, Trial, TrialCall, TrialOptions, TrialValue, run_trial};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::commands::token::{ConfirmedCommand, PasswordArgs};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::Hint;
use crate::files::shell_word;
use crate::provider::TokenVerb;
use crate::ui::{OutputError, Shell, Span};

/// The calls that --create sends.
const CHANGING: [TokenVerb; 3] = [TokenVerb::Create, TokenVerb::Update, TokenVerb::Revoke];

#[derive(Debug, Args)]
#[command(
    before_help = "Prints the requests of a description: method, path, headers and body. With --live, sends the read-only requests with the credential of the profile, and prints what each pointer found in the response. With --live --create, also creates a token named brainmaps-test-…, and revokes it at the end; if the service requires the password or a one-time password for that, asks for it at a terminal.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider test maps.toml",
        "brainmaps provider test maps --live",
        "brainmaps provider test maps --live --create",
    ],
    see: "brainmaps provider check, brainmaps provider explain"
}
)]
pub struct TestArgs {
    /// Id of a service, or provider file (only without --live)
    #[arg(value_name = "ID|FILE")]
    description: String,

    /// Send the read-only requests
    #[arg(long)]
    live: bool,

    /// With --live, also send the requests that create, change and revoke a token
    #[arg(long)]
    create: bool,
}

pub(super) fn test(app: &App, context: &mut Context, args: &TestArgs) -> Result<Trial, Failure> {
    let named = read_named(context, &args.description)?;
    let own_profile = named.id.as_ref().and_then(|id| id.as_str().parse().ok());
    if context.options.profile.is_none() {
        context.options.profile = own_profile;
    }
    if args.live && args.create && named.id.is_some() {
        let target = Target::resolve(context)?;
        let command = ConfirmedCommand::at_a_terminal(&CHANGING);
        context.typed_secrets = PasswordArgs::default().read(app, &target.descriptor, &command)?;
    }
    let options = TrialOptions {
        live: args.live,
        create: args.create,
    };
    block_on_interruptible(context, || run_trial(context, named, options))
}

impl CommandOutput for Trial {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for call in &self.calls {
            print_call(shell, call)?;
        }
        if !self.live {
            shell.note(self.live_hint());
        } else if self.has_error() {
            let hint =
                Hint::from("the members are explained by ").command("provider explain MEMBER");
            shell.hint(hint);
        }
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        if self.has_error() {
            Code::Failed.exit()
        } else {
            SUCCESS
        }
    }
}

impl Trial {
    /// Names the commands that send the requests.
    fn live_hint(&self) -> Hint {
        let hint = Hint::from("nothing was sent; to send the requests that read, run ");
        let hint = match &self.add {
            Some(name) => hint
                .command(format!("provider add {}", shell_word(name.as_ref())))
                .text(", then "),
            None => hint,
        };
        hint.command(format!("provider test {} --live", self.id))
    }
}

fn print_call(shell: &Shell, call: &TrialCall) -> Result<(), OutputError> {
    let request = call.request.as_deref().unwrap_or("no request");
    let status = call
        .status
        .map_or(String::new(), |status| format!(" → {status}"));
    let name = Span::bold(call.call);
    shell.result([name, Span::plain(format!(": {request}{status}"))])?;
    if !call.headers.is_empty() {
        shell.result(format!("  headers: {}", call.headers.join(", ")))?;
    }
    if let Some(body) = &call.body {
        shell.result(format!("  body: {body}"))?;
    }
    for value in &call.values {
        print_value(shell, value)?;
    }
    if let Some(error) = &call.error {
        shell.result([Span::bad("  ✗ "), Span::plain(error.as_str())])?;
    }
    Ok(())
}

fn print_value(shell: &Shell, value: &TrialValue) -> Result<(), OutputError> {
    let at = value
        .at
        .iter()
        .map(|at| if at.is_empty() { "\"\"" } else { at });
    let at: Vec<&str> = at.collect();
    let place = format!("{} ({})", value.member, at.join(" or "));
    match (&value.found, &value.instead) {
        (Some(found), _) => {
            shell.result([Span::good("  ✓ "), Span::plain(format!("{place}: {found}"))])
        }
        (None, instead) => {
            let instead = instead.as_deref().unwrap_or_default();
            let text = format!("{place}: nothing found; {instead}");
            shell.result([Span::warn("  ! "), Span::plain(text)])
        }
    }
}
