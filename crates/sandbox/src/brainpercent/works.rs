//! Articles, social content and projects, so that a permission and a scope have something to open.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::caller::Caller;
use super::paging::{Asked, Page};
use super::reply::No;
use super::wallet;
use crate::json_body::{JsonBody, NotJson};
use crate::store::{Millis, rfc3339};
use crate::{Sandbox, SandboxError, secrets};

/// `kind` is the scope that opens it. There are enough articles for two pages.
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
const TITLE_MOST: usize = 200;

type Created = (StatusCode, Json<Value>);

pub(super) async fn articles(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, No> {
    page_of(&sandbox, &caller, "articles", &asked)
}

pub(super) async fn social(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, No> {
    page_of(&sandbox, &caller, "social", &asked)
}

pub(super) async fn projects(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, No> {
    page_of(&sandbox, &caller, "projects", &asked)
}

fn page_of(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: &'static str,
    asked: &Asked,
) -> Result<Json<Value>, No> {
    let account_id = caller.may("read", kind)?;
    let page = Page::of(asked)?;
    let (total, works) = sandbox.read(|connection, _| list(connection, account_id, kind, &page))?;
    Ok(page.answer(total, &works))
}

pub(super) async fn article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    one(&sandbox, &caller, "articles", &id)
}

pub(super) async fn project(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    one(&sandbox, &caller, "projects", &id)
}

fn one(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: &'static str,
    id: &str,
) -> Result<Json<Value>, No> {
    let account_id = caller.may("read", kind)?;
    let found = sandbox.read(|connection, _| find(connection, account_id, kind, id))?;
    Ok(data(&found.ok_or(No::Missing)?))
}

pub(super) async fn article_status(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    let account_id = caller.may("read", "articles")?;
    let found = sandbox.read(|connection, _| find(connection, account_id, "articles", &id))?;
    let status = found.ok_or(No::Missing)?["status"].take();
    Ok(data(&json!({"id": id, "status": status})))
}

pub(super) async fn generate_article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<Created, No> {
    generate(&sandbox, &caller, "articles", body, ARTICLE_PRICE)
}

pub(super) async fn generate_social(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<Created, No> {
    generate(&sandbox, &caller, "social", body, SOCIAL_PRICE)
}

/// Written at once, and paid for.
fn generate(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: &'static str,
    body: Result<JsonBody, NotJson>,
    price: i64,
) -> Result<Created, No> {
    let account_id = caller.may("write", kind)?;
    let title = title(&body?)?;
    let made = sandbox.write(|tx, now| {
        if let Some(left) = wallet::pay(tx, account_id, price)? {
            return Ok(Err(No::Poor(price, left)));
        }
        Ok(Ok(insert(tx, now, account_id, kind, &title)?))
    })?;
    made.map(|made| (StatusCode::CREATED, data(&made)))
}

pub(super) async fn rename_article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, No> {
    let account_id = caller.may("write", "articles")?;
    let title = title(&body?)?;
    let found = sandbox.write(|tx, _| {
        let sql = "UPDATE brainpercent_works SET title = ?3
            WHERE id = ?1 AND account_id = ?2 AND kind = 'articles'";
        tx.execute(sql, params![id, account_id, title])?;
        find(tx, account_id, "articles", &id)
    })?;
    Ok(data(&found.ok_or(No::Missing)?))
}

/// `{id}` of something that was written before.
pub(super) async fn publish_social(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<Json<Value>, No> {
    let account_id = caller.may("write", "social")?;
    let body = body?;
    let id = body.text("id").ok_or(No::invalid("id is required"))?;
    let found = sandbox.write(|tx, _| {
        let sql = "UPDATE brainpercent_works SET status = 'published'
            WHERE id = ?1 AND account_id = ?2 AND kind = 'social'";
        tx.execute(sql, params![id, account_id])?;
        find(tx, account_id, "social", id)
    })?;
    Ok(data(&found.ok_or(No::Missing)?))
}

pub(super) async fn delete_article(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, No> {
    let account_id = caller.may("delete", "articles")?;
    let gone = sandbox.write(|tx, _| {
        let sql = "DELETE FROM brainpercent_works
            WHERE id = ?1 AND account_id = ?2 AND kind = 'articles'";
        Ok(tx.execute(sql, params![id, account_id])? > 0)
    })?;
    if gone {
        return Ok(data(&json!({"id": id})));
    }
    Err(No::Missing)
}

fn data(data: &Value) -> Json<Value> {
    Json(json!({"success": true, "data": data}))
}

fn title(body: &JsonBody) -> Result<String, No> {
    let title = body.text("title").map(str::trim);
    title
        .filter(|title| title.chars().count() <= TITLE_MOST)
        .map(str::to_owned)
        .ok_or(No::invalid("title must have 1 to 200 characters"))
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
    let rows = statement.query_map(key, shown)?;
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
    let found = connection.query_row(sql, params![account_id, kind, id], shown);
    Ok(found.optional()?)
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>(0)?,
        "title": row.get::<_, String>(1)?,
        "status": row.get::<_, String>(2)?,
        "created_at": rfc3339(row.get(3)?),
    }))
}
