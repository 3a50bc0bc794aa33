//! `token revoke --temporary|--permanent|--all`: one call ends them.

use serde_json::json;

use crate::actions::{Context, ListOptions, Purpose, Target};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::domain::{TokenId, TokenKind};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::ui::{Span, prompt};

/// What the user said besides which ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct RevokeManyOptions {
    pub(super) yes: bool,
    pub(super) dry_run: bool,
}

pub(super) fn run(
    app: &App,
    kind: Option<TokenKind>,
    options: RevokeManyOptions,
) -> Result<ExitStatus, Failure> {
    let (context, target) = app.context_and_target()?;
    ensure_supported(&target.descriptor, TokenVerb::RevokeMany)?;
    let which = kind.map_or("all", TokenKind::label);
    if options.dry_run {
        return dry_run(app, &context, &target, kind);
    }
    if !options.yes {
        context
            .session(&target)
            .report_file_choice(Purpose::Change)?;
        confirm(app, &target, kind, which)?;
    }
    block_on_interruptible(&context, || context.session(&target).revoke_many(kind))
        .map_err(|failure| failure.hint_if_unanswered(MAY_BE_REVOKED))?;
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.name, "provider": target.descriptor.id, "revoked": which,
        }))?;
        return Ok(SUCCESS);
    }
    app.shell.result([
        Span::good("✓"),
        Span::plain(format!(
            " Revoked {which} tokens of profile `{}`",
            target.name
        )),
    ])?;
    if kind.is_none() {
        app.shell.note(format!(
            "the token in use was revoked too; run `brainmaps --profile {} login`",
            target.name
        ));
    }
    Ok(SUCCESS)
}

const MAY_BE_REVOKED: &str =
    "the service may have revoked some or all of them; run `brainmaps token list --all` to see";

/// Asks for confirmation. Without a prompt, `--yes` is required: the token in use may be of any kind.
fn confirm(
    app: &App,
    target: &Target,
    kind: Option<TokenKind>,
    which: &str,
) -> Result<(), Failure> {
    if !app.can_prompt() {
        let message = format!("revoking {which} tokens requires --yes when prompting is disabled");
        return Err(Failure::new(Code::Usage, message).with_hint(in_use_warning(kind).to_owned()));
    }
    let question = format!(
        "Revoke {which} tokens of profile `{}` at {}? {}. This cannot be undone",
        target.name,
        target.descriptor.name,
        in_use_warning(kind)
    );
    if prompt::confirm(&app.shell, &question, false)? {
        return Ok(());
    }
    Err(Failure::new(Code::Denied, "nothing was revoked"))
}

fn in_use_warning(kind: Option<TokenKind>) -> &'static str {
    match kind {
        None => "This includes the token in use",
        Some(TokenKind::Permanent) => "This includes the token in use if it is permanent",
        Some(TokenKind::Temporary) => "This includes the token in use if it is temporary",
    }
}

/// Lists the tokens that would be revoked, since the service has no such call.
fn dry_run(
    app: &App,
    context: &Context,
    target: &Target,
    kind: Option<TokenKind>,
) -> Result<ExitStatus, Failure> {
    let options = ListOptions {
        all: true,
        kind,
        ..ListOptions::default()
    };
    let list = block_on_interruptible(context, || context.session(target).list_tokens(&options))?;
    let ids: Vec<TokenId> = list
        .tokens
        .into_iter()
        .filter_map(|token| token.id)
        .collect();
    print_dry_run(app, target, &ids)
}

pub(super) fn print_dry_run(
    app: &App,
    target: &Target,
    ids: &[TokenId],
) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.name, "provider": target.descriptor.id, "dry_run": true, "would_revoke": ids,
        }))?;
    } else if ids.is_empty() {
        app.shell.result("nothing to revoke")?;
    } else {
        let ids: Vec<String> = ids.iter().map(TokenId::to_string).collect();
        let (ids, profile) = (ids.join(", "), &target.name);
        app.shell
            .result(format!("would revoke {ids} of profile `{profile}`"))?;
    }
    Ok(SUCCESS)
}
