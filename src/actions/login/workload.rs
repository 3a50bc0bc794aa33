//! Login with the identity of a workload: token exchange (RFC 8693) or the JWT bearer grant (RFC 7523 §2.1).

use std::path::{Path, PathBuf};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::actions::login::authorization_server::{
    LoginServer, Requirement, base_for_issuer, find_server,
};
use crate::actions::login::grant::{IssuedGrant, bind_grant, check_base, save_grant};
use crate::actions::login::save::check_can_save;
use crate::actions::workload::exchange::exchange_identity;
use crate::actions::{ActionError, Context, LoginOptions, LoginResult, ProfileSession, Target};
use crate::domain::{
    RefreshMethod, Scopes, StoredCredential, SubjectTokenType, WorkloadGrant, WorkloadIdentity,
};

/// The options of a login with an identity. The settings of the profile apply to those that are `None`.
#[derive(Debug, Clone, Default)]
pub struct WorkloadOptions {
    pub grant: Option<WorkloadGrant>,
    pub subject_token_type: Option<SubjectTokenType>,
    pub subject_token_file: Option<PathBuf>,
    pub subject_token_audience: Option<String>,
}

impl WorkloadOptions {
    /// Returns the settings of an exchange, with the file in `directory`. Scopes that a person would ask for are not requested.
    pub fn resolve(
        &self,
        directory: &Path,
        kept: Option<&WorkloadIdentity>,
        scopes: Scopes,
    ) -> WorkloadIdentity {
        let kept = kept.cloned().unwrap_or_default();
        let file = self.subject_token_file.as_ref();
        let file = file.map(|file| directory.join(file));
        let audience = self.subject_token_audience.clone();
        WorkloadIdentity {
            grant: self.grant.unwrap_or(kept.grant),
            subject_token_type: self.subject_token_type.unwrap_or(kept.subject_token_type),
            subject_token_file: file.or(kept.subject_token_file),
            subject_token_audience: audience.or(kept.subject_token_audience),
            scopes,
        }
    }
}

/// Exchanges the identity and stores the session, which is refreshed in the same way.
///
/// # Errors
/// `CONFIG` if there is no identity or it is meant for another server, `REJECTED` if the server does not trust it, and errors of the
/// settings, the network or the disk.
pub async fn login_with_workload(
    context: &Context,
    options: &LoginOptions,
    workload: &WorkloadOptions,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login_at_issuer(context, options.issuer.as_deref())?;
    let session = context.session(&target);
    check_can_save(session, options.storage).await?;
    let (server, identity) = prepare(session, options, workload).await?;
    let base = check_base(session, &server)?;
    let grant = exchange(context, &server, identity).await?;
    save_grant(session, options, server, base, grant).await
}

/// Exchanges the identity with the settings of the profile, and stores nothing. It has no refresh token to revoke later.
pub fn open_workload_session(
    session: ProfileSession<'_>,
) -> BoxFuture<'_, Result<StoredCredential, ActionError>> {
    async move {
        let options = LoginOptions::default();
        let workload = WorkloadOptions::default();
        let (server, identity) = prepare(session, &options, &workload).await?;
        let base = base_for_issuer(session.target, &server.oauth.details().issuer)?;
        let grant = exchange(session.context, &server, identity).await?;
        Ok(bind_grant(session, server, &base, grant))
    }
    .boxed()
}

async fn prepare(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    workload: &WorkloadOptions,
) -> Result<(LoginServer, WorkloadIdentity), ActionError> {
    let profile = &session.target.profile;
    let scopes = Some(options.scopes.clone()).filter(|scopes| !scopes.is_empty());
    let scopes = scopes
        .or_else(|| profile.scopes.clone())
        .unwrap_or_default();
    let directory = &session.context.directory;
    let identity = workload.resolve(directory, profile.workload.as_ref(), scopes);
    let (oauth, _) = find_server(session, options, Requirement::Token).await?;
    let server = LoginServer {
        oauth,
        scopes: identity.scopes.clone(),
        requested: identity.scopes.clone(),
    };
    Ok((server, identity))
}

/// A refresh token is not kept: the identity refreshes the session.
async fn exchange(
    context: &Context,
    server: &LoginServer,
    identity: WorkloadIdentity,
) -> Result<IssuedGrant, ActionError> {
    let response = exchange_identity(context, &server.oauth, &identity).await?;
    Ok(IssuedGrant {
        method: None,
        response: crate::oauth::TokenResponse {
            refresh_token: None,
            ..response
        },
        refresh_method: RefreshMethod::Workload(identity),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_take_precedence_over_the_profile() {
        let directory = Path::new("/job");
        let kept = WorkloadIdentity {
            grant: WorkloadGrant::JwtBearer,
            subject_token_audience: Some("kept".to_owned()),
            scopes: Scopes::parse("old"),
            ..WorkloadIdentity::default()
        };
        let options = WorkloadOptions {
            subject_token_file: Some("token".into()),
            subject_token_audience: Some("named".to_owned()),
            ..WorkloadOptions::default()
        };
        let found = options.resolve(directory, Some(&kept), Scopes::default());
        assert_eq!(found.subject_token_file, Some("/job/token".into()));
        assert_eq!(found.grant, WorkloadGrant::JwtBearer);
        assert_eq!(found.subject_token_audience.as_deref(), Some("named"));
        assert!(found.scopes.is_empty());
        let resolved = WorkloadOptions::default().resolve(directory, None, Scopes::default());
        assert_eq!(resolved, WorkloadIdentity::default());
    }
}
