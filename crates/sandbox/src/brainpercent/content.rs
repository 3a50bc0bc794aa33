//! Sample data: articles, social content and projects.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use super::credits;
use super::paging::{Page, Params};
use crate::base::{Millis, SandboxError, rfc3339, secrets};
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

/// `kind` is the required scope. There are enough articles for two pages.
pub(super) const SCHEMA: &str = "
    CREATE TABLE brainpercent_works (
        id TEXT PRIMARY KEY,
        account_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('articles', 'social', 'projects')),
        title TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;
    WITH RECURSIVE numbers (number) AS
        (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 25)
    INSERT INTO brainpercent_works
        SELECT 'art_' || number, 1, 'articles', 'What a brain does, part ' || number, 'published',
            1767225600000 + number * 86400000
        FROM numbers;
    INSERT INTO brainpercent_works VALUES
        ('soc_1', 1, 'social', 'Sleep on it', 'published', 1767225600000),
        ('soc_2', 1, 'social', 'Ten facts about glia', 'draft', 1767312000000),
        ('prj_1', 1, 'projects', 'Sleep and memory', 'active', 1767225600000),
        ('prj_2', 1, 'projects', 'Brains for beginners', 'active', 1767312000000);";

const ARTICLE_PRICE: i64 = 10;
const SOCIAL_PRICE: i64 = 5;
const MAX_TITLE: usize = 200;

type Created = (StatusCode, Json<Value>);

pub(super) async fn articles(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<Value>, ApiError> {
    page_of(&sandbox, &caller, "articles", &params)
}

pub(super) async fn social(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<Value>, ApiError> {
    page_of(&sandbox, &caller, "social", &params)
}

pub(super) async fn projects(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<Value>, ApiError> {
    page_of(&sandbox, &caller, "projects", &params)
}

fn page_of(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: &'static str,
    params: &Params,
) -> Result<Json<Value>, ApiError> {
    let account_id = caller.require("read", kind)?;
    let page = Page::of(params)?;
    let (total, works) = sandbox.read(|connection, _| list(connection, account_id, kind, &page))?;
    Ok(page.response(total, &works))
}

pub(super) async fn article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    get_one(&sandbox, &caller, "articles", &id)
}

pub(super) async fn project(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    get_one(&sandbox, &caller, "projects", &id)
}

fn get_one(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: &'static str,
    id: &str,
) -> Result<Json<Value>, ApiError> {
    let account_id = caller.require("read", kind)?;
    let found = sandbox.read(|connection, _| find(connection, account_id, kind, id))?;
    Ok(data(&found.ok_or(ApiError::NotFound)?))
}

pub(super) async fn article_status(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let account_id = caller.require("read", "articles")?;
    let found = sandbox.read(|connection, _| find(connection, account_id, "articles", &id))?;
    let status = found.ok_or(ApiError::NotFound)?["status"].take();
    Ok(data(&json!({"id": id, "status": status})))
}

pub(super) async fn generate_article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<Created, ApiError> {
    generate(&sandbox, &caller, "articles", body, ARTICLE_PRICE)
}

pub(super) async fn generate_social(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<Created, ApiError> {
    generate(&sandbox, &caller, "social", body, SOCIAL_PRICE)
}

/// Creates the content immediately and charges for it.
fn generate(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: &'static str,
    body: Result<JsonBody, NotJson>,
    price: i64,
) -> Result<Created, ApiError> {
    let account_id = caller.require("write", kind)?;
    let title = title(&body?)?;
    let created = sandbox.write(|tx, now| {
        if let Some(left) = credits::pay(tx, account_id, price)? {
            return Ok(Err(ApiError::InsufficientCredits(price, left)));
        }
        Ok(Ok(insert(tx, now, account_id, kind, &title)?))
    })?;
    created.map(|created| (StatusCode::CREATED, data(&created)))
}

pub(super) async fn rename_article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, ApiError> {
    let account_id = caller.require("write", "articles")?;
    let title = title(&body?)?;
    let found = sandbox.write(|tx, _| {
        let sql = "UPDATE brainpercent_works SET title = ?3
            WHERE id = ?1 AND account_id = ?2 AND kind = 'articles'";
        tx.execute(sql, params![id, account_id, title])?;
        find(tx, account_id, "articles", &id)
    })?;
    Ok(data(&found.ok_or(ApiError::NotFound)?))
}

/// Publishes existing content by `{id}`.
pub(super) async fn publish_social(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, ApiError> {
    let account_id = caller.require("write", "social")?;
    let body = body?;
    let id = body.text("id").ok_or(ApiError::invalid("id is required"))?;
    let found = sandbox.write(|tx, _| {
        let sql = "UPDATE brainpercent_works SET status = 'published'
            WHERE id = ?1 AND account_id = ?2 AND kind = 'social'";
        tx.execute(sql, params![id, account_id])?;
        find(tx, account_id, "social", id)
    })?;
    Ok(data(&found.ok_or(ApiError::NotFound)?))
}

pub(super) async fn delete_article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let account_id = caller.require("delete", "articles")?;
    let gone = sandbox.write(|tx, _| {
        let sql = "DELETE FROM brainpercent_works
            WHERE id = ?1 AND account_id = ?2 AND kind = 'articles'";
        Ok(tx.execute(sql, params![id, account_id])? > 0)
    })?;
    if gone {
        return Ok(data(&json!({"id": id})));
    }
    Err(ApiError::NotFound)
}

fn data(data: &Value) -> Json<Value> {
    Json(json!({"success": true, "data": data}))
}

fn title(body: &JsonBody) -> Result<String, ApiError> {
    let title = body.text("title").map(str::trim);
    title
        .filter(|title| title.chars().count() <= MAX_TITLE)
        .map(str::to_owned)
        .ok_or(ApiError::invalid("title must have 1 to 200 characters"))
}

fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    account_id: i64,
    kind: &str,
    title: &str,
) -> Result<Value, SandboxError> {
    let id = secrets::uuid()?;
    tx.execute(
        "INSERT INTO brainpercent_works VALUES (?1, ?2, ?3, ?4, 'draft', ?5)",
        params![id, account_id, kind, title, now],
    )?;
    Ok(find(tx, account_id, kind, &id)?.unwrap_or_default())
}

fn list(
    connection: &Connection,
    account_id: i64,
    kind: &str,
    page: &Page,
) -> Result<(i64, Vec<Value>), SandboxError> {
    let sql = "SELECT COUNT(*) FROM brainpercent_works WHERE account_id = ?1 AND kind = ?2";
    let total = connection.query_row(sql, params![account_id, kind], |row| row.get(0))?;
    let sql = "SELECT id, title, status, created_at FROM brainpercent_works
        WHERE account_id = ?1 AND kind = ?2 ORDER BY created_at DESC, rowid DESC LIMIT ?3 OFFSET ?4";
    let mut statement = connection.prepare(sql)?;
    let key = params![account_id, kind, page.limit, page.offset()];
    let rows = statement.query_map(key, to_json)?;
    Ok((total, rows.collect::<Result<_, _>>()?))
}

fn find(
    connection: &Connection,
    account_id: i64,
    kind: &str,
    id: &str,
) -> Result<Option<Value>, SandboxError> {
    let sql = "SELECT id, title, status, created_at FROM brainpercent_works
        WHERE account_id = ?1 AND kind = ?2 AND id = ?3";
    let found = connection.query_row(sql, params![account_id, kind, id], to_json);
    Ok(found.optional()?)
}

fn to_json(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "title": row.get::<_, String>(1)?,
        "status": row.get::<_, String>(2)?,
        "created_at": rfc3339(row.get(3)?),
    }))
}
