//! The authorization endpoint (RFC 6749 §3.1), and the first step of its pages: attaches the request to the browser session.

use axum::Extension;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rusqlite::Transaction;
use serde::Deserialize;

use super::browser_session::{BrowserSession, PendingRequest};
use super::redirect_to;
use super::response;
use super::views::{self, InvalidRequest, Layout};
use crate::base::{Millis, SandboxError};
use crate::oauth::{
    self, AuthServer, AuthorizationError, AuthorizationResponse, Prompt, RequestStatus, Started,
    StoredRequest,
};
use crate::web::host_guard::ExtractPublicUrl;

const BODY_LIMIT: usize = 64 * 1024;

/// Accepts the parameters in the query of `GET` and in the form of `POST` (`OpenID` Connect Core §3.1.2.1).
pub(super) async fn start(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
    request: Request,
) -> Result<Response, SandboxError> {
    let parameters = if request.method() == Method::POST {
        let body = to_bytes(request.into_body(), BODY_LIMIT).await;
        body.unwrap_or_default()
    } else {
        Bytes::copy_from_slice(request.uri().query().unwrap_or_default().as_bytes())
    };
    let registered = oauth::register_client_document(&server, &parameters).await;
    let started =
        registered.and_then(|()| oauth::start_authorization(&server, &public_url, &parameters));
    match started {
        Ok(Started::Pending(id)) => {
            let page = super::step_path(&server, &format!("/authorize?request={id}"));
            Ok(Redirect::to(&page).into_response())
        }
        Ok(Started::Decided(response)) | Err(AuthorizationError::Response(response)) => {
            Ok(response::send(&server, response))
        }
        Err(AuthorizationError::Page(reason)) => Ok(invalid_request(&server, reason)),
        Err(AuthorizationError::Internal(error)) => Err(error),
    }
}

/// An error that must not be sent to the redirect URI, which is unverified (RFC 6749 §4.1.2.1).
fn invalid_request(server: &AuthServer, reason: &'static str) -> Response {
    let root = super::step_path(server, "");
    let view = InvalidRequest {
        layout: Layout::standalone(server.service.title, &root, "Invalid request"),
        reason,
    };
    views::render(StatusCode::BAD_REQUEST, &view)
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    request: String,
}

/// The next step of a request.
enum Step {
    Page(&'static str),
    Response(AuthorizationResponse),
}

fn next_step(
    tx: &Transaction<'_>,
    now: Millis,
    session: &BrowserSession,
    request: &StoredRequest,
) -> Result<Step, SandboxError> {
    if request.status != RequestStatus::Pending {
        return Ok(Step::Page("/done"));
    }
    let is_signed_in = session.load(tx, now)?.account.is_some();
    Ok(match request.prompt {
        Some(Prompt::None) => {
            let error = if is_signed_in {
                "consent_required"
            } else {
                "login_required"
            };
            Step::Response(oauth::refuse_authorization(tx, request, error)?)
        }
        Some(Prompt::Login) => {
            session.sign_out(tx)?;
            Step::Page("/sign-in")
        }
        None if is_signed_in => Step::Page("/consent"),
        None => Step::Page("/sign-in"),
    })
}

pub(super) async fn open(
    State(server): State<AuthServer>,
    session: BrowserSession,
    Query(link): Query<Link>,
) -> Result<Response, SandboxError> {
    let step = server.sandbox.write(|tx, now| {
        let Some(request) = oauth::find_authorization(tx, now, &server, &link.request)? else {
            return Ok(None);
        };
        session.set_pending(tx, now, &PendingRequest::Authorization(link.request))?;
        next_step(tx, now, &session, &request).map(Some)
    })?;
    let response = match step {
        None => {
            return Ok(invalid_request(
                &server,
                "the request does not exist or has expired",
            ));
        }
        Some(Step::Page(path)) => redirect_to(&server, path).into_response(),
        Some(Step::Response(response)) => response::send(&server, response),
    };
    Ok(views::with_cookie(&server, &session, response))
}
