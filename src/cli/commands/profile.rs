//! `profile list|show|add|use|remove`

use clap::{Args, Subcommand};
use serde_json::json;

use crate::actions::{
    Context, ProfileView, Target, add_profile, profile, profiles, remove_profile, use_profile,
};
use crate::cli::app::{App, block_on};
use crate::cli::{DONE, Exit, Failure};
use crate::domain::{BaseUrl, ProfileName, ProviderId};
use crate::ui::{Column, Facts, Span, Table};
use crate::vault::{Profile, Storage};

/// Accounts. One comes with every service; more can be added.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProfileCommand {
    /// All profiles
    List,
    /// One profile
    Show {
        /// The profile [default: the current one]
        name: Option<ProfileName>,
    },
    /// Add one
    Add(AddArgs),
    /// Use it when none is named
    Use {
        /// The profile
        name: ProfileName,
    },
    /// Forget one that is signed out
    Remove {
        /// The profile
        name: ProfileName,
    },
}

/// Adds a profile.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps profile add work --provider brainmaps\n  \
    brainmaps --api-url https://staging.example.com profile add staging --provider brainmaps")]
pub struct AddArgs {
    /// Its name
    name: ProfileName,
    /// Its service
    #[arg(long, value_name = "SERVICE")]
    provider: ProviderId,
    /// The OAuth2 authorization server, where it is not the service's usual one
    #[arg(long, value_name = "URL")]
    issuer: Option<BaseUrl>,
    /// The public client, where it is not the service's usual one
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
}

pub(crate) fn run(app: &App, command: ProfileCommand) -> Result<Exit, Failure> {
    let context = app.context()?;
    let said = match command {
        ProfileCommand::List => return list(app, &profiles(&context)?),
        ProfileCommand::Show { name } => {
            let name = name.or_else(|| context.choice.profile.clone());
            let views = profiles(&context)?;
            let current = views.into_iter().find(|view| view.current);
            let view = match name {
                Some(name) => profile(&context, name)?,
                None => current.ok_or_else(Failure::interrupted)?,
            };
            return show(app, &view);
        }
        ProfileCommand::Add(args) => {
            let mut kept = Profile::new(args.provider);
            kept.api_url.clone_from(&context.choice.api_url);
            kept.issuer = args.issuer.map(|issuer| issuer.to_string());
            kept.client_id = args.client_id;
            block_on(&context, || add_profile(&context, &args.name, kept))?;
            (args.name, "added")
        }
        ProfileCommand::Use { name } => {
            block_on(&context, || use_profile(&context, name.clone()))?;
            warn_of_precedence(app, &context, &name);
            (name, "used when none is named")
        }
        ProfileCommand::Remove { name } => {
            block_on(&context, || remove_profile(&context, &name))?;
            (name, "forgotten")
        }
    };
    if app.shell.options().json {
        app.shell.document(&json!({ "profile": said.0 }))?;
    } else {
        app.shell
            .result(format!("profile `{}` is {}", said.0, said.1))?;
    }
    Ok(DONE)
}

/// A variable or a project file that names another profile takes precedence over `profile use`.
fn warn_of_precedence(app: &App, context: &Context, name: &ProfileName) {
    let variable = app.environment.get("BRAINMAPS_PROFILE");
    let Ok(target) = Target::resolve(context) else {
        return;
    };
    let source = match (variable, target.routing.profile()) {
        (Some(_), _) => "BRAINMAPS_PROFILE",
        (None, Some(_)) => "the project file of this directory",
        (None, None) => return,
    };
    if target.profile != *name && app.globals.profile.is_none() {
        app.shell.warning(format!(
            "{source} names profile \"{}\" and takes precedence",
            target.profile
        ));
    }
}

fn list(app: &App, views: &[ProfileView]) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({ "profiles": views }))?;
        return Ok(DONE);
    }
    let mut table = Table::new([
        Column::fixed("PROFILE"),
        Column::fixed("SERVICE"),
        Column::fixed("CURRENT"),
        Column::fixed("SIGNED IN"),
        Column::flexible("API"),
    ]);
    for view in views {
        let yes = |is: bool| {
            if is {
                Span::good("yes")
            } else {
                Span::dim("no")
            }
        };
        table.row([
            Span::bold(view.profile.as_str()),
            Span::plain(view.provider.as_str()),
            yes(view.current),
            yes(view.signed_in),
            Span::plain(view.api_url.clone().unwrap_or_default()),
        ]);
    }
    app.shell.table(&table)?;
    Ok(DONE)
}

fn place(storage: Storage) -> &'static str {
    match storage {
        Storage::File => "a file",
        Storage::Keyring => "the keyring",
    }
}

fn show(app: &App, view: &ProfileView) -> Result<Exit, Failure> {
    if app.shell.options().json {
        app.shell.document(view)?;
        return Ok(DONE);
    }
    let facts = Facts::default()
        .with("profile", Span::bold(view.profile.as_str()))
        .with("service", view.provider.as_str())
        .with_some("api", view.api_url.as_deref())
        .with_some("issuer", view.issuer.as_deref())
        .with_some("client", view.client_id.as_deref())
        .with("kept in", place(view.storage))
        .with("signed in", if view.signed_in { "yes" } else { "no" })
        .with("current", if view.current { "yes" } else { "no" });
    app.shell.facts(&facts)?;
    Ok(DONE)
}
