//! `token create`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::kind::KindArgs;
use crate::actions::{
    Context, Orphan, SecretTarget, Target, create_recorded, key_to_replace, revoke_proven,
    used_below,
};
use crate::cli::app::{App, block_on, require_stdout};
use crate::cli::{Code, DONE, Exit, Failure, span};
use crate::domain::{MintedToken, TokenKind};
use crate::service::NewToken;
use crate::ui::{Span, ask};

/// Makes an API token. Its secret is shown this once, or goes straight into an env file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token create \"nightly build\"\n  \
    brainmaps token create ci --env-file .env      the secret is never shown\n  \
    brainmaps token create ci --json | jq -r .secret")]
pub struct CreateArgs {
    /// What to call it, where the service's tokens have names
    name: Option<String>,
    #[command(flatten)]
    kind: KindArgs,
    /// What it may do; may be repeated
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// On what it may do it; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// How long it lives: 90d, 2w
    #[arg(long, value_name = "TIME", value_parser = span::parse_days)]
    expires_in: Option<u32>,
    /// One of a space, by its id
    #[arg(long, value_name = "ID")]
    space: Option<String>,
    /// Write the secret to this env file instead of showing it
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Replace a key that is in the env file already; the old key still works
    #[arg(long, requires = "env_file")]
    force: bool,
}

pub(super) fn run(app: &App, args: CreateArgs) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    let wanted = NewToken {
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
        replaces: args.force,
        ..SecretTarget::env_file(path)
    });
    let asked = env_file.map(|wanted| ask_to_replace(app, &context, &target, wanted));
    let env_file = asked.transpose()?;
    let decide = |orphan: &Orphan| is_to_be_revoked(app, orphan);
    let work = || create_recorded(&context, &target, &wanted, env_file.as_ref(), &decide);
    let mut token = block_on(&context, work).map_err(perhaps_made)?;
    if let (Some(place), false) = (&env_file, app.shell.options().json) {
        tell(app, &wanted, &token.minted);
        remark(app, &target, &wanted, &token.minted);
        return show_place(app, &context, &target, place);
    }
    token.begin_delivery();
    let minted = &token.minted;
    if app.shell.options().json {
        let document = created(minted, env_file.is_none());
        app.shell.document(&document).map_err(|_| lost(minted))?;
    } else {
        tell(app, &wanted, minted);
        remark(app, &target, &wanted, minted);
        app.shell.secret(&minted.secret).map_err(|_| lost(minted))?;
        app.shell
            .note("this is the only time that the secret is shown");
    }
    token.delivered();
    Ok(DONE)
}

/// Says which file holds the secret, and where it is used from now on.
fn show_place(
    app: &App,
    context: &Context,
    target: &Target,
    place: &SecretTarget,
) -> Result<Exit, Failure> {
    app.shell.result(super::secret_is_in(&place.path))?;
    if let Some(directory) = used_below(context, target, &place.path) {
        let directory = directory.display();
        let note = format!("from now on this key is used in {directory} and below");
        app.shell.note(note);
    }
    Ok(DONE)
}

/// Asks whether to revoke a token that an earlier creation left behind. Where nobody can be asked, what is proven to be
/// one is revoked.
fn is_to_be_revoked(app: &App, orphan: &Orphan) -> bool {
    if !app.may_ask() {
        return revoke_proven(orphan);
    }
    let name = orphan.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" (`{name}`)"));
    let origin = if orphan.is_proven {
        "was left behind by a `token create` that was cut short, and nobody has its secret"
    } else {
        "may be from a `token create` that was cut short"
    };
    let question = format!("Token {}{name} {origin}. Revoke it?", orphan.id);
    ask::confirm(&app.shell, &question, orphan.is_proven).unwrap_or(false)
}

/// Asks before a key is replaced, where somebody can be asked; without, replacing it is an error.
fn ask_to_replace(
    app: &App,
    context: &Context,
    target: &Target,
    wanted: SecretTarget,
) -> Result<SecretTarget, Failure> {
    if wanted.replaces || !app.may_ask() || !app.shell.terminal().stderr {
        return Ok(wanted);
    }
    let Some(variable) = key_to_replace(context, target, &wanted)? else {
        return Ok(wanted);
    };
    let question = format!(
        "{} already sets {variable}. Replace that key? It still works until it is revoked",
        wanted.path.display()
    );
    if !ask::confirm(&app.shell, &question, false)? {
        return Err(Failure::new(Code::Denied, "no token was created"));
    }
    Ok(wanted.replacing())
}

/// Says what was made.
fn tell(app: &App, wanted: &NewToken, minted: &MintedToken) {
    let name = minted.token.name.as_ref();
    let name = name.map_or_else(|| "a token".to_owned(), |name| format!("token `{name}`"));
    let of = wanted.space.as_ref();
    let of = of.map_or_else(String::new, |space| format!(" of space {space}"));
    let id = minted.token.id.as_ref();
    let id = id.map_or_else(String::new, |id| format!(", id {id}"));
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(" made {name}{of}{id}")),
    ]);
}

/// Nobody has its secret then.
fn perhaps_made(failure: Failure) -> Failure {
    failure.where_unanswered(
        "the service may have created the token all the same: the next `brainmaps token create` looks for it, or see \
         `brainmaps token list` and run `brainmaps token revoke ID`",
    )
}

/// What the new token is not, or is by the credential in use alone.
fn remark(app: &App, target: &Target, wanted: &NewToken, minted: &MintedToken) {
    let service = &target.descriptor.name;
    if minted.token.name.is_none() && !wanted.name.is_empty() {
        app.shell.note(format!(
            "{service} tokens have no names; it is known by its id"
        ));
    }
    let whoami = target.descriptor.whoami.as_ref();
    if wanted.space.is_none() && whoami.is_some_and(|call| call.space.is_some()) {
        let options = app.globals.to_repeat();
        app.shell.note(format!(
            "it belongs to the account or space that the credential in use belongs to; `brainmaps{options} whoami` tells \
             which"
        ));
    }
}

/// A secret that reached nobody is no success, even when the reader went away by itself.
fn lost(minted: &MintedToken) -> Failure {
    let id = minted.token.id.as_ref();
    let command = id.map_or_else(
        || "find it with `brainmaps token list`, then revoke it".to_owned(),
        |id| format!("run `brainmaps token revoke {id}`"),
    );
    let message = "the token was made, but its secret could not be written";
    Failure::new(Code::Failed, message).hint(command)
}

/// The token with its secret, unless that went into a file.
fn created(minted: &MintedToken, with_secret: bool) -> Value {
    let mut value = json!(minted.token);
    value["secret"] = if with_secret {
        json!(minted.secret.expose())
    } else {
        Value::Null
    };
    value
}
