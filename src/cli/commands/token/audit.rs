//! `token audit`: reads the policy and audits the tokens of one or all profiles.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::SignedDuration;

use super::audit_fix::offer_fixes;
use super::audit_report::AuditOutput;
use super::rotate::context_with_steps;
use crate::actions::{AuditPolicy, Context, audit_profiles, effective_policy};
use crate::cli::app::{App, CommandOutput as _, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::{AnnotationArgs, duration};
use crate::domain::{AuditSettings, DurationText, Hint, Severity, sanitize_line};

#[derive(Debug, Args)]
#[command(
    before_help = "Lists tokens that are old, unused, too broad, about to expire or left behind, with the command that fixes each. Exits with 9 if a finding is at least as severe as --fail-on. The options can be in `[audit]` of .brainmaps.toml or config.toml.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
            "brainmaps token audit",
            "brainmaps token audit --max-age 180d --fail-on error",
            "brainmaps token audit --fix",
        ],
    see: "brainmaps token list, brainmaps token rotate, brainmaps status --within"
}
)]
pub struct AuditArgs {
    /// Report tokens that are older [default: 90d]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    max_age: Option<SignedDuration>,
    /// Report tokens that were not used for this time [default: 30d; for tokens that were never used, 7d after their creation]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    unused: Option<SignedDuration>,
    /// Report tokens that expire within this time [default: 14d]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    within: Option<SignedDuration>,
    /// Report unused rights of a token whose use is recorded for at least this time [default: 14d]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    observed: Option<SignedDuration>,
    /// Report tokens that have another scope than these (repeatable)
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    allow_scope: Vec<String>,
    /// Report tokens that have another permission than these (repeatable)
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',')]
    allow_permission: Vec<String>,
    /// Audit every profile that has a credential
    #[arg(long)]
    all_profiles: bool,
    /// Exit with 9 for findings of at least this severity: info, warning or error [default: warning]
    #[arg(long, value_name = "SEVERITY", value_parser = severity_parser(), hide_possible_values = true)]
    fail_on: Option<Severity>,
    #[command(flatten)]
    annotations: AnnotationArgs,
    /// Offer to rotate or revoke the token of each finding
    #[arg(long, conflicts_with = "annotations")]
    fix: bool,
}

fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name)).try_map(|name| {
        let mut severities = Severity::ALL.into_iter();
        severities
            .find(|severity| severity.name() == name)
            .ok_or("unknown severity")
    })
}

impl AuditArgs {
    fn settings(&self, context: &Context) -> AuditSettings {
        let list = |words: &[String]| (!words.is_empty()).then(|| words.to_vec());
        // A profile that the user names is the only one, whatever a policy says.
        let one = context.options.profile.is_some().then_some(false);
        AuditSettings {
            max_age: self.max_age.map(DurationText),
            unused: self.unused.map(DurationText),
            within: self.within.map(DurationText),
            observed: self.observed.map(DurationText),
            allow_scope: list(&self.allow_scope),
            allow_permission: list(&self.allow_permission),
            all_profiles: self.all_profiles.then_some(true).or(one),
            fail_on: self.fail_on,
            ignore: Vec::new(),
        }
    }
}

pub(super) fn run(app: &App, args: &AuditArgs) -> Result<ExitStatus, Failure> {
    if args.fix {
        require_prompt(app)?;
    }
    let mut context = context_with_steps(app)?;
    let policy = read_policy(app, &context, args.settings(&context))?;
    let report = block_on_interruptible(&context, || audit_profiles(&context, &policy))?;
    let mut output = AuditOutput::new(&app.shell, &policy, report);
    output.has_annotations = args.annotations.is_requested();
    output.print_failures();
    if app.shell.options().json {
        output.print_annotations(true)?;
    }
    let exit = app.print(&output)?;
    if !args.fix {
        return Ok(exit);
    }
    offer_fixes(app, &mut context, &policy, &mut output.audit)?;
    Ok(output.exit())
}

/// Returns the policy in effect. A file in the directory may be written by another user, so its use is reported.
pub(super) fn read_policy(
    app: &App,
    context: &Context,
    options: AuditSettings,
) -> Result<AuditPolicy, Failure> {
    let (policy, file) = effective_policy(context, options)?;
    if let Some(file) = file {
        let path = sanitize_line(&file.to_string_lossy());
        app.shell.notice(format!("policy: `{path}`"));
    }
    Ok(policy)
}

fn require_prompt(app: &App) -> Result<(), Failure> {
    let terminal = app.shell.terminal();
    let reason = if app.shell.options().json {
        "its document cannot contain the questions"
    } else if app.is_input_disabled() {
        "input is disabled"
    } else if !terminal.stdin || !terminal.stderr {
        "there is no terminal"
    } else {
        return Ok(());
    };
    let failure = Failure::new(Code::Usage, format!("--fix cannot ask: {reason}"));
    let hint = Hint::run("token audit")
        .text(" without --fix, then for each finding ")
        .command("token rotate ID")
        .text(" or ")
        .command("token revoke ID --yes");
    Err(failure.with_hint(hint))
}
