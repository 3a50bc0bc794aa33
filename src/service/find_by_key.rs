//! Finds the token of a key in the list, by the part of the key that the list shows. The key itself is not sent: in a URL
//! it would be logged (RFC 6750 §5.3), even if a service accepts it there.

use serde_json::Value;

use super::{ApiTransport, Service, ServiceError};
use crate::domain::{ApiToken, Secret};
use crate::provider::{Descriptor, ResponseField};

/// How many characters of a key must be visible, besides the common prefix, to identify it.
const MIN_VISIBLE: usize = 4;

/// How services mark the hidden part of a key.
const MASKS: [&str; 3] = ["…", "...", "*"];

impl<C: ApiTransport> Service<'_, C> {
    /// Returns the token whose secret is `key`.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the list shows no part of keys, `FAILED` if it does not identify the token, and errors of the
    /// service and the transport.
    pub async fn find_token_by_key(&self, key: &Secret) -> Result<ApiToken, C::Error> {
        let fields = &self.descriptor.tokens.fields;
        let pointers: Vec<&ResponseField> = fields.key.iter().chain(&fields.prefix).collect();
        if pointers.is_empty() {
            return Err(self.unsupported_error("token get --with-token").into());
        }
        let has_key = |item: &Value| {
            let mut visible = pointers.iter().filter_map(|pointer| pointer.text_in(item));
            visible.any(|visible| matches(self.descriptor, &visible, key))
        };
        let mut found = Vec::new();
        let mut pages = self.token_pages(None)?;
        while let Some(page) = pages.next_page_filtered(has_key).await? {
            found.extend(page);
        }
        let last = found.pop();
        let service = self.descriptor.name.clone();
        match last {
            Some(token) if found.is_empty() => Ok(token),
            Some(_) => Err(ServiceError::AmbiguousKey { service }.into()),
            None => Err(ServiceError::KeyNotFound { service }.into()),
        }
    }
}

/// Returns true if `visible` identifies `key`.
fn matches(descriptor: &Descriptor, visible: &str, key: &Secret) -> bool {
    matches_masked_key(descriptor, visible, key) == Some(true)
}

/// Returns whether `visible`, the part of a key that a list shows, is a part of `key`; `None` if it is too short to
/// identify a key.
pub fn matches_masked_key(descriptor: &Descriptor, visible: &str, key: &Secret) -> Option<bool> {
    let masked = MASKS.iter().filter_map(|mask| {
        let (start, end) = (visible.find(mask)?, visible.rfind(mask)?);
        Some((&visible[..start], &visible[end + mask.len()..]))
    });
    let (start, end) = masked
        .min_by_key(|(start, _)| start.len())
        .unwrap_or((visible, ""));
    let common = descriptor.key.as_ref().map_or(0, |form| form.prefix.len());
    let key = key.expose();
    let is_enough = (start.len() + end.len()).saturating_sub(common) >= MIN_VISIBLE;
    let is_part =
        start.len() + end.len() <= key.len() && key.starts_with(start) && key.ends_with(end);
    if !is_part {
        return Some(false);
    }
    is_enough.then_some(true)
}
