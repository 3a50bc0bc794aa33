//! Stores the session of an OAuth login, whatever its method.

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::granted_scopes::warn_about_scopes;
use crate::actions::credential::refresh_response::warn_if_lifetime_is_invalid;
use crate::actions::credential::storage_location::profile_with_storage;
use crate::actions::login::authorization_server::{
    LoginServer, base_for_issuer, configured_issuer,
};
use crate::actions::login::client::configured_client_id;
use crate::actions::login::replace;
use crate::actions::login::save::{NewLogin, save_session};
use crate::actions::{
    ActionError, Context, LoginOptions, LoginResult, ProfileSession, Target, set_default_profile,
};
use crate::domain::{
    BaseUrl, Credential, CredentialKind, Expiry, InteractiveMethod, RefreshMethod, StoredCredential,
};
use crate::oauth::{IdClaims, TokenResponse};
use crate::vault::Profile;

pub(crate) struct IssuedGrant {
    pub(crate) response: TokenResponse,
    pub(crate) refresh_method: RefreshMethod,
    /// How the user approved the login; `None` for a login of a program.
    pub(crate) method: Option<InteractiveMethod>,
}

impl IssuedGrant {
    pub(crate) fn approved(response: TokenResponse, method: InteractiveMethod) -> Self {
        Self {
            response,
            refresh_method: RefreshMethod::RefreshToken,
            method: Some(method),
        }
    }
}

/// Returns the API base URL of the session, after checking that the login may replace the stored credential.
pub(crate) fn check_base(
    session: ProfileSession<'_>,
    server: &LoginServer,
) -> Result<BaseUrl, ActionError> {
    let base = base_for_issuer(session.target, &server.oauth.details().issuer)?;
    replace::check_replacement(session, &base.origin())?;
    report_profile_file(session);
    Ok(base)
}

/// Stores the session, and in its profile the settings that later logins use.
pub(crate) async fn save_grant(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    server: LoginServer,
    base: BaseUrl,
    grant: IssuedGrant,
) -> Result<LoginResult, ActionError> {
    let mut profile = profile_for_server(session, options, &server);
    if let RefreshMethod::Workload(identity) = &grant.refresh_method {
        profile.workload = Some(identity.clone());
    }
    if session.target.is_base_explicit || session.target.base.as_ref() != Some(&base) {
        profile.api_url = Some(base.clone());
    }
    let is_resource = server.oauth.details().protected_resource.is_some();
    let requested = server.requested.clone();
    let stored = bind_grant(session, server, &base, grant);
    warn_about_scopes(session.context, &requested, &stored.scopes);
    let new = NewLogin {
        stored,
        profile,
        requested_scopes: requested,
        verified: true,
        is_extension: !options.added_scopes.is_empty(),
    };
    let is_new_profile = creates_profile_for_issuer(session, options);
    let mut result = Box::pin(save_session(session, new)).await?;
    if is_new_profile {
        let server = if is_resource { "resource" } else { "issuer" };
        let is_default = make_default_if_missing(session).await;
        result
            .notes
            .push(describe_new_profile(session.target, server, is_default));
    }
    Ok(result)
}

/// Returns the profile with the settings by which later logins find `server`.
fn profile_for_server(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    server: &LoginServer,
) -> Profile {
    let mut profile = profile_with_storage(session, options.storage);
    profile.issuer =
        configured_issuer(session, options).filter(|_| !session.context.options.sandbox);
    profile.client_id = configured_client_id(session, options);
    if let Some(resource) = &server.oauth.details().protected_resource {
        profile.resource = Some(resource.clone());
        profile.omits_resource_parameter = options.omits_resource_parameter;
    }
    if !options.scopes.is_empty() || !options.added_scopes.is_empty() {
        profile.scopes = Some(server.scopes.clone());
    }
    profile
}

/// Returns true if the login creates a profile that the user did not name.
fn creates_profile_for_issuer(session: ProfileSession<'_>, options: &LoginOptions) -> bool {
    let is_named = session.context.options.profile.is_some() || options.issuer.is_none();
    let index = session.vault().index().unwrap_or_default();
    let is_known = session
        .context
        .catalog
        .contains(session.target.name.as_str());
    !is_named && !is_known && !index.profiles.contains_key(&session.target.name)
}

/// Makes the new profile of an issuer or a resource the default if the default profile has no credential, so that the next
/// command uses the login. Returns whether it is the default now.
async fn make_default_if_missing(session: ProfileSession<'_>) -> bool {
    let ProfileSession { context, target } = session;
    if has_default_profile(context) {
        return false;
    }
    let set = set_default_profile(context, target.name.clone());
    set.await.is_ok()
}

/// Returns the note about a new profile. `server` is `issuer` or `resource`.
fn describe_new_profile(target: &Target, server: &str, is_default: bool) -> String {
    let name = &target.name;
    let created = format!("created profile \"{name}\" for this {server}");
    if is_default {
        format!("{created}: it is the default profile now")
    } else {
        format!("{created}: use it with --profile {name}")
    }
}

/// Returns true if the user chose a default profile, or the default profile has a credential.
fn has_default_profile(context: &Context) -> bool {
    let is_chosen = context
        .vault
        .index()
        .map_or(true, |index| index.default_profile.is_some());
    is_chosen
        || Target::resolve(context)
            .is_ok_and(|target| context.session(&target).resolve_credential().is_ok())
}

/// Binds the token response to its authorization server and to the service.
pub(super) fn bind_grant(
    session: ProfileSession<'_>,
    server: LoginServer,
    base: &BaseUrl,
    granted: IssuedGrant,
) -> StoredCredential {
    let IssuedGrant {
        response: grant,
        refresh_method,
        method,
    } = granted;
    warn_if_lifetime_is_invalid(session.context, &grant);
    let authority = server.oauth.into_details();
    // A service with an account call of its own may name the account differently.
    let has_call = session.target.descriptor.whoami.is_some();
    let account = |claims: &IdClaims| claims.name.clone().filter(|_| !has_call);
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        provider: session.target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token,
        refresh_method,
        oauth_server: Some(authority),
        expiry: Expiry::from_lifetime(session.context.clock_reading_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or(server.scopes),
        account: grant.claims.as_ref().and_then(account),
        subject: grant.claims.map(|claims| claims.subject),
        login_method: method,
        token_id: None,
    }
}
