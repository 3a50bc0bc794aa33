//! `?limit=20&offset=0`. There is no total: a client takes a short page as the last one, so a limit that is too large is rejected
//! instead of reduced.

use std::collections::HashMap;

use super::api_error::ApiError;

const LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 1000;

pub(super) type Params = HashMap<String, String>;

pub(super) struct Page {
    pub(super) limit: u32,
    pub(super) offset: u32,
}

impl Page {
    pub(super) fn of(params: &Params) -> Result<Self, ApiError> {
        let limit = params.get("limit").map_or(Ok(LIMIT), |text| text.parse());
        let limit = limit.ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
        let offset = params.get("offset").map_or(Ok(0), |text| text.parse());
        Ok(Self {
            limit: limit.ok_or(ApiError::InvalidField(
                "limit",
                "limit must be from 1 to 1000.",
            ))?,
            offset: offset
                .map_err(|_| ApiError::InvalidField("offset", "offset must be 0 or more."))?,
        })
    }

    pub(super) fn slice<T>(&self, items: impl IntoIterator<Item = T>) -> Vec<T> {
        let (skip, take) = (self.offset as usize, self.limit as usize);
        items.into_iter().skip(skip).take(take).collect()
    }
}

/// Parses the filter `permanent=true|false`; a missing one matches both. An empty value is an error: the same filter selects what
/// is deleted.
pub(super) fn permanent_filter(params: &Params) -> Result<Option<bool>, ApiError> {
    params
        .get("permanent")
        .map(|text| {
            parse_bool(text).ok_or(ApiError::InvalidField(
                "permanent",
                "permanent must be true or false.",
            ))
        })
        .transpose()
}

/// Accepts Python's spelling too.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "true" | "True" => Some(true),
        "false" | "False" => Some(false),
        _ => None,
    }
}
