//! `token create`: creates a token, and prints its secret or writes it to a file or targets.

use clap::Args;
use jiff::SignedDuration;
use serde::Serialize;

use super::interrupted::Operation;
use super::kind::{KindArgs, ServiceKindArgs};
use super::password::{ConfirmedCommand, PasswordArgs};
use super::targets::{TargetArgs, TargetView};
use crate::actions::{
    ActionError, CreationTargets, ExistingKey, Orphan, ProfileSession, SecretTarget,
    delivery_state, revoke_if_proven,
};
use crate::cli::app::{App, CommandOutput, Exposed, block_on_interruptible, require_stdout};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS, report_on_stderr};
use crate::cli::options::duration;
use crate::cli::options::help_text::after_help;
use crate::domain::{
    ApiToken, CommandLine, CreatedToken, Hint, Secret, TokenExpiry, TokenKind, format_count,
    format_relative, plural,
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
    let (mut context, mut target) = app.context_and_target()?;
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
    let env_file = args.targets.single_env_file(variable)?;
    let can_replace =
        args.targets.force || confirm_replace(app, context.session(&target), &targets)?;
    let env_file = env_file.map(|wanted| SecretTarget {
        can_replace,
        ..wanted
    });
    new_token.check(&target.descriptor)?;
    let name = Some(&new_token.name).filter(|name| !name.is_empty());
    let command = ConfirmedCommand::new(&TokenVerb::Create, name.as_slice());
    context.typed_secrets = args.password.read(app, &target.descriptor, &command)?;
    let session = context.session(&target);
    if let Some(id) = name.and_then(|name| session.find_recorded_name(name)) {
        app.shell.note(format!("token {id} has the same name"));
    }
    if targets.is_empty() || env_file.is_some() {
        return create_shown_or_in_file(app, session, &new_token, env_file.as_ref());
    }
    let targets = CreationTargets {
        destinations: &targets,
        can_replace,
    };
    create_for_targets(app, session, &new_token, targets)
}

/// Creates a token, and prints its secret or writes it to the env file.
fn create_shown_or_in_file(
    app: &App,
    session: ProfileSession<'_>,
    new_token: &NewToken,
    env_file: Option<&SecretTarget>,
) -> Result<ExitStatus, Failure> {
    let decide = |orphan: &Orphan| should_revoke(app, orphan);
    let work = || session.create_token_with_journal(new_token, env_file, &decide);
    let operation = Operation::creation(session);
    let mut token = block_on_interruptible(session.context, work)
        .map_err(|failure| with_may_exist_hint(&operation, failure))?;
    let is_in_file = env_file.is_some() && !app.shell.options().json;
    if !is_in_file {
        token.begin_delivery();
    }
    let secret = &token.created.secret;
    let output = CreateOutput {
        secret: env_file.is_none().then(|| Exposed(secret.clone())),
        targets: env_file.into_iter().map(TargetView::env_file).collect(),
        env_file,
        ..CreateOutput::new(session, &token.created.token, new_token)
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
fn create_for_targets(
    app: &App,
    session: ProfileSession<'_>,
    new_token: &NewToken,
    targets: CreationTargets<'_>,
) -> Result<ExitStatus, Failure> {
    let decide = |orphan: &Orphan| should_revoke(app, orphan);
    let work = || session.create_token_for_targets(new_token, targets, &decide);
    let operation = Operation::creation(session);
    let delivered = block_on_interruptible(session.context, work)
        .map_err(|failure| with_may_exist_hint(&operation, failure))?;
    let output = CreateOutput {
        targets: delivered.outcomes.iter().map(TargetView::from).collect(),
        ..CreateOutput::new(session, &delivered.token, new_token)
    };
    app.print(&output)?;
    let total = delivered.outcomes.len();
    let failed = delivered.outcomes.into_iter();
    let failed: Vec<_> = failed.filter_map(|outcome| outcome.error).collect();
    if failed.is_empty() {
        return Ok(SUCCESS);
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
    Ok(report_on_stderr(&app.shell, &failure))
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
    session: ProfileSession<'a>,
    #[serde(skip)]
    request: &'a NewToken,
    #[serde(skip)]
    env_file: Option<&'a SecretTarget>,
}

impl<'a> CreateOutput<'a> {
    /// A token whose secret is not shown.
    fn new(session: ProfileSession<'a>, token: &'a ApiToken, request: &'a NewToken) -> Self {
        Self {
            token,
            secret: None,
            targets: Vec::new(),
            session,
            request,
            env_file: None,
        }
    }

    /// When the new token expires, what it is not, or is by the credential in use alone.
    fn print_notes(&self, shell: &Shell) {
        let descriptor = &self.session.target.descriptor;
        if let TokenExpiry::At(time) = self.token.expiry() {
            let relative = format_relative(self.session.context.now(), time);
            shell.note(format!("it expires {relative}"));
        }
        if self.token.name.is_none() && !self.request.name.is_empty() {
            let service = &descriptor.name;
            shell.note(format!("{service} tokens have no names; use the id"));
        }
        let reports_spaces = descriptor.whoami.as_ref();
        let reports_spaces = reports_spaces.is_some_and(|call| call.space.is_some());
        if self.request.space.is_none() && reports_spaces {
            let text = "it belongs to the account or space of the credential in use; run ";
            shell.note(Hint::from(text).command("whoami").text(" to see which"));
        }
    }
}

impl CommandOutput for CreateOutput<'_> {
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
        let space = self.request.space.as_ref();
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
        if self.env_file.is_none() {
            for target in self.targets.iter().filter(|target| target.is_written()) {
                shell.result(format!("wrote the secret to {}", target.name()))?;
            }
        }
        if let Some(file) = self.env_file {
            shell.result(super::secret_location(&file.path))?;
            if let Some(directory) = self.session.find_directory_using_file(&file.path) {
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

/// Adds the hint about a token whose secret may be lost.
fn with_may_exist_hint(operation: &Operation<'_>, failure: Failure) -> Failure {
    let hint = if operation
        .session
        .target
        .descriptor
        .supports(TokenVerb::List)
    {
        Hint::from("the service may have created the token: the next ")
            .command("token create")
            .text(" looks for it, or find it with ")
            .command("token list")
            .text(" and run ")
            .command("token revoke ID")
    } else {
        let text =
            "the service may have created the token: look for it on the website of the service";
        Hint::from(text)
    };
    operation.explain(failure, hint, |id| {
        Hint::from(format!(
            "token {id} was created; if a target lacks its secret, run "
        ))
        .command(CommandLine::from("token rotate").argument(id))
    })
}

/// A secret that could not be printed is a failure, also if the pipe was closed.
fn secret_lost_error(created: &CreatedToken) -> Failure {
    let hint = match &created.token.id {
        Some(id) => Hint::run(CommandLine::from("token revoke").argument(id)),
        None => Hint::from("find it with ")
            .command("token list")
            .text(", then revoke it"),
    };
    let message = "created the token, but cannot write its secret";
    Failure::new(Code::Failed, message).with_hint(hint)
}
