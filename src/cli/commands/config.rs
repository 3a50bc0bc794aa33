//! `config path|get|set|unset|set-api-url|set-token`

use clap::Subcommand;
use serde_json::json;

use super::login::{may_replace, note_unverified, verification};
use crate::actions::{ActionError, LoginOptions, Target, login_with_api_key};
use crate::cli::app::{App, block_on_interruptible, run_to_completion};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::cli::help_text::after_help;
use crate::domain::BaseUrl;
use crate::ui::prompt;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ConfigCommand {
    /// Print the path of the settings file
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config path",
            "cat \"$(brainmaps config path)\"",
        ],
        see: "brainmaps config get, brainmaps help environment"
    }
    )]
    Path,
    /// Print a setting
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config get storage",
        ],
        see: "brainmaps config set, brainmaps config path"
    }
    )]
    Get {
        /// Setting: `storage`, `api_url.SERVICE`, `workspace.SERVICE` or `allow_variable.SERVICE`
        key: String,
    },
    /// Change a setting
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config set storage keyring",
            "brainmaps config set workspace.SERVICE ID",
        ],
        see: "brainmaps config get, brainmaps config unset"
    }
    )]
    Set {
        /// Setting: `storage`, `api_url.SERVICE`, `workspace.SERVICE` or `allow_variable.SERVICE`
        key: String,
        /// The new value
        value: String,
    },
    /// Remove a setting
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config unset storage",
        ],
        see: "brainmaps config get, brainmaps config set"
    }
    )]
    Unset {
        /// Setting: `storage`, `api_url.SERVICE`, `workspace.SERVICE` or `allow_variable.SERVICE`
        key: String,
    },
    /// Set the API base URL of the profile's service
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config set-api-url https://staging.example.com",
        ],
        see: "brainmaps config get, brainmaps profile add"
    }
    )]
    SetApiUrl {
        /// API base URL
        url: BaseUrl,
    },
    /// Store an API key, read from a prompt or stdin
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config set-token < key.txt",
        ],
        see: "brainmaps login --with-token, brainmaps token create"
    }
    )]
    SetToken {
        /// Store the key without verifying it with the service
        #[arg(long)]
        no_verify: bool,
        /// Replace a stored session of another server without asking
        #[arg(long)]
        replace: bool,
    },
}

pub(crate) fn run(app: &App, command: ConfigCommand) -> Result<ExitStatus, Failure> {
    let path = app.paths()?.config_file();
    match command {
        ConfigCommand::Path => print_value(app, "path", path.display().to_string()),
        ConfigCommand::Get { key } => {
            let value = app.context()?.config.get(&key).map_err(ActionError::from)?;
            if app.shell.options().json {
                app.shell.document(&json!({ "key": key, "value": value }))?;
            } else if let Some(value) = value {
                app.shell.result(value)?;
            }
            Ok(SUCCESS)
        }
        ConfigCommand::Set { key, value } => set(app, &key, &value),
        ConfigCommand::Unset { key } => unset(app, &key),
        ConfigCommand::SetApiUrl { url } => {
            let target = Target::resolve(&app.context()?)?;
            let key = format!("api_url.{}", target.descriptor.id);
            let done = set(app, &key, &url.to_string())?;
            if let Some(own) = target.profile.api_url.filter(|own| *own != url) {
                app.shell.warning(format!(
                    "profile `{0}` still uses the API URL of its login, {own}; to change that, delete the profile: `brainmaps \
                     profile remove {0}`",
                    target.name
                ));
            }
            Ok(done)
        }
        ConfigCommand::SetToken { no_verify, replace } => set_token(app, no_verify, replace),
    }
}

fn set(app: &App, key: &str, value: &str) -> Result<ExitStatus, Failure> {
    let path = app.paths()?.config_file();
    let config = app
        .context()?
        .config
        .with(key, value)
        .map_err(ActionError::from)?;
    run_to_completion(|| async { Ok(config.write(&path).map_err(ActionError::from)?) })?;
    if app.shell.options().json {
        app.shell.document(&json!({ "key": key, "value": value }))?;
    } else {
        app.shell.status(format!("set {key} to {value}"));
        if key == "storage" {
            app.shell.note(
                "stored credentials migrate with their next login, refresh or rotation, except those of `login --storage`",
            );
        }
    }
    Ok(SUCCESS)
}

fn unset(app: &App, key: &str) -> Result<ExitStatus, Failure> {
    let path = app.paths()?.config_file();
    let config = app
        .context()?
        .config
        .without(key)
        .map_err(ActionError::from)?;
    run_to_completion(|| async { Ok(config.write(&path).map_err(ActionError::from)?) })?;
    if app.shell.options().json {
        app.shell.document(&json!({ "key": key, "value": null }))?;
    } else {
        app.shell.status(format!("unset {key}"));
    }
    Ok(SUCCESS)
}

fn set_token(app: &App, no_verify: bool, replace: bool) -> Result<ExitStatus, Failure> {
    let replace = replace || may_replace(app, &LoginOptions::default())?;
    let key = prompt::read_secret(&app.shell, "API key")?;
    let mut context = app.context()?;
    context.options.replace = replace;
    let work = || login_with_api_key(&context, key, None, verification(no_verify));
    let signed_in = block_on_interruptible(&context, work)?;
    if app.shell.options().json {
        app.shell.document(&signed_in)?;
    } else {
        app.shell.result(format!(
            "stored the API key of profile `{}`",
            signed_in.profile
        ))?;
        note_unverified(app, &signed_in);
    }
    Ok(SUCCESS)
}

fn print_value(app: &App, name: &str, value: String) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({ name: value }))?;
    } else {
        app.shell.result(value)?;
    }
    Ok(SUCCESS)
}
