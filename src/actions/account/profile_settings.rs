//! The settings that are kept with a profile and not in `config.toml`: `login_method.PROFILE`.

use serde::Serialize;

use crate::actions::{ActionError, Config, Context, Target};
use crate::domain::{InteractiveMethod, ProfileName};
use crate::vault::ProfileIndex;

const LOGIN_METHOD: &str = "login_method.";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectiveSetting {
    pub key: String,
    pub value: String,
    /// `file`, `profile`, `environment:NAME` or `default`
    pub source: String,
}

/// Returns the profile whose login method the setting `key` is; `None` for any other setting.
///
/// # Errors
/// If the name of the profile is invalid.
pub fn profile_of_login_method(key: &str) -> Result<Option<ProfileName>, ActionError> {
    let name = key.strip_prefix(LOGIN_METHOD);
    Ok(name.map(str::parse).transpose()?)
}

/// Returns the value of a setting, or `None` if it is not set.
///
/// # Errors
/// If the key is unknown.
pub fn find_setting(context: &Context, key: &str) -> Result<Option<String>, ActionError> {
    let Some(profile) = profile_of_login_method(key)? else {
        return Ok(context.config.get(key)?);
    };
    let index = context.vault.index()?;
    let method = Target::for_profile(context, &index, profile)?
        .profile
        .login_method;
    Ok(method.map(|method| method.name().to_owned()))
}

/// Sets the preferred login method of a profile; without a value, removes it.
///
/// # Errors
/// If the value is invalid, the profile does not exist, or the index cannot be written.
pub async fn set_login_method(
    context: &Context,
    name: ProfileName,
    value: Option<&str>,
) -> Result<(), ActionError> {
    let method = value.map(parse_method).transpose()?.flatten();
    let target = Target::for_profile(context, &context.vault.index()?, name.clone())?;
    let _lock = context.vault.lock(&name).await?;
    let set = |index: &mut ProfileIndex| {
        let profile = index.profiles.entry(name).or_insert(target.profile);
        profile.login_method = method;
    };
    Ok(context.vault.update_index(set).await?)
}

fn parse_method(value: &str) -> Result<Option<InteractiveMethod>, ActionError> {
    Ok(Config::default().with("login_method", value)?.login_method)
}

pub(super) fn list_profile_settings(
    context: &Context,
) -> Result<Vec<EffectiveSetting>, ActionError> {
    let index = context.vault.index()?;
    let profiles = index.profiles.iter();
    let settings = profiles.filter_map(|(name, profile)| {
        let method = profile.login_method?;
        Some(EffectiveSetting {
            key: format!("{LOGIN_METHOD}{name}"),
            value: method.name().to_owned(),
            source: "profile".to_owned(),
        })
    });
    Ok(settings.collect())
}
