//! Errors of a login with the identity of a workload. No variant holds a token.

use std::path::PathBuf;

use crate::domain::JwtClaims;
use crate::files::quote_path;
use crate::host::MissingIdentity;
use crate::http::{HttpError, StatusCode};
use crate::oauth::OauthError;

#[derive(Debug, thiserror::Error)]
pub enum WorkloadError {
    #[error("no identity to sign in with: {0}")]
    Missing(MissingIdentity),
    #[error("cannot read the identity from {}: {reason}", quote_path(path))]
    File {
        path: PathBuf,
        reason: String,
        hint: Option<String>,
    },
    /// The request token must not leave the machine unencrypted.
    #[error("ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL, or http on loopback")]
    RequestUrl,
    #[error("cannot request an ID token from GitHub Actions")]
    Request(#[source] HttpError),
    #[error("GitHub Actions issued no ID token (HTTP {status})")]
    Refused { status: StatusCode },
    #[error("{what} is not a JWT")]
    NotJwt { what: String },
    /// It would let the other server act as this workload.
    #[error(
        "{what} is meant for {}, and not for {expected}",
        format_audiences(claims)
    )]
    ForeignAudience {
        what: String,
        expected: String,
        claims: JwtClaims,
    },
    #[error("the workload identity has no stored session to refresh")]
    NothingStored,
    /// With everything that the server may have compared.
    #[error("cannot exchange {what} for an access token")]
    Exchange {
        what: String,
        /// `None` if the identity is not a JWT.
        claims: Option<JwtClaims>,
        /// The parameters of the request beside the identity.
        requested: String,
        source: Box<OauthError>,
    },
}

fn format_audiences(claims: &JwtClaims) -> String {
    match claims.audiences().as_slice() {
        [] => "no audience".to_owned(),
        names => crate::domain::sanitize_line(&names.join(", ")),
    }
}

impl WorkloadError {
    /// Returns what to add to the job or the pod.
    pub fn missing_hint(missing: MissingIdentity) -> &'static str {
        match missing {
            MissingIdentity::NoPlatform => {
                "run it in a job of GitHub Actions or GitLab or in a pod, or set BRAINMAPS_ID_TOKEN_FILE to the path of a token"
            }
            MissingIdentity::GitHubPermission => {
                "add \"permissions: id-token: write\" to the job or the workflow, on one line `permissions: { id-token: write }`; a pull request from a fork never gets it"
            }
            MissingIdentity::GitLabToken => {
                "add `id_tokens: { BRAINMAPS_ID_TOKEN: { aud: ISSUER } }` to the job"
            }
            MissingIdentity::PodVolume => {
                "mount a projected serviceAccountToken volume with the issuer as audience, and set BRAINMAPS_ID_TOKEN_FILE to its path"
            }
            MissingIdentity::Ambiguous => "unset one of the two",
        }
    }
}
