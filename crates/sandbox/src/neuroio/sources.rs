//! Sample data: video sources and their streams.

use axum::Json;
use axum::extract::Query;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::{Caller, TokenHolder};
use super::paging::{Page, Params};

/// The space (0: an account's default one), the source's id, its name.
const SOURCES: [(i64, u32, &str); 6] = [
    (0, 1, "Car park"),
    (0, 2, "Reception"),
    (1, 3, "Front door, outside"),
    (1, 4, "Front door, inside"),
    (2, 5, "Microscope"),
    (3, 6, "Lift"),
];

pub(super) async fn list(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    visible(
        &caller.0,
        &params,
        |id, name| json!({"id": id, "name": name}),
    )
}

/// The only call that stream tokens may use.
pub(super) async fn streams(
    holder: TokenHolder,
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    visible(
        &holder,
        &params,
        |id, _| json!({"id": id, "source": id, "is_active": true}),
    )
}

fn visible(
    holder: &TokenHolder,
    params: &Params,
    show: impl Fn(u32, &str) -> Value,
) -> Result<Json<Vec<Value>>, ApiError> {
    holder.check_data_access()?;
    let page = Page::of(params)?;
    let own = holder.owner.space_id().unwrap_or_default();
    let visible = SOURCES.iter().filter(|(space, ..)| *space == own);
    Ok(Json(
        page.slice(visible.map(|(_, id, name)| show(*id, name))),
    ))
}
