//! Whether the profile's service answers, and the authorization server that renews its session. They are asked for their
//! front page, without a credential; any answer will do.

use url::Url;

use super::{Check, Finding};
use crate::actions::{ActionError, Context, Target, resolve_credential};
use crate::http::{HttpError, Request};

pub(super) async fn check(context: &Context, target: &Target) -> Vec<Check> {
    // A `.env` with a key may name another server.
    let selected = resolve_credential(context, target);
    let base = match &selected {
        Ok(selected) => Ok(&selected.base),
        Err(_) => target.base(),
    };
    let base = base.and_then(|base| Ok(base.join("/")?));
    let service = match base {
        Ok(url) => check_reachable(context, url).await,
        Err(error) => Finding::Failure(error),
    };
    let mut checks = vec![service.into_check("service")];
    if let Some(issuer) = issuer_url(context, target) {
        checks.push(check_reachable(context, issuer).await.into_check("issuer"));
    }
    checks
}

/// The front page of the authorization server, where that is another server than the service.
fn issuer_url(context: &Context, target: &Target) -> Option<Url> {
    let stored = context
        .vault
        .read_current(&target.name, target.profile.storage);
    let stored = stored.ok().flatten()?;
    let endpoint = stored.oauth_server?.token_endpoint;
    (!stored.origin.contains(&endpoint)).then(|| endpoint.join("/").ok())?
}

async fn check_reachable(context: &Context, url: Url) -> Finding {
    let origin = url.origin().ascii_serialization();
    match context.http.send(Request::get(url).no_retry()).await {
        Ok(answer) if answer.status.is_server_error() => Finding::warning(
            format!("{origin} answers, but with {}", answer.status.as_u16()),
            "it has trouble of its own; try again later",
        ),
        Ok(_) => Finding::Ok(format!("{origin} answers")),
        Err(HttpError::Redirected { .. } | HttpError::TooLarge { .. }) => {
            Finding::Ok(format!("{origin} answers"))
        }
        Err(error) => Finding::Failure(ActionError::Http(error)),
    }
}
