//! A transport that records requests and the JSON of responses, or sends nothing.

use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::actions::{ActionError, AuthenticatedClient, DescriptionError};
use crate::domain::{CredentialKind, Origin, Secret, sanitize_line};
use crate::http::{Request, Response};
use crate::provider::{Descriptor, Placeholder};
use crate::service::{ApiError, ApiTransport};

/// Headers that every request has.
const OMITTED: [&str; 2] = ["user-agent", "accept-encoding"];

#[derive(Debug)]
pub(super) struct Exchange {
    /// `GET /api/keys?limit=1`
    pub(super) request: String,
    pub(super) headers: Vec<String>,
    /// The body of a request that is not sent.
    pub(super) body: Option<String>,
    pub(super) status: Option<u16>,
    pub(super) json: Option<Value>,
}

pub(super) struct Recorder<'a> {
    /// `None` if nothing is sent.
    client: Option<&'a AuthenticatedClient<'a>>,
    credential_header: Option<String>,
    now: Timestamp,
    exchanges: Mutex<Vec<Exchange>>,
    /// The secret of the token that the trial created.
    pub(super) created: OnceLock<Secret>,
}

impl<'a> Recorder<'a> {
    pub(super) fn sending(client: &'a AuthenticatedClient<'a>, now: Timestamp) -> Self {
        Self {
            client: Some(client),
            credential_header: None,
            now,
            exchanges: Mutex::default(),
            created: OnceLock::new(),
        }
    }

    pub(super) fn dry(descriptor: &Descriptor, now: Timestamp) -> Self {
        let of_token = descriptor.exchange.as_ref();
        let of_token = of_token.and_then(|call| descriptor.header(call.kind));
        let header = of_token.or_else(|| descriptor.headers.values().next());
        Self {
            credential_header: header.map(|it| it.name.as_str().to_owned()),
            ..Self::without_credential(now)
        }
    }

    /// For a request that no credential is added to.
    pub(super) fn without_credential(now: Timestamp) -> Self {
        Self {
            client: None,
            credential_header: None,
            now,
            exchanges: Mutex::default(),
            created: OnceLock::new(),
        }
    }

    pub(super) fn is_dry(&self) -> bool {
        self.client.is_none()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn take(&self) -> Vec<Exchange> {
        let mut exchanges = self
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut exchanges)
    }

    fn add(&self, exchange: Exchange) {
        let mut exchanges = self
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        exchanges.push(exchange);
    }

    fn describe(&self, request: &Request) -> Exchange {
        let url = request.url();
        // A path with a secret has a mark in the fragment.
        let path = match (url.fragment(), url.query()) {
            (Some(_), _) => "(hidden path)".to_owned(),
            (None, Some(query)) => format!("{}?{query}", url.path()),
            (None, None) => url.path().to_owned(),
        };
        let own = request
            .headers()
            .keys()
            .map(|name| name.as_str().to_owned());
        let own = own.filter(|name| !OMITTED.contains(&name.as_str()));
        let body = request.body();
        let is_shown = self.is_dry() && !body.is_empty();
        let body = is_shown.then(|| sanitize_line(&String::from_utf8_lossy(body)));
        Exchange {
            request: format!("{} {path}", request.method()),
            headers: self
                .credential_header
                .clone()
                .into_iter()
                .chain(own)
                .collect(),
            body,
            status: None,
            json: None,
        }
    }
}

impl ApiTransport for Recorder<'_> {
    type Error = ActionError;

    async fn credential_kind(&self) -> Option<CredentialKind> {
        match self.client {
            Some(client) => client.credential_kind().await,
            None => None,
        }
    }

    fn server_time(&self, origin: &Origin) -> Timestamp {
        self.client
            .map_or(self.now, |client| client.server_time(origin))
    }

    /// A parameter of a request that is not sent is its name.
    fn parameter(&self, name: &str) -> Option<String> {
        match self.client {
            Some(client) => client.parameter(name),
            None => Some(name.to_uppercase()),
        }
    }

    /// As a parameter; the account is not read.
    fn typed_secret(&self, placeholder: &Placeholder) -> Option<Secret> {
        match self.client {
            Some(client) => client.typed_secret(placeholder),
            None => Some(Secret::new(placeholder.text().to_uppercase())),
        }
    }

    async fn stored_account(&self) -> Option<String> {
        match self.client {
            Some(client) => client.stored_account().await,
            None => None,
        }
    }

    fn account_cache(&self) -> Option<&OnceCell<Value>> {
        self.client?.account_cache()
    }

    async fn credential_rejected_error(&self, api_error: Box<ApiError>) -> ActionError {
        match self.client {
            Some(client) => client.credential_rejected_error(api_error).await,
            None => DescriptionError::NotSent.into(),
        }
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let exchange = self.describe(&request);
        let Some(client) = self.client else {
            self.add(exchange);
            return Err(DescriptionError::NotSent.into());
        };
        let response = client.send(request).await;
        let received = response.as_ref().ok();
        self.add(Exchange {
            status: received.map(|response| response.status.as_u16()),
            json: received.and_then(Response::json),
            ..exchange
        });
        response
    }
}
