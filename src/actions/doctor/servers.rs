//! Checks that the service and the authorization server respond. Requests their root page without a credential; any
//! response is sufficient.

use url::Url;

use super::{Check, Finding};
use crate::actions::{ActionError, Context, ProfileSession};
use crate::http::Request;

pub(super) async fn check(session: ProfileSession<'_>) -> Vec<Check> {
    // A `.env` with a key may name another server.
    let selected = session.resolve_credential();
    let base = match &selected {
        Ok(selected) => Ok(&selected.base),
        Err(_) => session.target.base(),
    };
    let base = base.and_then(|base| Ok(base.join("/")?));
    let service = match base {
        Ok(url) => check_reachable(session.context, url).await,
        Err(error) => Finding::Failure(error),
    };
    let mut checks = vec![service.into_check("service")];
    if let Some(issuer) = issuer_url(session) {
        checks.push(
            check_reachable(session.context, issuer)
                .await
                .into_check("issuer"),
        );
    }
    checks
}

/// Returns the root page of the authorization server if it is another server than the service.
fn issuer_url(session: ProfileSession<'_>) -> Option<Url> {
    let stored = session.find_stored();
    let stored = stored.ok().flatten()?;
    let endpoint = stored.oauth_server?.token_endpoint;
    (!stored.origin.contains(&endpoint)).then(|| endpoint.join("/").ok())?
}

async fn check_reachable(context: &Context, url: Url) -> Finding {
    let origin = url.origin().ascii_serialization();
    match context.http.send(Request::get(url).no_retry()).await {
        Ok(response) if response.status.is_server_error() => Finding::warning(
            format!("{origin} responds with status {}", response.status.as_u16()),
            "the server has a problem; try again later",
        ),
        Err(error) if !error.is_response() => Finding::Failure(ActionError::Http(error)),
        _ => Finding::Ok(format!("{origin} responds")),
    }
}
