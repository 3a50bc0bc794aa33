//! `token rotate`: replaces one token where it is used, and shows each step.

use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::SignedDuration;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::interrupted::Operation;
use super::kind::ServiceKindArgs;
use super::narrow::NarrowArgs;
use super::password::{ConfirmedCommand, PasswordArgs};
use super::targets::{TargetArgs, TargetView};
use crate::actions::{
    Context, Event, Purpose, RightsComparison, RotationRequest, RotationResult, Target,
    TokenArgument,
};
use crate::cli::app::{App, CommandOutput, block_on_interruptible, require_stdout};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{Hint, ProfileName, Secret, TokenFact, TokenId};
use crate::provider::TokenVerb;
use crate::ui::{Line, OutputError, Shell, Span};
use crate::vault::{JournalKind, SecretDestination};

#[derive(Debug, Args)]
#[command(
    before_help = "Creates a token with the same name, permissions, scopes and lifetime, verifies it, writes it to the places where the old token is used, then revokes the old token. Without targets, uses those of the last rotation or creation, or replaces the profile's stored key. If the service cannot create such a token, nothing is sent unless --accept-changes allows the difference. After an interruption, one of the two keys still works: run the command again to finish or undo the rotation.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
            "brainmaps token rotate 12 --env-file .env",
            "brainmaps token rotate 12 --config a.yml --key api.key --to 'gh secret set K'",
            "brainmaps token rotate --due --max-age 90d --yes   # for cron",
        ],
    see: "brainmaps credential usage, brainmaps token create, brainmaps token list, brainmaps doctor"
}
)]
pub struct RotateArgs {
    /// Id of the token; at services with names also its name, or at least the first 6 characters of its id
    #[arg(value_name = "ID_OR_NAME", required_unless_present_any = ["due", "max_age", "all_profiles", "dry_run"])]
    id: Option<TokenArgument>,
    #[command(flatten)]
    targets: TargetArgs,
    /// Rotate every token that was written to targets and is old or expires soon
    #[arg(long, conflicts_with_all = ["id", "env_file", "config", "key", "config_format", "to", "force", "narrow", "service_kind", "password_stdin", "otp_stdin"])]
    due: bool,
    // `require_due` checks these: `requires` has no effect beside an argument that --due conflicts with.
    /// Set the age from which a token is due [default: as `token audit`, 90d]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(super) max_age: Option<SignedDuration>,
    /// Rotate the tokens of every profile
    #[arg(long)]
    pub(super) all_profiles: bool,
    /// Print which tokens are due and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Allow the new token to differ in these facts, separated by commas (repeatable)
    #[arg(long, value_name = "FACT", value_delimiter = ',', value_parser = fact_parser())]
    pub(super) accept_changes: Vec<TokenFact>,
    #[command(flatten)]
    narrow: NarrowArgs,
    #[command(flatten)]
    kind: ServiceKindArgs,
    #[command(flatten)]
    password: PasswordArgs,
}

impl RotateArgs {
    /// Returns the token; `None` with `--due`.
    ///
    /// # Errors
    /// If an option of `--due` is used without it, or `--yes` without a question.
    pub(super) fn token(&self) -> Result<Option<&TokenArgument>, Failure> {
        self.require_due()?;
        if self.narrow.yes && !self.due && !self.narrow.narrow {
            let text = "--yes requires --due or --narrow: no other rotation asks";
            return Err(Failure::new(Code::Usage, text));
        }
        Ok(self.id.as_ref())
    }

    fn require_due(&self) -> Result<(), Failure> {
        let options = [
            ("--max-age", "--max-age TIME", self.max_age.is_some()),
            ("--all-profiles", "--all-profiles", self.all_profiles),
            ("--dry-run", "--dry-run", self.dry_run),
        ];
        let used = options.into_iter().find(|(_, _, is_used)| *is_used);
        match used.filter(|_| !self.due) {
            None => Ok(()),
            Some((option, usage, _)) => {
                let text = format!("{option} requires --due, which takes no ID_OR_NAME");
                let hint = Hint::run(format!("token rotate --due {usage}"));
                Err(Failure::new(Code::Usage, text).with_hint(hint))
            }
        }
    }

    pub(super) fn skips_question(&self) -> bool {
        self.narrow.yes
    }

    fn request<'a>(
        &'a self,
        id: &'a TokenId,
        targets: &'a [SecretDestination],
    ) -> RotationRequest<'a> {
        RotationRequest {
            targets,
            accepted: &self.accept_changes,
            replaces_unknown: self.targets.force,
            ..RotationRequest::new(id)
        }
    }
}

fn fact_parser() -> impl TypedValueParser<Value = TokenFact> {
    let names = PossibleValuesParser::new(TokenFact::ALL.map(TokenFact::name));
    names.try_map(|name| TokenFact::from_name(&name).ok_or("unknown fact"))
}

pub(super) struct RotateOutput {
    profile: ProfileName,
    rotated: RotationResult,
}

pub(super) fn run(app: &App, args: &RotateArgs, id: &TokenArgument) -> Result<ExitStatus, Failure> {
    app.print(&rotate(app, args, id)?)
}

fn rotate(app: &App, args: &RotateArgs, id: &TokenArgument) -> Result<RotateOutput, Failure> {
    let mut context = context_with_steps(app)?;
    let mut target = Target::resolve(&context)?;
    args.kind.select(&mut target, std::slice::from_ref(id))?;
    // The rotation itself handles an interrupted one.
    app.warn_about_leftovers(&context, &target.name, &[JournalKind::Creation]);
    let variable = target.descriptor.environment.api_key.as_deref();
    let targets = args.targets.destinations(&context, variable)?;
    let id = id.resolve(context.session(&target), Purpose::Change)?;
    if targets.is_empty() && context.session(&target).find_remembered(&id)?.is_none() {
        require_stdout()?;
    }
    let arguments = [vec![id.to_string()], args.targets.arguments()].concat();
    let command = ConfirmedCommand::new(&TokenVerb::Rotate, &arguments);
    context.typed_secrets = args.password.read(app, &target.descriptor, &command)?;
    let session = context.session(&target);
    let request = args.request(&id, &targets);
    let plan = args.narrow.plan(app, session, request)?;
    let request = RotationRequest {
        narrowed: plan.as_ref(),
        ..request
    };
    let operation = Operation::rotation(session, &id);
    let rotated = block_on_interruptible(&context, || session.rotate_token(request));
    Ok(RotateOutput {
        profile: target.name.clone(),
        rotated: rotated.map_err(|failure| with_may_exist_hint(&operation, failure))?,
    })
}

/// Builds a context that shows the steps of a rotation.
pub(super) fn context_with_steps(app: &App) -> Result<Context, Failure> {
    let shell = Arc::clone(&app.shell);
    let builder = app.context_builder().on_event(move |event| match event {
        Event::Rotation(step) => shell.status(Span::dim(step.description())),
        Event::VariablesWritten(text) => shell.notice(text.as_str()),
        _ => {}
    });
    builder.build()
}

impl CommandOutput for RotateOutput {
    fn secrets(&self) -> Vec<Secret> {
        self.rotated
            .is_shown()
            .then(|| self.rotated.secret.clone())
            .into_iter()
            .collect()
    }

    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let rotated = &self.rotated;
        let new = rotated.new.id.as_ref();
        let new = new.map(ToString::to_string).unwrap_or_default();
        let resumed = "Finished an earlier rotation. ";
        let prefix = if rotated.resumed { resumed } else { "" };
        let text = if rotated.new.id.as_ref() == Some(&rotated.old) {
            format!("{prefix}Replaced the key of token {new}")
        } else {
            format!("{prefix}Replaced token {} with {new}", rotated.old)
        };
        shell.status(Line::success(text));
        if let Some(text) = rotated.comparison.as_ref().and_then(comparison_text) {
            shell.status(text);
        }
        if !rotated.is_shown() {
            let mut targets = rotated.targets.iter();
            return targets.try_for_each(|target| shell.result(super::secret_location(target)));
        }
        shell.status(format!(
            "Stored the secret as the key of profile `{}`",
            self.profile
        ));
        shell.secret(&rotated.secret)
    }
}

/// Which facts were compared; only those are known to be the same.
fn comparison_text(comparison: &RightsComparison) -> Option<String> {
    let same: Vec<&str> = comparison.same.iter().map(|fact| fact.name()).collect();
    let unknown = [TokenFact::Expiry, TokenFact::Scopes, TokenFact::Permissions];
    let unknown = unknown.into_iter().filter(|fact| {
        let is_changed = comparison.changes.iter().any(|change| change.fact == *fact);
        !comparison.same.contains(fact) && !is_changed
    });
    let unknown: Vec<&str> = unknown.map(TokenFact::name).collect();
    let same = (!same.is_empty()).then(|| format!("unchanged: {}", same.join(", ")));
    let unknown = (!unknown.is_empty())
        .then(|| format!("not reported by the service: {}", unknown.join(", ")));
    let parts: Vec<String> = same.into_iter().chain(unknown).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn with_may_exist_hint(operation: &Operation<'_>, failure: Failure) -> Failure {
    let may_exist = "a new token may exist; run the same command again, which finishes the rotation or undoes it";
    operation.explain(failure, may_exist.into(), |id| {
        format!("the rotation is complete: the targets have the key of token {id}").into()
    })
}

impl Serialize for RotateOutput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document(&self.rotated).serialize(serializer)
    }
}

/// The new token with its secret, unless that is in a target.
pub(super) fn document(rotated: &RotationResult) -> Value {
    let mut value = json!(rotated.new);
    value["secret"] = json!(rotated.is_shown().then(|| rotated.secret.expose()));
    value["replaces"] = json!(rotated.old);
    value["env_file"] = json!(rotated.env_file());
    let targets = rotated.targets.iter().map(TargetView::written);
    value["targets"] = json!(targets.collect::<Vec<_>>());
    value["resumed"] = json!(rotated.resumed);
    let comparison = rotated.comparison.as_ref();
    value["same"] = json!(comparison.map(|it| &it.same));
    value["changes"] = json!(comparison.map(|it| &it.changes));
    value
}
