//! Sample data, in pages small enough that a client must follow them.

use axum::extract::Query;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use crate::web::host_guard::{ExtractPublicUrl, PublicUrl};

/// Id, name, species, number of neurons.
const BRAINS: [(&str, &str, &str, u64); 5] = [
    (
        "c-elegans-302",
        "The worm, whole",
        "Caenorhabditis elegans",
        302,
    ),
    (
        "larva-3016",
        "Larval fly, whole",
        "Drosophila melanogaster",
        3016,
    ),
    (
        "hemibrain-25k",
        "Hemibrain",
        "Drosophila melanogaster",
        25_000,
    ),
    (
        "female-adult-139k",
        "Adult fly, whole",
        "Drosophila melanogaster",
        139_255,
    ),
    (
        "mouse-v1-75k",
        "Mouse visual cortex, 1 mm³",
        "Mus musculus",
        75_000,
    ),
];

const PAGE_SIZE: usize = 2;
const PAGE_SIZE_LIMIT: usize = 100;

#[derive(Deserialize)]
pub(super) struct Paging {
    page: Option<String>,
    page_size: Option<String>,
}

/// Returns `{count, next, previous, results}` for a page number.
pub(super) async fn list(
    caller: Caller,
    Extension(public_url): ExtractPublicUrl,
    Query(paging): Query<Paging>,
) -> Result<Json<Value>, ApiError> {
    caller.require_scope(&["brains:read"])?;
    let requested = paging
        .page_size
        .as_deref()
        .and_then(|size| size.parse().ok());
    let size = requested
        .filter(|size| (1..=PAGE_SIZE_LIMIT).contains(size))
        .unwrap_or(PAGE_SIZE);
    let pages = BRAINS.len().div_ceil(size);
    let page = paging.page.as_deref().map_or(Ok(1), str::parse);
    let page = page.ok().filter(|page| (1..=pages).contains(page));
    let page = page.ok_or(ApiError::NotFound("Invalid page."))?;
    let start = (page - 1) * size;
    let results = BRAINS.iter().skip(start).take(size).map(to_json);
    let results: Vec<Value> = results.collect();
    Ok(Json(json!({
        "count": BRAINS.len(),
        "next": (page < pages).then(|| link(&public_url, page + 1, size)),
        "previous": (page > 1).then(|| link(&public_url, page - 1, size)),
        "results": results,
    })))
}

fn link(public_url: &PublicUrl, page: usize, size: usize) -> String {
    let size = if size == PAGE_SIZE {
        String::new()
    } else {
        format!("&page_size={size}")
    };
    public_url.join(&format!("/api/brains/?page={page}{size}"))
}

fn to_json((id, name, species, neurons): &(&str, &str, &str, u64)) -> Value {
    json!({"id": id, "name": name, "species": species, "neurons": neurons})
}
