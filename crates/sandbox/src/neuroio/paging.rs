//! `?limit=20&offset=0`. There is no total: whoever gets a short page has seen the end, so a limit is obeyed or refused,
//! never cut.

use std::collections::HashMap;

use super::reply::No;

const LIMIT: u32 = 20;
const LIMIT_MOST: u32 = 1000;

/// The query of a list.
pub(super) type Asked = HashMap<String, String>;

/// Which part of a list is asked for.
pub(super) struct Page {
    pub(super) limit: u32,
    pub(super) offset: u32,
}

impl Page {
    pub(super) fn of(asked: &Asked) -> Result<Self, No> {
        let limit = asked.get("limit").map_or(Ok(LIMIT), |text| text.parse());
        let limit = limit.ok().filter(|limit| (1..=LIMIT_MOST).contains(limit));
        let offset = asked.get("offset").map_or(Ok(0), |text| text.parse());
        Ok(Self {
            limit: limit.ok_or(No::Field("limit", "limit must be from 1 to 1000."))?,
            offset: offset.map_err(|_| No::Field("offset", "offset must be 0 or more."))?,
        })
    }

    /// This part of `whole`.
    pub(super) fn cut<T>(&self, whole: impl IntoIterator<Item = T>) -> Vec<T> {
        let (skip, take) = (self.offset as usize, self.limit as usize);
        whole.into_iter().skip(skip).take(take).collect()
    }
}

/// The filter `permanent=true|false`; absent means both. Present and empty is a mistake, never "both": the same filter
/// decides what is deleted.
pub(super) fn permanence(asked: &Asked) -> Result<Option<bool>, No> {
    asked
        .get("permanent")
        .map(|text| truth(text).ok_or(No::Field("permanent", "permanent must be true or false.")))
        .transpose()
}

/// `true` and `false`, as Python writes them too.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" => Some(true),
        "false" | "False" => Some(false),
        _ => None,
    }
}
