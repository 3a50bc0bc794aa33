//! Tries a description: sends its read calls, and on request those that create, change and revoke a token, and reports what
//! every pointer found. Without the network, reports the requests that would be sent.

mod recorder;
mod values;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use self::recorder::{Exchange, Recorder};
use self::values::values_of;
use super::add::invalid;
use super::check::check_description;
use super::location::NamedText;
use super::skeleton::example_url;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, DescriptionError, ProfileSession, Purpose, Target,
};
use crate::domain::{BaseUrl, ProviderId, Secret, TokenId, sanitize_line};
use crate::files::parse_toml;
use crate::provider::{CreateArgument, Descriptor, ProviderError};
use crate::service::{NewToken, Service};

pub use self::values::TrialValue;

/// The lifetime of a token that is created for a trial.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The id in requests that are not sent.
const EXAMPLE_ID: &str = "ID";

/// The key in the request that exchanges one.
const EXAMPLE_KEY: &str = "KEY";

#[derive(Debug, Clone, Copy)]
pub struct TrialOptions {
    /// Sends the requests.
    pub live: bool,
    /// Also creates a token, and revokes it at the end. Requests that are only printed include these.
    pub create: bool,
}

#[derive(Debug, Serialize)]
pub struct Trial {
    pub id: ProviderId,
    pub live: bool,
    pub calls: Vec<TrialCall>,
    /// The description to add before requests can be sent; `None` if it is added.
    #[serde(skip)]
    pub add: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct TrialCall {
    /// The member, such as `tokens.list`.
    pub call: &'static str,
    /// `GET /api/keys`; missing if the call failed before a request.
    pub request: Option<String>,
    /// The names of the headers.
    pub headers: Vec<String>,
    pub body: Option<String>,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub values: Vec<TrialValue>,
}

impl Trial {
    pub fn has_error(&self) -> bool {
        self.calls.iter().any(|call| call.error.is_some())
    }
}

/// Tries a description.
///
/// # Errors
/// [`DescriptionError`] if it is invalid, or only a file if requests are to be sent; missing credentials.
pub async fn run_trial(
    context: &Context,
    named: NamedText,
    options: TrialOptions,
) -> Result<Trial, ActionError> {
    let descriptor = read_valid(context, &named)?;
    let id = descriptor.id.clone();
    let is_added = context.catalog.contains(id.as_str());
    let calls = if options.live {
        // The credential belongs to the added description, which is also checked before each use.
        if named.id.as_ref() != Some(&id) || !is_added {
            return Err(DescriptionError::NotAdded { name: named.name }.into());
        }
        let target = Target::resolve(context)?;
        if target.descriptor.id != id {
            let profile = target.name.to_string();
            return Err(DescriptionError::OtherProfile { profile, id }.into());
        }
        send_calls(context.session(&target), options).await?
    } else {
        let url = context.options.api_url.clone();
        let url = url.or_else(|| descriptor.api_url.clone());
        let base_url = url.map_or_else(|| example_url(&id).parse(), Ok)?;
        print_calls(&descriptor, base_url, context.now()).await
    };
    Ok(Trial {
        id,
        live: options.live,
        calls,
        add: (!is_added).then_some(named.name),
    })
}

/// Returns the description if it has no error.
fn read_valid(context: &Context, named: &NamedText) -> Result<Descriptor, ActionError> {
    let checked = check_description(context, named);
    if !checked.mistakes.is_empty() {
        return Err(invalid(named, &checked).into());
    }
    let parsed = parse_toml(&named.text).map_err(|error| {
        let path = named.name.clone().into();
        ProviderError::Invalid { path, error }
    });
    Ok(parsed?)
}

/// Returns all requests, without sending one.
async fn print_calls(descriptor: &Descriptor, base_url: BaseUrl, now: Timestamp) -> Vec<TrialCall> {
    let mut calls = Vec::new();
    if descriptor.exchange.is_some() {
        let recorder = Recorder::without_credential(now);
        let service = Service {
            descriptor,
            base_url: base_url.clone(),
            transport: &recorder,
        };
        let key = Secret::new(EXAMPLE_KEY);
        let result = service.exchange_key(&key).await.map(drop);
        record(&service, "exchange", result, &mut calls);
    }
    let recorder = Recorder::dry(descriptor, now);
    let service = Service {
        descriptor,
        base_url,
        transport: &recorder,
    };
    calls.extend(try_calls(&service, true).await);
    calls
}

async fn send_calls(
    session: ProfileSession<'_>,
    options: TrialOptions,
) -> Result<Vec<TrialCall>, ActionError> {
    let purpose = if options.create {
        Purpose::Change
    } else {
        Purpose::Read
    };
    let client = AuthenticatedClient::open(session, purpose)?;
    let base_url = client.selected().await.base;
    let recorder = Recorder::sending(&client, session.context.now());
    let service = Service {
        descriptor: &session.target.descriptor,
        base_url,
        transport: &recorder,
    };
    let work = try_calls(&service, options.create);
    if !options.create {
        return Ok(Box::pin(work).await);
    }
    // A token that is created must be revoked.
    let guard = &session.context.shutdown_guard;
    Ok(guard.protect(Box::pin(work)).await)
}

type Trying<'a, 'r> = Service<'a, Recorder<'r>>;

async fn try_calls(service: &Trying<'_, '_>, create: bool) -> Vec<TrialCall> {
    let mut calls = Vec::new();
    let tokens = &service.descriptor.tokens;
    if service.descriptor.whoami.is_some() {
        let result = service.whoami().await.map(drop);
        record(service, "whoami", result, &mut calls);
    }
    let mut id = None;
    if tokens.list.is_some() {
        let result = first_id(service).await;
        id = result.as_ref().ok().cloned().flatten();
        record(service, "tokens.list", result.map(drop), &mut calls);
    }
    if create && tokens.create.is_some() {
        try_writing(service, &mut calls).await;
    } else {
        try_get(service, id.as_ref(), &mut calls).await;
    }
    calls
}

async fn first_id(service: &Trying<'_, '_>) -> Result<Option<TokenId>, ActionError> {
    let mut pages = service.token_pages(None)?;
    let page = pages.next_page().await?.unwrap_or_default();
    Ok(page.into_iter().find_map(|token| token.id))
}

async fn try_get(service: &Trying<'_, '_>, id: Option<&TokenId>, calls: &mut Vec<TrialCall>) {
    let example = TokenId::new(EXAMPLE_ID);
    let id = id.or_else(|| service.transport.is_dry().then_some(&example));
    if let Some(id) = id.filter(|_| service.descriptor.tokens.get.is_some()) {
        let result = service.get_token(id).await.map(drop);
        record(service, "tokens.get", result, calls);
    }
}

/// Creates a token, reads, disables, enables and revokes it.
async fn try_writing(service: &Trying<'_, '_>, calls: &mut Vec<TrialCall>) {
    let Some(id) = try_create(service, calls).await else {
        return;
    };
    try_get(service, Some(&id), calls).await;
    if service.descriptor.tokens.update.is_some() {
        for active in [false, true] {
            let result = service.update_token(&id, active).await.map(drop);
            record(service, "tokens.update", result, calls);
        }
    }
    let result = service.revoke_token(&id).await;
    record(service, "tokens.revoke", result, calls);
}

/// Creates a token and returns its id, from the response or from the list.
async fn try_create(service: &Trying<'_, '_>, calls: &mut Vec<TrialCall>) -> Option<TokenId> {
    let create = service.descriptor.tokens.create.as_ref()?;
    let takes_expiry = create.takes(CreateArgument::Expiry);
    let name = format!("brainmaps-test-{}", service.transport.now().as_second());
    let wanted = NewToken {
        name: name.clone(),
        expires_in: takes_expiry.then_some(LIFETIME),
        ..NewToken::default()
    };
    let created = service.create_token(&wanted).await;
    let is_created = created.is_ok();
    if let Ok(created) = &created {
        // Set only once, as one token is created.
        let _ = service.transport.created.set(created.secret.clone());
    }
    // A wrong pointer may find the secret, which must not become part of a URL.
    let is_secret = |id: &TokenId, secret: &Secret| id.as_str() == secret.expose();
    let created_id = created.as_ref().ok().and_then(|it| {
        let id = it.token.id.clone();
        id.filter(|id| id.is_secret() || !is_secret(id, &it.secret))
    });
    record(service, "tokens.create", created.map(drop), calls);
    if service.transport.is_dry() {
        return Some(TokenId::new(EXAMPLE_ID));
    }
    // A response that cannot be read may be the one to a token that was created.
    let found = match created_id {
        Some(id) => Some(id),
        None => find_by_name(service, &name).await,
    };
    if found.is_none() && is_created {
        let error = format!(
            "the token {name} was created, but its id is not known: revoke it at the service"
        );
        calls.push(TrialCall::failed("tokens.revoke", error));
    }
    found
}

async fn find_by_name(service: &Trying<'_, '_>, name: &str) -> Option<TokenId> {
    let mut pages = service.token_pages(None).ok()?;
    let mut found = None;
    while let (None, Ok(Some(page))) = (&found, pages.next_page().await) {
        let mut page = page.into_iter();
        let token = page.find(|token| token.name.as_deref() == Some(name));
        found = token.and_then(|token| token.id);
    }
    // The requests of the search are not those of a call that is tried.
    drop(service.transport.take());
    found
}

/// Adds the requests since the last call, and what the pointers found in the response to the last one.
fn record(
    service: &Trying<'_, '_>,
    call: &'static str,
    result: Result<(), ActionError>,
    calls: &mut Vec<TrialCall>,
) {
    let mut exchanges = service.transport.take();
    let last = exchanges.pop();
    // The parameters of a call are read from the account before it.
    calls.extend(
        exchanges
            .into_iter()
            .map(|it| TrialCall::from_exchange("whoami", it)),
    );
    let error = match result {
        Err(error) if !service.transport.is_dry() => Some(error_text(&error)),
        Err(error) if last.is_none() => Some(error_text(&error)),
        _ => None,
    };
    let values = last.as_ref().and_then(|exchange| exchange.json.as_ref());
    let created = service.transport.created.get();
    let values = values.map_or(Vec::new(), |json| {
        values_of(call, service.descriptor, created, json)
    });
    let entry = match last {
        Some(exchange) => TrialCall::from_exchange(call, exchange),
        None => TrialCall::failed(call, String::new()),
    };
    calls.push(TrialCall {
        error,
        values,
        ..entry
    });
}

/// Returns the error with its causes on one line.
fn error_text(error: &ActionError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(below) = cause {
        let shown = below.to_string();
        if !text.contains(&shown) {
            text = format!("{text}: {shown}");
        }
        cause = below.source();
    }
    sanitize_line(&text)
}

impl TrialCall {
    fn from_exchange(call: &'static str, exchange: Exchange) -> Self {
        Self {
            call,
            request: Some(exchange.request),
            headers: exchange.headers,
            body: exchange.body,
            status: exchange.status,
            error: None,
            values: Vec::new(),
        }
    }

    fn failed(call: &'static str, error: String) -> Self {
        Self {
            call,
            request: None,
            headers: Vec::new(),
            body: None,
            status: None,
            error: Some(error),
            values: Vec::new(),
        }
    }
}
