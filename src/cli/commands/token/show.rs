//! `token get`, `token update`, and how one token is shown

use clap::{ArgGroup, Args};
use jiff::Timestamp;

use crate::actions::{Purpose, TokenArgument};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::help_text::after_help;
use crate::domain::{ApiToken, Secret};
use crate::ui::{Span, prompt, token_key_values};

#[derive(Debug, Args)]
#[command(
    after_help = after_help! {
    examples: [
        "brainmaps token get 12",
        "brainmaps token get 12 --json | jq -r .expires_at",
        "brainmaps token get --with-token < key.txt   # find a token by its key",
    ],
    see: "brainmaps token list, brainmaps token update, brainmaps token inspect"
}
)]
#[command(group = ArgGroup::new("which").required(true).args(["id", "with_token"]))]
pub struct GetArgs {
    /// Id of the token, as `token list` prints it
    #[arg(value_name = "ID")]
    id: Option<TokenArgument>,
    /// Find the token by its key, read from a prompt or stdin; the key is not sent
    #[arg(long)]
    with_token: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = after_help! {
    examples: [
        "brainmaps token update 12 --inactive",
        "brainmaps token update 12 --active",
    ],
    see: "brainmaps token get, brainmaps token revoke"
}
)]
#[command(group = ArgGroup::new("state").required(true).args(["active", "inactive"]))]
pub struct UpdateArgs {
    /// Id of the token, as `token list` prints it
    #[arg(value_name = "ID")]
    id: TokenArgument,
    /// Enable the token
    #[arg(long)]
    active: bool,
    /// Disable the token
    #[arg(long)]
    inactive: bool,
}

pub(super) fn get(app: &App, args: &GetArgs) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let token = if let Some(id) = &args.id {
        let id = id.resolve(context.session(&target), Purpose::Read)?;
        block_on_interruptible(&context, || context.session(&target).get_token(&id))?
    } else {
        let key = read_key(app)?;
        block_on_interruptible(&context, || context.session(&target).get_token_by_key(&key))?
    };
    show(app, context.now(), &token)
}

fn read_key(app: &App) -> Result<Secret, Failure> {
    if app.shell.terminal().stdin && !app.can_prompt() {
        let failure = Failure::new(Code::Usage, "no key on stdin, and prompting is disabled");
        let hint = "pipe it in: `brainmaps token get --with-token < key.txt`";
        return Err(failure.with_hint(hint.to_owned()));
    }
    Ok(prompt::read_secret(&app.shell, "API key")?)
}

pub(super) fn update(app: &App, args: &UpdateArgs) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let active = args.active && !args.inactive;
    let id = args.id.resolve(context.session(&target), Purpose::Change)?;
    let work = || context.session(&target).update_token(&id, active);
    let token = block_on_interruptible(&context, work)?;
    let now = if active { "active" } else { "inactive" };
    app.shell
        .status([Span::good("✓"), Span::plain(format!(" {id} is {now}"))]);
    show(app, context.now(), &token)
}

/// What is known of `token`; times are relative for people, RFC 3339 for programs.
pub(super) fn show(app: &App, now: Timestamp, token: &ApiToken) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(token)?;
        return Ok(SUCCESS);
    }
    let for_people = app.shell.terminal().stdout;
    let facts = token_key_values(now, token, for_people);
    app.shell.key_values(&facts)?;
    Ok(SUCCESS)
}
