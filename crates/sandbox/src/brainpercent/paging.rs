//! `?page=1&limit=20`, and `pagination` in the response.

use std::collections::HashMap;

use axum::Json;
use serde_json::{Value, json};

use super::api_error::ApiError;

const LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 100;

pub(super) type Params = HashMap<String, String>;

pub(super) struct Page {
    number: i64,
    pub(super) limit: i64,
}

impl Page {
    /// Reduces the limit to 100; the response contains the limit used.
    pub(super) fn of(params: &Params) -> Result<Self, ApiError> {
        let number = |name: &str, usual: i64| {
            let number = params.get(name).map_or(Ok(usual), |text| text.parse());
            let number = number
                .ok()
                .filter(|number| (1..=1_000_000).contains(number));
            number.ok_or(ApiError::invalid(format!(
                "{name} must be a whole number from 1"
            )))
        };
        Ok(Self {
            number: number("page", 1)?,
            limit: number("limit", LIMIT)?.min(MAX_LIMIT),
        })
    }

    pub(super) fn offset(&self) -> i64 {
        (self.number - 1) * self.limit
    }

    pub(super) fn response(&self, total: i64, data: &[Value]) -> Json<Value> {
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
