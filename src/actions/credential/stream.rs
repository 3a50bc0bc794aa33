//! Sends a request with a body of any size, and returns the response before its body arrives.

use jiff::SignedDuration;

use crate::actions::credential::authorize::sign;
use crate::actions::{ActionError, ApiCallError, AuthenticatedClient, ResolvedCredential};
use crate::domain::{Hint, Scopes, quote_for_shell};
use crate::http::{Request, RequestBody, Response, StatusCode, StreamedResponse, challenges};
use crate::service::{ApiError, ApiErrorKind, ServiceError};

/// Longer responses with a 2xx status are not examined, in bytes.
const MAX_EXAMINED_BODY: usize = 64 * 1024;

impl AuthenticatedClient<'_> {
    /// Sends `request` with `body` and returns the response, whatever its status. If the service rejects the credential, it
    /// is refreshed and the request sent once more. Reads an error response completely, and redacts the secrets of the
    /// request in it.
    ///
    /// # Errors
    /// As [`AuthenticatedClient::refresh_if_expiring`], [`ActionError::Http`] without a response, and
    /// [`ApiCallError::BodyNotRepeatable`] after a refresh if `body` is a stream, which was already read.
    pub async fn open_stream(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, ActionError> {
        let selected = self.refresh_if_expiring(SignedDuration::ZERO).await?;
        let copy = body.try_clone();
        let mut response = self.open_authorized(request, body, &selected).await?;
        let Some(error_response) = self.read_error_response(&mut response).await? else {
            return Ok(response);
        };
        let api_error = ApiError::from_response(&self.session.target.descriptor, &error_response);
        if api_error.kind != ApiErrorKind::CredentialRejected {
            return Ok(response);
        }
        let Some(again) = self.refresh_after_401(&selected.credential).await? else {
            return Ok(response);
        };
        let copy = copy.ok_or(ApiCallError::BodyNotRepeatable)?;
        let mut response = self.open_authorized(request, copy, &again).await?;
        self.read_error_response(&mut response).await?;
        Ok(response)
    }

    /// Reads the body of an error response, which can have a 2xx status at some services. Returns `None` for any other.
    ///
    /// # Errors
    /// As [`StreamedResponse::read_in_place`].
    pub async fn read_error_response(
        &self,
        response: &mut StreamedResponse,
    ) -> Result<Option<Response>, ActionError> {
        if is_error(response.status) {
            return Ok(Some(response.read_in_place().await?));
        }
        let map = &self.session.target.descriptor.errors;
        if map.success.is_none() || !response.status.is_success() || !is_json(response) {
            return Ok(None);
        }
        let whole = response.read_short_in_place(MAX_EXAMINED_BODY).await?;
        Ok(whole.filter(|whole| self.is_error_response(whole)))
    }

    /// Returns true if `response` reports a failure: by its status, or by the value that the description names.
    pub fn is_error_response(&self, response: &Response) -> bool {
        let map = &self.session.target.descriptor.errors;
        let is_failure = || response.json().is_some_and(|body| map.is_failure(&body));
        is_error(response.status) || map.success.is_some() && is_failure()
    }

    /// Returns the scopes that an error response requires of the session, and that a login can add.
    pub async fn missing_scopes(&self, response: &Response) -> Option<Scopes> {
        missing_scopes(&*self.selected.lock().await, response)
    }

    pub async fn response_error(&self, response: &Response) -> ActionError {
        let selected = self.selected.lock().await.clone();
        let rejected = self.rejection_error(&selected, response);
        rejected.unwrap_or_else(|| {
            let mut api_error = ApiError::from_response(&self.session.target.descriptor, response);
            api_error.advice.extend(step_up_hint(&selected, response));
            ServiceError::Api(Box::new(api_error)).into()
        })
    }

    async fn open_authorized(
        &self,
        request: &Request,
        body: RequestBody,
        selected: &ResolvedCredential,
    ) -> Result<StreamedResponse, ActionError> {
        let signed = sign(self.session, request.clone(), selected).await?;
        Ok(self.session.context.http.open(&signed, body).await?)
    }
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn is_json(response: &StreamedResponse) -> bool {
    let head = response.head();
    let kind = head.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind == "application/json" || kind.ends_with("+json")
}

/// Returns the scopes that a response requires of an OAuth session (RFC 6750 §3.1).
fn missing_scopes(selected: &ResolvedCredential, response: &Response) -> Option<Scopes> {
    selected.stored.as_ref()?.oauth_server.as_ref()?;
    let challenges = challenges(&response.headers);
    let mut challenges = challenges.iter();
    let challenge = challenges.find(|it| it.parameter("error") == Some("insufficient_scope"))?;
    let scopes = Scopes::parse(challenge.parameter("scope")?);
    (!scopes.is_empty()).then_some(scopes)
}

/// Returns the command that requests the missing scopes. Only the user runs it: an automatic sign-in could be repeated
/// without end.
fn step_up_hint(selected: &ResolvedCredential, response: &Response) -> Option<Hint> {
    let scopes = missing_scopes(selected, response)?.to_string();
    Some(Hint::run(format!(
        "login --add-scope {}",
        quote_for_shell(&scopes)
    )))
}
