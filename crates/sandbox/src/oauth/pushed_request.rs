//! Pushed authorization requests (RFC 9126).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::AuthServer;
use super::client::Client;
use super::client_document::register_document;
use super::error::OauthError;
use super::form::Form;
use super::valid_request;
use crate::base::{Millis, SandboxError, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE pushed_requests (
        hash BLOB PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        parameters TEXT NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT;";

pub(super) const DELETE_EXPIRED: &[&str] = &["DELETE FROM pushed_requests WHERE expires_at < ?1"];

/// How long a request URI is valid.
const LIFETIME: Millis = 60_000;

const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Validates the request as the authorization endpoint does, and stores it.
pub(super) async fn push(
    State(server): State<AuthServer>,
    form: Form,
) -> Result<(StatusCode, Json<Value>), OauthError> {
    register_document(&server, form.get("client_id")).await?;
    let client = Client::authenticate(&server, &form)?;
    if form.get("request_uri").is_some() {
        return Err(OauthError::request("request_uri must not be pushed"));
    }
    valid_request::redirect_uri(&client, &form).map_err(OauthError::request)?;
    valid_request::validate(&server, &client, &form)?;
    let reference = secrets::reference()?;
    let parameters = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form.without_client_credentials())
        .finish();
    server.sandbox.write(|tx, now| {
        tx.execute(
            "INSERT INTO pushed_requests (hash, service, client_id, parameters, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                secrets::hash(&reference),
                server.service.id,
                client.id,
                parameters,
                now + LIFETIME
            ],
        )?;
        Ok(())
    })?;
    let body = json!({
        "request_uri": format!("{PREFIX}{reference}"),
        "expires_in": LIFETIME / 1000,
    });
    Ok((StatusCode::CREATED, Json(body)))
}

/// Deletes the stored request and returns its parameters, unless it has expired or belongs to another client.
pub(super) fn take(
    server: &AuthServer,
    client: &Client,
    request_uri: &str,
) -> Result<Option<String>, SandboxError> {
    let Some(reference) = request_uri.strip_prefix(PREFIX) else {
        return Ok(None);
    };
    let sql = "DELETE FROM pushed_requests WHERE hash = ?1 AND service = ?2 AND client_id = ?3
        RETURNING parameters, expires_at";
    let key = params![secrets::hash(reference), server.service.id, client.id];
    server.sandbox.write(|tx, now| {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Millis>(1)?));
        let found: Option<(String, Millis)> = tx.query_row(sql, key, read).optional()?;
        Ok(found
            .filter(|(_, expires_at)| *expires_at > now)
            .map(|(parameters, _)| parameters))
    })
}
