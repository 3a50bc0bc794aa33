//! The key that signs ID tokens: one for each state, created on first use, and published as a JWK set (RFC 7517).

use axum::Json;
use axum::extract::State;
use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::Value;

use super::AuthServer;
use crate::base::jwt_key::{self, JwtKey};
use crate::base::{SandboxError, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE id_token_keys (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        key_id TEXT NOT NULL,
        pkcs8 BLOB NOT NULL
    ) STRICT;";

/// Returns the key of this state. The first call creates it.
pub(super) fn get_or_create(tx: &Transaction<'_>) -> Result<JwtKey, SandboxError> {
    let sql = "SELECT key_id, pkcs8 FROM id_token_keys";
    let found: Option<(String, Vec<u8>)> = tx
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (id, pkcs8) = match found {
        Some(found) => found,
        None => create(tx)?,
    };
    JwtKey::from_pkcs8(&id, &pkcs8)
}

fn create(tx: &Transaction<'_>) -> Result<(String, Vec<u8>), SandboxError> {
    let pkcs8 = jwt_key::generate_pkcs8()?;
    // Another state has another id, so that a client does not use a cached key of it.
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO id_token_keys (id, key_id, pkcs8) VALUES (1, ?1, ?2)",
        params![id, pkcs8],
    )?;
    Ok((id, pkcs8))
}

/// Returns the public keys of this state.
pub(super) fn public_keys(server: &AuthServer) -> Result<Value, SandboxError> {
    let key = server.sandbox.write(|tx, _| get_or_create(tx))?;
    Ok(key.to_jwk_set())
}

pub(super) async fn show_keys(
    State(server): State<AuthServer>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(public_keys(&server)?))
}
