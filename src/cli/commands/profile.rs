//! `profile list|show|add|use|remove`

use clap::{Args, Subcommand};
use serde_json::json;

use crate::actions::{
    Context, ProfileView, Target, add_profile, get_profile, list_profiles, remove_profile,
    set_default_profile,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::cli::help_text::after_help;
use crate::domain::{BaseUrl, ProfileName, ProviderId};
use crate::ui::{Column, KeyValues, Span, Table};
use crate::vault::{Profile, Storage};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProfileCommand {
    /// List profiles
    #[command(
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
        ],
        see: "brainmaps profile list, brainmaps project set-cloud"
    }
    )]
    Use {
        /// Name of the profile
        name: ProfileName,
    },
    /// Delete a profile (sign out first)
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps profile remove work",
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
}

pub(crate) fn run(app: &App, command: ProfileCommand) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    let result = match command {
        ProfileCommand::List => return list(app, &list_profiles(&context)?),
        ProfileCommand::Show { name } => {
            let name = name.or_else(|| context.options.profile.clone());
            let views = list_profiles(&context)?;
            let current = views.into_iter().find(|view| view.current);
            let view = match name {
                Some(name) => get_profile(&context, name)?,
                None => current.ok_or_else(Failure::interrupted)?,
            };
            return show(app, &view);
        }
        ProfileCommand::Add(args) => {
            let mut new_profile = Profile::new(args.provider);
            new_profile.api_url.clone_from(&context.options.api_url);
            new_profile.issuer = args.issuer.map(|issuer| issuer.to_string());
            new_profile.client_id = args.client_id;
            block_on_interruptible(&context, || add_profile(&context, &args.name, new_profile))?;
            (args.name, "added")
        }
        ProfileCommand::Use { name } => {
            block_on_interruptible(&context, || set_default_profile(&context, name.clone()))?;
            warn_if_overridden(app, &context, &name);
            (name, "the default profile")
        }
        ProfileCommand::Remove { name } => {
            block_on_interruptible(&context, || remove_profile(&context, &name))?;
            (name, "deleted")
        }
    };
    if app.shell.options().json {
        app.shell.document(&json!({ "profile": result.0 }))?;
    } else {
        app.shell
            .result(format!("profile `{}` is {}", result.0, result.1))?;
    }
    Ok(SUCCESS)
}

/// A variable or a project file that names another profile takes precedence over `profile use`.
fn warn_if_overridden(app: &App, context: &Context, name: &ProfileName) {
    let variable = app.environment.get("BRAINMAPS_PROFILE");
    let Ok(target) = Target::resolve(context) else {
        return;
    };
    let source = match (variable, target.routing.bound_profile()) {
        (Some(_), _) => "BRAINMAPS_PROFILE",
        (None, Some(_)) => "the project file of this directory",
        (None, None) => return,
    };
    if target.name != *name && app.globals.profile.is_none() {
        app.shell.warning(format!(
            "{source} names profile \"{}\" and takes precedence",
            target.name
        ));
    }
}

fn list(app: &App, views: &[ProfileView]) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({ "profiles": views }))?;
        return Ok(SUCCESS);
    }
    let mut table = Table::new([
        Column::fixed("PROFILE"),
        Column::fixed("SERVICE"),
        Column::fixed("CURRENT"),
        Column::fixed("SIGNED IN"),
        Column::wrapped("API URL"),
    ]);
    for view in views {
        let yes = |is: bool| {
            if is {
                Span::good("yes")
            } else {
                Span::dim("no")
            }
        };
        table.add_row([
            Span::bold(view.profile.as_str()),
            Span::plain(view.provider.as_str()),
            yes(view.current),
            yes(view.signed_in),
            Span::plain(view.api_url.clone().unwrap_or_default()),
        ]);
    }
    app.shell.table(&table)?;
    Ok(SUCCESS)
}

fn storage_label(storage: Storage) -> &'static str {
    match storage {
        Storage::File => "file",
        Storage::Keyring => "keyring",
    }
}

fn show(app: &App, view: &ProfileView) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(view)?;
        return Ok(SUCCESS);
    }
    let facts = KeyValues::default()
        .with("profile", Span::bold(view.profile.as_str()))
        .with("service", view.provider.as_str())
        .with_some("api url", view.api_url.as_deref())
        .with_some("issuer", view.issuer.as_deref())
        .with_some("client", view.client_id.as_deref())
        .with("storage", storage_label(view.storage))
        .with("signed in", if view.signed_in { "yes" } else { "no" })
        .with("current", if view.current { "yes" } else { "no" });
    app.shell.key_values(&facts)?;
    Ok(SUCCESS)
}
