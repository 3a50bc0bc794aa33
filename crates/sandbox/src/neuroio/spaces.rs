//! Spaces: what an account is divided into. A space token sees its own and no other.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::caller::Caller;
use super::owner::{Kind, Owner};
use super::paging::{Asked, Page};
use super::reply::No;
use super::tokens;
use crate::json_body::{JsonBody, NotJson};
use crate::{Sandbox, SandboxError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE neuroio_spaces (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL,
        name TEXT NOT NULL
    ) STRICT;
    INSERT INTO neuroio_spaces VALUES (1, 1, 'Front door'), (2, 1, 'Laboratory'), (3, 3, 'Head office');";

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Value>>, No> {
    let page = Page::of(&asked)?;
    let owner = caller.0.owner;
    let found = sandbox.read(|connection, _| {
        let sql = "SELECT id, name FROM neuroio_spaces
            WHERE account_id = ?1 AND (?2 IS NULL OR id = ?2) ORDER BY id";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map(params![owner.account_id, owner.space_id()], shown)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
    Ok(Json(page.cut(found)))
}

pub(super) async fn show(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    let (_, space) = seen(&sandbox, &caller.0.owner, &id)?;
    Ok(Json(space))
}

/// Makes a space token.
pub(super) async fn create_token(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), No> {
    let (id, _) = seen(&sandbox, &caller.0.owner, &id)?;
    let owner = Owner {
        kind: Kind::Space(id),
        ..caller.0.owner
    };
    tokens::make(&sandbox, &owner, &body?)
}

/// The space `id`, when `owner`'s tokens see it; what they do not see is not there.
fn seen(sandbox: &Sandbox, owner: &Owner, id: &str) -> Result<(i64, Value), No> {
    let id = id.parse().map_err(|_| No::Missing)?;
    if owner.space_id().is_some_and(|own| own != id) {
        return Err(No::Missing);
    }
    let found = sandbox.read(|connection, _| find(connection, owner.account_id, id))?;
    found.map(|space| (id, space)).ok_or(No::Missing)
}

/// A space of an account.
pub(super) fn find(
    connection: &Connection,
    account_id: i64,
    id: i64,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT id, name FROM neuroio_spaces WHERE account_id = ?1 AND id = ?2";
    let found = connection.query_row(sql, [account_id, id], shown);
    Ok(found.optional()?)
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({"id": row.get::<_, i64>(0)?, "name": row.get::<_, String>(1)?}))
}
