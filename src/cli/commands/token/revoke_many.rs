//! `token revoke --temporary|--permanent|--all`: one call ends them.

use serde_json::json;

use crate::actions::{
    Context, ListOptions, Purpose, Target, list_tokens, report_choice, revoke_many,
};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::{TokenId, TokenKind};
use crate::provider::TokenVerb;
use crate::service::require;
use crate::ui::{Span, ask};

/// What the user said besides which ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) yes: bool,
    pub(super) dry_run: bool,
}

pub(super) fn run(app: &App, kind: Option<TokenKind>, wish: Wish) -> Result<Exit, Failure> {
    let (context, target) = app.context_and_target()?;
    require(&target.descriptor, TokenVerb::RevokeMany)?;
    let which = kind.map_or("all", TokenKind::label);
    if wish.dry_run {
        return would_revoke(app, &context, &target, kind);
    }
    if !wish.yes {
        report_choice(&context, &target, Purpose::Change)?;
        agree(app, &target, kind, which)?;
    }
    block_on(&context, || revoke_many(&context, &target, kind))
        .map_err(|failure| failure.where_unanswered(PERHAPS_GONE))?;
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.profile, "provider": target.descriptor.id, "revoked": which,
        }))?;
        return Ok(DONE);
    }
    app.shell.result([
        Span::good("✓"),
        Span::plain(format!(
            " revoked {which} tokens of profile `{}`",
            target.profile
        )),
    ])?;
    if kind.is_none() {
        app.shell.note(format!(
            "the token in use is gone, too: run `brainmaps --profile {} login`",
            target.profile
        ));
    }
    Ok(DONE)
}

const PERHAPS_GONE: &str =
    "the service may have revoked some or all of them; `brainmaps token list --all` tells";

/// Asks. Where nobody can be asked, nothing goes without `--yes`: the token in use may be of any kind.
fn agree(app: &App, target: &Target, kind: Option<TokenKind>, which: &str) -> Result<(), Failure> {
    if !app.may_ask() {
        let message = format!("revoking {which} tokens needs --yes where nobody can be asked");
        return Err(Failure::new(Code::Usage, message).hint(in_use(kind).to_owned()));
    }
    let question = format!(
        "Revoke {which} tokens of profile `{}` at {}? {}. This cannot be undone",
        target.profile,
        target.descriptor.name,
        in_use(kind)
    );
    if ask::confirm(&app.shell, &question, false)? {
        return Ok(());
    }
    Err(Failure::new(Code::Denied, "nothing was revoked"))
}

fn in_use(kind: Option<TokenKind>) -> &'static str {
    match kind {
        None => "The token in use goes, too",
        Some(TokenKind::Permanent) => "The token in use goes, too, if it is a permanent one",
        Some(TokenKind::Temporary) => "The token in use goes, too, if it is a temporary one",
    }
}

/// The service has no rehearsal: the list tells which it would be.
fn would_revoke(
    app: &App,
    context: &Context,
    target: &Target,
    kind: Option<TokenKind>,
) -> Result<Exit, Failure> {
    let options = ListOptions {
        all: true,
        kind,
        ..ListOptions::default()
    };
    let list = block_on(context, || list_tokens(context, target, &options))?;
    let ids: Vec<TokenId> = list
        .tokens
        .into_iter()
        .filter_map(|token| token.id)
        .collect();
    super::revoke::show_would_revoke(app, target, &ids)
}
