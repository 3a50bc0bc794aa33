//! A protected resource of its own, for clients that discover their server from a resource (RFC 9728, RFC 6750 §3). It accepts tokens for
//! itself only (RFC 8707): `GET` needs the scope `openid`, `POST` also `email`.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::introspect::bearer;
use super::{AuthServer, Scopes, access};
use crate::base::SandboxError;
use crate::web::host_guard::{ExtractPublicUrl, PublicUrl};

pub(super) const PATH: &str = "/resource";

/// The well-known part is between the host and the path (RFC 9728 §3.1).
pub(super) const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

fn resource(server: &AuthServer, public_url: &PublicUrl) -> String {
    public_url.join(&format!("{}{PATH}", server.service.prefix))
}

pub(super) async fn show_metadata(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
) -> Json<Value> {
    Json(json!({
        "resource": resource(&server, &public_url),
        "resource_name": format!("{} sandbox", server.service.title),
        "authorization_servers": [public_url.join(server.service.prefix)],
        "scopes_supported": ["openid", "email"],
        "bearer_methods_supported": ["header"],
    }))
}

pub(super) async fn show(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, SandboxError> {
    let resource = resource(&server, &public_url);
    let path = format!("{WELL_KNOWN}{}{PATH}", server.service.prefix);
    let metadata = format!("resource_metadata=\"{}\"", public_url.join(&path));
    let needed = if method == Method::POST {
        "openid email"
    } else {
        "openid"
    };
    let scope = format!("scope=\"{needed}\"");
    let Some(token) = bearer(&headers) else {
        return Ok(challenge(StatusCode::UNAUTHORIZED, &[&metadata, &scope]));
    };
    let access = server
        .sandbox
        .read(|connection, now| access(connection, now, server.service, &token))?;
    let Some(access) = access.filter(|access| access.resource.as_deref() == Some(&resource)) else {
        let parts = ["error=\"invalid_token\"", &metadata, &scope];
        return Ok(challenge(StatusCode::UNAUTHORIZED, &parts));
    };
    if !Scopes::parse(needed).is_subset_of(&access.scopes) {
        let parts = ["error=\"insufficient_scope\"", &scope, &metadata];
        return Ok(challenge(StatusCode::FORBIDDEN, &parts));
    }
    let body = json!({"resource": resource, "scope": access.scopes.to_string()});
    Ok(Json(body).into_response())
}

fn challenge(status: StatusCode, parts: &[&str]) -> Response {
    let headers = [(
        header::WWW_AUTHENTICATE,
        format!("Bearer {}", parts.join(", ")),
    )];
    (status, headers).into_response()
}
