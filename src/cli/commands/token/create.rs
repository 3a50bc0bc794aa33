//! `token create`: creates a token, and prints its secret or writes it to a file or targets.

use std::sync::mpsc;

use clap::Args;
use jiff::SignedDuration;
use serde::Serialize;

use super::interrupted::Operation;
use super::kind::{KindArgs, ServiceKindArgs};
use super::password::{ConfirmedCommand, PasswordArgs};
use super::targets::{TargetArgs, TargetView};
use crate::actions::{
    ActionError, Context, CreationTargets, DeliveredToken, Event, ExistingKey, Orphan,
    ProfileSession, SecretTarget, Target, delivery_state, revoke_if_proven,
};
use crate::cli::app::{App, CommandOutput, Exposed, block_on_interruptible, require_stdout};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS, report_on_stderr};
use crate::cli::options::duration;
use crate::cli::options::help_text::after_help;
use crate::domain::{
    ApiToken, CommandLine, CreatedToken, Hint, Secret, TokenExpiry, TokenKind, Warning,
    format_count, format_relative, plural,
};
use crate::provider::TokenVerb;
use crate::service::NewToken;
use crate::ui::prompt::{self, PromptError};
use crate::ui::{Line, OutputError, Shell};
use crate::vault::SecretDestination;

#[derive(Debug, Args)]
#[command(
    mut_arg("permanent", |arg| arg.help("Create a token that does not expire")),
    mut_arg("temporary", |arg| arg.help("Create a token that expires")),
    after_help = after_help! {
    examples: [
        "brainmaps token create \"nightly build\"",
        "brainmaps token create ci --expires-in 90d --env-file .env",
        "brainmaps token create ci --config a.yml --key api.key --to 'gh secret set K'",
    ],
    see: "brainmaps token list, brainmaps token rotate, brainmaps token revoke"
}
)]
pub struct CreateArgs {
    /// Name of the token, if the service's tokens have names
    name: Option<String>,
    #[command(flatten)]
    service_kind: ServiceKindArgs,
    #[command(flatten)]
    kind: KindArgs,
    /// Grant this permission (repeatable)
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// Restrict the token to this scope (repeatable)
    #[arg(long, value_name = "SCOPE", value_parser = crate::cli::options::text::parse_text)]
    scope: Vec<String>,
    /// Set the token's lifetime, for example `90d`; many services accept only whole days
    #[arg(long, value_name = "TIME", value_parser = duration::parse_lifetime)]
    expires_in: Option<SignedDuration>,
    /// Create the token in the space with this id
    #[arg(long, value_name = "ID")]
    space: Option<String>,
    #[command(flatten)]
    targets: TargetArgs,
    #[command(flatten)]
    password: PasswordArgs,
}

pub(super) fn run(app: &App, args: CreateArgs) -> Result<ExitStatus, Failure> {
    let (sender, written_variables) = mpsc::channel();
    let mut context = build_context(app, sender)?;
    let mut target = Target::resolve(&context)?;
    args.service_kind.select(&mut target, &[])?;
    let new_token = NewToken {
        name: args.name.unwrap_or_default(),
        permanent: args.kind.kind().map(|kind| kind == TokenKind::Permanent),
        permissions: args.permission,
        scopes: args.scope,
        expires_in: args.expires_in,
        space: args.space,
    };
    let variable = target.descriptor.environment.api_key.as_deref();
    args.targets.check_force()?;
    let targets = args.targets.destinations(&context, variable)?;
    if targets.is_empty() {
        require_stdout()?;
    }
    let mut env_file = args.targets.single_env_file(variable)?;
    let can_replace =
        args.targets.force || confirm_replace(app, context.session(&target), &targets)?;
    if let Some(env_file) = &mut env_file {
        env_file.can_replace = can_replace;
    }
    new_token.check(&target.descriptor)?;
    let name = Some(&new_token.name).filter(|name| !name.is_empty());
    let command = ConfirmedCommand::new(&TokenVerb::Create, name.as_slice());
    context.typed_secrets = args.password.read(app, &target.descriptor, &command)?;
    let session = context.session(&target);
    if let Some(id) = name.and_then(|name| session.find_recorded_name(name)) {
        app.shell.note(format!("token {id} has the same name"));
    }
    let command = CreateCommand {
        app,
        session,
        new_token: &new_token,
        targets: &targets,
        written_variables,
    };
    command.run(env_file.as_ref(), can_replace)
}

/// Builds a context that sends what is written into env files besides the key to `written_variables`.
fn build_context(app: &App, written_variables: mpsc::Sender<String>) -> Result<Context, Failure> {
    let builder = app.context_builder().on_event(move |event| {
        if let Event::VariablesWritten(text) = event {
            let _received = written_variables.send(text.clone());
        }
    });
    builder.build()
}

struct CreateCommand<'a> {
    app: &'a App,
    session: ProfileSession<'a>,
    new_token: &'a NewToken,
    targets: &'a [SecretDestination],
    /// What was written into env files besides the key.
    written_variables: mpsc::Receiver<String>,
}

impl CreateCommand<'_> {
    fn run(
        &self,
        env_file: Option<&SecretTarget>,
        can_replace: bool,
    ) -> Result<ExitStatus, Failure> {
        let exit = if self.targets.is_empty() || env_file.is_some() {
            self.create_shown_or_in_file(env_file)
        } else {
            self.create_for_targets(can_replace)
        }?;
        // With `--json`, the result does not name them.
        for text in self.written_variables.try_iter() {
            self.app.shell.notice(text);
        }
        Ok(exit)
    }

    /// Creates a token, and prints its secret or writes it to the env file.
    fn create_shown_or_in_file(
        &self,
        env_file: Option<&SecretTarget>,
    ) -> Result<ExitStatus, Failure> {
        let (app, session) = (self.app, self.session);
        let decide = |orphan: &Orphan| should_revoke(app, orphan);
        let work = || session.create_token_with_journal(self.new_token, env_file, &decide);
        let operation = Operation::creation(session);
        let mut token = block_on_interruptible(session.context, work)
            .map_err(|failure| operation.explain_creation(failure))?;
        let is_in_file = env_file.is_some() && !app.shell.options().json;
        if !is_in_file {
            token.begin_delivery();
        }
        let secret = &token.created.secret;
        let output = CreateOutput {
            secret: env_file.is_none().then(|| Exposed(secret.clone())),
            targets: self.targets.iter().map(TargetView::written).collect(),
            written: self.targets.iter().collect(),
            ..CreateOutput::new(self, &token.created.token)
        };
        let printed = app.print(&output);
        if is_in_file {
            return printed;
        }
        let exit = printed.map_err(|_| secret_lost_error(&token.created))?;
        token.finish_delivery();
        Ok(exit)
    }

    /// Creates a token and writes its secret to several targets. Reports the failed ones.
    fn create_for_targets(&self, can_replace: bool) -> Result<ExitStatus, Failure> {
        let (app, session) = (self.app, self.session);
        let targets = CreationTargets {
            destinations: self.targets,
            can_replace,
        };
        let decide = |orphan: &Orphan| should_revoke(app, orphan);
        let work = || session.create_token_for_targets(self.new_token, targets, &decide);
        let operation = Operation::creation(session);
        let delivered = block_on_interruptible(session.context, work)
            .map_err(|failure| operation.explain_creation(failure))?;
        let written = self.targets.iter().zip(&delivered.outcomes);
        let written = written.filter(|(_, outcome)| outcome.is_written());
        let output = CreateOutput {
            targets: delivered.outcomes.iter().map(TargetView::from).collect(),
            written: written.map(|(target, _)| target).collect(),
            ..CreateOutput::new(self, &delivered.token)
        };
        app.print(&output)?;
        Ok(report_failed_targets(app, delivered))
    }
}

/// Reports the targets that do not have the secret.
fn report_failed_targets(app: &App, delivered: DeliveredToken) -> ExitStatus {
    let total = delivered.outcomes.len();
    let failed = delivered.outcomes.into_iter();
    let failed: Vec<_> = failed.filter_map(|outcome| outcome.error).collect();
    if failed.is_empty() {
        return SUCCESS;
    }
    let count = failed.len();
    for error in failed {
        report_on_stderr(&app.shell, &Failure::from(*error));
    }
    let all = format_count(total, "target");
    let verb = plural(count, "does", "do");
    let text = format!("the token was created, but {count} of {all} {verb} not have its secret");
    let id = delivered.token.id.map(|id| id.to_string());
    let rotate = CommandLine::from("token rotate");
    let hint = Hint::from("fix them; then ")
        .command(id.into_iter().fold(rotate, CommandLine::argument))
        .text(" writes a new secret to all targets");
    let failure = Failure::new(Code::Failed, text).with_hint(hint);
    report_on_stderr(&app.shell, &failure)
}

/// The token with its secret, unless that went to targets.
#[derive(Serialize)]
struct CreateOutput<'a> {
    #[serde(flatten)]
    token: &'a ApiToken,
    secret: Option<Exposed>,
    /// Only if targets were named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<TargetView>,
    #[serde(skip)]
    command: &'a CreateCommand<'a>,
    /// The targets that have the secret.
    #[serde(skip)]
    written: Vec<&'a SecretDestination>,
}

impl<'a> CreateOutput<'a> {
    /// A token whose secret is not shown.
    fn new(command: &'a CreateCommand<'a>, token: &'a ApiToken) -> Self {
        Self {
            token,
            secret: None,
            targets: Vec::new(),
            command,
            written: Vec::new(),
        }
    }

    /// When the new token expires, what it is not, or is by the credential in use alone.
    fn print_notes(&self, shell: &Shell) {
        let CreateCommand {
            session, new_token, ..
        } = self.command;
        let descriptor = &session.target.descriptor;
        if let TokenExpiry::At(time) = self.token.expiry() {
            let relative = format_relative(session.context.now(), time);
            shell.note(format!("it expires {relative}"));
        }
        if self.token.name.is_none() && !new_token.name.is_empty() {
            let service = &descriptor.name;
            shell.note(format!("{service} tokens have no names; use the id"));
        }
        let reports_spaces = descriptor.whoami.as_ref();
        let reports_spaces = reports_spaces.is_some_and(|call| call.space.is_some());
        if new_token.space.is_none() && reports_spaces {
            let text = "it belongs to the account or space of the credential in use; run ";
            shell.note(Hint::from(text).command("whoami").text(" to see which"));
        }
    }
}

impl CommandOutput for CreateOutput<'_> {
    fn lost_secret_warning(&self) -> Option<Warning> {
        self.secret.as_ref()?;
        let text = "the output leaves out the secret of the new token, which cannot be shown again";
        Some(Warning::with_hint(text, revoke_hint(self.token)))
    }

    fn secrets(&self) -> Vec<Secret> {
        let secret = self.secret.as_ref();
        secret
            .into_iter()
            .map(|Exposed(secret)| secret.clone())
            .collect()
    }

    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let name = self.token.name.as_ref();
        let name = name.map_or_else(|| "a token".to_owned(), |name| format!("token `{name}`"));
        let space = self.command.new_token.space.as_ref();
        let space = space.map_or_else(String::new, |space| format!(" in space {space}"));
        let id = self.token.id.as_ref();
        let id = id.map_or_else(String::new, |id| format!(" (id {id})"));
        let text = format!("Created {name}{space}{id}");
        shell.status(Line::success(text));
        self.print_notes(shell);
        if let Some(Exposed(secret)) = &self.secret {
            shell.secret(secret)?;
            shell.note("the secret is shown only once");
        }
        for target in &self.written {
            shell.result(super::secret_location(target))?;
        }
        for text in self.command.written_variables.try_iter() {
            shell.notice(text);
        }
        for target in &self.written {
            // A key in another variable is not a credential source.
            if let SecretDestination::EnvFile(path) = target
                && let Some(directory) = self.command.session.find_directory_using_file(path)
            {
                let directory = directory.display();
                shell.note(format!(
                    "this key is now used in {directory} and its subdirectories"
                ));
            }
        }
        Ok(())
    }
}

/// Asks whether to revoke a token that an interrupted creation left behind. Without a prompt, only a token that certainly
/// is one is revoked.
fn should_revoke(app: &App, orphan: &Orphan) -> Result<bool, ActionError> {
    if !app.can_prompt() {
        return revoke_if_proven(orphan);
    }
    let name = orphan.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" (`{name}`)"));
    let origin = if orphan.is_proven {
        "was left by an interrupted `token create`, and its secret is lost".to_owned()
    } else if orphan.written_to.is_empty() {
        "may be from an interrupted `token create`".to_owned()
    } else {
        let files = delivery_state(&orphan.written_to);
        format!("is from an interrupted `token create`, and {files}")
    };
    let question = format!("Token {}{name} {origin}. Revoke it?", orphan.id);
    match prompt::confirm(&app.shell, &question, orphan.is_proven) {
        Err(PromptError::Interrupted) => Err(ActionError::Interrupted),
        answer => Ok(answer.unwrap_or(false)),
    }
}

/// Asks before keys are replaced, and returns whether there are any. Without a prompt, replacing one is an error.
fn confirm_replace(
    app: &App,
    session: ProfileSession<'_>,
    targets: &[SecretDestination],
) -> Result<bool, Failure> {
    if !app.can_prompt() || !app.shell.terminal().stderr {
        return Ok(false);
    }
    let mut has_keys = false;
    for target in targets {
        let Some(ExistingKey { path, name }) = session.find_existing_key(target)? else {
            continue;
        };
        has_keys = true;
        let question = format!(
            "{} already sets {name}. Replace that key? It stays valid until it is revoked",
            path.display()
        );
        if !prompt::confirm(&app.shell, &question, false)? {
            return Err(Failure::new(Code::Denied, "no token was created"));
        }
    }
    Ok(has_keys)
}

/// A secret that could not be printed is a failure, also if the pipe was closed.
fn secret_lost_error(created: &CreatedToken) -> Failure {
    let message = "created the token, but cannot write its secret";
    Failure::new(Code::Failed, message).with_hint(revoke_hint(&created.token))
}

fn revoke_hint(token: &ApiToken) -> Hint {
    match &token.id {
        Some(id) => Hint::run(CommandLine::from("token revoke").argument(id)),
        None => Hint::from("find it with ")
            .command("token list")
            .text(", then revoke it"),
    }
}
