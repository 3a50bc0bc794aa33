//! The token calls, for the general API and for streams.

use std::collections::HashMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Form, Json, Router};
use serde_json::Value;

use super::api_error::ApiError;
use super::caller::Caller;
use super::owner::{Owner, Realm};
use super::paging::{Page, Params, parse_bool, permanent_filter};
use super::token_store::{self, TokenRef};
use crate::state::Sandbox;
use crate::web::json_body::{JsonBody, NotJson};

pub(super) fn routes(root: &str, realm: Realm) -> Router<Sandbox> {
    let one = format!("{root}{{id_or_key}}/");
    Router::new()
        .route(root, get(list).post(create).delete(delete_many))
        .route(&one, get(show).patch(update).delete(delete))
        .layer(Extension(realm))
}

/// Returns the owner whose tokens `caller` manages in `realm`.
fn managed_owner(caller: &Caller, realm: Realm) -> Result<Owner, ApiError> {
    if realm == Realm::Streams {
        caller.0.check_data_access()?;
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
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let owner = managed_owner(&caller, realm)?;
    let page = Page::of(&params)?;
    let permanent = permanent_filter(&params)?;
    let found =
        sandbox.read(|connection, _| token_store::list(connection, &owner, permanent, &page))?;
    Ok(Json(found))
}

async fn create(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let owner = managed_owner(&caller, realm)?;
    create_for(&sandbox, &owner, &body?)
}

/// Creates a temporary token unless `permanent` is set, as the documentation recommends.
pub(super) fn create_for(
    sandbox: &Sandbox,
    owner: &Owner,
    body: &JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let is_permanent = match body.0.get("permanent") {
        None => false,
        Some(Value::Bool(permanent)) => *permanent,
        Some(_) => {
            return Err(ApiError::InvalidField(
                "permanent",
                "permanent must be a boolean.",
            ));
        }
    };
    let created = sandbox.write(|tx, now| token_store::create(tx, now, owner, is_permanent))?;
    created
        .map(|created| (StatusCode::CREATED, Json(created)))
        .ok_or(ApiError::TooManyTokens)
}

async fn show(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Path(id_or_key): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let owner = managed_owner(&caller, realm)?;
    let token = TokenRef::parse(&id_or_key);
    let found = sandbox.read(|connection, _| token_store::find(connection, &owner, &token))?;
    found.map(Json).ok_or(ApiError::NotFound)
}

async fn update(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Path(id_or_key): Path<String>,
    form: Result<Form<HashMap<String, String>>, FormRejection>,
) -> Result<Json<Value>, ApiError> {
    let owner = managed_owner(&caller, realm)?;
    let Form(form) = form.map_err(|rejection| {
        ApiError::InvalidBody(rejection.status(), "The body must be a form.")
    })?;
    let is_active = form.get("is_active").and_then(|text| parse_bool(text));
    let is_active = is_active.ok_or(ApiError::InvalidField(
        "is_active",
        "is_active must be true or false.",
    ))?;
    let token = TokenRef::parse(&id_or_key);
    let found = sandbox.write(|tx, _| token_store::set_active(tx, &owner, &token, is_active))?;
    found.map(Json).ok_or(ApiError::NotFound)
}

async fn delete(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Path(id_or_key): Path<String>,
) -> Result<StatusCode, ApiError> {
    let owner = managed_owner(&caller, realm)?;
    let token = TokenRef::parse(&id_or_key);
    if sandbox.write(|tx, _| token_store::delete(tx, &owner, &token))? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::NotFound)
}

/// Without a filter deletes all tokens, including the one of this request.
async fn delete_many(
    State(sandbox): State<Sandbox>,
    Extension(realm): Extension<Realm>,
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<StatusCode, ApiError> {
    let owner = managed_owner(&caller, realm)?;
    let permanent = permanent_filter(&params)?;
    sandbox.write(|tx, _| token_store::delete_many(tx, &owner, permanent))?;
    Ok(StatusCode::NO_CONTENT)
}
