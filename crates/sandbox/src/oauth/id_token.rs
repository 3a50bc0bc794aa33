//! ID tokens (`OpenID` Connect Core §2).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rusqlite::Transaction;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::claims::claims;
use super::grant::{Grant, IssuedTokens};
use super::signing_key;
use crate::base::secrets::Secret;
use crate::base::{Millis, SandboxError};
use crate::state::account::Account;

/// How long an ID token is valid, in seconds.
const LIFETIME: i64 = 3600;

/// Returns the ID token of `grant`; `None` if the scope `openid` is not granted.
pub(super) fn issue(
    tx: &Transaction<'_>,
    now: Millis,
    issuer: &str,
    grant: &Grant,
    tokens: &IssuedTokens,
) -> Result<Option<Secret>, SandboxError> {
    let scopes = &tokens.scopes;
    if !scopes.contains("openid") {
        return Ok(None);
    }
    let Some(account) = Account::by_id(tx, grant.account_id)? else {
        return Ok(None);
    };
    let mut claims = claims(&account, scopes);
    let seconds = now / 1000;
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("iss", json!(issuer));
    set("aud", json!(grant.client_id));
    set("iat", json!(seconds));
    set("exp", json!(seconds + LIFETIME));
    set("at_hash", json!(access_token_hash(&tokens.access_token)));
    if let Some(nonce) = &grant.authentication.nonce {
        set("nonce", json!(nonce));
    }
    if let Some(time) = grant.authentication.time {
        set("auth_time", json!(time / 1000));
    }
    let key = signing_key::get_or_create(tx)?;
    Ok(Some(key.sign(&claims.into())?))
}

/// Returns the left half of the hash of the access token (`OpenID` Connect Core §3.1.3.6).
fn access_token_hash(token: &Secret) -> String {
    let digest = Sha256::digest(token.expose());
    let (left, _) = digest.split_at(digest.len() / 2);
    BASE64_URL_SAFE_NO_PAD.encode(left)
}
