//! The introspection endpoint (RFC 7662). The caller authenticates as a confidential client, or with an access token of this
//! service (§2.1). Tokens of other services are reported as inactive.

use axum::Extension;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::client::Client;
use super::error::OauthError;
use super::form::Form;
use super::{AuthServer, access};
use crate::base::{Millis, SandboxError, secrets};
use crate::web::host_guard::{ExtractPublicUrl, PublicUrl};

/// The bearer token of the request, if any.
pub(super) struct Bearer(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(bearer(&parts.headers)))
    }
}

/// Returns the bearer token of a request (RFC 6750 §2.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

pub(super) async fn introspect(
    State(server): State<AuthServer>,
    Extension(public_url): ExtractPublicUrl,
    Bearer(bearer): Bearer,
    form: Form,
) -> Result<Json<Value>, OauthError> {
    let token = form.required("token", "token is missing")?;
    if bearer.is_none() {
        Client::authenticate_confidential(&server, &form)?;
    }
    server.sandbox.read(|connection, now| {
        if let Some(bearer) = &bearer
            && access(connection, now, server.service, bearer)?.is_none()
        {
            return Ok(Err(OauthError::UNKNOWN_CLIENT));
        }
        let description = describe(connection, now, &server, &public_url, &secrets::hash(token))?;
        Ok(Ok(Json(
            description.unwrap_or_else(|| json!({"active": false})),
        )))
    })?
}

/// Describes a valid access or refresh token.
fn describe(
    connection: &Connection,
    now: Millis,
    server: &AuthServer,
    public_url: &PublicUrl,
    hash: &[u8; 32],
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT token.scopes, token.issued_at, token.expires_at, account.email, account.subject, token.kind,
            grants.client_id, grants.is_for_client, grants.resource
        FROM (SELECT hash, grant_id, scopes, issued_at, expires_at, revoked_at AS over, 'Bearer' AS kind
                FROM access_tokens
              UNION ALL
              SELECT refresh.hash, refresh.grant_id, grants.scopes, refresh.issued_at, refresh.expires_at,
                refresh.rotated_at AS over, NULL AS kind
                FROM refresh_tokens AS refresh JOIN grants ON grants.id = refresh.grant_id) AS token
        JOIN grants ON grants.id = token.grant_id
        JOIN accounts AS account ON account.id = grants.account_id
        WHERE token.hash = ?1 AND token.over IS NULL AND token.expires_at > ?2 AND grants.revoked_at IS NULL
            AND grants.service = ?3";
    let key = params![hash, now, server.service.id];
    let read = |row: &Row<'_>| {
        let mut description = json!({
            "active": true,
            "scope": row.get::<_, String>(0)?,
            "client_id": row.get::<_, String>(6)?,
            "iat": row.get::<_, Millis>(1)? / 1000,
            "exp": row.get::<_, Millis>(2)? / 1000,
            "iss": public_url.join(server.service.prefix),
        });
        if row.get(7)? {
            description["sub"] = description["client_id"].clone();
        } else {
            description["username"] = row.get::<_, String>(3)?.into();
            description["sub"] = row.get::<_, String>(4)?.into();
        }
        if let Some(resource) = row.get::<_, Option<String>>(8)? {
            description["aud"] = resource.into();
        }
        // RFC 7662 §2.2: only access tokens have a type.
        if let Some(kind) = row.get::<_, Option<String>>(5)? {
            description["token_type"] = kind.into();
        }
        Ok(description)
    };
    Ok(connection.query_row(sql, key, read).optional()?)
}
