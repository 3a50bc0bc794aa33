//! `token revoke`

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde_json::{Value, json};

use super::kind::KindArgs;
use super::revoke_many::{self, Wish};
use crate::actions::{
    ActionError, Context, Event, Purpose, Revocation, Target, TokenArgument, revoke_tokens_until,
};
use crate::cli::app::{App, run_to_end};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::TokenId;
use crate::host::told_to_stop;
use crate::provider::TokenVerb;
use crate::service::require;
use crate::ui::{Progress, Span, ask};

/// A token, what became of it, and why it is not gone.
struct Outcome {
    id: TokenId,
    fate: Fate,
    failure: Option<Failure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Revoked,
    Failed,
    /// Interrupted before there was an answer.
    Unknown,
    /// Interrupted before its turn.
    NotAsked,
}

const FATES: [Fate; 4] = [Fate::Revoked, Fate::Failed, Fate::Unknown, Fate::NotAsked];

impl Outcome {
    fn of(revocation: Revocation) -> Self {
        let fate = match revocation.outcome {
            Ok(()) => Fate::Revoked,
            Err(ActionError::Unanswered) => Fate::Unknown,
            Err(ActionError::NotAsked) => Fate::NotAsked,
            Err(_) => Fate::Failed,
        };
        Self {
            id: revocation.id,
            fate,
            failure: revocation.outcome.err().map(Failure::from),
        }
    }

    fn is_interrupted(&self) -> bool {
        matches!(self.fate, Fate::Unknown | Fate::NotAsked)
    }

    fn document(&self) -> Value {
        let revoked = (self.fate != Fate::Unknown).then_some(self.fate == Fate::Revoked);
        json!({ "id": self.id, "revoked": revoked, "error": self.failure })
    }
}

/// Revokes API tokens. The services reject a revoked token at once; it cannot be brought back. Several ids are revoked 8
/// at a time.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token revoke 3f2a…\n  \
    brainmaps token revoke 12 13 14 --yes\n  \
    brainmaps token revoke --temporary --dry-run\n  \
    brainmaps token revoke --all --yes             the token in use, too")]
#[group(id = "which", required = true, multiple = true, args = ["ids", "permanent", "temporary", "all"])]
pub struct RevokeArgs {
    /// The ids, as `token list` shows them
    #[arg(value_name = "ID", conflicts_with_all = ["permanent", "temporary", "all"])]
    ids: Vec<TokenArgument>,
    #[command(flatten)]
    kind: KindArgs,
    /// All there are, the one in use too
    #[arg(long, conflicts_with_all = ["permanent", "temporary"])]
    all: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Say what would be revoked, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(app: &App, args: &RevokeArgs) -> Result<Exit, Failure> {
    if args.ids.is_empty() {
        let wish = Wish {
            yes: args.yes,
            dry_run: args.dry_run,
        };
        return revoke_many::run(app, args.kind.kind(), wish);
    }
    let done = Arc::new(AtomicUsize::new(0));
    let (context, target) = counting(app, Arc::clone(&done))?;
    require(&target.descriptor, TokenVerb::Revoke)?;
    let purpose = if args.dry_run {
        Purpose::Read
    } else {
        Purpose::Change
    };
    let ids = TokenArgument::resolve_all(&args.ids, (&context, &target), purpose)?;
    if args.dry_run {
        return show_would_revoke(app, &target, &ids);
    }
    if !args.yes && app.may_ask() {
        let (profile, service) = (&target.profile, &target.descriptor.name);
        let names = names(&ids);
        let question =
            format!("Revoke {names} of profile `{profile}` at {service}? This cannot be undone");
        if !ask::confirm(&app.shell, &question, false)? {
            return Err(Failure::new(Code::Denied, "nothing was revoked"));
        }
    }
    let of = ids.len();
    let text = || bar(done.load(Ordering::Relaxed), of);
    let done = run_to_end(|| async {
        let work = revoke_tokens_until(&context, &target, &ids, told_to_stop());
        let done = Progress::new(&app.shell).during(text, work).await;
        Ok(done?)
    });
    context.warn_of_the_clock();
    settle(app, &target, done?)
}

/// A context that counts the steps done.
fn counting(app: &App, count: Arc<AtomicUsize>) -> Result<(Context, Target), Failure> {
    let shell = Arc::clone(&app.shell);
    let context = app.context_telling(move |event| match event {
        Event::Step { done, .. } => count.store(*done, Ordering::Relaxed),
        Event::Warning(text) => shell.warning(text.as_str()),
        _ => {}
    })?;
    let target = Target::resolve(&context)?;
    Ok((context, target))
}

/// How far it is: `[#####...............] 250 of 1000 revoked`.
fn bar(done: usize, of: usize) -> String {
    const WIDTH: usize = 20;
    let full = done * WIDTH / of.max(1);
    format!(
        "[{}{}] {done} of {of} revoked",
        "#".repeat(full),
        ".".repeat(WIDTH - full.min(WIDTH))
    )
}

/// The ids for people: all of a few, the first of many.
fn names(ids: &[TokenId]) -> String {
    const MOST: usize = 10;
    let some = ids.iter().take(MOST).map(TokenId::to_string);
    let some = some.collect::<Vec<_>>().join(", ");
    match ids.len().checked_sub(MOST) {
        None | Some(0) => some,
        Some(rest) => format!("{some} and {rest} more"),
    }
}

pub(super) fn show_would_revoke(
    app: &App,
    target: &Target,
    ids: &[TokenId],
) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({
            "profile": target.profile, "provider": target.descriptor.id, "dry_run": true, "would_revoke": ids,
        }))?;
    } else if ids.is_empty() {
        app.shell.result("there is nothing to revoke")?;
    } else {
        let ids: Vec<String> = ids.iter().map(TokenId::to_string).collect();
        let (ids, profile) = (ids.join(", "), &target.profile);
        app.shell
            .result(format!("would revoke {ids} of profile `{profile}`"))?;
    }
    Ok(DONE)
}

/// Each outcome, then the sum; the exit status is that of the first failure, or of the interruption.
fn settle(app: &App, target: &Target, done: Vec<Revocation>) -> Result<Exit, Failure> {
    let outcomes: Vec<Outcome> = done.into_iter().map(Outcome::of).collect();
    let interrupted = outcomes.iter().any(Outcome::is_interrupted);
    let interrupted = interrupted.then(Failure::interrupted);
    let failed = || outcomes.iter().find_map(|one| one.failure.as_ref());
    let worst = interrupted.as_ref().or_else(failed);
    let exit = worst.map_or(DONE, |failure| failure.code.exit());
    if app.shell.options().json {
        let mut document = json!({
            "profile": target.profile,
            "provider": target.descriptor.id,
            "results": outcomes.iter().map(Outcome::document).collect::<Vec<_>>(),
        });
        if let Some(worst) = worst {
            document["error"] = json!(worst);
        }
        app.shell.document(&document)?;
        return Ok(exit);
    }
    show(app, outcomes)?;
    Ok(exit)
}

fn show(app: &App, outcomes: Vec<Outcome>) -> Result<(), Failure> {
    let all = outcomes.len();
    let count = |fate| outcomes.iter().filter(|one| one.fate == fate).count();
    let [revoked, failed, unknown, not_asked] = FATES.map(count);
    for Outcome { id, failure, .. } in outcomes {
        match failure {
            None => app
                .shell
                .result([Span::good("✓"), Span::plain(format!(" revoked {id}"))])?,
            Some(failure) if all == 1 => return Err(failure),
            Some(failure) => app.shell.error(format!("{id}: {}", failure.message)),
        }
    }
    if all > 1 {
        let rest = match unknown + not_asked {
            0 => String::new(),
            _ => format!(", {unknown} not known, {not_asked} not asked"),
        };
        app.shell
            .result(format!("{revoked} revoked, {failed} failed{rest}"))?;
    }
    Ok(())
}
