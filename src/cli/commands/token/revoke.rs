//! `token revoke`

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde_json::{Value, json};

use super::kind::KindArgs;
use super::revoke_many::{self, RevokeManyOptions};
use crate::actions::{ActionError, Context, Event, Purpose, Revocation, Target, TokenArgument};
use crate::cli::app::{App, run_to_completion};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::domain::TokenId;
use crate::host::shutdown_signal;
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::ui::{Progress, Span, prompt};

/// A token, what became of it, and why it is not gone.
struct RevokeResult {
    id: TokenId,
    status: RevokeStatus,
    failure: Option<Failure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RevokeStatus {
    Revoked,
    Failed,
    /// Interrupted before a response was received.
    Unknown,
    /// Interrupted before its turn.
    NotSent,
}

const STATUSES: [RevokeStatus; 4] = [
    RevokeStatus::Revoked,
    RevokeStatus::Failed,
    RevokeStatus::Unknown,
    RevokeStatus::NotSent,
];

impl RevokeResult {
    fn from_revocation(revocation: Revocation) -> Self {
        let status = match revocation.outcome {
            Ok(()) => RevokeStatus::Revoked,
            Err(ActionError::InterruptedAfterRequest) => RevokeStatus::Unknown,
            Err(ActionError::InterruptedBeforeRequest) => RevokeStatus::NotSent,
            Err(_) => RevokeStatus::Failed,
        };
        Self {
            id: revocation.id,
            status,
            failure: revocation.outcome.err().map(Failure::from),
        }
    }

    fn is_interrupted(&self) -> bool {
        matches!(self.status, RevokeStatus::Unknown | RevokeStatus::NotSent)
    }

    fn document(&self) -> Value {
        let revoked =
            (self.status != RevokeStatus::Unknown).then_some(self.status == RevokeStatus::Revoked);
        json!({ "id": self.id, "revoked": revoked, "error": self.failure })
    }
}

#[derive(Debug, Args)]
#[command(
    before_help = "The service rejects a revoked token immediately. Revoking cannot be undone.", help_template = WITH_DETAILS,
    mut_arg("permanent", |arg| arg.help("Revoke all permanent tokens")),
    mut_arg("temporary", |arg| arg.help("Revoke all temporary tokens")),
    after_help = after_help! {
    examples: [
        "brainmaps token revoke 12",
        "brainmaps token revoke 12 13 14 --yes",
        "brainmaps token revoke --temporary --dry-run",
    ],
    see: "brainmaps token list, brainmaps token rotate, brainmaps logout"
}
)]
#[group(id = "which", required = true, multiple = true, args = ["ids", "permanent", "temporary", "all"])]
pub struct RevokeArgs {
    /// Ids of the tokens, as `token list` prints them
    #[arg(value_name = "ID", conflicts_with_all = ["permanent", "temporary", "all"])]
    ids: Vec<TokenArgument>,
    #[command(flatten)]
    kind: KindArgs,
    /// Revoke all tokens, including the one in use
    #[arg(long, conflicts_with_all = ["permanent", "temporary"])]
    all: bool,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
    /// Print what would be revoked and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(app: &App, args: &RevokeArgs) -> Result<ExitStatus, Failure> {
    if args.ids.is_empty() {
        let options = RevokeManyOptions {
            yes: args.yes,
            dry_run: args.dry_run,
        };
        return revoke_many::run(app, args.kind.kind(), options);
    }
    let done = Arc::new(AtomicUsize::new(0));
    let (context, target) = context_with_counter(app, Arc::clone(&done))?;
    ensure_supported(&target.descriptor, TokenVerb::Revoke)?;
    let purpose = if args.dry_run {
        Purpose::Read
    } else {
        Purpose::Change
    };
    let ids = TokenArgument::resolve_all(&args.ids, context.session(&target), purpose)?;
    if args.dry_run {
        return revoke_many::print_dry_run(app, &target, &ids);
    }
    if !args.yes && app.can_prompt() {
        let (profile, service) = (&target.name, &target.descriptor.name);
        let names = id_list(&ids);
        let question =
            format!("Revoke {names} of profile `{profile}` at {service}? This cannot be undone");
        if !prompt::confirm(&app.shell, &question, false)? {
            return Err(Failure::new(Code::Denied, "nothing was revoked"));
        }
    }
    let of = ids.len();
    let text = || progress_bar(done.load(Ordering::Relaxed), of);
    let done = run_to_completion(|| async {
        let work = context
            .session(&target)
            .revoke_tokens_until(&ids, shutdown_signal());
        let done = Progress::new(&app.shell).run_while(text, work).await;
        Ok(done?)
    });
    context.warn_about_clock_skew();
    print_results(app, &target, done?)
}

/// A context that counts the steps done.
fn context_with_counter(app: &App, count: Arc<AtomicUsize>) -> Result<(Context, Target), Failure> {
    let shell = Arc::clone(&app.shell);
    let context = app.context_with_events(move |event| match event {
        Event::Progress { done, .. } => count.store(*done, Ordering::Relaxed),
        Event::Warning(text) => shell.warning(text.as_str()),
        _ => {}
    })?;
    let target = Target::resolve(&context)?;
    Ok((context, target))
}

/// How far it is: `[#####...............] 250 of 1000 revoked`.
fn progress_bar(done: usize, total: usize) -> String {
    const WIDTH: usize = 20;
    let full = done * WIDTH / total.max(1);
    format!(
        "[{}{}] {done} of {total} revoked",
        "#".repeat(full),
        ".".repeat(WIDTH - full.min(WIDTH))
    )
}

/// The ids for people: all of a few, the first of many.
fn id_list(ids: &[TokenId]) -> String {
    const MOST: usize = 10;
    let some = ids.iter().take(MOST).map(TokenId::to_string);
    let some = some.collect::<Vec<_>>().join(", ");
    match ids.len().checked_sub(MOST) {
        None | Some(0) => some,
        Some(rest) => format!("{some} and {rest} more"),
    }
}

/// Each outcome, then the sum; the exit status of the first failure or of the interruption is used.
fn print_results(app: &App, target: &Target, done: Vec<Revocation>) -> Result<ExitStatus, Failure> {
    let outcomes: Vec<RevokeResult> = done
        .into_iter()
        .map(RevokeResult::from_revocation)
        .collect();
    let interrupted = outcomes.iter().any(RevokeResult::is_interrupted);
    let interrupted = interrupted.then(Failure::interrupted);
    let failed = || outcomes.iter().find_map(|one| one.failure.as_ref());
    let worst = interrupted.as_ref().or_else(failed);
    let exit = worst.map_or(SUCCESS, |failure| failure.code.exit());
    if app.shell.options().json {
        let mut document = json!({
            "profile": target.name,
            "provider": target.descriptor.id,
            "results": outcomes.iter().map(RevokeResult::document).collect::<Vec<_>>(),
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

fn show(app: &App, outcomes: Vec<RevokeResult>) -> Result<(), Failure> {
    let all = outcomes.len();
    let count = |status| outcomes.iter().filter(|one| one.status == status).count();
    let [revoked, failed, unknown, not_sent] = STATUSES.map(count);
    for RevokeResult { id, failure, .. } in outcomes {
        match failure {
            None => app
                .shell
                .result([Span::good("✓"), Span::plain(format!(" Revoked {id}"))])?,
            Some(failure) if all == 1 => return Err(failure),
            Some(failure) => app.shell.error(format!("{id}: {}", failure.message)),
        }
    }
    if all > 1 {
        let rest = match unknown + not_sent {
            0 => String::new(),
            _ => format!(", {unknown} unknown, {not_sent} not sent"),
        };
        app.shell
            .result(format!("{revoked} revoked, {failed} failed{rest}"))?;
    }
    Ok(())
}
