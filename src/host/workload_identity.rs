//! Finds where the platform of this process has the token that identifies the workload, as a pure function of the environment.

use std::path::PathBuf;

use super::Environment;
use crate::domain::Secret;

/// The variable of a job that has the token itself.
const TOKEN_VARIABLE: &str = "BRAINMAPS_ID_TOKEN";

/// The token of a pod for the cluster's own API.
const DEFAULT_POD_TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// Where a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentitySource {
    /// In a file, which is read for each exchange: platforms replace it.
    File {
        path: PathBuf,
        variable: Option<String>,
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
    pub fn of_file(path: PathBuf) -> Self {
        let variable = None;
        Self::File { path, variable }
    }

    /// Returns `true` if the platform is asked for a token with an audience. Other tokens have one already.
    pub fn takes_audience(&self) -> bool {
        matches!(self, Self::GitHubRequest { .. })
    }

    /// Returns `true` for the token that a pod has for the API server, which must not get to another server.
    pub fn is_for_cluster(&self) -> bool {
        let target = std::path::Path::new(DEFAULT_POD_TOKEN);
        matches!(self, Self::File { path, .. } if path == target || path.canonicalize().is_ok_and(|path| {
            target.canonicalize().is_ok_and(|target| path == target)
        }))
    }
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MissingIdentity {
    #[error("this is no job of a CI system and no pod that has an identity")]
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
    let file_variable = Environment::file_variable(TOKEN_VARIABLE);
    let file = environment.path(&file_variable);
    let value = environment.get(TOKEN_VARIABLE).map(Secret::new);
    match (file, value) {
        (Some(_), Some(_)) => return Err(MissingIdentity::Ambiguous),
        (Some(path), None) => {
            let variable = Some(file_variable);
            return Ok(IdentitySource::File { path, variable });
        }
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

    #[test]
    fn source_is_a_function_of_the_environment() {
        let github = ("GITHUB_ACTIONS", "true");
        let url = ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x/?a=b");
        let token = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t");
        let pod = ("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        let request = IdentitySource::GitHubRequest {
            url: "https://x/?a=b".to_owned(),
            token: Secret::new("t"),
        };
        let variable = IdentitySource::Variable {
            name: TOKEN_VARIABLE,
            value: Secret::new("v"),
        };
        let file = IdentitySource::File {
            path: "/f".into(),
            variable: Some("BRAINMAPS_ID_TOKEN_FILE".to_owned()),
        };
        for (variables, expected) in [
            (&[][..], Err(NoPlatform)),
            (&[("CI", "true")], Err(NoPlatform)),
            (&[url, token], Err(NoPlatform)),
            (&[github], Err(GitHubPermission)),
            (&[github, url], Err(GitHubPermission)),
            (&[github, token], Err(GitHubPermission)),
            (&[github, url, token], Ok(request.clone())),
            (&[github, url, token, pod], Ok(request)),
            (&[("GITLAB_CI", "true"), url, token], Err(GitLabToken)),
            (
                &[("GITLAB_CI", "true"), ("BRAINMAPS_ID_TOKEN", "v")],
                Ok(variable.clone()),
            ),
            (
                &[("BRAINMAPS_ID_TOKEN", "v"), github, url, token],
                Ok(variable),
            ),
            (&[pod], Err(PodVolume)),
            (&[pod, ("BRAINMAPS_ID_TOKEN_FILE", "/f")], Ok(file)),
            (
                &[
                    ("BRAINMAPS_ID_TOKEN", "v"),
                    ("BRAINMAPS_ID_TOKEN_FILE", "/f"),
                ],
                Err(Ambiguous),
            ),
        ] {
            assert_eq!(find(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn token_for_the_api_server_is_recognized() {
        let of_file = |path: &str| IdentitySource::of_file(path.into());
        assert!(of_file(DEFAULT_POD_TOKEN).is_for_cluster());
        assert!(!of_file("/var/run/secrets/tokens/brainmaps").is_for_cluster());
    }
}
