//! The settings file `config.toml`: reads, changes and writes it.

mod single_setting;

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toml::Table;
use zeroize::Zeroizing;

use crate::actions::ConfigError;
use crate::domain::{
    AuditLogSetting, AuditMember, AuditSettings, BaseUrl, DocumentUrl, InteractiveMethod,
    InvalidName, InvalidUrl, ProfileName, ProviderId,
};
use crate::files::{Requirements, parse_toml, read_settings, resolve_own_link, update_toml};
use crate::provider::{Catalog, find_reserving_service};
use crate::vault::{Storage, Vault, write_settings, write_user_file};

pub use single_setting::SingleSetting;

/// A larger file is not a settings file.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(1024 * 1024);

/// Where shell completion finds tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionSource {
    /// In local files.
    Local,
    /// At the server too, if local files have none.
    Server,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where events are recorded. No file of a directory changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_log: Option<AuditLogSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion: Option<CompletionSource>,
    /// Whether commands remind of credentials and tokens that expire soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notices: Option<Switch>,
    /// The preferred method of logins on a page of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_method: Option<InteractiveMethod>,
    /// The storage backend of profiles without their own choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// The document about this program that authorization servers read (Client ID Metadata Documents).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_metadata_url: Option<DocumentUrl>,
    /// Whether uses of credentials are recorded. `Off` also deletes the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_record: Option<Switch>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub api_url: BTreeMap<ProviderId, BaseUrl>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub workspace: BTreeMap<ProviderId, String>,
    /// Values of the parameters of each profile's service.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameter: BTreeMap<ProfileName, BTreeMap<String, String>>,
    /// Variables that a user's own provider may name although they do not begin with its id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub allow_variable: BTreeMap<ProviderId, Vec<String>>,
    #[serde(skip_serializing_if = "AuditSettings::is_empty")]
    pub audit: AuditSettings,
}

impl Config {
    /// Reads `path`. A missing file means the defaults.
    ///
    /// # Errors
    /// If the file cannot be read or is invalid.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let Some(text) = read_text(path)? else {
            return Ok(Self::default());
        };
        parse_toml(&text).map_err(|error| ConfigError::Invalid {
            path: path.to_owned(),
            error,
        })
    }

    pub fn api_url(&self, provider: &ProviderId) -> Option<BaseUrl> {
        self.api_url.get(provider).cloned()
    }

    /// Returns the variables that the description of `provider` may name besides its own.
    pub fn allowed_variables(&self, provider: &ProviderId) -> &[String] {
        self.allow_variable.get(provider).map_or(&[], Vec::as_slice)
    }

    /// Returns the value of `key` as text, or `None` if it is not set.
    ///
    /// # Errors
    /// If the key is unknown.
    pub fn get(&self, key: &str) -> Result<Option<String>, ConfigError> {
        Ok(match Key::parse(key)? {
            Key::Audit(member) => member.get(&self.audit),
            Key::Single(setting) => self.single(setting),
            Key::ApiUrl(id) => self.api_url.get(&id).map(BaseUrl::to_string),
            Key::Workspace(id) => self.workspace.get(&id).cloned(),
            Key::AllowVariable(id) => self.allow_variable.get(&id).map(|names| names.join(",")),
            Key::Parameter(name, profile) => self
                .parameter
                .get(&profile)
                .and_then(|it| it.get(&name))
                .cloned(),
        })
    }

    fn single(&self, setting: SingleSetting) -> Option<String> {
        let table = Table::try_from(self).unwrap_or_default();
        Some(table.get(setting.name())?.as_str()?.to_owned())
    }

    /// Sets `key` to `value`.
    ///
    /// # Errors
    /// If the key is unknown or the value is invalid.
    pub fn with(mut self, key: &str, value: &str) -> Result<Self, ConfigError> {
        let invalid = |message: String| invalid_value(key, value, message);
        match Key::parse(key)? {
            Key::Audit(member) => member.set(&mut self.audit, Some(value)).map_err(invalid)?,
            Key::Single(setting) => self.set_single(setting, Some(value)).map_err(invalid)?,
            Key::ApiUrl(id) => {
                let url = value.parse();
                let url = url.map_err(|error: InvalidUrl| invalid(error.to_string()));
                self.api_url.insert(id, url?);
            }
            Key::Workspace(id) => {
                let workspace = parse_header_value(value).map_err(invalid);
                self.workspace.insert(id, workspace?);
            }
            Key::AllowVariable(id) => {
                let names = parse_variable_names(value).map_err(invalid)?;
                self.allow_variable.insert(id, names);
            }
            Key::Parameter(name, profile) => {
                let value = parse_parameter(value).map_err(invalid)?;
                let values = self.parameter.entry(profile).or_default();
                values.insert(name, value);
            }
        }
        Ok(self)
    }

    /// Sets a setting, or removes it for `None`.
    fn set_single(&mut self, setting: SingleSetting, value: Option<&str>) -> Result<(), String> {
        let words = setting.words();
        match setting {
            SingleSetting::AuditLog => {
                let parsed = value.map(|value| value.to_owned().try_into());
                self.audit_log = parsed.transpose()?;
            }
            SingleSetting::ClientMetadataUrl => {
                let parsed = value.map(str::parse).transpose();
                self.client_metadata_url = parsed.map_err(str::to_owned)?;
            }
            SingleSetting::Completion => self.completion = parse_word(value, words)?,
            SingleSetting::LoginMethod => self.login_method = parse_word(value, words)?,
            SingleSetting::Notices => self.notices = parse_word(value, words)?,
            SingleSetting::Storage => self.storage = parse_word(value, words)?,
            SingleSetting::UsageRecord => self.usage_record = parse_word(value, words)?,
        }
        Ok(())
    }

    /// Removes `key`.
    ///
    /// # Errors
    /// If the key is unknown.
    pub fn without(mut self, key: &str) -> Result<Self, ConfigError> {
        let invalid = |message| invalid_value(key, "", message);
        match Key::parse(key)? {
            Key::Audit(member) => member.set(&mut self.audit, None).map_err(invalid)?,
            Key::Single(setting) => self.set_single(setting, None).map_err(invalid)?,
            Key::ApiUrl(id) => drop(self.api_url.remove(&id)),
            Key::Workspace(id) => drop(self.workspace.remove(&id)),
            Key::AllowVariable(id) => drop(self.allow_variable.remove(&id)),
            Key::Parameter(name, profile) => {
                if let Some(of_profile) = self.parameter.get_mut(&profile) {
                    of_profile.remove(&name);
                }
                self.parameter
                    .retain(|_, of_profile| !of_profile.is_empty());
            }
        }
        Ok(self)
    }

    /// Reads the settings file at `path`, changes it and writes it, under its lock. Returns the new settings.
    ///
    /// # Errors
    /// Those of `change`, and if the file cannot be locked, read or written.
    pub async fn change(
        vault: &Vault,
        path: &Path,
        change: impl FnOnce(Self) -> Result<Self, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let _lock = vault.lock_settings(path).await?;
        let changed = change(Self::read(path)?)?;
        changed.write(path)?;
        Ok(changed)
    }

    /// Writes the settings to `path`. Comments and settings that do not change stay as they are.
    ///
    /// # Errors
    /// If the file cannot be written. The previous settings are kept.
    pub fn write(&self, path: &Path) -> Result<(), ConfigError> {
        let present = read_text(path)?.unwrap_or_default();
        let settings = Table::try_from(self).map_err(ConfigError::NotSerializable)?;
        let text = update_toml(&present, &settings);
        let Some(target) = resolve_own_link(path)? else {
            return Ok(write_settings(path, text.as_bytes())?);
        };
        // Dotfiles managers link the file to one in a repository; the link stays.
        write_user_file(&target, text.as_bytes()).map_err(|source| ConfigError::LinkTarget {
            link: path.to_owned(),
            source,
        })
    }
}

/// Returns `None` if the file does not exist.
fn read_text(path: &Path) -> Result<Option<Zeroizing<String>>, ConfigError> {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(None);
    };
    Ok(read_settings(directory, Path::new(name), &REQUIREMENTS)?)
}

fn invalid_value(key: &str, value: &str, message: String) -> ConfigError {
    ConfigError::InvalidValue {
        key: key.to_owned(),
        value: value.to_owned(),
        message,
    }
}

fn parse_word<T: DeserializeOwned>(
    text: Option<&str>,
    expected: &[&str],
) -> Result<Option<T>, String> {
    let parse = |text: &str| T::deserialize(toml::Value::String(text.to_owned()));
    let parsed = text.map(parse).transpose();
    parsed.map_err(|_| format!("expected \"{}\"", expected.join("\" or \"")))
}

fn parse_header_value(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err("expected one word of visible ASCII characters".to_owned())
}

fn parse_parameter(text: &str) -> Result<String, String> {
    if !text.trim().is_empty() && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err("expected a text on one line".to_owned())
}

fn parse_variable_names(text: &str) -> Result<Vec<String>, String> {
    let name = |name: &str| {
        let is_name_char = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let starts_with_digit = name.starts_with(|c: char| c.is_ascii_digit());
        if name.is_empty() || starts_with_digit || !name.chars().all(is_name_char) {
            return Err("expected names of environment variables, separated by commas".to_owned());
        }
        match find_reserving_service(name) {
            Some(owner) => Err(format!(
                "{name} is reserved for the built-in service \"{owner}\""
            )),
            None => Ok(name.to_owned()),
        }
    };
    text.split(',').map(|part| name(part.trim())).collect()
}

/// Returns the names of all settings, with those of each service of `catalog`.
pub fn setting_names(catalog: &Catalog) -> Vec<String> {
    let services = catalog.ids();
    let of_services = ["api_url", "workspace", "allow_variable"].into_iter();
    let of_services =
        of_services.flat_map(|setting| services.iter().map(move |id| format!("{setting}.{id}")));
    let single = SingleSetting::ALL.map(|setting| setting.name().to_owned());
    single
        .into_iter()
        .chain(AuditMember::ALL.map(|member| format!("{AUDIT_PREFIX}{}", member.name())))
        .chain(of_services)
        .collect()
}

/// Returns the service that the name of a setting contains; `None` for other settings.
pub(super) fn service_of_setting(key: &str) -> Option<ProviderId> {
    match Key::parse(key).ok()? {
        Key::ApiUrl(id) | Key::Workspace(id) | Key::AllowVariable(id) => Some(id),
        _ => None,
    }
}

pub(super) const AUDIT_PREFIX: &str = "audit.";

enum Key {
    Audit(AuditMember),
    Single(SingleSetting),
    ApiUrl(ProviderId),
    Workspace(ProviderId),
    AllowVariable(ProviderId),
    Parameter(String, ProfileName),
}

fn find_audit_member(key: &str, name: &str) -> Result<AuditMember, ConfigError> {
    let mut members = AuditMember::ALL.into_iter();
    let member = members.find(|member| member.name() == name);
    member.ok_or_else(|| {
        let key = key.to_owned();
        match name {
            "ignore" => ConfigError::NotASetting { key },
            _ => ConfigError::UnknownAuditMember { key },
        }
    })
}

impl Key {
    fn parse(key: &str) -> Result<Self, ConfigError> {
        let unknown = || ConfigError::UnknownKey {
            key: key.to_owned(),
        };
        if let Some(setting) = SingleSetting::find(key) {
            return Ok(Self::Single(setting));
        }
        if let Some(name) = key.strip_prefix(AUDIT_PREFIX) {
            return find_audit_member(key, name).map(Self::Audit);
        }
        let (setting, service) = key.split_once('.').ok_or_else(unknown)?;
        if setting == "parameter" {
            let (name, profile) = service.split_once('.').ok_or_else(unknown)?;
            let profile = profile.parse().map_err(|_| unknown())?;
            return Ok(Self::Parameter(name.to_owned(), profile));
        }
        let variant: fn(ProviderId) -> Self = match setting {
            "api_url" => Self::ApiUrl,
            "workspace" => Self::Workspace,
            "allow_variable" => Self::AllowVariable,
            _ => return Err(unknown()),
        };
        let id = service.parse();
        let invalid = |wrong: InvalidName| ConfigError::InvalidValue {
            key: key.to_owned(),
            value: service.to_owned(),
            message: wrong.to_string(),
        };
        Ok(variant(id.map_err(invalid)?))
    }
}
