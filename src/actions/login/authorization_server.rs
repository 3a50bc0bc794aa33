//! Finds the authorization server of a login: from the options, the profile, the description and the metadata of the
//! server (RFC 8414).

use url::Url;

use crate::actions::credential::session_server::{
    default_issuer, described_origins, is_default_issuer,
};
use crate::actions::issuer::parse_issuer_origin;
use crate::actions::login::client::{client_parameters, configured_client_id, read_variable};
use crate::actions::{ActionError, Context, LoginOptions, ProfileSession, Target};
use crate::domain::{BaseUrl, OAuthServer, Origin, Scopes};
use crate::oauth;
use crate::oauth::{AuthorizationEndpoint, LoginEndpoints, Metadata, OauthError, VerifiedServer};
use crate::provider::{Endpoint, OAuth};

pub(crate) struct LoginServer {
    pub(crate) oauth: VerifiedServer,
    /// The scopes to send in the request.
    pub(crate) scopes: Scopes,
    /// The scopes that the user requested, including those that the server does not support.
    pub(crate) requested: Scopes,
}

impl LoginServer {
    pub(crate) fn offers_device_flow(&self) -> bool {
        self.oauth.login_endpoints().device.is_some()
    }

    pub(crate) fn offers_browser_login(&self) -> bool {
        self.oauth.login_endpoints().authorization.is_some()
    }
}

/// Finds the server of a login that the user approves on a page, and the scopes to request there.
pub(crate) async fn resolve_login_server(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    need: Requirement,
) -> Result<LoginServer, ActionError> {
    let (server, metadata) = find_server(session, options, need).await?;
    let oauth = session.target.descriptor.oauth.as_ref();
    let oauth = oauth.ok_or_else(|| {
        ActionError::unsupported_login(&session.target.descriptor.name, need.method())
    })?;
    let requested = requested_scopes(session.target, oauth, options);
    let is_default = is_default_issuer(session, &server.details().issuer);
    let is_foreign = !is_default && options.scopes.is_empty();
    // The described server may support scopes that it does not list (RFC 8414 §2).
    let listed = metadata.as_ref().filter(|_| is_foreign);
    let scopes = listed.map_or_else(
        || requested.clone(),
        |listed| supported_scopes(&requested, listed),
    );
    Ok(LoginServer {
        oauth: server,
        scopes: scopes.union(&options.added_scopes),
        requested: requested.union(&options.added_scopes),
    })
}

/// The endpoints that the server must have for a login method.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requirement {
    Device,
    /// An authorization endpoint.
    Browser,
    DeviceOrBrowser,
    /// A token endpoint. The metadata of a described server is not requested.
    Token,
    /// A token endpoint for a client that authenticates, as the metadata says.
    ClientToken,
}

impl Requirement {
    /// Returns the name of the login method in messages.
    fn method(self) -> &'static str {
        match self {
            Self::Device => "device authorization",
            Self::Browser => "a browser",
            Self::DeviceOrBrowser => "device authorization or a browser",
            Self::Token => "a workload identity",
            Self::ClientToken => "client credentials",
        }
    }
}

/// Returns the issuer that the user configured, else the one of the service.
pub(crate) fn chosen_issuer(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    oauth: &OAuth,
) -> Option<String> {
    let configured = configured_issuer(session, options);
    configured.or_else(|| default_issuer(session.target, oauth))
}

/// Returns the issuer to sign in at.
///
/// # Errors
/// [`ActionError::MissingIssuer`], or if its URL is invalid.
fn find_issuer(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    oauth: &OAuth,
) -> Result<String, ActionError> {
    let issuer = chosen_issuer(session, options, oauth);
    let issuer = issuer.ok_or_else(|| ActionError::MissingIssuer {
        service: session.target.descriptor.name.clone(),
    })?;
    parse_issuer_origin(&issuer)?;
    Ok(issuer)
}

pub(crate) async fn find_server(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    need: Requirement,
) -> Result<(VerifiedServer, Option<Metadata>), ActionError> {
    let service = &session.target.descriptor;
    let oauth = service.oauth.as_ref();
    let oauth =
        oauth.ok_or_else(|| ActionError::unsupported_login(&service.name, need.method()))?;
    let issuer = find_issuer(session, options, oauth)?;
    let client_id = resolve_client_id(session, options, oauth)?;
    let is_default = is_default_issuer(session, &issuer);
    let is_described = need == Requirement::Token && is_default && oauth.token_endpoint.is_some();
    // A failure counts only if the description lacks an endpoint.
    let metadata = fetch_metadata(session, &issuer, is_described).await;
    let listed = metadata.as_ref().ok().and_then(Option::as_ref);
    let endpoints = Endpoints::merge(oauth, &issuer, listed, is_default)?;
    let Some(token_endpoint) = endpoints
        .token
        .clone()
        .filter(|_| endpoints.are_enough_for(need))
    else {
        return Err(missing_endpoint_error(metadata?.as_ref(), issuer, need).into());
    };
    if endpoints.revocation.is_none() {
        warn_if_revocation_is_unusable(session.context, listed);
    }
    let origins = described_origins(session, &issuer);
    let client = client_parameters(session, options, &issuer, &client_id, listed)?;
    let authority = OAuthServer {
        issuer,
        client_id,
        client,
        protected_resource: None,
        token_endpoint,
        revocation_endpoint: endpoints.revocation.clone(),
        userinfo_endpoint: listed.and_then(|found| found.userinfo_endpoint.clone()),
    };
    let login = endpoints.for_login(listed);
    let server = verify_endpoints(authority, login, &origins, need)?;
    Ok((server, metadata.ok().flatten()))
}

/// Verifies the endpoints that the login uses. An authorization endpoint of a foreign origin does not prevent a device login.
fn verify_endpoints(
    server: OAuthServer,
    login: LoginEndpoints,
    origins: &[Origin],
    need: Requirement,
) -> Result<VerifiedServer, OauthError> {
    let device_only = LoginEndpoints {
        device: login.device.clone(),
        ..LoginEndpoints::default()
    };
    let needs_page = need == Requirement::Browser
        || need == Requirement::DeviceOrBrowser && device_only.device.is_none();
    match VerifiedServer::verify(server.clone(), login, origins) {
        Err(OauthError::ForeignEndpoint { .. }) if !needs_page => {
            VerifiedServer::verify(server, device_only, origins)
        }
        verified => verified,
    }
}

/// Requests the metadata of `issuer`. If the description contains what is needed, sends nothing and returns `None`.
async fn fetch_metadata(
    session: ProfileSession<'_>,
    issuer: &str,
    is_described: bool,
) -> Result<Option<Metadata>, OauthError> {
    if is_described {
        return Ok(None);
    }
    let metadata = oauth::discover(&session.context.http, issuer).await;
    metadata.map(Some)
}

/// Warns that a logout will revoke nothing. The login itself needs no revocation endpoint.
fn warn_if_revocation_is_unusable(context: &Context, metadata: Option<&Metadata>) {
    let error = metadata.and_then(|found| found.unusable_endpoint("revocation_endpoint"));
    if let Some(error) = error {
        context.warn(format!("{error}: a logout will not revoke the session"));
    }
}

/// Returns the error for an endpoint that the metadata lists with an unusable URL or does not list.
fn missing_endpoint_error(
    metadata: Option<&Metadata>,
    issuer: String,
    need: Requirement,
) -> OauthError {
    let fields: &[&'static str] = match need {
        Requirement::Browser => &["authorization_endpoint", "token_endpoint"],
        Requirement::Token | Requirement::ClientToken => &["token_endpoint"],
        Requirement::Device | Requirement::DeviceOrBrowser => {
            &["device_authorization_endpoint", "token_endpoint"]
        }
    };
    let mut fields = fields.iter();
    let unusable = fields.find_map(|field| metadata?.unusable_endpoint(field));
    let has_browser_login = metadata.is_some_and(|it| it.authorization_endpoint.is_some());
    unusable.unwrap_or(match need {
        Requirement::Browser if !has_browser_login => OauthError::NoEndpoint {
            issuer,
            name: "authorization",
        },
        Requirement::Browser | Requirement::Token | Requirement::ClientToken => {
            OauthError::NoEndpoint {
                issuer,
                name: "token",
            }
        }
        Requirement::Device | Requirement::DeviceOrBrowser => OauthError::NoDeviceFlow {
            issuer,
            has_browser_login,
        },
    })
}

/// Returns the API base URL for sessions of `issuer`. If the URL of the profile is only the origin of its old issuer, the new
/// issuer replaces it: otherwise the access token of the new server would be sent to the old one.
pub(crate) fn base_for_issuer(target: &Target, issuer: &str) -> Result<BaseUrl, ActionError> {
    let old_origin = target.profile.issuer.as_deref();
    let old_origin = old_origin.and_then(|issuer| parse_issuer_origin(issuer).ok());
    let follows_issuer = !target.is_base_explicit
        && target.descriptor.api_url.is_none()
        && old_origin
            .is_some_and(|origin| target.profile.api_url == origin.to_string().parse().ok());
    match &target.base {
        Some(base) if !follows_issuer => Ok(base.clone()),
        _ => Ok(parse_issuer_origin(issuer)?.to_string().parse()?),
    }
}

/// Returns the base URL of a login, as far as it is known without a request.
pub(crate) fn expected_base(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Option<BaseUrl> {
    let oauth = session.target.descriptor.oauth.as_ref();
    match oauth.and_then(|oauth| chosen_issuer(session, options, oauth)) {
        Some(issuer) => base_for_issuer(session.target, &issuer).ok(),
        None => session.target.base.clone(),
    }
}

fn resolve_client_id(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    oauth: &OAuth,
) -> Result<String, ActionError> {
    let configured = configured_client_id(session, options);
    let client_id = configured.or_else(|| oauth.client_id.clone());
    let registered = options.registration.as_ref();
    let client_id = client_id.or_else(|| Some(registered?.client_id.clone()));
    client_id.ok_or_else(|| ActionError::MissingClientId {
        service: session.target.descriptor.name.clone(),
    })
}

/// Returns the issuer from `--issuer`, else from the variable, else from the profile. The sandbox has its own.
pub(crate) fn configured_issuer(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Option<String> {
    if session.context.options.sandbox {
        return session.target.base.as_ref().map(BaseUrl::to_string);
    }
    let variable = session.target.descriptor.environment.issuer.as_deref();
    options
        .issuer
        .clone()
        .or_else(|| read_variable(session.context, variable))
        .or_else(|| session.target.profile.issuer.clone())
        .map(|issuer| oauth::issuer_from_metadata_url(&issuer))
}

/// Returns the scopes from `--scope`, else from the profile, else from the description.
fn requested_scopes(target: &Target, oauth: &OAuth, options: &LoginOptions) -> Scopes {
    if !options.scopes.is_empty() {
        return options.scopes.clone();
    }
    let configured = target.profile.scopes.clone();
    configured.unwrap_or_else(|| oauth.scopes.iter().collect())
}

/// Returns those of the requested scopes that the metadata lists; all of them if it lists none.
fn supported_scopes(requested: &Scopes, metadata: &Metadata) -> Scopes {
    match &metadata.scopes_supported {
        Some(supported) => requested
            .iter()
            .filter(|scope| supported.iter().any(|known| known == *scope))
            .collect(),
        None => requested.clone(),
    }
}

#[derive(Default)]
struct Endpoints {
    device: Option<Url>,
    authorization: Option<AuthorizationEndpoint>,
    token: Option<Url>,
    revocation: Option<Url>,
}

impl Endpoints {
    /// Returns the endpoints that only a login uses, with the policy of the metadata.
    fn for_login(self, listed: Option<&Metadata>) -> LoginEndpoints {
        LoginEndpoints {
            device: self.device,
            authorization: self.authorization,
            pushed_authorization: listed
                .and_then(|found| found.pushed_authorization_request_endpoint.clone()),
            policy: listed
                .map(|found| found.authorization_policy)
                .unwrap_or_default(),
        }
    }

    fn are_enough_for(&self, need: Requirement) -> bool {
        match need {
            Requirement::Device => self.device.is_some(),
            Requirement::Browser => self.authorization.is_some(),
            Requirement::DeviceOrBrowser => self.device.is_some() || self.authorization.is_some(),
            Requirement::Token | Requirement::ClientToken => true,
        }
    }

    /// Returns the endpoints of the description; only relative paths if the server is not the described one.
    fn described(oauth: &OAuth, issuer: &str, is_default: bool) -> Result<Self, ActionError> {
        let fixed = |endpoint: &Option<Endpoint>| -> Result<Option<Url>, ActionError> {
            let counts = |endpoint: &&Endpoint| is_default || endpoint.is_relative();
            let endpoint = endpoint.as_ref().filter(counts);
            Ok(endpoint.map(|it| it.resolve(issuer)).transpose()?)
        };
        let page = oauth.authorization_endpoint.as_ref();
        let is_described = page.is_some_and(|page| !page.is_relative());
        let page = |url| AuthorizationEndpoint { url, is_described };
        Ok(Self {
            device: fixed(&oauth.device_authorization_endpoint)?,
            authorization: fixed(&oauth.authorization_endpoint)?.map(page),
            token: fixed(&oauth.token_endpoint)?,
            revocation: fixed(&oauth.revocation_endpoint)?,
        })
    }

    fn listed(metadata: &Metadata) -> Self {
        let is_described = false;
        let page = |url| AuthorizationEndpoint { url, is_described };
        Self {
            device: metadata.device_authorization_endpoint.clone(),
            authorization: metadata.authorization_endpoint.clone().map(page),
            token: metadata.token_endpoint.clone(),
            revocation: metadata.revocation_endpoint.clone(),
        }
    }

    /// For the described server the description takes precedence, because servers may list fewer endpoints than they
    /// have. For another server its metadata does, and only relative paths of the description count.
    fn merge(
        oauth: &OAuth,
        issuer: &str,
        found: Option<&Metadata>,
        is_default: bool,
    ) -> Result<Self, ActionError> {
        let described = Self::described(oauth, issuer, is_default)?;
        let listed = found.map_or_else(Self::default, Self::listed);
        let (first, second) = if is_default {
            (described, listed)
        } else {
            (listed, described)
        };
        Ok(Self {
            device: first.device.or(second.device),
            authorization: first.authorization.or(second.authorization),
            token: first.token.or(second.token),
            revocation: first.revocation.or(second.revocation),
        })
    }
}
