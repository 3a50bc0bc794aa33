//! `token create`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::kind::KindArgs;
use crate::actions::{Context, Orphan, SecretTarget, Target, revoke_if_proven};
use crate::cli::app::{App, block_on_interruptible, require_stdout};
use crate::cli::duration_arg;
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::help_text::after_help;
use crate::domain::{CreatedToken, TokenKind};
use crate::provider::TokenVerb;
use crate::service::NewToken;
use crate::ui::{Span, prompt};

#[derive(Debug, Args)]
#[command(
    mut_arg("permanent", |arg| arg.help("Create a token that does not expire")),
    mut_arg("temporary", |arg| arg.help("Create a token that expires")),
    after_help = after_help! {
    examples: [
        "brainmaps token create \"nightly build\"",
        "brainmaps token create ci --expires-in 90d --env-file .env",
        "brainmaps token create ci --json | jq -r .secret",
    ],
    see: "brainmaps token list, brainmaps token rotate, brainmaps token revoke"
}
)]
pub struct CreateArgs {
    /// Name of the token, if the service's tokens have names
    name: Option<String>,
    #[command(flatten)]
    kind: KindArgs,
    /// Grant this permission (repeatable)
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// Restrict the token to this scope (repeatable)
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Set the token's lifetime in whole days, for example `90d`
    #[arg(long, value_name = "TIME", value_parser = duration_arg::parse_days)]
    expires_in: Option<u32>,
    /// Create the token in the space with this id
    #[arg(long, value_name = "ID")]
    space: Option<String>,
    /// Write the secret to this env file instead of printing it
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Replace a key that the env file already has; the old key stays valid
    #[arg(long, requires = "env_file")]
    force: bool,
}

pub(super) fn run(app: &App, args: CreateArgs) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    let new_token = NewToken {
        name: args.name.unwrap_or_default(),
        permanent: args.kind.kind().map(|kind| kind == TokenKind::Permanent),
        permissions: args.permission,
        scopes: args.scope,
        expires_in_days: args.expires_in,
        space: args.space,
    };
    if args.env_file.is_none() {
        require_stdout()?;
    }
    let env_file = args.env_file.map(|path| SecretTarget {
        can_replace: args.force,
        ..SecretTarget::env_file(path)
    });
    let asked = env_file.map(|wanted| confirm_replace(app, &context, &target, wanted));
    let env_file = asked.transpose()?;
    let decide = |orphan: &Orphan| should_revoke(app, orphan);
    let work = || {
        context
            .session(&target)
            .create_token_with_journal(&new_token, env_file.as_ref(), &decide)
    };
    let created = block_on_interruptible(&context, work);
    let mut token = created.map_err(|failure| with_may_exist_hint(&target, failure))?;
    if let (Some(destination), false) = (&env_file, app.shell.options().json) {
        print_created(app, &target, &new_token, &token.created);
        return print_secret_location(app, &context, &target, destination);
    }
    token.begin_delivery();
    if app.shell.options().json {
        print_document(app, &token.created, env_file.is_none())?;
    } else {
        print_created(app, &target, &new_token, &token.created);
        print_secret(app, &token.created)?;
    }
    token.finish_delivery();
    Ok(SUCCESS)
}

fn print_document(app: &App, created: &CreatedToken, with_secret: bool) -> Result<(), Failure> {
    let printed = app.shell.document(&document(created, with_secret));
    printed.map_err(|_| secret_lost_error(created))
}

fn print_secret(app: &App, created: &CreatedToken) -> Result<(), Failure> {
    let printed = app.shell.secret(&created.secret);
    printed.map_err(|_| secret_lost_error(created))?;
    app.shell.note("the secret is shown only once");
    Ok(())
}

/// Says which file holds the secret, and where it is used from now on.
fn print_secret_location(
    app: &App,
    context: &Context,
    target: &Target,
    destination: &SecretTarget,
) -> Result<ExitStatus, Failure> {
    app.shell
        .result(super::secret_location(&destination.path))?;
    if let Some(directory) = context
        .session(target)
        .find_directory_using_file(&destination.path)
    {
        let directory = directory.display();
        let note = format!("this key is now used in {directory} and its subdirectories");
        app.shell.note(note);
    }
    Ok(SUCCESS)
}

/// Asks whether to revoke a token that an interrupted creation left behind. Without a prompt, only a token that certainly
/// is one is revoked.
fn should_revoke(app: &App, orphan: &Orphan) -> bool {
    if !app.can_prompt() {
        return revoke_if_proven(orphan);
    }
    let name = orphan.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" (`{name}`)"));
    let origin = if orphan.is_proven {
        "was left by an interrupted `token create`, and its secret is lost"
    } else {
        "may be from an interrupted `token create`"
    };
    let question = format!("Token {}{name} {origin}. Revoke it?", orphan.id);
    prompt::confirm(&app.shell, &question, orphan.is_proven).unwrap_or(false)
}

/// Asks before a key is replaced. Without a prompt, replacing it is an error.
fn confirm_replace(
    app: &App,
    context: &Context,
    target: &Target,
    destination: SecretTarget,
) -> Result<SecretTarget, Failure> {
    if destination.can_replace || !app.can_prompt() || !app.shell.terminal().stderr {
        return Ok(destination);
    }
    let Some(variable) = context.session(target).find_existing_key(&destination)? else {
        return Ok(destination);
    };
    let question = format!(
        "{} already sets {variable}. Replace that key? It stays valid until it is revoked",
        destination.path.display()
    );
    if !prompt::confirm(&app.shell, &question, false)? {
        return Err(Failure::new(Code::Denied, "no token was created"));
    }
    Ok(destination.allow_replacing())
}

/// Says what was made.
fn print_created(app: &App, target: &Target, new_token: &NewToken, created: &CreatedToken) {
    let name = created.token.name.as_ref();
    let name = name.map_or_else(|| "a token".to_owned(), |name| format!("token `{name}`"));
    let space = new_token.space.as_ref();
    let of = space.map_or_else(String::new, |space| format!(" in space {space}"));
    let id = created.token.id.as_ref();
    let id = id.map_or_else(String::new, |id| format!(" (id {id})"));
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(" Created {name}{of}{id}")),
    ]);
    print_notes(app, target, new_token, created);
}

/// Nobody has its secret then.
fn with_may_exist_hint(target: &Target, failure: Failure) -> Failure {
    failure.hint_if_unanswered(if target.descriptor.tokens.supports(TokenVerb::List) {
        "the service may have created the token: the next `brainmaps token create` looks for it, or find it with \
         `brainmaps token list` and run `brainmaps token revoke ID`"
    } else {
        "the service may have created the token: look for it on the website of the service"
    })
}

/// What the new token is not, or is by the credential in use alone.
fn print_notes(app: &App, target: &Target, new_token: &NewToken, created: &CreatedToken) {
    let service = &target.descriptor.name;
    if created.token.name.is_none() && !new_token.name.is_empty() {
        app.shell
            .note(format!("{service} tokens have no names; use the id"));
    }
    let whoami = target.descriptor.whoami.as_ref();
    if new_token.space.is_none() && whoami.is_some_and(|call| call.space.is_some()) {
        let options = app.globals.as_flags_text();
        app.shell.note(format!(
            "it belongs to the account or space of the credential in use; run `brainmaps{options} whoami` to see \
             which"
        ));
    }
}

/// A secret that could not be printed is a failure, also if the pipe was closed.
fn secret_lost_error(created: &CreatedToken) -> Failure {
    let id = created.token.id.as_ref();
    let command = id.map_or_else(
        || "find it with `brainmaps token list`, then revoke it".to_owned(),
        |id| format!("run `brainmaps token revoke {id}`"),
    );
    let message = "created the token, but cannot write its secret";
    Failure::new(Code::Failed, message).with_hint(command)
}

/// The token with its secret, unless that went into a file.
fn document(created: &CreatedToken, with_secret: bool) -> Value {
    let mut value = json!(created.token);
    value["secret"] = if with_secret {
        json!(created.secret.expose())
    } else {
        Value::Null
    };
    value
}
