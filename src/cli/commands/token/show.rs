//! `token get`, `token update`, and how one token is shown

use clap::{ArgGroup, Args};
use jiff::Timestamp;

use crate::actions::{Purpose, TokenArgument};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::{ApiToken, Secret};
use crate::ui::{Span, prompt, token_key_values};

/// Shows one API token.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token get 12\n  \
    brainmaps token get 12 --json | jq -r .expires_at\n  \
    brainmaps token get --with-token < key.txt     which one is this?")]
#[command(group = ArgGroup::new("which").required(true).args(["id", "with_token"]))]
pub struct GetArgs {
    /// The id, as `token list` shows it
    #[arg(value_name = "ID")]
    id: Option<TokenArgument>,
    /// The one with this key, read from stdin or typed unseen; it is looked for in the list, and not sent
    #[arg(long)]
    with_token: bool,
}

/// Switches one API token on or off. What is switched off can be switched on again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token update 12 --inactive\n  \
    brainmaps token update 12 --active")]
#[command(group = ArgGroup::new("state").required(true).args(["active", "inactive"]))]
pub struct UpdateArgs {
    /// The id, as `token list` shows it
    #[arg(value_name = "ID")]
    id: TokenArgument,
    /// It works
    #[arg(long)]
    active: bool,
    /// It is refused
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
        let failure = Failure::new(Code::Usage, "no key on stdin, and nobody may be asked");
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
