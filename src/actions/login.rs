//! Signing in by OAuth2 device authorization with PKCE (RFC 8628, RFC 7636).

use url::Url;

use super::sign_in::{NewSignIn, SignedIn, store};
use super::{ActionError, Context, Event, Target};
use crate::domain::{
    Authority, BaseUrl, Credential, CredentialKind, Expiry, Origin, Scopes, StoredCredential,
};
use crate::oauth::{
    self, DeviceAuthorization, DeviceClient, Grant, Metadata, OauthError, PollEvent,
};
use crate::provider::{Endpoint, OAuth};
use crate::vault::Storage;

/// What a user says at `login`.
#[derive(Debug, Clone, Default)]
pub struct LoginOptions {
    /// Another authorization server.
    pub issuer: Option<String>,
    /// Another client.
    pub client_id: Option<String>,
    /// What to ask for instead of the service's usual scopes.
    pub scopes: Scopes,
    /// Whether a browser may be opened.
    pub open_browser: bool,
    /// Where to keep the result.
    pub storage: Option<Storage>,
}

/// The authorization server of one login.
struct Server {
    issuer: String,
    client_id: String,
    scopes: Scopes,
    device_authorization_endpoint: Url,
    token_endpoint: Url,
    revocation_endpoint: Option<Url>,
}

/// Signs in: asks for a code, tells it, waits for the user's decision, and stores the result.
///
/// # Errors
/// `DENIED` when the user declines, `CODE_EXPIRED` when nobody decides in time, and whatever the settings, the
/// server, the network or the disk says. Nothing stored before is lost.
pub async fn device_login(
    context: &Context,
    options: &LoginOptions,
) -> Result<SignedIn, ActionError> {
    let mut target = Target::for_login(context, options.issuer.is_some())?;
    target.kept.storage = options.storage.unwrap_or(target.kept.storage);
    let server = resolve(context, &target, options).await?;
    let base = match &target.base {
        Some(base) => base.clone(),
        None => issuer_origin(&server.issuer)?.to_string().parse()?,
    };
    rehearse(context, &target).await?;
    let client = DeviceClient {
        http: &context.http,
        device_authorization_endpoint: &server.device_authorization_endpoint,
        token_endpoint: &server.token_endpoint,
        client_id: &server.client_id,
        scopes: &server.scopes,
    };
    let authorization = client.authorize().await?;
    invite(context, &authorization, &server, options.open_browser);
    let grant = client
        .wait(authorization, &mut |event| context.tell(&progress(event)))
        .await?;
    keep(context, &target, options, server, &base, grant).await
}

/// Which server, which client, which endpoints: what the user said, what was kept, what the description says, and
/// what the server's metadata says.
async fn resolve(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
) -> Result<Server, ActionError> {
    let service = &target.descriptor;
    let oauth = service.oauth.as_ref();
    let oauth = oauth.ok_or_else(|| no_device_flow(&service.name))?;
    let usual = oauth
        .issuer
        .clone()
        .or_else(|| target.base.as_ref().map(BaseUrl::to_string));
    let issuer = named_issuer(context, target, options).or_else(|| usual.clone());
    let issuer = issuer.ok_or_else(|| no_device_flow(&service.name))?;
    issuer_origin(&issuer)?;
    let client_id = named_client(context, target, options).or_else(|| oauth.client_id.clone());
    let client_id = client_id.ok_or_else(|| ActionError::NoClient {
        service: service.name.clone(),
    })?;
    let is_usual = usual.as_deref() == Some(issuer.as_str()) && !context.choice.sandbox;
    let metadata = oauth::discover(&context.http, &issuer).await;
    let endpoints = Endpoints::merge(oauth, &issuer, metadata.as_ref().ok(), is_usual)?;
    let scopes = scopes(target, oauth, options, metadata.as_ref().ok());
    let (Some(device_authorization_endpoint), Some(token_endpoint)) =
        (endpoints.device, endpoints.token)
    else {
        return Err(metadata
            .err()
            .unwrap_or(OauthError::NoDeviceFlow { issuer })
            .into());
    };
    let revocation_endpoint = endpoints.revocation;
    Ok(Server {
        issuer,
        client_id,
        scopes,
        device_authorization_endpoint,
        token_endpoint,
        revocation_endpoint,
    })
}

/// `--issuer`, the variable, what the profile kept. In the sandbox, the sandbox.
fn named_issuer(context: &Context, target: &Target, options: &LoginOptions) -> Option<String> {
    if context.choice.sandbox {
        return target.base.as_ref().map(BaseUrl::to_string);
    }
    let variable = target.descriptor.environment.issuer.as_deref();
    let from_environment = || {
        variable
            .and_then(|name| context.environment.get(name))
            .map(str::to_owned)
    };
    options
        .issuer
        .clone()
        .or_else(from_environment)
        .or_else(|| target.kept.issuer.clone())
}

fn named_client(context: &Context, target: &Target, options: &LoginOptions) -> Option<String> {
    let variable = target.descriptor.environment.client_id.as_deref();
    let from_environment = || {
        variable
            .and_then(|name| context.environment.get(name))
            .map(str::to_owned)
    };
    options
        .client_id
        .clone()
        .or_else(from_environment)
        .or_else(|| target.kept.client_id.clone())
}

/// What the user asked for; else the usual scopes, less those that the server says it does not know.
fn scopes(
    target: &Target,
    oauth: &OAuth,
    options: &LoginOptions,
    metadata: Option<&Metadata>,
) -> Scopes {
    if !options.scopes.is_empty() {
        return options.scopes.clone();
    }
    if let Some(kept) = &target.kept.scopes {
        return kept.clone();
    }
    let supported = metadata.and_then(|metadata| metadata.scopes_supported.as_ref());
    let known =
        |scope: &&String| supported.is_none_or(|list| list.iter().any(|known| known == *scope));
    oauth.scopes.iter().filter(known).collect()
}

#[derive(Default)]
struct Endpoints {
    device: Option<Url>,
    token: Option<Url>,
    revocation: Option<Url>,
}

impl Endpoints {
    /// At the service's usual server the description goes first, since some servers do not list all they have; at
    /// another the metadata does, and of the description only paths count, never another server's URLs.
    fn merge(
        oauth: &OAuth,
        issuer: &str,
        found: Option<&Metadata>,
        is_usual: bool,
    ) -> Result<Self, ActionError> {
        let fixed = |endpoint: &Option<Endpoint>| -> Result<Option<Url>, ActionError> {
            let counts = |endpoint: &&Endpoint| is_usual || endpoint.is_relative();
            Ok(endpoint
                .as_ref()
                .filter(counts)
                .map(|endpoint| endpoint.at(issuer))
                .transpose()?)
        };
        let described = Self {
            device: fixed(&oauth.device_authorization_endpoint)?,
            token: fixed(&oauth.token_endpoint)?,
            revocation: fixed(&oauth.revocation_endpoint)?,
        };
        let listed = found.map_or_else(Self::default, |metadata| Self {
            device: metadata.device_authorization_endpoint.clone(),
            token: metadata.token_endpoint.clone(),
            revocation: metadata.revocation_endpoint.clone(),
        });
        let (first, second) = if is_usual {
            (described, listed)
        } else {
            (listed, described)
        };
        Ok(Self {
            device: first.device.or(second.device),
            token: first.token.or(second.token),
            revocation: first.revocation.or(second.revocation),
        })
    }
}

/// A disk that cannot take the result is told before the user is asked for anything.
async fn rehearse(context: &Context, target: &Target) -> Result<(), ActionError> {
    let lock = context.vault.lock(&target.profile).await?;
    Ok(context.vault.rehearse(&lock, target.kept.storage)?)
}

/// Shows the code, and opens the page that it is typed into.
fn invite(
    context: &Context,
    authorization: &DeviceAuthorization,
    server: &Server,
    open_browser: bool,
) {
    context.tell(&Event::DeviceCode {
        user_code: authorization.user_code.clone(),
        verification_uri: authorization.verification_uri.clone(),
        verification_uri_complete: authorization.verification_uri_complete.clone(),
        expires_in: authorization.expires_in,
        client_id: server.client_id.clone(),
        scopes: server.scopes.to_string(),
    });
    if open_browser {
        let complete = authorization.verification_uri_complete.as_ref();
        let page = complete.unwrap_or(&authorization.verification_uri);
        context.tell(&Event::BrowserOpened(context.browser.open(page).is_ok()));
    }
}

fn progress(event: PollEvent) -> Event {
    match event {
        PollEvent::Waiting { remaining } => Event::Waiting { remaining },
        PollEvent::SlowedDown { interval } => Event::Retrying {
            cause: format!(
                "the server asks for a pause of {} s between two questions",
                interval.as_secs()
            ),
        },
        PollEvent::Retrying { cause, .. } => Event::Retrying { cause },
    }
}

async fn keep(
    context: &Context,
    target: &Target,
    options: &LoginOptions,
    server: Server,
    base: &BaseUrl,
    grant: Grant,
) -> Result<SignedIn, ActionError> {
    let stored = StoredCredential {
        provider: target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token,
        authority: Some(Authority {
            issuer: server.issuer.clone(),
            client_id: server.client_id,
            token_endpoint: server.token_endpoint,
            revocation_endpoint: server.revocation_endpoint,
        }),
        expiry: Expiry::after(context.now(), grant.expires_in),
        scopes: grant.scopes.unwrap_or_else(|| server.scopes.clone()),
        account: None,
        token_id: None,
    };
    let mut kept = target.kept.clone();
    let named_issuer = named_issuer(context, target, options).filter(|_| !context.choice.sandbox);
    kept.issuer = named_issuer;
    kept.client_id = named_client(context, target, options);
    kept.scopes = Some(options.scopes.clone())
        .filter(|scopes| !scopes.is_empty())
        .or(kept.scopes);
    if target.base_is_explicit || target.base.is_none() {
        kept.api_url = Some(base.clone());
    }
    store(
        context,
        target,
        NewSignIn {
            stored,
            kept,
            asked: server.scopes,
        },
    )
    .await
}

fn issuer_origin(issuer: &str) -> Result<Origin, ActionError> {
    Ok(issuer.parse()?)
}

fn no_device_flow(service: &str) -> ActionError {
    ActionError::NoSuchLogin {
        service: service.to_owned(),
        method: "device authorization",
    }
}
