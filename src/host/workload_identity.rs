//! Finds where the platform of this process has the token that identifies the workload, as a pure function of the environment.

use std::path::{Path, PathBuf};

use super::Environment;
use crate::domain::Secret;

/// The variable of a job that has the token itself.
const TOKEN_VARIABLE: &str = "BRAINMAPS_ID_TOKEN";

/// The token of a pod for the cluster's own API.
const DEFAULT_POD_TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentitySource {
    /// In a file, which is read for each exchange: platforms replace it.
    File {
        path: PathBuf,
    },
    Variable {
        name: &'static str,
        value: Secret,
    },
    /// At an endpoint of GitHub Actions, for any audience.
    GitHubRequest {
        url: String,
        token: Secret,
    },
}

impl IdentitySource {
    /// Returns `true` for the token that a pod has for the API server, which must not get to another server.
    pub fn is_for_cluster(&self) -> bool {
        let Self::File { path } = self else {
            return false;
        };
        let cluster = Path::new(DEFAULT_POD_TOKEN);
        let target = |path: &Path| path.canonicalize().ok();
        path == cluster || target(path).is_some_and(|path| Some(path) == target(cluster))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MissingIdentity {
    #[error("this process runs neither in a CI job nor in a pod with an identity")]
    NoPlatform,
    #[error("this GitHub Actions job may not request an ID token")]
    GitHubPermission,
    #[error("this GitLab job has no ID token in BRAINMAPS_ID_TOKEN")]
    GitLabToken,
    #[error("this pod has no token file in BRAINMAPS_ID_TOKEN_FILE")]
    PodVolume,
    #[error("BRAINMAPS_ID_TOKEN and BRAINMAPS_ID_TOKEN_FILE are both set")]
    Ambiguous,
}

/// Returns where the token is. A variable of this program comes before what a platform offers.
///
/// # Errors
/// [`MissingIdentity`], which names the platform.
pub fn find_identity(environment: &Environment) -> Result<IdentitySource, MissingIdentity> {
    let file = environment.path(&Environment::file_variable(TOKEN_VARIABLE));
    let value = environment.get(TOKEN_VARIABLE).map(Secret::new);
    match (file, value) {
        (Some(_), Some(_)) => return Err(MissingIdentity::Ambiguous),
        (Some(path), None) => return Ok(IdentitySource::File { path }),
        (None, Some(value)) => {
            let name = TOKEN_VARIABLE;
            return Ok(IdentitySource::Variable { name, value });
        }
        (None, None) => {}
    }
    if environment.is_enabled("GITHUB_ACTIONS") {
        return find_github_request(environment).ok_or(MissingIdentity::GitHubPermission);
    }
    Err(if environment.is_enabled("GITLAB_CI") {
        MissingIdentity::GitLabToken
    } else if environment.get("KUBERNETES_SERVICE_HOST").is_some() {
        MissingIdentity::PodVolume
    } else {
        MissingIdentity::NoPlatform
    })
}

/// Without the permission, the runner sets neither variable.
fn find_github_request(environment: &Environment) -> Option<IdentitySource> {
    Some(IdentitySource::GitHubRequest {
        url: environment.get("ACTIONS_ID_TOKEN_REQUEST_URL")?.to_owned(),
        token: Secret::new(environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use MissingIdentity::{Ambiguous, GitHubPermission, GitLabToken, NoPlatform, PodVolume};

    fn find(variables: &[(&str, &str)]) -> Result<IdentitySource, MissingIdentity> {
        find_identity(&Environment::from_vars(variables.iter().copied()))
    }

    const GITHUB: (&str, &str) = ("GITHUB_ACTIONS", "true");
    const GITLAB: (&str, &str) = ("GITLAB_CI", "true");
    const POD: (&str, &str) = ("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    const URL: (&str, &str) = ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x/?a=b");
    const TOKEN: (&str, &str) = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t");
    const VALUE: (&str, &str) = ("BRAINMAPS_ID_TOKEN", "v");
    const FILE: (&str, &str) = ("BRAINMAPS_ID_TOKEN_FILE", "/f");

    #[test]
    fn platform_is_a_function_of_the_environment() {
        let request = IdentitySource::GitHubRequest {
            url: URL.1.to_owned(),
            token: Secret::new(TOKEN.1),
        };
        for (variables, expected) in [
            (&[][..], Err(NoPlatform)),
            (&[("CI", "true")], Err(NoPlatform)),
            (&[URL, TOKEN], Err(NoPlatform)),
            (&[GITHUB], Err(GitHubPermission)),
            (&[GITHUB, URL], Err(GitHubPermission)),
            (&[GITHUB, TOKEN], Err(GitHubPermission)),
            (&[GITHUB, URL, TOKEN], Ok(request.clone())),
            (&[GITHUB, URL, TOKEN, POD], Ok(request)),
            (&[GITLAB, URL, TOKEN], Err(GitLabToken)),
            (&[POD], Err(PodVolume)),
        ] {
            assert_eq!(find(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn variable_of_this_program_takes_precedence() {
        let value = IdentitySource::Variable {
            name: TOKEN_VARIABLE,
            value: Secret::new(VALUE.1),
        };
        let file = IdentitySource::File {
            path: FILE.1.into(),
        };
        for (variables, expected) in [
            (&[GITLAB, VALUE][..], Ok(value.clone())),
            (&[VALUE, GITHUB, URL, TOKEN], Ok(value)),
            (&[POD, FILE], Ok(file)),
            (&[VALUE, FILE], Err(Ambiguous)),
        ] {
            assert_eq!(find(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn token_for_the_api_server_is_recognized() {
        let of_file = |path: &str| IdentitySource::File { path: path.into() };
        assert!(of_file(DEFAULT_POD_TOKEN).is_for_cluster());
        assert!(!of_file("/var/run/secrets/tokens/brainmaps").is_for_cluster());
    }
}
