//! Personal access tokens, which the owner makes, lists and revokes; and session tokens, which only login makes, only
//! logout ends, and no list shows.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::caller::Caller;
use super::reply::No;
use crate::account::Account;
use crate::json_body::{JsonBody, NotJson};
use crate::secrets::Secret;
use crate::store::{Millis, deadline, rfc3339};
use crate::{Sandbox, SandboxError, secrets};

pub(super) const SCHEMA: &str = "
    CREATE TABLE brainmaps_tokens (
        id TEXT PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        account_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('session', 'personal')),
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER
    ) STRICT;";

const NAME_LIMIT: usize = 100;

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, No> {
    caller.may(&["tokens:read", "tokens:write"])?;
    let results = sandbox.read(|connection, _| {
        let sql =
            "SELECT id, name, created_at, expires_at, revoked_at IS NOT NULL FROM brainmaps_tokens
            WHERE account_id = ?1 AND kind = 'personal' ORDER BY created_at DESC, rowid DESC";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([caller.account.id], shown)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
    Ok(Json(json!({"results": results})))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), No> {
    caller.may(&["tokens:write"])?;
    let body = body?;
    let name = body.text("name").map(str::trim);
    let name = name.ok_or(invalid("name: This field is required."))?;
    if name.chars().count() > NAME_LIMIT {
        return Err(invalid(
            "name: Ensure this field has no more than 100 characters.",
        ));
    }
    let token = secrets::generate("bm_pat_")?;
    let mut shown = insert(&sandbox, &caller.account, "personal", name, &token)?;
    shown["token"] = token.expose().into();
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Revoking twice is as good as once. What is not in the caller's list is not there.
pub(super) async fn revoke(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    caller.may(&["tokens:write"])?;
    let found = sandbox.write(|tx, now| {
        let sql = "UPDATE brainmaps_tokens SET revoked_at = COALESCE(revoked_at, ?3)
            WHERE id = ?1 AND account_id = ?2 AND kind = 'personal'";
        Ok(tx.execute(sql, params![id, caller.account.id, now])? > 0)
    })?;
    if found {
        return Ok(Json(json!({"status": "token revoked"})));
    }
    Err(No::Missing("No token matches the given query."))
}

fn invalid(words: &'static str) -> No {
    No::Bad(StatusCode::BAD_REQUEST, "validation_error", words)
}

/// A token that works.
pub(super) struct Live {
    pub(super) id: String,
    pub(super) account_id: i64,
    pub(super) session: bool,
    expires_at: Option<Millis>,
}

/// The session or personal access token `token`, unless it was revoked or is over.
pub(super) fn find_active(
    connection: &Connection,
    now: Millis,
    token: &str,
) -> Result<Option<Live>, SandboxError> {
    let sql = "SELECT id, account_id, kind = 'session', expires_at FROM brainmaps_tokens
        WHERE hash = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)";
    let read = |row: &Row<'_>| {
        Ok(Live {
            id: row.get(0)?,
            account_id: row.get(1)?,
            session: row.get(2)?,
            expires_at: row.get(3)?,
        })
    };
    let key = params![secrets::hash(token), now];
    Ok(connection.query_row(sql, key, read).optional()?)
}

/// A session lives while it is used. Its end moves only now and then, so that reading does not always write.
pub(super) fn keep_alive(sandbox: &Sandbox, live: &Live) -> Result<(), SandboxError> {
    let idle = sandbox.settings().session_idle_ttl;
    let grain = Millis::try_from(idle.as_millis() / 100).unwrap_or(Millis::MAX);
    let end = deadline(sandbox.now(), idle);
    if live
        .expires_at
        .is_none_or(|now_ends| end - now_ends <= grain)
    {
        return Ok(());
    }
    sandbox.write(|tx, _| {
        let sql = "UPDATE brainmaps_tokens SET expires_at = ?2 WHERE id = ?1";
        tx.execute(sql, params![live.id, end])?;
        Ok(())
    })
}

/// A new session token.
pub(super) fn open_session(sandbox: &Sandbox, account: &Account) -> Result<Secret, SandboxError> {
    let token = secrets::generate("bm_ses_")?;
    insert(sandbox, account, "session", "", &token)?;
    Ok(token)
}

/// Ends a session.
pub(super) fn end(sandbox: &Sandbox, account: &Account, id: &str) -> Result<(), SandboxError> {
    sandbox.write(|tx, now| {
        let sql = "UPDATE brainmaps_tokens SET revoked_at = ?3 WHERE id = ?1 AND account_id = ?2";
        tx.execute(sql, params![id, account.id, now])?;
        Ok(())
    })
}

fn insert(
    sandbox: &Sandbox,
    account: &Account,
    kind: &str,
    name: &str,
    token: &Secret,
) -> Result<Value, SandboxError> {
    let id = secrets::uuid()?;
    let idle = sandbox.settings().session_idle_ttl;
    sandbox.write(|tx, now| {
        let expires_at = (kind == "session").then(|| deadline(now, idle));
        tx.execute(
            "INSERT INTO brainmaps_tokens (id, hash, account_id, kind, name, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id,
                secrets::hash(token.expose()),
                account.id,
                kind,
                name,
                now,
                expires_at
            ],
        )?;
        let sql = "SELECT id, name, created_at, expires_at, revoked_at IS NOT NULL FROM brainmaps_tokens WHERE id = ?1";
        Ok(tx.query_row(sql, [&id], shown)?)
    })
}

/// A token as its owner sees it.
fn shown(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "name": row.get::<_, String>(1)?,
        "created_at": rfc3339(row.get(2)?),
        "expires_at": row.get::<_, Option<Millis>>(3)?.and_then(rfc3339),
        "is_revoked": row.get::<_, bool>(4)?,
    }))
}
