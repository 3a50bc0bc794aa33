//! The API base URL of a profile: from the command line, a variable, the profile, the settings or the description.

use crate::actions::{ActionError, Context};
use crate::domain::BaseUrl;
use crate::provider::Descriptor;
use crate::vault::Profile;

/// Precedence: `--api-url`, the provider's variable. The sandbox ignores both, and no credential belongs to the URL of a proxy.
pub(super) fn explicit_base(
    context: &Context,
    descriptor: &Descriptor,
) -> Result<Option<BaseUrl>, ActionError> {
    if context.options.sandbox {
        return Ok(None);
    }
    if let Some(url) = &context.options.api_url {
        return Ok(Some(url.clone()));
    }
    Ok(variable_base(context, descriptor)?.map(|(_, url)| url))
}

/// Returns the provider's variable and the URL in it. The URL of a proxy is not used.
pub(super) fn variable_base<'a>(
    context: &Context,
    descriptor: &'a Descriptor,
) -> Result<Option<(&'a str, BaseUrl)>, ActionError> {
    let Some(name) = descriptor.environment.api_url.as_deref() else {
        return Ok(None);
    };
    let Some(text) = context.environment.get_unless_from_exec(name) else {
        return Ok(None);
    };
    let wrong = |source| ActionError::Variable {
        name: name.to_owned(),
        source,
    };
    Ok(Some((name, text.parse().map_err(wrong)?)))
}

pub(super) fn configured_base_of(
    context: &Context,
    kept: &Profile,
    descriptor: &Descriptor,
) -> Option<BaseUrl> {
    let configured = || context.config.api_url(&descriptor.id);
    kept.api_url
        .clone()
        .or_else(configured)
        .or_else(|| descriptor.api_url.clone())
}

pub(super) fn sandbox_base(descriptor: &Descriptor) -> Result<BaseUrl, ActionError> {
    let place = descriptor.sandbox.as_ref();
    let url = place.map(|place| place.api_url.clone());
    url.ok_or_else(|| ActionError::NotInSandbox {
        provider: descriptor.id.to_string(),
    })
}
