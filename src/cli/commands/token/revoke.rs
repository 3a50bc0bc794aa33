//! `token revoke`: asks for confirmation, revokes tokens, and prints the result for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::kind::{KindArgs, ServiceKindArgs};
use super::password::{ConfirmedCommand, PasswordArgs};
use super::revoke_dry_run;
use super::revoke_many::{self, RevokeManyOptions};
use crate::actions::{
    ActionError, Context, Event, FoundTokens, ProfileSession, Purpose, Revocation, Target,
    TokenArgument,
};
use crate::cli::app::{App, CommandOutput, Runtime};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS, with_error};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialEvent, RepeatedOptions, Secret, TokenId, plural};
use crate::host::shutdown_signal;
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::ui::prompt::{self, PromptError};
use crate::ui::{Line, OutputError, Progress, Shell};
use crate::vault::JournalKind;

/// The result for one token, with the failure if it is not revoked.
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

    fn document(&self, options: &RepeatedOptions) -> Value {
        let revoked =
            (self.status != RevokeStatus::Unknown).then_some(self.status == RevokeStatus::Revoked);
        let error = self
            .failure
            .as_ref()
            .map(|failure| failure.to_json(options));
        json!({ "id": self.id, "revoked": revoked, "error": error })
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
    /// Ids of the tokens; at services with names also their names, or at least the first 6 characters of their ids. `-` reads
    /// them from stdin, one a line
    #[arg(value_name = "ID_OR_NAME", conflicts_with_all = ["permanent", "temporary", "all"])]
    ids: Vec<TokenArgument>,
    #[command(flatten)]
    kind: KindArgs,
    #[command(flatten)]
    service_kind: ServiceKindArgs,
    /// Revoke all tokens, including the one in use
    #[arg(long, conflicts_with_all = ["permanent", "temporary"])]
    all: bool,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
    /// Print what would be revoked and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    password: PasswordArgs,
}

pub(super) fn run(app: &App, args: &RevokeArgs) -> Result<ExitStatus, Failure> {
    if args.ids.is_empty() {
        let options = RevokeManyOptions {
            yes: args.yes,
            dry_run: args.dry_run,
        };
        return revoke_many::run(app, &args.service_kind, args.kind.kind(), options);
    }
    let revoked_count = Arc::new(AtomicUsize::new(0));
    let mut context = build_counting_context(app, Arc::clone(&revoked_count))?;
    let mut target = Target::resolve(&context)?;
    let arguments = read_arguments(args)?;
    args.service_kind.select(&mut target, &arguments)?;
    // A rotation of the token may have created another one.
    app.warn_about_leftovers(&context, &target.name, &[JournalKind::Rotation]);
    let session = context.session(&target);
    let ids = resolve_ids(session, args, &arguments)?;
    let runtime = Runtime::start()?;
    if args.dry_run {
        let find = || session.find_listed_token_ids(&ids);
        let found = runtime.run_interruptible(&context, find)?;
        return revoke_dry_run::print(app, &target, found);
    }
    let find = || session.find_token_ids(&ids);
    let found = runtime.run_interruptible(&context, find)?;
    let ids = &found.ids;
    if !args.yes && app.can_prompt() {
        confirm(app, session, &found)?;
    }
    let names: Vec<String> = ids.iter().map(TokenId::to_string).collect();
    let command = ConfirmedCommand::new(&TokenVerb::Revoke, &names);
    context.typed_secrets = args.password.read(app, &target.descriptor, &command)?;
    let session = context.session(&target);
    let text = || progress_bar(revoked_count.load(Ordering::Relaxed), ids.len());
    let revocations = runtime.run(|| async {
        let work = session.revoke_tokens_until(ids, shutdown_signal());
        Ok(Progress::new(&app.shell).run_while(text, work).await?)
    });
    context.warn_about_clock_skew();
    print_results(app, session, revocations?, found)
}

fn print_results(
    app: &App,
    session: ProfileSession<'_>,
    revocations: Vec<Revocation>,
    found: FoundTokens,
) -> Result<ExitStatus, Failure> {
    let results = revocations.into_iter().map(RevokeResult::from_revocation);
    let results: Vec<_> = results.collect();
    for failure in results.iter().filter_map(|result| result.failure.as_ref()) {
        let code = failure.code.name();
        session.record_failed_token(CredentialEvent::TokenRevoke, &code);
    }
    let is_interrupted = results.iter().any(RevokeResult::is_interrupted);
    let output = RevokeOutput {
        target: session.target,
        options: app.shell.repeated_options(),
        results,
        found,
        interrupted: is_interrupted.then(Failure::interrupted),
    };
    output.print_or_fail(app)
}

/// Returns the arguments, or the lines of stdin in place of `-`.
fn read_arguments(args: &RevokeArgs) -> Result<Vec<TokenArgument>, Failure> {
    let [only] = args.ids.as_slice() else {
        return Ok(args.ids.clone());
    };
    if !only.is_stdin() {
        return Ok(args.ids.clone());
    }
    args.password.require_unused_stdin()?;
    let lines = prompt::stdin_lines()?.into_iter();
    let lines = lines.map(|line| Secret::new(line.expose()));
    let ids = lines.filter(|line| !line.is_empty());
    let ids: Vec<TokenArgument> = ids.map(TokenArgument::from_stdin).collect();
    if ids.is_empty() {
        return Err(PromptError::Empty.into());
    }
    Ok(ids)
}

fn resolve_ids(
    session: ProfileSession<'_>,
    args: &RevokeArgs,
    arguments: &[TokenArgument],
) -> Result<Vec<TokenId>, Failure> {
    ensure_supported(&session.target.descriptor, TokenVerb::Revoke)?;
    let purpose = if args.dry_run {
        Purpose::Read
    } else {
        Purpose::Change
    };
    Ok(TokenArgument::resolve_all(arguments, session, purpose)?)
}

fn confirm(app: &App, session: ProfileSession<'_>, found: &FoundTokens) -> Result<(), Failure> {
    let (profile, service) = (&session.target.name, &session.target.descriptor.name);
    let tokens = format_tokens(found);
    let own_credential_note = own_credential_text(session, &found.ids);
    let question = format!(
        "Revoke {tokens} of profile `{profile}` at {service}{own_credential_note}? This cannot be undone"
    );
    if prompt::confirm(&app.shell, &question, false)? {
        return Ok(());
    }
    Err(Failure::new(Code::Denied, "nothing was revoked"))
}

/// Returns the part of a question that warns that the profile's credential is among the tokens.
pub(super) fn own_credential_text(session: ProfileSession<'_>, ids: &[TokenId]) -> &'static str {
    if session.uses_one_of(ids) {
        ", including the credential that this profile uses"
    } else {
        ""
    }
}

/// Builds a context that writes the number of revoked tokens to `count`.
fn build_counting_context(app: &App, count: Arc<AtomicUsize>) -> Result<Context, Failure> {
    let builder = app.context_builder().on_event(move |event| {
        if let Event::Progress { done, .. } = event {
            count.store(*done, Ordering::Relaxed);
        }
    });
    builder.build()
}

/// Returns the progress as a line: `[#####...............] 250 of 1000 revoked`.
fn progress_bar(done: usize, total: usize) -> String {
    const WIDTH: usize = 20;
    let full = done * WIDTH / total.max(1);
    format!(
        "[{}{}] {done} of {total} revoked",
        "#".repeat(full),
        ".".repeat(WIDTH - full.min(WIDTH))
    )
}

/// Returns the tokens for a question: all if they are few, else the first ones and the number of the others.
fn format_tokens(found: &FoundTokens) -> String {
    const MOST: usize = 10;
    let noun = plural(found.ids.len(), "token", "tokens");
    let shown = found.ids.iter().take(MOST).map(|id| found.label(id));
    let shown = format!("{noun} {}", shown.collect::<Vec<_>>().join(", "));
    match found.ids.len().checked_sub(MOST) {
        None | Some(0) => shown,
        Some(hidden_count) => format!("{shown} and {hidden_count} more"),
    }
}

/// The results of all tokens. The exit status is the one of the first failure, or of the interruption.
struct RevokeOutput<'a> {
    target: &'a Target,
    options: &'a RepeatedOptions,
    results: Vec<RevokeResult>,
    /// The tokens as the service listed them before.
    found: FoundTokens,
    interrupted: Option<Failure>,
}

impl RevokeOutput<'_> {
    /// Prints the results. If the command revokes a single token, its failure is the failure of the command.
    fn print_or_fail(mut self, app: &App) -> Result<ExitStatus, Failure> {
        let is_single = self.results.len() == 1 && !app.shell.options().json;
        let failure = self.results.first_mut().filter(|_| is_single);
        match failure.and_then(|result| result.failure.take()) {
            Some(failure) => Err(failure),
            None => app.print(&self),
        }
    }

    /// Returns the failure that the exit status reports: the interruption, else the first one.
    fn find_failure(&self) -> Option<&Failure> {
        let failures = || self.results.iter().filter_map(|it| it.failure.as_ref());
        let interrupted = self.interrupted.as_ref();
        interrupted.or_else(|| failures().next())
    }

    fn count(&self, status: RevokeStatus) -> usize {
        let results = self.results.iter();
        results.filter(|result| result.status == status).count()
    }

    fn summary(&self) -> String {
        let [revoked, failed, unknown, not_sent] = [
            RevokeStatus::Revoked,
            RevokeStatus::Failed,
            RevokeStatus::Unknown,
            RevokeStatus::NotSent,
        ]
        .map(|status| self.count(status));
        let interrupted = match unknown + not_sent {
            0 => String::new(),
            _ => format!(", {unknown} unknown, {not_sent} not sent"),
        };
        format!("{revoked} revoked, {failed} failed{interrupted}")
    }
}

impl CommandOutput for RevokeOutput<'_> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for RevokeResult { id, failure, .. } in &self.results {
            match failure {
                None if self.found.unlisted.contains(id) => {
                    let service = &self.target.descriptor.name;
                    let text = format!(
                        "{service} accepts the revocation of {id}, but lists no such token"
                    );
                    shell.result(text)?;
                }
                None => {
                    let label = self.found.label(id);
                    shell.result(Line::success(format!("Revoked token {label}")))?;
                }
                Some(failure) => shell.error(format!("{id}: {}", failure.message)),
            }
        }
        if self.results.len() > 1 {
            shell.result(self.summary())?;
        }
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        self.find_failure()
            .map_or(SUCCESS, |failure| failure.code.exit())
    }
}

impl Serialize for RevokeOutput<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let results = self.results.iter();
        let results: Vec<Value> = results.map(|it| it.document(self.options)).collect();
        let document = json!({
            "profile": self.target.name,
            "provider": self.target.descriptor.id,
            "results": results,
        });
        with_error(document, self.find_failure(), self.options).serialize(serializer)
    }
}
