//! `token get`, `token update`, and how one token is shown

use clap::{ArgGroup, Args};
use jiff::Timestamp;
use serde::Serialize;

use super::kind::ServiceKindArgs;
use super::password::{ConfirmedCommand, PasswordArgs};
use crate::actions::{Purpose, TokenArgument};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::failure::{Code, Failure};
use crate::cli::options::help_text::after_help;
use crate::domain::{ApiToken, Hint, Secret};
use crate::provider::TokenVerb;
use crate::ui::{Line, OutputError, Shell, prompt, token_key_values};

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
    /// Id of the token; at services with names also its name, or at least the first 6 characters of its id
    #[arg(value_name = "ID_OR_NAME")]
    id: Option<TokenArgument>,
    /// Find the token by its key, read from a prompt or stdin; the key is not sent
    #[arg(long)]
    with_token: bool,
    #[command(flatten)]
    kind: ServiceKindArgs,
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
    /// Id of the token; at services with names also its name, or at least the first 6 characters of its id
    #[arg(value_name = "ID_OR_NAME")]
    id: TokenArgument,
    /// Enable the token
    #[arg(long)]
    active: bool,
    /// Disable the token
    #[arg(long)]
    inactive: bool,
    #[command(flatten)]
    kind: ServiceKindArgs,
    #[command(flatten)]
    password: PasswordArgs,
}

/// A token; times are relative for people, RFC 3339 for programs.
#[derive(Serialize)]
pub(super) struct TokenOutput {
    #[serde(flatten)]
    token: ApiToken,
    #[serde(skip)]
    now: Timestamp,
}

pub(super) fn get(app: &App, args: &GetArgs) -> Result<TokenOutput, Failure> {
    let (context, mut target) = app.context_and_target()?;
    args.kind.select(&mut target, args.id.as_slice())?;
    let session = context.session(&target);
    let token = if let Some(id) = &args.id {
        let id = id.resolve(session, Purpose::Read)?;
        block_on_interruptible(&context, || session.get_token(&id))?
    } else {
        let key = read_key(app)?;
        block_on_interruptible(&context, || session.get_token_by_key(&key))?
    };
    let now = context.now();
    Ok(TokenOutput { token, now })
}

fn read_key(app: &App) -> Result<Secret, Failure> {
    if app.shell.terminal().stdin && !app.can_prompt() {
        let failure = Failure::new(Code::Usage, "no key on stdin, and prompting is disabled");
        let hint = Hint::from("pipe it in: ").command("token get --with-token < key.txt");
        return Err(failure.with_hint(hint));
    }
    Ok(prompt::read_secret(&app.shell, "API key")?)
}

pub(super) fn update(app: &App, args: &UpdateArgs) -> Result<TokenOutput, Failure> {
    let (mut context, mut target) = app.context_and_target()?;
    args.kind
        .select(&mut target, std::slice::from_ref(&args.id))?;
    let active = args.active && !args.inactive;
    let id = args.id.resolve(context.session(&target), Purpose::Change)?;
    let option = if active { "--active" } else { "--inactive" };
    let arguments = [id.to_string(), option.to_owned()];
    let command = ConfirmedCommand::new(&TokenVerb::Update, &arguments);
    context.typed_secrets = args.password.read(app, &target.descriptor, &command)?;
    let session = context.session(&target);
    let token = block_on_interruptible(&context, || session.update_token(&id, active))?;
    let state = if active { "active" } else { "inactive" };
    app.shell.status(Line::success(format!("{id} is {state}")));
    let now = context.now();
    Ok(TokenOutput { token, now })
}

impl CommandOutput for TokenOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let for_people = shell.terminal().stdout;
        shell.key_values(&token_key_values(self.now, &self.token, for_people))
    }
}
