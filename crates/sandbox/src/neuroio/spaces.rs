//! Spaces: the parts of an account. A space token has access to its own space only.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::owner::{Kind, Owner};
use super::paging::{Page, Params};
use super::tokens;
use crate::base::SandboxError;
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

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
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let page = Page::of(&params)?;
    let owner = caller.0.owner;
    let found = sandbox.read(|connection, _| {
        let sql = "SELECT id, name FROM neuroio_spaces
            WHERE account_id = ?1 AND (?2 IS NULL OR id = ?2) ORDER BY id";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map(params![owner.account_id, owner.space_id()], to_json)?;
        Ok(rows.collect::<Result<Vec<Value>, _>>()?)
    })?;
    Ok(Json(page.slice(found)))
}

pub(super) async fn show(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let (_, space) = find_visible(&sandbox, &caller.0.owner, &id)?;
    Ok(Json(space))
}

pub(super) async fn create_token(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (id, _) = find_visible(&sandbox, &caller.0.owner, &id)?;
    let owner = Owner {
        kind: Kind::Space(id),
        ..caller.0.owner
    };
    tokens::create_for(&sandbox, &owner, &body?)
}

/// Finds a space that the tokens of `owner` have access to.
fn find_visible(sandbox: &Sandbox, owner: &Owner, id: &str) -> Result<(i64, Value), ApiError> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    if owner.space_id().is_some_and(|own| own != id) {
        return Err(ApiError::NotFound);
    }
    let found = sandbox.read(|connection, _| find(connection, owner.account_id, id))?;
    found.map(|space| (id, space)).ok_or(ApiError::NotFound)
}

pub(super) fn find(
    connection: &Connection,
    account_id: i64,
    id: i64,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT id, name FROM neuroio_spaces WHERE account_id = ?1 AND id = ?2";
    let found = connection.query_row(sql, [account_id, id], to_json);
    Ok(found.optional()?)
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({"id": row.get::<_, i64>(0)?, "name": row.get::<_, String>(1)?}))
}
