//! Login of a program as the client itself (RFC 6749 §4.4). It needs no person.

use crate::actions::login::authorization_server::{LoginServer, Requirement, find_server};
use crate::actions::login::discovered::{discover, login_server};
use crate::actions::login::grant::{IssuedGrant, check_base, save_grant};
use crate::actions::login::save::check_can_save;
use crate::actions::{ActionError, Context, LoginOptions, LoginResult, ProfileSession, Target};
use crate::domain::{ClientAuthentication, RefreshMethod, ResourceUrl, Scopes};
use crate::oauth;

/// Why a login uses client credentials without an option that names them.
pub(super) const USED_BY_STORED_SESSION: &str = "the stored session used them";

/// A login whose authorization server is known. No token was requested yet.
pub struct ClientCredentialsLogin {
    target: Target,
    server: LoginServer,
    /// With what a resource names.
    options: LoginOptions,
    /// The resource that alone names the server.
    only_named_by: Option<ResourceUrl>,
}

/// The client whose secret or key is missing.
pub struct MissingSecret {
    pub client_id: String,
    pub issuer: String,
    /// The resource that alone names the issuer: whether it gets the secret is for the user to decide.
    pub only_named_by: Option<ResourceUrl>,
}

/// Uses the server that the resource names, and binds the session to the resource.
pub(super) async fn prepare_at_resource(
    context: &Context,
    target: Target,
    options: &LoginOptions,
    resource: &ResourceUrl,
) -> Result<ClientCredentialsLogin, ActionError> {
    let session = context.session(&target);
    check_can_save(session, options.storage).await?;
    let found = discover(session, options, resource).await?;
    let server = found.server(options);
    let client = server.configured_client(session, &found.options(session, options))?;
    let client = client.ok_or_else(|| ActionError::MissingClientId {
        service: server.issuer().to_owned(),
    })?;
    let is_known = server.is_known(session);
    let options = found.options(session, options);
    let mut server = login_server(&server, session, &options, client)?;
    if options.scopes.is_empty() {
        server.scopes = without_scopes_of_a_person(&server.scopes);
        server.requested = server.scopes.clone();
    }
    Ok(ClientCredentialsLogin {
        target,
        server,
        options,
        only_named_by: (!is_known).then(|| resource.clone()),
    })
}

pub(super) async fn prepare(
    context: &Context,
    target: Target,
    options: &LoginOptions,
) -> Result<ClientCredentialsLogin, ActionError> {
    if target.descriptor.oauth.is_none() {
        let method = "client credentials";
        return Err(ActionError::unsupported_login(
            &target.descriptor.name,
            method,
        ));
    }
    let session = context.session(&target);
    check_can_save(session, options.storage).await?;
    let (oauth, _) = find_server(session, options, Requirement::ClientToken).await?;
    let scopes = requested_scopes(session, options);
    let server = LoginServer {
        oauth,
        requested: scopes.clone(),
        scopes,
    };
    Ok(ClientCredentialsLogin {
        target,
        server,
        options: options.clone(),
        only_named_by: None,
    })
}

/// Scopes about a person (OpenID Connect Core §3.1.2.1, §5.4 and §11). Some servers reject them here.
const SCOPES_OF_A_PERSON: [&str; 6] = [
    "openid",
    "offline_access",
    "profile",
    "email",
    "address",
    "phone",
];

/// From `--scope`, or from the profile, where another login may have stored scopes of a person.
fn requested_scopes(session: ProfileSession<'_>, options: &LoginOptions) -> Scopes {
    if !options.scopes.is_empty() {
        return options.scopes.clone();
    }
    let kept = session.target.profile.scopes.as_ref();
    kept.map(without_scopes_of_a_person).unwrap_or_default()
}

fn without_scopes_of_a_person(scopes: &Scopes) -> Scopes {
    let scopes = scopes.iter();
    scopes
        .filter(|scope| !SCOPES_OF_A_PERSON.contains(scope))
        .collect()
}

/// Returns `true` if the stored session of the profile is one of this login method, and `options` name no other client.
pub(super) fn has_client_session(session: ProfileSession<'_>, options: &LoginOptions) -> bool {
    let stored = session.read_stored().ok().flatten();
    stored.is_some_and(|stored| {
        let is_same = |named: &Option<String>, known: &str| {
            named.as_deref().is_none_or(|named| named == known)
        };
        let has_same_client = stored.oauth_server.as_ref().is_some_and(|server| {
            is_same(&options.issuer, &server.issuer)
                && is_same(&options.client_id, &server.client_id)
        });
        has_same_client
            && matches!(
                stored.refresh_method,
                RefreshMethod::ClientCredentials { .. }
            )
    })
}

impl ClientCredentialsLogin {
    /// Returns the client if its secret or key is missing.
    pub fn missing_secret(&self) -> Option<MissingSecret> {
        let details = self.server.oauth.details();
        let is_missing = details.client.authentication == ClientAuthentication::None;
        is_missing.then(|| MissingSecret {
            client_id: details.client_id.clone(),
            issuer: details.issuer.clone(),
            only_named_by: self.only_named_by.clone(),
        })
    }

    /// Requests a token and stores the session.
    ///
    /// # Errors
    /// `REJECTED` if the server rejects the client, and errors of the settings, the network or the disk. A stored
    /// credential stays until the new one is written.
    pub async fn run(self, context: &Context) -> Result<LoginResult, ActionError> {
        let Self {
            target,
            server,
            options,
            ..
        } = self;
        let session = context.session(&target);
        let base = check_base(session, &server)?;
        let work = async {
            let response =
                oauth::request_token(&context.http, &server.oauth, &server.scopes).await?;
            let refresh_method = RefreshMethod::ClientCredentials {
                scopes: server.scopes.clone(),
            };
            let grant = IssuedGrant {
                response,
                refresh_method,
                method: None,
            };
            save_grant(session, &options, server, base, grant).await
        };
        context.protect(Box::pin(work)).await
    }
}
