//! Lists the settings in effect, and where each comes from.

use serde::Serialize;

use crate::actions::{ActionError, Config, Context};
use crate::domain::ProviderId;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectiveSetting {
    pub key: String,
    pub value: String,
    /// `file`, `environment:NAME` or `default`
    pub source: String,
}

/// Returns every setting that has a value: those of the file, those that a variable sets, and the defaults. No setting is
/// a secret.
///
/// # Errors
/// If a description cannot be read.
pub fn list_settings(context: &Context) -> Result<Vec<EffectiveSetting>, ActionError> {
    let own = &context.config;
    let mut settings = vec![
        with_default(own, "storage", "file"),
        with_default(own, "completion", "local"),
    ];
    for id in context.catalog.ids() {
        let Ok(id) = id.parse::<ProviderId>() else {
            continue;
        };
        match context.catalog.find(&id) {
            Ok(entry) => {
                let variable = entry.descriptor.environment.api_url.as_deref();
                let set = variable.and_then(|name| Some((name, context.environment.get(name)?)));
                let own = context.config.api_url(&id).map(|url| url.to_string());
                let default = entry.descriptor.api_url.as_ref().map(ToString::to_string);
                let found = match (set, own, default) {
                    (Some((name, value)), _, _) => {
                        Some((value.to_owned(), format!("environment:{name}")))
                    }
                    (None, Some(value), _) => Some((value, FILE.to_owned())),
                    (None, None, Some(value)) => Some((value, DEFAULT.to_owned())),
                    (None, None, None) => None,
                };
                let setting = |(value, source)| EffectiveSetting {
                    key: format!("api_url.{id}"),
                    value,
                    source,
                };
                settings.extend(found.map(setting));
            }
            // An invalid description must not hide the settings.
            Err(error) => context.warn(error.to_string()),
        }
    }
    settings.extend(only_in_file(context)?);
    settings.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(settings)
}

const FILE: &str = "file";
const DEFAULT: &str = "default";

fn with_default(config: &Config, key: &str, default: &str) -> EffectiveSetting {
    let own = config.get(key).ok().flatten();
    let source = if own.is_some() { FILE } else { DEFAULT };
    EffectiveSetting {
        key: key.to_owned(),
        value: own.unwrap_or_else(|| default.to_owned()),
        source: source.to_owned(),
    }
}

/// The settings without a default or a variable, and those of services without a description.
fn only_in_file(context: &Context) -> Result<Vec<EffectiveSetting>, ActionError> {
    let config = &context.config;
    let unknown = config.api_url.keys();
    let unknown = unknown.filter(|id| !context.catalog.contains(id.as_str()));
    let keys = unknown.map(|id| format!("api_url.{id}"));
    let keys = keys.chain(config.workspace.keys().map(|id| format!("workspace.{id}")));
    let allowed = config.allow_variable.keys();
    let keys = keys.chain(allowed.map(|id| format!("allow_variable.{id}")));
    let keys = keys.chain(config.login_method.map(|_| "login_method".to_owned()));
    let parameters = config.parameter.iter().flat_map(|(profile, values)| {
        let names = values.keys();
        names.map(move |name| format!("parameter.{name}.{profile}"))
    });
    let keys = keys.chain(parameters);
    let document = config.client_metadata_url.as_ref();
    let keys = keys.chain(document.map(|_| "client_metadata_url".to_owned()));
    let mut settings = Vec::new();
    for key in keys {
        let value = config.get(&key)?.unwrap_or_default();
        let source = FILE.to_owned();
        settings.push(EffectiveSetting { key, value, source });
    }
    Ok(settings)
}
