//! The claims of an example job, as the documentation of each system lists them.

use serde_json::{Map, Value, json};

use super::settings::CiSystem;

const SHA: &str = "5f3c1d0a9b8e7f6a5d4c3b2a190817263544f5e6";

/// Returns the claims without the issuer, the times and the id of a token.
pub(super) fn example_claims(system: CiSystem, audience: &str) -> Map<String, Value> {
    let mut claims = match system {
        CiSystem::Github => github(),
        CiSystem::Gitlab => gitlab(),
        CiSystem::Kubernetes => kubernetes(),
    };
    // A Kubernetes token has a list.
    let audience = match system {
        CiSystem::Kubernetes => json!([audience]),
        CiSystem::Github | CiSystem::Gitlab => json!(audience),
    };
    claims["aud"] = audience;
    match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}

/// Returns the subject that the system builds from other claims; `None` if it is independent of them.
pub(super) fn subject(system: CiSystem, claims: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    match system {
        CiSystem::Github => {
            let repository = text("repository")?;
            Some(match (text("environment"), text("event_name")) {
                (Some(environment), _) => format!("repo:{repository}:environment:{environment}"),
                (None, Some("pull_request")) => format!("repo:{repository}:pull_request"),
                (None, _) => format!("repo:{repository}:ref:{}", text("ref")?),
            })
        }
        CiSystem::Gitlab => Some(format!(
            "project_path:{}:ref_type:{}:ref:{}",
            text("project_path")?,
            text("ref_type")?,
            text("ref")?
        )),
        CiSystem::Kubernetes => None,
    }
}

/// GitHub: "OpenID Connect reference".
fn github() -> Value {
    json!({
        "actor": "octocat",
        "actor_id": "12",
        "base_ref": "",
        "event_name": "push",
        "head_ref": "",
        "job_workflow_ref": "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main",
        "job_workflow_sha": SHA,
        "ref": "refs/heads/main",
        "ref_protected": "true",
        "ref_type": "branch",
        "repository": "octo-org/octo-repo",
        "repository_id": "74",
        "repository_owner": "octo-org",
        "repository_owner_id": "65",
        "repository_visibility": "private",
        "run_attempt": "1",
        "run_id": "1001",
        "run_number": "10",
        "runner_environment": "github-hosted",
        "sha": SHA,
        "workflow": "deploy",
        "workflow_ref": "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main",
        "workflow_sha": SHA,
    })
}

/// GitLab: "OpenID Connect (OIDC) Authentication Using ID Tokens".
fn gitlab() -> Value {
    json!({
        "ci_config_ref_uri": "gitlab.example.com/my-group/my-project//.gitlab-ci.yml@refs/heads/main",
        "ci_config_sha": SHA,
        "groups_direct": ["my-group"],
        "job_id": "302",
        "namespace_id": "72",
        "namespace_path": "my-group",
        "pipeline_id": "574",
        "pipeline_source": "push",
        "project_id": "20",
        "project_path": "my-group/my-project",
        "project_visibility": "private",
        "ref": "main",
        "ref_path": "refs/heads/main",
        "ref_protected": "true",
        "ref_type": "branch",
        "runner_environment": "gitlab-hosted",
        "runner_id": 1,
        "sha": SHA,
        "user_access_level": "developer",
        "user_email": "sample-user@example.com",
        "user_id": "1",
        "user_login": "sample-user",
    })
}

/// Kubernetes: "Managing Service Accounts", bound tokens.
fn kubernetes() -> Value {
    json!({
        "kubernetes.io": {
            "namespace": "default",
            "node": {"name": "node-1", "uid": "1c7d2b7e-2f1e-4f5d-9a53-5c1f0a8f7f10"},
            "pod": {"name": "deploy-7d9f8", "uid": "5f3c1d0a-9b8e-4f6a-8d4c-3b2a19081726"},
            "serviceaccount": {"name": "deploy", "uid": "14ee3fa4-a7e2-420f-9f9a-dbc4507c3798"},
        },
        "sub": "system:serviceaccount:default:deploy",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_follows_the_other_claims() {
        for (system, changes, expected) in [
            (
                CiSystem::Github,
                json!({}),
                "repo:octo-org/octo-repo:ref:refs/heads/main",
            ),
            (
                CiSystem::Github,
                json!({"environment": "prod"}),
                "repo:octo-org/octo-repo:environment:prod",
            ),
            (
                CiSystem::Github,
                json!({"event_name": "pull_request"}),
                "repo:octo-org/octo-repo:pull_request",
            ),
            (
                CiSystem::Gitlab,
                json!({"ref": "dev"}),
                "project_path:my-group/my-project:ref_type:branch:ref:dev",
            ),
        ] {
            let mut claims = example_claims(system, "a");
            claims.extend(changes.as_object().unwrap().clone());
            assert_eq!(subject(system, &claims).as_deref(), Some(expected));
        }
        let claims = example_claims(CiSystem::Kubernetes, "a");
        assert_eq!(subject(CiSystem::Kubernetes, &claims), None);
        assert_eq!(claims["aud"], json!(["a"]));
    }
}
