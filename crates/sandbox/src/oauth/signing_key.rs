//! The key that signs ID tokens: P-256, one for each state, created on first use, and published as a JWK set (RFC 7517).

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use super::AuthServer;
use crate::base::{CANARY, SandboxError, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE id_token_keys (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        key_id TEXT NOT NULL,
        pkcs8 BLOB NOT NULL
    ) STRICT;";

/// The only supported algorithm (RFC 7518 §3.4).
pub(super) const ALGORITHM: &str = "ES256";

/// The bytes of a coordinate of P-256.
const COORDINATE: usize = 32;

pub(super) struct SigningKey {
    pub(super) id: String,
    pair: EcdsaKeyPair,
}

impl SigningKey {
    /// Returns the key of this state. The first call creates it.
    pub(super) fn get_or_create(tx: &Transaction<'_>) -> Result<Self, SandboxError> {
        let sql = "SELECT key_id, pkcs8 FROM id_token_keys";
        let found: Option<(String, Vec<u8>)> = tx
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (id, pkcs8) = match found {
            Some(found) => found,
            None => create(tx)?,
        };
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            &pkcs8,
            &SystemRandom::new(),
        )
        .map_err(|_| SandboxError::SigningKey)?;
        Ok(Self {
            id: format!("{CANARY}-{id}"),
            pair,
        })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SandboxError> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        let signature = signature.map_err(|_| SandboxError::SigningKey)?;
        Ok(signature.as_ref().to_vec())
    }

    /// Returns the public key as a JWK (RFC 7518 §6.2.1).
    fn to_jwk(&self) -> Value {
        // The uncompressed point: 4, then both coordinates.
        let point = self.pair.public_key().as_ref();
        let coordinates = point.get(1..).unwrap_or_default();
        let mut encoded = coordinates
            .chunks(COORDINATE)
            .map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": encoded.next(),
            "y": encoded.next(),
            "kid": self.id,
            "alg": ALGORITHM,
            "use": "sig",
        })
    }
}

fn create(tx: &Transaction<'_>) -> Result<(String, Vec<u8>), SandboxError> {
    let pkcs8 =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| SandboxError::SigningKey)?;
    let pkcs8 = pkcs8.as_ref().to_vec();
    // Another state has another id, so that a client does not use a cached key of it.
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO id_token_keys (id, key_id, pkcs8) VALUES (1, ?1, ?2)",
        params![id, pkcs8],
    )?;
    Ok((id, pkcs8))
}

pub(super) async fn show_keys(
    State(server): State<AuthServer>,
) -> Result<Json<Value>, SandboxError> {
    let key = server
        .sandbox
        .write(|tx, _| SigningKey::get_or_create(tx))?;
    Ok(Json(json!({"keys": [key.to_jwk()]})))
}
