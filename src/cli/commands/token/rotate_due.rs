//! `token rotate --due`: rotates the tokens of a profile that are old or expire soon, where they are used.

use serde::Serialize;
use serde_json::{Value, json};

use super::audit::read_policy;
use super::password::{ConfirmedCommand, PasswordArgs};
use super::rotate::{RotateArgs, context_with_steps, document};
use crate::actions::{
    ActionError, AuditPolicy, Context, DueToken, ProfileSession, RotationRequest, RotationResult,
    Target, list_targets,
};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::failure::{
    Code, ExitStatus, Failure, SUCCESS, print_unstored_secret, report_on_stderr,
};
use crate::domain::{AuditSettings, DurationText, ProfileName, TokenId, format_count};
use crate::provider::TokenVerb;
use crate::ui::{Line, OutputError, Shell, prompt};

const NONE_DUE: &str = "no token is due";

/// The rotations of one run. A failure does not stop the others.
#[derive(Serialize)]
pub(super) struct DueOutput {
    rotated: Vec<Value>,
    failed: Vec<Value>,
    #[serde(skip)]
    has_all_profiles: bool,
    #[serde(skip)]
    exit: ExitStatus,
}

pub(super) fn run(app: &App, args: &RotateArgs) -> Result<ExitStatus, Failure> {
    let mut context = context_with_steps(app)?;
    let mut output = DueOutput {
        rotated: Vec::new(),
        failed: Vec::new(),
        has_all_profiles: args.all_profiles,
        exit: SUCCESS,
    };
    let due = output.find_all(app, &context, args)?;
    if args.dry_run {
        return app.print(&PlannedRotations::new(&due, output));
    }
    if !due.is_empty() && !args.skips_question() && app.can_prompt() {
        confirm(app, &due)?;
    }
    for due in &due {
        output.rotate(app, &mut context, due, args)?;
    }
    app.print(&output)
}

/// Asks for confirmation. Without a prompt, as in a timer, the tokens are rotated: --due names what is meant.
fn confirm(app: &App, due: &[DueRotation]) -> Result<(), Failure> {
    for due in due {
        app.shell.question_detail(due.description());
    }
    let question = format!("Rotate {}?", format_count(due.len(), "token"));
    if prompt::confirm(&app.shell, &question, false)? {
        return Ok(());
    }
    Err(Failure::new(Code::Denied, "nothing was rotated"))
}

/// Returns the profile in use, or all profiles that may have a token to rotate.
fn targets(context: &Context, args: &RotateArgs) -> Result<Vec<Target>, Failure> {
    if !args.all_profiles {
        return Ok(vec![Target::resolve(context)?]);
    }
    let remembered = context
        .vault
        .remembered_targets()
        .map_err(ActionError::from)?;
    let open = context.vault.unfinished_journals(None);
    let is_used = |target: &Target| {
        let name = &target.name;
        remembered.iter().any(|entry| entry.token.profile == *name)
            || open.iter().any(|journal| journal.profile == *name)
    };
    let mut all = list_targets(context)?;
    all.retain(is_used);
    Ok(all)
}

/// A token whose rotation is due, with its profile.
struct DueRotation {
    target: Target,
    token: DueToken,
}

impl DueRotation {
    /// Such as ``token 12 `ci` of profile `work`: 91 days old``.
    fn description(&self) -> String {
        let DueToken { id, name, reason } = &self.token;
        let name = name.as_ref();
        let name = name.map_or_else(String::new, |name| format!(" `{name}`"));
        format!(
            "token {id}{name} of profile `{}`: {reason}",
            self.target.name
        )
    }
}

/// Returns the due tokens of a profile, each with the kind of token selected.
async fn find_due(
    session: ProfileSession<'_>,
    policy: &AuditPolicy,
) -> Result<Vec<DueRotation>, ActionError> {
    let ProfileSession { context, target } = session;
    let entries = context.vault.remembered_targets()?;
    let entries = entries
        .into_iter()
        .filter(|entry| entry.token.profile == target.name);
    let mut kinds: Vec<Option<String>> = entries.map(|entry| entry.token.kind).collect();
    kinds.push(target.descriptor.tokens.kind.clone());
    kinds.sort();
    kinds.dedup();
    let mut due: Vec<DueRotation> = Vec::new();
    for kind in kinds {
        let mut target = target.clone();
        if kind.is_some() {
            target.select_token_kind(kind.as_deref(), &[])?;
        }
        for token in context.session(&target).due_rotations(policy).await? {
            if due.iter().all(|other| other.token.id != token.id) {
                let target = target.clone();
                due.push(DueRotation { target, token });
            }
        }
    }
    Ok(due)
}

impl DueOutput {
    /// Returns the due tokens of all profiles that are meant.
    fn find_all(
        &mut self,
        app: &App,
        context: &Context,
        args: &RotateArgs,
    ) -> Result<Vec<DueRotation>, Failure> {
        let settings = AuditSettings {
            max_age: args.max_age.map(DurationText),
            ..AuditSettings::default()
        };
        let policy = read_policy(app, context, settings)?;
        let mut all = Vec::new();
        for target in targets(context, args)? {
            let work = || Box::pin(find_due(context.session(&target), &policy));
            match block_on_interruptible(context, work) {
                Ok(due) => all.extend(due),
                Err(failure) => self.add_failure(app, &target.name, None, failure)?,
            }
        }
        Ok(all)
    }

    fn rotate(
        &mut self,
        app: &App,
        context: &mut Context,
        due: &DueRotation,
        args: &RotateArgs,
    ) -> Result<(), Failure> {
        let DueRotation { target, token } = due;
        let (id, profile) = (&token.id, &target.name);
        app.shell.status(format!("rotating {}", due.description()));
        let command = ConfirmedCommand::new(&TokenVerb::Rotate, &[id.to_string()]);
        let typed = PasswordArgs::default().read(app, &target.descriptor, &command);
        let result = typed.and_then(|typed| {
            context.typed_secrets = typed;
            let context = &*context;
            let request = RotationRequest {
                accepted: &args.accept_changes,
                ..RotationRequest::new(id)
            };
            let session = context.session(target);
            block_on_interruptible(context, || session.rotate_token(request))
        });
        match result {
            Ok(rotated) => {
                self.add_rotated(app, due, &rotated);
                Ok(())
            }
            Err(failure) => {
                context.record_failures(&failure.code.name());
                self.add_failure(app, profile, Some(id), failure)
            }
        }
    }

    fn add_rotated(&mut self, app: &App, due: &DueRotation, rotated: &RotationResult) {
        let (profile, token) = (&due.target.name, &due.token);
        let new = rotated.new.id.as_ref().map(ToString::to_string);
        app.shell.status(Line::success(format!(
            "Replaced token {} of profile `{profile}` with {}",
            token.id,
            new.unwrap_or_default()
        )));
        let mut value = document(rotated);
        // It is where it is used.
        value["secret"] = Value::Null;
        value["profile"] = json!(profile);
        value["reason"] = json!(token.reason);
        self.rotated.push(value);
    }

    /// Reports a failure. Only Ctrl-C stops the others.
    fn add_failure(
        &mut self,
        app: &App,
        profile: &ProfileName,
        id: Option<&TokenId>,
        failure: Failure,
    ) -> Result<(), Failure> {
        if failure.code == Code::Interrupted {
            return Err(failure);
        }
        let failure = if self.has_all_profiles {
            failure.about_profile(profile)
        } else {
            failure
        };
        report_on_stderr(&app.shell, &failure);
        print_unstored_secret(&app.shell, &failure);
        self.exit = self.exit.max(failure.code.exit());
        let error = json!(failure.to_json(app.shell.repeated_options()));
        self.failed
            .push(json!({ "profile": profile, "id": id, "error": error }));
        Ok(())
    }
}

/// What `--dry-run` prints.
#[derive(Serialize)]
struct PlannedRotations {
    dry_run: bool,
    would_rotate: Vec<Value>,
    failed: Vec<Value>,
    #[serde(skip)]
    lines: Vec<String>,
    #[serde(skip)]
    exit: ExitStatus,
}

impl PlannedRotations {
    fn new(due: &[DueRotation], found: DueOutput) -> Self {
        let tokens = due.iter().map(|due| {
            let DueToken { id, name, reason } = &due.token;
            json!({ "profile": due.target.name, "id": id, "name": name, "reason": reason })
        });
        Self {
            dry_run: true,
            would_rotate: tokens.collect(),
            failed: found.failed,
            lines: due.iter().map(DueRotation::description).collect(),
            exit: found.exit,
        }
    }
}

impl CommandOutput for PlannedRotations {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        if self.lines.is_empty() && self.failed.is_empty() {
            return shell.result(NONE_DUE);
        }
        for line in &self.lines {
            shell.result(format!("would rotate {line}"))?;
        }
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        self.exit
    }
}

impl CommandOutput for DueOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let (done, failed) = (self.rotated.len(), self.failed.len());
        if done + failed == 0 {
            return shell.result(NONE_DUE);
        }
        for rotated in &self.rotated {
            let text = |name: &str| rotated[name].as_str().unwrap_or_default();
            shell.result(format!("{} -> {}", text("replaces"), text("id")))?;
        }
        shell.status(format!("{done} rotated, {failed} failed"));
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        self.exit
    }
}
