//! `token rotate --narrow`: shows the old and the new rights, and asks.

use clap::Args;
use jiff::SignedDuration;

use crate::actions::{NarrowPlan, ProfileSession, RotationRequest, effective_policy};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{Code, Failure};
use crate::cli::options::duration;
use crate::domain::{AuditSettings, DurationText};
use crate::ui::Shell;
use crate::ui::prompt::{self, PromptError};

#[derive(Debug, Args)]
pub(super) struct NarrowArgs {
    /// Create a token with only the permissions and scopes that the recorded use of the old one needs
    #[arg(long, conflicts_with = "accept_changes")]
    pub(super) narrow: bool,
    /// Require a record of the use over at least this time [default: 14d]
    #[arg(long, value_name = "TIME", requires = "narrow", conflicts_with_all = ["accept_changes", "due"], value_parser = duration::parse)]
    observed: Option<SignedDuration>,
    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(super) yes: bool,
}

impl NarrowArgs {
    /// Returns the rights of the new token if the user requested fewer, and agrees.
    pub(super) fn plan(
        &self,
        app: &App,
        session: ProfileSession<'_>,
        request: RotationRequest<'_>,
    ) -> Result<Option<NarrowPlan>, Failure> {
        if !self.narrow {
            return Ok(None);
        }
        if !self.yes && !app.can_prompt() {
            return Err(cannot_ask());
        }
        let plan = plan_narrowing(session, request, self.observed)?;
        show_rights(&app.shell, &plan, !self.yes);
        if !self.yes && !confirm(&app.shell)? {
            return Err(Failure::new(Code::Denied, "nothing was changed"));
        }
        Ok(Some(plan))
    }
}

/// Derives the rights, with the time of the policy unless `observed` is another one.
pub(super) fn plan_narrowing(
    session: ProfileSession<'_>,
    request: RotationRequest<'_>,
    observed: Option<SignedDuration>,
) -> Result<NarrowPlan, Failure> {
    let options = AuditSettings {
        observed: observed.map(DurationText),
        ..AuditSettings::default()
    };
    let (policy, _) = effective_policy(session.context, options)?;
    let observed = policy.observed;
    block_on_interruptible(session.context, || {
        session.plan_narrowing(request, observed)
    })
}

fn confirm(shell: &Shell) -> Result<bool, PromptError> {
    shell.question_detail(
        "not recorded: requests from other computers, and of programs that read the key themselves",
    );
    prompt::confirm(shell, "Rotate the token to the new rights?", false)
}

/// Prints the old and the new rights; with every option if the next question refers to them.
fn show_rights(shell: &Shell, plan: &NarrowPlan, is_question: bool) {
    let list = |rights: Option<&Vec<String>>| rights.map(|rights| rights.join(" "));
    let lists = [
        (
            "permissions",
            &plan.old.permissions,
            &plan.rights.permissions,
        ),
        ("scopes", &plan.old.scopes, &plan.rights.scopes),
    ];
    for (name, old, new) in lists {
        if let (Some(old), Some(new)) = (list(old.as_ref()), list(new.as_ref())) {
            let line = format!("{name}: {old} -> {new}");
            if is_question {
                shell.question_detail(line);
            } else {
                shell.notice(line);
            }
        }
    }
}

fn cannot_ask() -> Failure {
    let failure = Failure::new(Code::Usage, "--narrow cannot ask for confirmation");
    failure.with_hint("add --yes to accept the rights that are derived from the record")
}
