//! `config list|path|get|set|unset|set-api-url|set-token`: reads and changes settings, and stores an API key.

use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;
use serde_json::json;

use super::login::{self, LoginArgs};
use crate::actions::{
    ActionError, Config, Context, EffectiveSetting, SETTING_KEYS, Switch, Target,
    audit_log_warning, check_setting_name, find_effective_setting, find_overriding_variable,
    find_setting, list_settings, name_parameter_profile, profile_of_login_method, set_login_method,
};
use crate::cli::app::{App, CommandOutput, Message, block_on_interruptible, run_to_completion};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{AuditLogSetting, BaseUrl, CommandLine, Hint, Warning, format_count};
use crate::ui::{Column, OutputError, Shell, Span, Table};
use crate::vault::EventLog;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ConfigCommand {
    /// List the settings in effect, and where each comes from
    #[command(
        visible_alias = "ls",
        after_help = after_help! {
        examples: [
            "brainmaps config list",
            "brainmaps config list --json | jq -r '.settings[].key'",
        ],
        see: "brainmaps config get, brainmaps config set, brainmaps help environment"
    }
    )]
    List,
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
        before_help = "Prints the value in effect, which may be the default. Prints nothing and exits with 1 if the setting is not set and has no default.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps config get storage",
            "brainmaps config get audit.max_age",
        ],
        see: "brainmaps config set, brainmaps config path"
    }
    )]
    Get {
        #[arg(help = format!("Setting: {SETTING_KEYS}"))]
        key: String,
    },
    /// Change a setting
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config set storage keyring",
            "brainmaps config set audit_log ~/.local/state/brainmaps/audit.jsonl",
            "brainmaps config set audit.max_age 90d",
        ],
        see: "brainmaps config get, brainmaps config unset"
    }
    )]
    Set {
        #[arg(help = format!("Setting: {SETTING_KEYS}"))]
        key: String,
        /// The new value
        value: String,
    },
    /// Remove a setting
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps config unset storage",
            "brainmaps config unset login_method.work",
        ],
        see: "brainmaps config get, brainmaps config set"
    }
    )]
    Unset {
        #[arg(help = format!("Setting: {SETTING_KEYS}"))]
        key: String,
    },
    // `config set api_url.SERVICE`
    /// Set the API base URL of the profile's service
    #[command(
        hide = true,
        after_help = after_help! {
        examples: [
            "brainmaps config set-api-url https://staging.example.com",
            "brainmaps profile add staging --api-url https://staging.example.com",
        ],
        see: "brainmaps config get, brainmaps profile add"
    }
    )]
    SetApiUrl {
        /// API base URL
        url: BaseUrl,
    },
    // `login --with-token`
    /// Store an API key, read from a prompt or stdin
    #[command(
        hide = true,
        after_help = after_help! {
        examples: [
            "brainmaps config set-token < key.txt",
            "brainmaps login --with-token < key.txt   # the same",
        ],
        see: "brainmaps login --with-token, brainmaps token create"
    }
    )]
    SetToken {
        /// Store the key without verifying it with the service
        #[arg(long)]
        no_verify: bool,
        /// Replace the stored credential without asking, also one of another server
        #[arg(long)]
        replace: bool,
    },
}

const AUDIT_LOG_SETTING: &str = "audit_log";

/// The exit status of `config get` without a value.
const NOT_SET: ExitStatus = 1;

#[derive(Serialize)]
struct SettingList {
    file: PathBuf,
    settings: Vec<EffectiveSetting>,
}

/// A setting and its value, or `null` without one.
#[derive(Serialize)]
struct Setting {
    key: String,
    value: Option<String>,
    #[serde(skip)]
    change: SettingChange,
    /// The number of credentials whose record of use was deleted.
    #[serde(skip)]
    cleared: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SettingChange {
    /// It was only read.
    None,
    Set,
    Removed,
    /// It was to be removed, but was not set.
    Missing,
}

pub(crate) fn run(app: &App, command: ConfigCommand) -> Result<ExitStatus, Failure> {
    match command {
        ConfigCommand::List => app.print(&SettingList {
            file: app.paths()?.config_file(),
            settings: list_settings(&app.context()?)?,
        }),
        ConfigCommand::Path => {
            let path = app.paths()?.config_file().display().to_string();
            app.print(&Message::new(path.as_str(), json!({ "path": path })))
        }
        ConfigCommand::Get { key } => {
            let context = app.context()?;
            let key = name_parameter_profile(&context, key)?;
            let value = find_effective_setting(&context, &key)?;
            if value.is_none() {
                check_setting_name(&context, &key)?;
            }
            app.print(&Setting::new(key, value, SettingChange::None))
        }
        ConfigCommand::Set { key, value } => app.print(&change(app, key, Some(value))?),
        ConfigCommand::Unset { key } => app.print(&change(app, key, None)?),
        ConfigCommand::SetApiUrl { url } => app.print(&set_api_url(app, &url)?),
        ConfigCommand::SetToken { no_verify, replace } => {
            login::run(app, &LoginArgs::with_token(no_verify, replace))
        }
    }
}

fn set_api_url(app: &App, url: &BaseUrl) -> Result<Setting, Failure> {
    let target = Target::resolve(&app.context()?)?;
    let key = format!("api_url.{}", target.descriptor.id);
    let setting = change(app, key, Some(url.to_string()))?;
    if let Some(own) = target.profile.api_url.filter(|own| own != url) {
        let name = &target.name;
        let text = format!("profile `{name}` still uses the API URL of its login, {own}");
        let remove = CommandLine::without_profile(format!("profile remove {name}"));
        let hint = Hint::from("to change that, delete the profile: ").command(remove);
        app.shell.warning(Warning::with_hint(text, hint));
    }
    Ok(setting)
}

/// Sets `key`, or removes it without a value.
fn change(app: &App, key: String, value: Option<String>) -> Result<Setting, Failure> {
    let context = app.context()?;
    let key = name_parameter_profile(&context, key)?;
    if value.is_some() {
        check_setting_name(&context, &key)?;
    }
    let change = match (&value, find_setting(&context, &key)?) {
        (Some(_), _) => SettingChange::Set,
        (None, Some(_)) => SettingChange::Removed,
        (None, None) => SettingChange::Missing,
    };
    if let Some(profile) = profile_of_login_method(&key)? {
        let set = || set_login_method(&context, profile, value.as_deref());
        block_on_interruptible(&context, set)?;
        return Ok(Setting::new(key, value, change));
    }
    if let Some(profile) = context
        .options
        .profile
        .as_ref()
        .filter(|_| key == "login_method")
    {
        let command = CommandLine::without_profile(format!("config set login_method.{profile}"));
        let hint = Hint::from("to set it for the profile only: ").command(command);
        let text = "login_method is the setting of all profiles";
        app.shell.warning(Warning::with_hint(text, hint));
    }
    let cleared = write_setting(app, &context, &key, value.as_deref())?;
    if let Some(variable) = find_overriding_variable(&context, &key) {
        app.shell
            .warning(format!("{variable} takes precedence and is still used"));
    }
    Ok(Setting {
        cleared,
        ..Setting::new(key, value, change)
    })
}

/// Returns the number of credentials whose record of use was deleted.
fn write_setting(
    app: &App,
    context: &Context,
    key: &str,
    value: Option<&str>,
) -> Result<usize, Failure> {
    let change = |config: Config| match value {
        Some(value) => config.with(key, value),
        None => config.without(key),
    };
    // An invalid value is reported before anything is recorded.
    change(context.config.clone()).map_err(ActionError::from)?;
    let is_log = key == AUDIT_LOG_SETTING;
    if is_log {
        context.record_log_setting();
    }
    let path = app.paths()?.config_file();
    let config = run_to_completion(|| async {
        let changed = Config::change(&context.vault, &path, change).await;
        Ok(changed.map_err(ActionError::from)?)
    })?;
    if is_log {
        warn_if_unwritable(app, config.audit_log.as_ref());
    }
    if config.usage_record == Some(Switch::Off) {
        return Ok(context.vault.clear_usage(None).map_err(ActionError::from)?);
    }
    Ok(0)
}

/// Reports now what every command would report.
fn warn_if_unwritable(app: &App, setting: Option<&AuditLogSetting>) {
    let log = setting.and_then(EventLog::new);
    if let Some(error) = log.and_then(|log| log.prepare().err()) {
        app.shell.warning(audit_log_warning(&error));
    }
}

impl CommandOutput for SettingList {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let mut table = Table::new([
            Column::fixed("KEY"),
            Column::wrapped("VALUE"),
            Column::fixed("SOURCE"),
        ]);
        for setting in &self.settings {
            let source = match setting.source.strip_prefix("environment:") {
                Some(variable) => Span::plain(variable),
                None if setting.source == "default" => Span::dim("default"),
                None if setting.source == "profile" => Span::plain("profile"),
                None => Span::plain("config.toml"),
            };
            let (key, value) = (setting.key.as_str(), setting.value.as_str());
            table.add_row([Span::bold(key), Span::plain(value), source]);
        }
        shell.table(&table)
    }
}

impl Setting {
    fn new(key: String, value: Option<String>, change: SettingChange) -> Self {
        Self {
            key,
            value,
            change,
            cleared: 0,
        }
    }
}

impl CommandOutput for Setting {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let key = &self.key;
        match (self.change, &self.value) {
            (SettingChange::None, Some(value)) => shell.result(value.as_str())?,
            (SettingChange::Set, Some(value)) => shell.status(format!("set {key} to {value}")),
            (SettingChange::Removed, _) => shell.status(format!("unset {key}")),
            (SettingChange::Missing, _) => shell.status(format!("{key} was not set")),
            (SettingChange::None | SettingChange::Set, None) => {}
        }
        match self.cleared {
            0 => {}
            count => {
                let count = format_count(count, "credential");
                shell.status(format!("deleted the record of use of {count}"));
            }
        }
        if self.change == SettingChange::Set && key == "storage" {
            shell.note(
                "stored credentials migrate with their next login, refresh or rotation, except those of `login --storage`",
            );
        }
        Ok(())
    }

    /// As `git config`, for scripts that ask whether it is set.
    fn exit(&self) -> ExitStatus {
        if self.change == SettingChange::None && self.value.is_none() {
            return NOT_SET;
        }
        SUCCESS
    }
}
