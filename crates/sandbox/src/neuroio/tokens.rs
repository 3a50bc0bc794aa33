//! The token calls, once for the API in general and once for streams.

use std::collections::HashMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Form, Json, Router};
use serde_json::Value;

use super::caller::Caller;
use super::owner::{Owner, Realm};
use super::paging::{Asked, Page, permanence, truth};
use super::reply::No;
use super::token::{self, Name};
use crate::Sandbox;
use crate::json_body::{JsonBody, NotJson};

/// The calls at `root`, for tokens that are valid in `realm`.
pub(super) fn routes(root: &str, realm: Realm) -> Router<Sandbox> {
    let one = format!("{root}{{id_or_key}}/");
    Router::new()
        .route(root, get(list).post(create).delete(delete_many))
        .route(&one, get(show).patch(update).delete(delete))
        .layer(Extension(realm))
}

/// Whose tokens `caller` manages in `realm`.
fn managed(caller: &Caller, realm: Realm) -> Result<Owner, No> {
    if realm == Realm::Streams {
        caller.0.may_see_data()?;
    }
    Ok(Owner {
        realm,
        ..caller.0.owner
    })
}

async fn list(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Value>>, No> {
    let owner = managed(&caller, realm)?;
    let page = Page::of(&asked)?;
    let permanent = permanence(&asked)?;
    let found = sandbox.read(|connection, _| token::list(connection, &owner, permanent, &page))?;
    Ok(Json(found))
}

async fn create(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), No> {
    let owner = managed(&caller, realm)?;
    make(&sandbox, &owner, &body?)
}

/// A new token for `owner`. Without `permanent` it is a temporary one: that is what the documentation recommends.
pub(super) fn make(
    sandbox: &Sandbox,
    owner: &Owner,
    body: &JsonBody,
) -> Result<(StatusCode, Json<Value>), No> {
    let permanent = match body.0.get("permanent") {
        None => false,
        Some(Value::Bool(permanent)) => *permanent,
        Some(_) => return Err(No::Field("permanent", "permanent must be a boolean.")),
    };
    let made = sandbox.write(|tx, now| token::make(tx, now, owner, permanent))?;
    made.map(|made| (StatusCode::CREATED, Json(made)))
        .ok_or(No::TooMany)
}

async fn show(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Path(id_or_key): Path<String>,
) -> Result<Json<Value>, No> {
    let owner = managed(&caller, realm)?;
    let name = Name::parse(&id_or_key);
    let found = sandbox.read(|connection, _| token::find(connection, &owner, &name))?;
    found.map(Json).ok_or(No::Missing)
}

async fn update(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Path(id_or_key): Path<String>,
    form: Result<Form<HashMap<String, String>>, FormRejection>,
) -> Result<Json<Value>, No> {
    let owner = managed(&caller, realm)?;
    let Form(form) =
        form.map_err(|rejection| No::Body(rejection.status(), "The body must be a form."))?;
    let active = form.get("is_active").and_then(|text| truth(text));
    let active = active.ok_or(No::Field("is_active", "is_active must be true or false."))?;
    let name = Name::parse(&id_or_key);
    let found = sandbox.write(|tx, _| token::set_active(tx, &owner, &name, active))?;
    found.map(Json).ok_or(No::Missing)
}

async fn delete(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Path(id_or_key): Path<String>,
) -> Result<StatusCode, No> {
    let owner = managed(&caller, realm)?;
    let name = Name::parse(&id_or_key);
    if sandbox.write(|tx, _| token::delete(tx, &owner, &name))? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(No::Missing)
}

/// Without a filter everything goes, the token of this very request too.
async fn delete_many(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<StatusCode, No> {
    let owner = managed(&caller, realm)?;
    let permanent = permanence(&asked)?;
    sandbox.write(|tx, _| token::delete_many(tx, &owner, permanent))?;
    Ok(StatusCode::NO_CONTENT)
}
