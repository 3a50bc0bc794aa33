//! `profile list|show|add|use|rename|remove`: manages the profiles and selects the default one.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use serde_json::json;

use crate::actions::{
    Context, ProfileView, Renamed, Target, add_profile, configured_programs, get_profile,
    list_profiles, remove_profile, rename_profile, set_default_profile,
};
use crate::cli::app::{App, CommandOutput, Message, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::WorkloadArgs;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{
    BaseUrl, CommandLine, HelperProgram, Hint, InteractiveMethod, ProfileName, ProviderId, Scopes,
    Warning, WorkloadIdentity, sanitize_line,
};
use crate::host::find_own_program;
use crate::ui::{Column, KeyValues, Line, OutputError, Shell, Span, Table};
use crate::vault::{Profile, Storage};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProfileCommand {
    /// List profiles
    #[command(
        visible_alias = "ls",
        after_help = after_help! {
        examples: [
            "brainmaps profile list",
            "brainmaps profile list --json | jq -r '.profiles[].profile'",
        ],
        see: "brainmaps profile add, brainmaps status --all"
    }
    )]
    List,
    /// Show a profile
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps profile show",
            "brainmaps profile show work --json",
        ],
        see: "brainmaps profile list, brainmaps status"
    }
    )]
    Show {
        /// Name of the profile [default: the active profile]
        name: Option<ProfileName>,
    },
    /// Add a profile
    Add(AddArgs),
    /// Set the default profile
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps profile use work",
            "brainmaps --profile work status   # one command with another profile",
        ],
        see: "brainmaps profile list, brainmaps project set-cloud"
    }
    )]
    Use {
        /// Name of the profile
        name: ProfileName,
    },
    /// Rename a profile
    #[command(
        before_help = "Moves the credential and the journals of interrupted operations. The default profile stays the default. Project files, variables and configurations of other programs that name the profile are not changed.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps profile rename work company",
            "brainmaps profile rename brainmaps personal",
        ],
        see: "brainmaps profile list, brainmaps profile use"
    }
    )]
    Rename {
        /// Name of the profile
        #[arg(value_name = "OLD")]
        name: ProfileName,
        /// New name of the profile
        #[arg(value_name = "NEW")]
        new_name: ProfileName,
    },
    /// Delete a profile (sign out first)
    #[command(
        visible_alias = "rm",
        after_help = after_help! {
        examples: [
            "brainmaps profile remove work",
            "brainmaps --profile work logout && brainmaps profile remove work",
        ],
        see: "brainmaps logout, brainmaps profile list"
    }
    )]
    Remove {
        /// Name of the profile
        name: ProfileName,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = after_help! {
    examples: [
        "brainmaps profile add work --provider brainmaps",
        "brainmaps --api-url https://dev.example profile add dev --provider brainmaps",
        "brainmaps profile add ci --provider oauth2 --issuer https://id.example.com",
    ],
    see: "brainmaps login, brainmaps profile use, brainmaps provider list"
}
)]
pub struct AddArgs {
    /// Name of the new profile
    name: ProfileName,
    /// Set the service
    #[arg(long, value_name = "SERVICE")]
    provider: ProviderId,
    /// Set the OAuth 2.0 authorization server [default: the service's]
    #[arg(long, value_name = "URL")]
    issuer: Option<BaseUrl>,
    /// Set the OAuth 2.0 client id [default: the service's]
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Request this scope (repeatable) [default: the service's]
    #[arg(long, value_name = "SCOPE", value_parser = crate::cli::options::text::parse_scope)]
    scope: Vec<String>,
    /// Request tokens for this audience
    #[arg(long, value_name = "AUDIENCE", value_parser = crate::cli::options::text::parse_text)]
    audience: Option<String>,
    /// Prefer this method of login [default: the setting `login_method`, else the service's]
    #[arg(long, value_name = "METHOD")]
    login_method: Option<LoginMethodArg>,
    #[command(flatten)]
    workload: WorkloadArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LoginMethodArg {
    /// Approve in a browser on any device
    Device,
    /// Approve in a browser on this machine
    Browser,
}

impl From<LoginMethodArg> for InteractiveMethod {
    fn from(argument: LoginMethodArg) -> Self {
        match argument {
            LoginMethodArg::Device => Self::Device,
            LoginMethodArg::Browser => Self::Browser,
        }
    }
}

#[derive(Serialize)]
struct ProfileList {
    profiles: Vec<ProfileView>,
}

pub(crate) fn run(app: &App, command: ProfileCommand) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    match command {
        ProfileCommand::List => app.print(&ProfileList {
            profiles: list_profiles(&context)?,
        }),
        ProfileCommand::Show { name } => app.print(&find(&context, name)?),
        ProfileCommand::Add(args) => app.print(&add(&context, args)?),
        ProfileCommand::Use { name } => {
            let set = || set_default_profile(&context, name.clone());
            let precedence = block_on_interruptible(&context, set)?;
            if let Some(text) = precedence {
                context.warn(text);
            }
            app.print(&changed(&name, "the default profile"))
        }
        ProfileCommand::Rename { name, new_name } => rename(app, &context, &name, &new_name),
        ProfileCommand::Remove { name } => {
            let programs = programs_of(app, &context, &name);
            block_on_interruptible(&context, || remove_profile(&context, &name))?;
            warn_about_programs(&context, &programs, &name, None);
            let is_service = context.catalog.ids().iter().any(|id| id == name.as_str());
            let what = if is_service {
                "reset (each service has a profile with its own name)"
            } else {
                "deleted"
            };
            app.print(&changed(&name, what))
        }
    }
}

fn rename(
    app: &App,
    context: &Context,
    old: &ProfileName,
    new: &ProfileName,
) -> Result<ExitStatus, Failure> {
    let mut programs = programs_of(app, context, old);
    // The records follow the profile, and nothing else names it.
    programs.retain(|program| !program.has_shared_link());
    let renamed = block_on_interruptible(context, || rename_profile(context, old, new))?;
    if let Some(path) = &renamed.project_file {
        let text = format!("{} still names profile \"{old}\"", path.display());
        let bind = CommandLine::without_profile(format!("project set-cloud --profile {new}"));
        context.warn(Warning::with_hint(text, Hint::run(bind)));
    }
    if app.environment.get("BRAINMAPS_PROFILE") == Some(old.as_str()) {
        context.warn(format!("BRAINMAPS_PROFILE still names profile \"{old}\""));
    }
    warn_about_programs(context, &programs, old, Some(new));
    app.print(&renamed)
}

/// Returns the programs that `helper install` configured for a profile.
fn programs_of(app: &App, context: &Context, name: &ProfileName) -> Vec<HelperProgram> {
    let index = context.vault.index().unwrap_or_default();
    let target = Target::for_profile(context, &index, name.clone());
    let (Ok(target), Ok(path)) = (target, find_own_program(&app.environment)) else {
        return Vec::new();
    };
    configured_programs(context.session(&target), &path)
}

fn warn_about_programs(
    context: &Context,
    programs: &[HelperProgram],
    name: &ProfileName,
    new_name: Option<&ProfileName>,
) {
    if programs.is_empty() {
        return;
    }
    let names: Vec<&str> = programs.iter().map(|it| it.name()).collect();
    let text = format!(
        "programs may still name profile \"{name}\": {}",
        names.join(", ")
    );
    let program = match names[..] {
        [program] => program,
        _ => "PROGRAM",
    };
    let command = |profile: &ProfileName, command: &str| {
        CommandLine::for_profile(profile, format!("helper {command} {program}"))
    };
    let hint = Hint::run(command(name, "uninstall"));
    let hint = match new_name {
        Some(new_name) => hint.text(", then ").command(command(new_name, "install")),
        None => hint,
    };
    context.warn(Warning::with_hint(text, hint));
}

fn find(context: &Context, name: Option<ProfileName>) -> Result<ProfileView, Failure> {
    let name = name.or_else(|| context.options.profile.clone());
    let views = list_profiles(context)?;
    let mut current = views.into_iter().filter(|view| view.current);
    match name {
        Some(name) => Ok(get_profile(context, name)?),
        None => current.next().ok_or_else(Failure::interrupted),
    }
}

fn add(context: &Context, args: AddArgs) -> Result<Message, Failure> {
    args.workload.check()?;
    let mut profile = Profile::new(args.provider);
    profile.api_url.clone_from(&context.options.api_url);
    profile.issuer = args.issuer.map(|issuer| issuer.to_string());
    profile.client_id = args.client_id;
    profile.audience = args.audience;
    profile.login_method = args.login_method.map(InteractiveMethod::from);
    let scopes = args.scope.iter().flat_map(|words| words.split_whitespace());
    profile.scopes = (!args.scope.is_empty()).then(|| scopes.collect());
    if args.workload.is_set() {
        let options = args.workload.options();
        profile.workload = Some(options.resolve(&context.directory, None, Scopes::default()));
    }
    block_on_interruptible(context, || add_profile(context, &args.name, profile))?;
    Ok(changed(&args.name, "added"))
}

fn changed(name: &ProfileName, what: &str) -> Message {
    let line = format!("profile `{name}` is {what}");
    Message::new(line, json!({ "profile": name }))
}

impl CommandOutput for Renamed {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let (old, new) = (&self.renamed_from, &self.profile);
        shell.result(Line::success(format!("Renamed profile `{old}` to `{new}`")))?;
        if self.default {
            shell.note(format!("`{new}` is the default profile"));
        }
        Ok(())
    }
}

impl CommandOutput for ProfileList {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let mut table = Table::new([
            Column::fixed("PROFILE"),
            Column::fixed("SERVICE"),
            Column::fixed("CURRENT"),
            Column::fixed("SIGNED IN"),
            Column::wrapped("API URL"),
        ]);
        for view in &self.profiles {
            table.add_row([
                Span::bold(view.profile.as_str()),
                Span::plain(view.provider.as_str()),
                yes_or_no(view.current),
                yes_or_no(view.signed_in),
                Span::plain(view.api_url.clone().unwrap_or_default()),
            ]);
        }
        shell.table(&table)
    }
}

fn yes_or_no(is: bool) -> Span {
    if is {
        Span::good("yes")
    } else {
        Span::dim("no")
    }
}

fn storage_label(storage: Storage) -> &'static str {
    match storage {
        Storage::File => "file",
        Storage::Keyring => "keyring",
    }
}

/// Returns the settings of a workload identity as `profile add` names them.
fn describe_workload(identity: &WorkloadIdentity) -> String {
    let file = identity.subject_token_file.as_ref();
    let file = file.map(|file| sanitize_line(&file.to_string_lossy()));
    let scopes = Some(identity.scopes.to_string());
    let settings = [
        (
            "subject token type",
            Some(identity.subject_token_type.name().to_owned()),
        ),
        ("file", file),
        ("audience", identity.subject_token_audience.clone()),
        ("scopes", scopes.filter(|scopes| !scopes.is_empty())),
    ];
    let settings = settings.into_iter();
    let settings = settings.filter_map(|(name, value)| Some(format!(", {name} {}", value?)));
    identity.grant.name().to_owned() + &settings.collect::<String>()
}

impl CommandOutput for ProfileView {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let facts = KeyValues::default()
            .with("profile", Span::bold(self.profile.as_str()))
            .with("service", self.provider.as_str())
            .with_some("api url", self.api_url.as_deref())
            .with_some("issuer", self.issuer.as_deref())
            .with_some("client", self.client_id.as_deref())
            .with_some("resource", self.resource.as_ref().map(ToString::to_string))
            .with_some(
                "login method",
                self.login_method.map(InteractiveMethod::name),
            )
            .with_some("workload", self.workload.as_ref().map(describe_workload))
            .with("storage", storage_label(self.storage))
            .with("signed in", if self.signed_in { "yes" } else { "no" })
            .with("current", if self.current { "yes" } else { "no" });
        let hosts = self.helper_hosts.iter();
        let facts = hosts.fold(facts, |facts, it| {
            facts.with("given to", format!("{} for {}", it.program.name(), it.host))
        });
        shell.key_values(&facts)
    }
}
