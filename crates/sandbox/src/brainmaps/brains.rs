//! Sample data, in pages small enough that a client must follow them.

use axum::extract::Query;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use crate::web::host_guard::{ExtractPublicUrl, PublicUrl};

#[derive(Serialize)]
struct Brain {
    id: &'static str,
    name: &'static str,
    species: &'static str,
    neurons: u64,
}

const BRAINS: [Brain; 5] = [
    Brain {
        id: "c-elegans-302",
        name: "The worm, whole",
        species: "Caenorhabditis elegans",
        neurons: 302,
    },
    Brain {
        id: "larva-3016",
        name: "Larval fly, whole",
        species: "Drosophila melanogaster",
        neurons: 3016,
    },
    Brain {
        id: "hemibrain-25k",
        name: "Hemibrain",
        species: "Drosophila melanogaster",
        neurons: 25_000,
    },
    Brain {
        id: "female-adult-139k",
        name: "Adult fly, whole",
        species: "Drosophila melanogaster",
        neurons: 139_255,
    },
    Brain {
        id: "mouse-v1-75k",
        name: "Mouse visual cortex, 1 mm³",
        species: "Mus musculus",
        neurons: 75_000,
    },
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
    let results = BRAINS.iter().skip(start).take(size);
    let results: Vec<&Brain> = results.collect();
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
