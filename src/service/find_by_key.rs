//! Which token a key is, by what the list shows of keys. The key itself is not sent: in a URL it would end in logs
//! (RFC 6750 §5.3), also where a service would take it there.

use serde_json::Value;

use super::{ApiTransport, Service, ServiceError};
use crate::domain::{ApiToken, Secret};
use crate::provider::{Descriptor, Pointer};

/// So many characters of a key have to be shown, beside what all keys begin with, to tell it from another.
const MIN_VISIBLE: usize = 4;

/// What a service puts in place of what it does not show.
const MASKS: [&str; 3] = ["…", "...", "*"];

impl<C: ApiTransport> Service<'_, C> {
    /// The token whose secret is `key`, where the list has it.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service's list shows nothing of keys, `FAILED` where it shows the same of several, and
    /// whatever the service or the channel says.
    pub async fn find_token_by_key(&self, key: &Secret) -> Result<ApiToken, C::Error> {
        let fields = &self.descriptor.tokens.fields;
        let places: Vec<&Pointer> = fields.key.iter().chain(&fields.prefix).collect();
        if places.is_empty() {
            return Err(self.unsupported_error("token get --with-token").into());
        }
        let is_it = |item: &Value| {
            let mut shown = places.iter().filter_map(|place| place.text_in(item));
            shown.any(|shown| matches(self.descriptor, &shown, key))
        };
        let mut found = Vec::new();
        let mut pages = self.token_pages(None)?;
        while let Some(page) = pages.next_page_filtered(is_it).await? {
            found.extend(page);
        }
        let one = found.pop();
        let service = self.descriptor.name.clone();
        match one {
            Some(token) if found.is_empty() => Ok(token),
            Some(_) => Err(ServiceError::AmbiguousKey { service }.into()),
            None => Err(ServiceError::KeyNotFound { service }.into()),
        }
    }
}

/// Whether `shown`, which may be a part, is of `key`.
fn matches(descriptor: &Descriptor, shown: &str, key: &Secret) -> bool {
    matches_masked_key(descriptor, shown, key) == Some(true)
}

/// Returns whether `shown`, what a list shows of a key, is a part of `key`; `None` if it would be a part of many keys.
pub fn matches_masked_key(descriptor: &Descriptor, shown: &str, key: &Secret) -> Option<bool> {
    let masked = MASKS.iter().filter_map(|mask| {
        let (start, end) = (shown.find(mask)?, shown.rfind(mask)?);
        Some((&shown[..start], &shown[end + mask.len()..]))
    });
    let (start, end) = masked
        .min_by_key(|(start, _)| start.len())
        .unwrap_or((shown, ""));
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
