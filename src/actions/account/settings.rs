//! Lists the settings in effect, and where each comes from.

use super::profile_settings::{EffectiveSetting, find_setting, list_profile_settings};
use crate::actions::api_base::variable_base;
use crate::actions::config::{AUDIT_PREFIX, service_of_setting};
use crate::actions::{ActionError, Config, ConfigError, Context, SingleSetting, Target};
use crate::domain::{AuditMember, AuditSettings, ProviderId, sanitize_line};
use crate::provider::{Descriptor, ProviderError};

/// Returns every setting that has a value: those of the file, those that a variable sets, and the defaults. No setting is
/// a secret.
///
/// # Errors
/// If a description cannot be read.
pub fn list_settings(context: &Context) -> Result<Vec<EffectiveSetting>, ActionError> {
    let with_default = |(key, default)| with_default(&context.config, key, default);
    let mut settings: Vec<_> = defaults().map(with_default).collect();
    for id in context.catalog.ids() {
        let Ok(id) = id.parse::<ProviderId>() else {
            continue;
        };
        match context.catalog.find(&id) {
            Ok(entry) => match api_url_setting(context, &id, &entry.descriptor) {
                Ok(setting) => settings.extend(setting),
                Err(error) => context.warn(error.to_string()),
            },
            // An invalid description must not hide the settings.
            Err(error) => context.warn(error.to_string()),
        }
    }
    settings.extend(list_file_only_settings(context)?);
    settings.extend(list_profile_settings(context)?);
    settings.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(settings)
}

/// Returns the value of a setting that is in effect, as [`list_settings`], or `None` if it is not set and has no default.
///
/// # Errors
/// If the key is unknown, or the variable in effect is not a URL.
pub fn find_effective_setting(context: &Context, key: &str) -> Result<Option<String>, ActionError> {
    let set = find_setting(context, key)?;
    let api_url = find_api_url(context, key)?.map(|setting| setting.value);
    Ok(api_url.or(set).or_else(|| find_default(key)))
}

/// Returns the environment variable that takes precedence over the setting `key`.
pub fn find_overriding_variable(context: &Context, key: &str) -> Option<String> {
    let source = find_api_url(context, key).ok()??.source;
    source.strip_prefix(ENVIRONMENT).map(str::to_owned)
}

/// Returns `api_url.SERVICE`; `None` for another setting or an unknown service.
fn find_api_url(context: &Context, key: &str) -> Result<Option<EffectiveSetting>, ActionError> {
    let id = key.strip_prefix(API_URL).and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(None) };
    match context.catalog.find(&id) {
        Ok(entry) => api_url_setting(context, &id, &entry.descriptor),
        Err(_) => Ok(None),
    }
}

fn api_url_setting(
    context: &Context,
    id: &ProviderId,
    descriptor: &Descriptor,
) -> Result<Option<EffectiveSetting>, ActionError> {
    let in_env = variable_base(context, descriptor)?;
    let from_file = || Some((context.config.api_url(id)?, FILE.to_owned()));
    let default = || Some((descriptor.api_url.clone()?, DEFAULT.to_owned()));
    let found = in_env
        .map(|(name, url)| (url, format!("{ENVIRONMENT}{name}")))
        .or_else(from_file)
        .or_else(default);
    Ok(found.map(|(url, source)| EffectiveSetting {
        key: format!("{API_URL}{id}"),
        value: url.to_string(),
        source,
    }))
}

/// Returns the settings with a default that no description changes, each with its default.
fn defaults() -> impl Iterator<Item = (String, String)> {
    let single = SingleSetting::ALL.into_iter();
    let single = single.filter_map(|setting| Some((setting.name(), setting.default_value()?)));
    let single = single.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let policy = AuditSettings::defaults();
    let members = AuditMember::ALL.into_iter();
    let members = members.filter_map(move |member| Some((audit_key(member), member.get(&policy)?)));
    single.chain(members)
}

fn find_default(key: &str) -> Option<String> {
    defaults()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

fn audit_key(member: AuditMember) -> String {
    format!("{AUDIT_PREFIX}{}", member.name())
}

const API_URL: &str = "api_url.";
const ENVIRONMENT: &str = "environment:";
const FILE: &str = "file";
const DEFAULT: &str = "default";

fn with_default(config: &Config, key: String, default: String) -> EffectiveSetting {
    let from_file = config.get(&key).ok().flatten();
    let source = if from_file.is_some() { FILE } else { DEFAULT };
    EffectiveSetting {
        key,
        value: from_file.unwrap_or(default),
        source: source.to_owned(),
    }
}

/// Appends the active profile to `parameter.NAME`. Other settings, and parameters with a profile, are returned unchanged.
///
/// # Errors
/// If no profile can be chosen.
pub fn name_parameter_profile(context: &Context, key: String) -> Result<String, ActionError> {
    let name = key.strip_prefix(PARAMETER);
    if name.is_none_or(|name| name.is_empty() || name.contains('.')) {
        return Ok(key);
    }
    let target = Target::resolve(context)?;
    Ok(format!("{key}.{}", target.name))
}

/// Fails if the name of a setting contains an unknown service, or a parameter that the service of its profile does not
/// have.
///
/// # Errors
/// [`ProviderError::Unknown`], [`ActionError::NoSuchProfile`] and [`ConfigError::UnknownParameter`].
pub fn check_setting_name(context: &Context, key: &str) -> Result<(), ActionError> {
    if let Some(id) = service_of_setting(key)
        && let Err(error @ ProviderError::Unknown { .. }) = context.catalog.read_text(&id)
    {
        return Err(error.into());
    }
    let parameter = key.strip_prefix(PARAMETER);
    let Some((name, profile)) = parameter.and_then(|it| it.split_once('.')) else {
        return Ok(());
    };
    let Ok(profile) = profile.parse() else {
        return Ok(());
    };
    let index = context.vault.index()?;
    let service = Target::for_profile(context, &index, profile)?.descriptor;
    if service.parameters.contains_key(name) {
        return Ok(());
    }
    Err(ConfigError::UnknownParameter {
        service: service.name,
        name: sanitize_line(name),
        known: service.parameters.into_keys().collect(),
    }
    .into())
}

const PARAMETER: &str = "parameter.";

/// Returns the settings that only the file can set: those without a default and a variable, and those of unknown services.
fn list_file_only_settings(context: &Context) -> Result<Vec<EffectiveSetting>, ActionError> {
    let config = &context.config;
    let unknown = config.api_url.keys();
    let unknown = unknown.filter(|id| !context.catalog.contains(id.as_str()));
    let keys = unknown.map(|id| format!("{API_URL}{id}"));
    let keys = keys.chain(config.workspace.keys().map(|id| format!("workspace.{id}")));
    let allowed = config.allow_variable.keys();
    let keys = keys.chain(allowed.map(|id| format!("allow_variable.{id}")));
    let policy = AuditSettings::defaults();
    let audit = AuditMember::ALL.into_iter();
    let audit = audit.filter(|member| member.get(&policy).is_none());
    let keys = keys.chain(audit.map(audit_key));
    let parameters = config.parameter.iter().flat_map(|(profile, values)| {
        let names = values.keys();
        names.map(move |name| format!("parameter.{name}.{profile}"))
    });
    let keys = keys.chain(parameters);
    let single = SingleSetting::ALL.into_iter();
    let single = single.filter(|setting| setting.default_value().is_none());
    let keys = keys.chain(single.map(|setting| setting.name().to_owned()));
    let mut settings = Vec::new();
    for key in keys {
        let source = FILE.to_owned();
        let value = config.get(&key)?;
        settings.extend(value.map(|value| EffectiveSetting { key, value, source }));
    }
    Ok(settings)
}
