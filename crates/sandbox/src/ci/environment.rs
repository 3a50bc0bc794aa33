//! The environment variables of a job.

use std::path::Path;

use super::issuer::Issuer;
use super::server::GITHUB_TOKEN_PATH;
use super::settings::CiSystem;
use crate::base::SandboxError;

/// The variables of a job that differ from those of this process.
pub struct CiEnvironment {
    /// Names and values. The values may be secrets.
    pub set: Vec<(&'static str, String)>,
    /// Variables of other systems, and those that a job without a permission does not have.
    pub unset: Vec<&'static str>,
}

/// Every variable that shows a job where its token is.
const DECIDING: [&str; 7] = [
    "GITHUB_ACTIONS",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "GITLAB_CI",
    "BRAINMAPS_ID_TOKEN",
    "KUBERNETES_SERVICE_HOST",
    "BRAINMAPS_ID_TOKEN_FILE",
];

/// Returns the environment of a job of `issuer`, with its token in `file` if it is a pod.
pub(super) fn job_environment(
    issuer: &Issuer,
    file: Option<&Path>,
) -> Result<CiEnvironment, SandboxError> {
    let mut set = match issuer.settings.system {
        CiSystem::Github => github(issuer),
        CiSystem::Gitlab => gitlab(issuer),
        CiSystem::Kubernetes => kubernetes(),
    };
    if issuer.settings.has_permission {
        set.extend(token(issuer, file)?);
    }
    let is_set = |name: &&str| set.iter().any(|(own, _)| own == name);
    let unset = DECIDING.into_iter().filter(|name| !is_set(name)).collect();
    Ok(CiEnvironment { set, unset })
}

fn token(
    issuer: &Issuer,
    file: Option<&Path>,
) -> Result<Vec<(&'static str, String)>, SandboxError> {
    Ok(match (issuer.settings.system, file) {
        (CiSystem::Github, _) => vec![
            (
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                format!("{}{GITHUB_TOKEN_PATH}?api-version=2.0", issuer.url),
            ),
            (
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                issuer.request_token.expose().to_owned(),
            ),
        ],
        (CiSystem::Gitlab, _) => {
            let token = issuer.issue(None)?;
            vec![("BRAINMAPS_ID_TOKEN", token.expose().to_owned())]
        }
        (CiSystem::Kubernetes, Some(path)) => {
            vec![("BRAINMAPS_ID_TOKEN_FILE", path.display().to_string())]
        }
        (CiSystem::Kubernetes, None) => Vec::new(),
    })
}

/// GitHub: "Variables reference".
fn github(issuer: &Issuer) -> Vec<(&'static str, String)> {
    let mut set = vec![
        ("CI", "true".to_owned()),
        ("GITHUB_ACTIONS", "true".to_owned()),
    ];
    let claims = [
        ("GITHUB_ACTOR", "actor"),
        ("GITHUB_EVENT_NAME", "event_name"),
        ("GITHUB_REF", "ref"),
        ("GITHUB_REPOSITORY", "repository"),
        ("GITHUB_REPOSITORY_OWNER", "repository_owner"),
        ("GITHUB_RUN_ID", "run_id"),
        ("GITHUB_SHA", "sha"),
        ("GITHUB_WORKFLOW", "workflow"),
    ];
    set.extend(claims.map(|(name, claim)| (name, issuer.claim(claim))));
    set
}

/// GitLab: "Predefined CI/CD variables reference".
fn gitlab(issuer: &Issuer) -> Vec<(&'static str, String)> {
    let mut set = vec![("CI", "true".to_owned()), ("GITLAB_CI", "true".to_owned())];
    let claims = [
        ("CI_COMMIT_REF_NAME", "ref"),
        ("CI_COMMIT_SHA", "sha"),
        ("CI_JOB_ID", "job_id"),
        ("CI_PIPELINE_SOURCE", "pipeline_source"),
        ("CI_PROJECT_PATH", "project_path"),
    ];
    set.extend(claims.map(|(name, claim)| (name, issuer.claim(claim))));
    set
}

/// The usual first address of a cluster's services.
fn kubernetes() -> Vec<(&'static str, String)> {
    vec![
        ("KUBERNETES_SERVICE_HOST", "10.96.0.1".to_owned()),
        ("KUBERNETES_SERVICE_PORT", "443".to_owned()),
    ]
}
