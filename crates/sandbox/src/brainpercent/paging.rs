//! `?page=1&limit=20`, and `pagination` beside the data.

use std::collections::HashMap;

use axum::Json;
use serde_json::{Value, json};

use super::reply::No;

const LIMIT: i64 = 20;
const LIMIT_MOST: i64 = 100;

/// The query of a list.
pub(super) type Asked = HashMap<String, String>;

/// Which part of a list is asked for.
pub(super) struct Page {
    number: i64,
    pub(super) limit: i64,
}

impl Page {
    /// More than 100 at once are not given: the answer says how many it counted with.
    pub(super) fn of(asked: &Asked) -> Result<Self, No> {
        let number = |name: &str, usual: i64| {
            let number = asked.get(name).map_or(Ok(usual), |text| text.parse());
            let number = number
                .ok()
                .filter(|number| (1..=1_000_000).contains(number));
            number.ok_or(No::invalid(format!("{name} must be a whole number from 1")))
        };
        Ok(Self {
            number: number("page", 1)?,
            limit: number("limit", LIMIT)?.min(LIMIT_MOST),
        })
    }

    /// How many come before this page.
    pub(super) fn offset(&self) -> i64 {
        (self.number - 1) * self.limit
    }

    /// The answer with this page of a list of `total`.
    pub(super) fn answer(&self, total: i64, data: &[Value]) -> Json<Value> {
        let pages = (total + self.limit - 1) / self.limit;
        Json(json!({
            "success": true,
            "data": data,
            "pagination": {
                "total": total,
                "page": self.number,
                "limit": self.limit,
                "total_pages": pages,
                "has_more": self.number < pages,
            },
        }))
    }
}
