//! A little data, so that a token has something to open: video sources, and the streams of the same.

use axum::Json;
use axum::extract::Query;
use serde_json::{Value, json};

use super::caller::{Caller, Holder};
use super::paging::{Asked, Page};
use super::reply::No;

/// The space (0: an account's default one), the source's id, its name.
const SOURCES: [(i64, u32, &str); 6] = [
    (0, 1, "Car park"),
    (0, 2, "Reception"),
    (1, 3, "Front door, outside"),
    (1, 4, "Front door, inside"),
    (2, 5, "Microscope"),
    (3, 6, "Lift"),
];

pub(super) async fn sources(
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Value>>, No> {
    shown(
        &caller.0,
        &asked,
        |id, name| json!({"id": id, "name": name}),
    )
}

/// The one thing that stream tokens open.
pub(super) async fn streams(
    holder: Holder,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Value>>, No> {
    shown(
        &holder,
        &asked,
        |id, _| json!({"id": id, "source": id, "is_active": true}),
    )
}

fn shown(
    holder: &Holder,
    asked: &Asked,
    show: impl Fn(u32, &str) -> Value,
) -> Result<Json<Vec<Value>>, No> {
    holder.may_see_data()?;
    let page = Page::of(asked)?;
    let own = holder.owner.space_id().unwrap_or_default();
    let visible = SOURCES.iter().filter(|(space, ..)| *space == own);
    Ok(Json(page.cut(visible.map(|(_, id, name)| show(*id, name)))))
}
