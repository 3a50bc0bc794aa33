//! Gives the credential to the requests of a [reverse proxy](crate::proxy). Must not prompt, and must not start a login.

mod refresher;

use std::time::Duration;

use async_trait::async_trait;

use self::refresher::Refresher;
use crate::actions::credential::authorize::sign;
use crate::actions::credential::key_exchange::forget_exchanged;
use crate::actions::usage::batch::UsageBatch;
use crate::actions::{ActionError, ProfileSession, ResolvedCredential};
use crate::domain::BaseUrl;
use crate::http::{HeaderName, Request, RequestBody, StatusCode, StreamedResponse};
use crate::proxy::{Rejection, Upstream};
use crate::service::{ApiError, ApiErrorKind};

pub use self::refresher::DescribeError;

/// The time limit for a response of the service to begin. The client may wait for less.
const RESPONSE_TIMEOUT: Duration = Duration::from_mins(10);

/// Error responses that may mean a rejected credential are read up to this length, in bytes.
const MAX_ERROR_BODY: usize = 256 * 1024;

/// Sends the requests of a proxy with the credential of a profile.
pub struct ProxyUpstream<'a> {
    session: ProfileSession<'a>,
    refresher: Refresher<'a>,
    base: BaseUrl,
    usage: UsageBatch<'a>,
}

impl<'a> ProxyUpstream<'a> {
    /// Creates it for a credential that is usable now.
    pub fn new(
        session: ProfileSession<'a>,
        selected: ResolvedCredential,
        describe: DescribeError<'a>,
    ) -> Self {
        Self {
            session,
            base: selected.base.clone(),
            usage: UsageBatch::new(session),
            refresher: Refresher::new(session, selected, describe),
        }
    }

    /// Returns the URL that requests are sent to and below.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    async fn send(
        &self,
        request: &Request,
        body: RequestBody,
        selected: &ResolvedCredential,
    ) -> Result<Exchange, ActionError> {
        let signed = sign(self.session, request.clone(), selected).await?;
        let mut response = self.session.context.http.open(&signed, body).await?;
        if !matches!(
            response.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        ) {
            self.usage.add(selected, request, response.status);
            return Ok(Exchange::Accepted(response));
        }
        let whole = response.decode_in_place(MAX_ERROR_BODY).await?;
        let whole = response.redacted(whole);
        let api_error = ApiError::from_response(&self.session.target.descriptor, &whole);
        if api_error.kind != ApiErrorKind::CredentialRejected {
            return Ok(Exchange::Accepted(response));
        }
        forget_exchanged(self.session, selected).await;
        Ok(Exchange::Rejected(selected.rejection(Box::new(api_error))))
    }
}

enum Exchange {
    Accepted(StreamedResponse),
    Rejected(ActionError),
}

#[async_trait]
impl Upstream for ProxyUpstream<'_> {
    async fn open(
        &self,
        request: Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, Rejection> {
        let describe = |error| self.refresher.describe(error);
        // The client decides whether it repeats a request.
        let request = request.no_retry().with_head_timeout(RESPONSE_TIMEOUT);
        let selected = self.refresher.fresh().await?;
        let copy = body.try_clone();
        let error = match self
            .send(&request, body, &selected)
            .await
            .map_err(describe)?
        {
            Exchange::Accepted(response) => return Ok(response),
            Exchange::Rejected(error) => error,
        };
        let Some(again) = self.refresher.replace(&selected).await? else {
            return Err(describe(error));
        };
        let Some(copy) = copy else {
            return Err(body_already_sent());
        };
        match self.send(&request, copy, &again).await.map_err(describe)? {
            Exchange::Accepted(response) => Ok(response),
            Exchange::Rejected(error) => Err(describe(error)),
        }
    }

    async fn run(&self) {
        tokio::join!(self.refresher.run(), self.usage.run());
    }

    async fn finish(&self) {
        self.session.context.shutdown_guard.begin_shutdown().await;
        self.usage.write();
    }
}

fn body_already_sent() -> Rejection {
    Rejection {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "UNAVAILABLE".to_owned(),
        message: "the service rejected the credential, which is refreshed now; the body is too long to be sent again"
            .to_owned(),
        hint: Some("repeat the request".to_owned()),
    }
}

impl ProfileSession<'_> {
    /// Returns the headers in which the service accepts credentials of any kind.
    pub fn credential_headers(self) -> Vec<HeaderName> {
        let names = self.target.descriptor.headers.credential_names();
        names.cloned().collect()
    }
}
