//! Restricts which variables, files and servers a user's provider description may name.
//!
//! A description may come from another person. It names variables and files, and the program sends their content to a server
//! that the same description names; so it may name only what belongs to its service. Built-in descriptions are trusted.

use super::{BUILT_IN, Catalog, CatalogEntry, DescriptorSource, ProviderError, parse_built_in};
use crate::domain::{Origin, ProviderId};
use crate::provider::{Descriptor, Endpoint, PathRoot, PathTemplate};

/// Directories in which every program has a directory of its own, longest first.
const SHARED_DIRECTORIES: &[&str] = &[
    "Library/Application Support",
    ".local/share",
    ".local/state",
    ".config",
    ".cache",
    ".local",
    "usr/local/etc",
    "var/lib",
    "etc",
    "opt",
];

/// Variables with the path of such a directory, or of the home directory.
const SHARED_VARIABLES: &[&str] = &[
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
];

/// What the user allowed for one description.
#[derive(Debug, Clone, Copy, Default)]
pub struct AllowedReferences<'a> {
    /// The setting `allow_variable.ID`.
    pub variables: &'a [String],
    /// `--api-url`, and the API URLs of profiles and settings.
    pub origins: &'a [Origin],
}

/// A reference to something that does not belong to the service. `member` is its path in the description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessViolation {
    #[error("{member} reads the variable {variable}, which does not start with {prefix}")]
    Variable {
        member: &'static str,
        variable: String,
        /// The prefix of the service's own variables.
        prefix: String,
    },
    #[error("{member} reads {variable}, which is reserved for the built-in service \"{owner}\"")]
    Reserved {
        member: &'static str,
        variable: String,
        owner: String,
        /// The prefix of the service's own variables.
        prefix: String,
    },
    /// A parameter becomes part of URLs, which servers and `-v` log.
    #[error("{member} reads {variable}, which holds a key or a client secret")]
    Secret {
        member: &'static str,
        variable: String,
    },
    /// The description replaces a built-in one and names another server.
    #[error("{member} points to {origin}, which is not a server of the built-in service \"{id}\"")]
    Origin {
        member: &'static str,
        origin: Origin,
        id: String,
    },
}

impl AccessViolation {
    /// Returns the path of the member in the description.
    pub fn member(&self) -> &'static str {
        match self {
            Self::Variable { member, .. }
            | Self::Reserved { member, .. }
            | Self::Secret { member, .. }
            | Self::Origin { member, .. } => member,
        }
    }
}

/// Returns the prefix of the service's own variables: its id in upper case, with `_` for `-` and `.`, and a `_` at the end.
/// An id that starts with a digit gets a leading `_`, because a variable cannot start with one.
pub fn variable_prefix(id: &ProviderId) -> String {
    let upper = id.as_str().to_ascii_uppercase().replace(['-', '.'], "_");
    let before = if upper.starts_with(|c: char| c.is_ascii_digit()) {
        "_"
    } else {
        ""
    };
    format!("{before}{upper}_")
}

/// Returns the built-in service that the variable `name` is reserved for.
pub fn find_reserving_service(name: &str) -> Option<&'static str> {
    // Parses only the descriptions that contain the name.
    let mentions = BUILT_IN.iter().filter(|(_, text)| text.contains(name));
    mentions
        .filter_map(|(id, _)| Some((*id, parse_built_in(id)?)))
        .find(|(_, service)| {
            let prefix = variable_prefix(&service.id);
            let is_setting = service
                .environment
                .entries()
                .any(|(_, known)| known == name);
            let is_directory =
                import_variables(service).any(|known| known == name) && name.starts_with(&prefix);
            is_setting || is_directory
        })
        .map(|(id, _)| id)
}

/// Returns the variables that session files are looked up in.
fn import_variables(service: &Descriptor) -> impl Iterator<Item = &str> {
    let files = service.login.import.iter().flat_map(|form| &form.files);
    files.filter_map(|file| match &file.root {
        PathRoot::Variable(name) => Some(name.as_str()),
        PathRoot::Home | PathRoot::FilesystemRoot => None,
    })
}

impl Catalog {
    /// # Errors
    /// [`ProviderError::AccessViolation`] if the description names something that is not its own and was not allowed.
    pub fn enforce_access(
        &self,
        entry: &CatalogEntry,
        allowed: AllowedReferences<'_>,
    ) -> Result<(), ProviderError> {
        let (DescriptorSource::File(path), Some(violation)) =
            (&entry.source, self.find_violation(entry, allowed))
        else {
            return Ok(());
        };
        let allow = match &violation {
            AccessViolation::Variable { variable, .. } => {
                let all = allowed.variables.iter().chain([variable]);
                let all: Vec<&str> = all.map(String::as_str).collect();
                Some(format!(
                    "allow_variable.{} {}",
                    entry.descriptor.id,
                    all.join(",")
                ))
            }
            AccessViolation::Reserved { .. }
            | AccessViolation::Secret { .. }
            | AccessViolation::Origin { .. } => None,
        };
        Err(ProviderError::AccessViolation {
            path: path.clone(),
            violation: Box::new(violation),
            allow,
        })
    }

    /// Returns the first reference that is not the service's own and was not allowed.
    pub fn find_violation(
        &self,
        entry: &CatalogEntry,
        allowed: AllowedReferences<'_>,
    ) -> Option<AccessViolation> {
        let DescriptorSource::File(_) = entry.source else {
            return None;
        };
        let service = &entry.descriptor;
        let foreign = find_foreign_origins(service);
        let violation = foreign
            .iter()
            .find(|(_, origin)| !allowed.origins.contains(origin));
        if let Some((member, origin)) = violation {
            return Some(AccessViolation::Origin {
                member,
                origin: origin.clone(),
                id: service.id.to_string(),
            });
        }
        find_secret_parameter(service)
            .or_else(|| find_foreign_variable(service, allowed, foreign.is_empty()))
    }
}

/// Returns the servers that a description names and the built-in one that it replaces does not.
fn find_foreign_origins(service: &Descriptor) -> Vec<(&'static str, Origin)> {
    let Some(built_in) = parse_built_in(service.id.as_str()) else {
        return Vec::new();
    };
    let known: Vec<Origin> = list_named_origins(&built_in)
        .map(|(_, origin)| origin)
        .collect();
    list_named_origins(service)
        .filter(|(_, origin)| !known.contains(origin))
        .collect()
}

/// Returns every server that a description names.
pub(super) fn list_named_origins(
    service: &Descriptor,
) -> impl Iterator<Item = (&'static str, Origin)> {
    let api = service
        .api_url
        .as_ref()
        .map(|url| ("api_url", url.origin()));
    let oauth = service.oauth.as_ref();
    let issuer = oauth.and_then(|oauth| oauth.issuer.as_ref()?.parse().ok());
    let issuer = issuer.map(|origin| ("oauth.issuer", origin));
    let endpoint = |endpoint: Option<&Endpoint>| -> Option<Origin> {
        // A relative endpoint is at the issuer.
        let endpoint = endpoint.filter(|endpoint| !endpoint.is_relative())?;
        endpoint.to_string().parse().ok()
    };
    let endpoints = oauth.map(|oauth| {
        [
            (
                "oauth.device_authorization_endpoint",
                oauth.device_authorization_endpoint.as_ref(),
            ),
            ("oauth.token_endpoint", oauth.token_endpoint.as_ref()),
            (
                "oauth.revocation_endpoint",
                oauth.revocation_endpoint.as_ref(),
            ),
            ("oauth.userinfo_endpoint", oauth.userinfo_endpoint.as_ref()),
        ]
    });
    let endpoints = endpoints.into_iter().flatten();
    let endpoints = endpoints.filter_map(move |(member, found)| Some((member, endpoint(found)?)));
    api.into_iter().chain(issuer).chain(endpoints)
}

/// Returns the parameter that would be read from the variable of a key or a client secret, of this or a built-in service.
fn find_secret_parameter(service: &Descriptor) -> Option<AccessViolation> {
    let parameters = service.parameters.values();
    let mut variables = parameters.filter_map(|it| it.environment.as_deref());
    let variable = variables.find(|name| {
        let name = name.strip_suffix("_FILE").unwrap_or(name);
        let owner = find_reserving_service(name);
        let owner = owner.and_then(parse_built_in);
        let owner = owner.is_some_and(|owner| owner.environment.is_secret(name));
        owner || service.environment.is_secret(name)
    })?;
    Some(AccessViolation::Secret {
        member: "parameters",
        variable: variable.to_owned(),
    })
}

/// `has_own_servers`: the description does not send anything to a foreign server, so one that replaces a built-in
/// description may read the variables that are reserved for that service.
fn find_foreign_variable(
    service: &Descriptor,
    allowed: AllowedReferences<'_>,
    has_own_servers: bool,
) -> Option<AccessViolation> {
    let prefix = variable_prefix(&service.id);
    let settings = service.environment.entries();
    let directories = import_variables(service).map(|variable| ("login.import.files", variable));
    let parameters = service.parameters.values();
    let parameters = parameters.filter_map(|it| Some(("parameters", it.environment.as_deref()?)));
    for (member, variable) in settings.chain(directories).chain(parameters) {
        let owner = find_reserving_service(variable);
        let is_own_reserved = |owner: &&str| *owner == service.id.as_str() && has_own_servers;
        if let Some(owner) = owner.filter(|owner| !is_own_reserved(owner)) {
            return Some(AccessViolation::Reserved {
                member,
                variable: variable.to_owned(),
                owner: owner.to_owned(),
                prefix,
            });
        }
        let is_own = owner.is_some() || is_own_variable(variable, &prefix);
        // An import ignores a directory that is not the service's own.
        let is_setting = member != "login.import.files";
        if is_setting && !is_own && !allowed.variables.iter().any(|it| it == variable) {
            return Some(AccessViolation::Variable {
                member,
                variable: variable.to_owned(),
                prefix,
            });
        }
    }
    None
}

fn is_own_variable(name: &str, prefix: &str) -> bool {
    name.len() > prefix.len() && name.starts_with(prefix)
}

impl PathTemplate {
    /// Returns `true` if the file is in a directory of the service: in one that is named after its id, with or without a
    /// leading dot, directly below the home directory or a shared directory; or in one that a variable of the service names.
    pub fn is_own(&self, id: &ProviderId) -> bool {
        let path = &self.relative_path;
        let path = match &self.root {
            PathRoot::Home | PathRoot::FilesystemRoot => path,
            PathRoot::Variable(name) if SHARED_VARIABLES.contains(&name.as_str()) => path,
            PathRoot::Variable(name) => return is_own_variable(name, &variable_prefix(id)),
        };
        let shared = SHARED_DIRECTORIES
            .iter()
            .find_map(|shared| path.strip_prefix(shared)?.strip_prefix('/'));
        if shared.is_none() && self.root == PathRoot::FilesystemRoot {
            return false;
        }
        let directory = shared.unwrap_or(path).split_once('/');
        directory.is_some_and(|(name, _)| name.strip_prefix('.').unwrap_or(name) == id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ProviderId {
        text.parse().unwrap()
    }

    #[test]
    fn variable_prefix_is_derived_from_the_id() {
        for (name, prefix) in [
            ("maps", "MAPS_"),
            ("our-maps.v2", "OUR_MAPS_V2_"),
            ("Maps_x", "MAPS_X_"),
            ("7maps", "_7MAPS_"),
        ] {
            assert_eq!(variable_prefix(&id(name)), prefix);
        }
    }

    #[test]
    fn own_directory_is_named_after_the_service() {
        for (text, service, is_own) in [
            ("~/.maps/session.json", "maps", true),
            ("~/maps/session.json", "maps", true),
            ("~/.config/maps/a/session.json", "maps", true),
            ("~/.local/share/maps/session.json", "maps", true),
            ("$XDG_CONFIG_HOME/maps/session.json", "maps", true),
            ("$HOME/.maps/session.json", "maps", true),
            ("$MAPS_HOME/session.json", "maps", true),
            ("/etc/maps/session.json", "maps", true),
            ("/var/lib/maps/session.json", "maps", true),
            ("~/.config/gcloud/adc.json", "maps", false),
            ("~/.config/gcloud/maps/adc.json", "maps", false),
            ("~/.config/gcloud/adc.json", "config", false),
            ("~/.local/share/keyrings/a", "local", false),
            ("~/.local/share/keyrings/a", "share", false),
            ("~/.local/maps/a", "local", false),
            ("~/.maps.json", "maps", false),
            ("~/maps", "maps", false),
            ("$XDG_CONFIG_HOME/gcloud/adc.json", "maps", false),
            ("$XDG_CONFIG_HOME/gcloud/adc.json", "xdg", false),
            ("$CLOUDSDK_CONFIG/maps/adc.json", "maps", false),
            ("/home/maps/secret.json", "home", false),
            ("/root/maps/secret.json", "maps", false),
        ] {
            let file = PathTemplate::try_from(text.to_owned()).unwrap();
            assert_eq!(file.is_own(&id(service)), is_own, "{text} of {service}");
        }
    }

    #[test]
    fn built_in_descriptions_name_only_their_own_files_and_variables() {
        for (name, text) in BUILT_IN {
            let service: Descriptor = toml::from_str(text).unwrap();
            let files = service.login.import.iter().flat_map(|form| &form.files);
            for file in files {
                assert!(file.is_own(&service.id), "{name}: {file:?}");
            }
            for (_, variable) in service.environment.entries() {
                assert_eq!(find_reserving_service(variable), Some(*name));
            }
        }
        assert_eq!(find_reserving_service("XDG_CONFIG_HOME"), None);
        assert_eq!(find_reserving_service("MAPS_API_KEY"), None);
    }
}
