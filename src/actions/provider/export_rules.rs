//! Rules for other scanners, made from the descriptions of services.

use serde::Serialize;

use crate::actions::{ActionError, Context};
use crate::domain::ProviderId;
use crate::provider::{Descriptor, variable_pattern};

/// A configuration with members that both gitleaks 8 and betterleaks 2 support.
#[derive(Debug, Serialize)]
pub struct GitleaksRules {
    title: &'static str,
    pub rules: Vec<GitleaksRule>,
}

#[derive(Debug, Serialize)]
pub struct GitleaksRule {
    id: String,
    description: String,
    /// Its first group is the key.
    regex: String,
    /// The regular expression is tried only in texts with one of them.
    keywords: [String; 1],
}

/// Returns the rules for the keys of `ids`, which may be in the gallery; of all services if it is empty.
///
/// # Errors
/// If a service does not exist or its description is invalid.
pub fn export_rules(context: &Context, ids: &[ProviderId]) -> Result<GitleaksRules, ActionError> {
    let mut services = Vec::new();
    if ids.is_empty() {
        services = crate::actions::token::inspect::load_descriptors(context);
    }
    for id in ids {
        services.push(context.catalog.find_with_gallery(id)?.descriptor);
    }
    Ok(GitleaksRules {
        title: "Keys of the services that brainmaps knows",
        rules: services.iter().filter_map(rule).collect(),
    })
}

/// Returns the rule for keys with a documented form; else, for the value of the service's variable.
fn rule(service: &Descriptor) -> Option<GitleaksRule> {
    let (id, name) = (&service.id, &service.name);
    let (description, regex, keyword) = match (&service.key, &service.environment.api_key) {
        (Some(format), _) => (
            format!("API key of {name}"),
            format.pattern(),
            &format.prefix,
        ),
        (None, Some(variable)) => (
            format!("API key of {name} in the variable {variable}"),
            variable_pattern(variable),
            variable,
        ),
        (None, None) => return None,
    };
    Some(GitleaksRule {
        id: format!("{id}-api-key"),
        description,
        regex,
        keywords: [keyword.to_ascii_lowercase()],
    })
}
