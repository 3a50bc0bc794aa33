//! `token revoke --temporary|--permanent|--all`: one call revokes them.

use serde::Serialize;

use super::kind::ServiceKindArgs;
use super::revoke_dry_run;
use crate::actions::{FoundTokens, ListOptions, ProfileSession, Purpose, Target};
use crate::cli::app::{App, CommandOutput, OfProfile, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::domain::{CommandLine, Hint, TokenKind};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::ui::{Line, OutputError, Shell, prompt};

/// The options besides the selection of tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct RevokeManyOptions {
    pub(super) yes: bool,
    pub(super) dry_run: bool,
}

#[derive(Serialize)]
struct RevokedKind {
    /// `all`, `permanent` or `temporary`
    revoked: &'static str,
    #[serde(skip)]
    includes_own: bool,
}

pub(super) fn run(
    app: &App,
    service_kind: &ServiceKindArgs,
    kind: Option<TokenKind>,
    options: RevokeManyOptions,
) -> Result<ExitStatus, Failure> {
    let (context, mut target) = app.context_and_target()?;
    service_kind.select(&mut target, &[])?;
    let session = context.session(&target);
    ensure_supported(&target.descriptor, TokenVerb::RevokeMany)?;
    if options.dry_run {
        return revoke_dry_run::print(app, &target, list_matching(session, kind)?);
    }
    let which = kind.map_or("all", TokenKind::label);
    if !options.yes {
        session.report_file_choice(Purpose::Change)?;
        confirm(app, &target, kind, which)?;
    }
    let revoked = block_on_interruptible(&context, || session.revoke_many(kind));
    revoked.map_err(|failure| failure.hint_if_response_lost(may_be_revoked()))?;
    let revoked = RevokedKind {
        revoked: which,
        includes_own: kind.is_none(),
    };
    app.print(&OfProfile::new(&target, revoked))
}

impl CommandOutput for OfProfile<RevokedKind> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let (which, profile) = (self.result.revoked, &self.profile);
        let text = format!("Revoked {which} tokens of profile `{profile}`");
        shell.result(Line::success(text))?;
        if self.result.includes_own {
            let login = CommandLine::for_profile(profile, "login");
            let hint = Hint::from("the token in use was revoked too; run ").command(login);
            shell.note(hint);
        }
        Ok(())
    }
}

fn may_be_revoked() -> Hint {
    Hint::from("the service may have revoked some or all of them; run ")
        .command("token list --all")
        .text(" to see")
}

/// Asks for confirmation. Without a prompt, `--yes` is required: the token in use may be of any kind.
fn confirm(
    app: &App,
    target: &Target,
    kind: Option<TokenKind>,
    which: &str,
) -> Result<(), Failure> {
    if !app.can_prompt() {
        let message = format!("revoking {which} tokens requires --yes when prompting is disabled");
        return Err(Failure::new(Code::Usage, message).with_hint(in_use_warning(kind)));
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
fn list_matching(
    session: ProfileSession<'_>,
    kind: Option<TokenKind>,
) -> Result<FoundTokens, Failure> {
    let options = ListOptions {
        all: true,
        kind,
        ..ListOptions::default()
    };
    let list = block_on_interruptible(session.context, || session.list_tokens(&options))?;
    let mut found = FoundTokens::default();
    for token in list.tokens {
        found
            .revoked
            .extend(token.id.clone().filter(|_| token.revoked));
        found.ids.extend(token.id);
    }
    Ok(found)
}
