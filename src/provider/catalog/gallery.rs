//! The gallery: descriptions that the program includes, but that make no profile until the user adds them. They are parsed
//! only when a command is about them.

use std::borrow::Cow;

use super::{Catalog, CatalogEntry, DescriptorSource, ProviderError, parse_included};
use crate::domain::ProviderId;

/// Id and text, sorted by id.
static GALLERY: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

/// Returns the ids of the gallery, sorted.
pub fn gallery_ids() -> impl Iterator<Item = &'static str> {
    GALLERY.iter().map(|(id, _)| *id)
}

/// Returns the TOML text of a description of the gallery.
pub fn gallery_text(id: &str) -> Option<&'static str> {
    let entry = GALLERY.iter().find(|(known, _)| *known == id);
    entry.map(|(_, text)| *text)
}

impl Catalog {
    /// Returns the description of a service, or else the one in the gallery.
    ///
    /// # Errors
    /// [`ProviderError`] if there is none, or the user's file is invalid.
    pub fn find_with_gallery(&self, id: &ProviderId) -> Result<CatalogEntry, ProviderError> {
        match gallery_text(id.as_str()).filter(|_| !self.contains(id.as_str())) {
            None => self.find(id),
            Some(text) => Ok(CatalogEntry {
                descriptor: parse_included(text)?,
                source: DescriptorSource::Gallery,
            }),
        }
    }

    /// Returns the TOML text of a description, or else of the one in the gallery.
    ///
    /// # Errors
    /// [`ProviderError`] if there is none, or the user's file cannot be read.
    pub fn read_text_with_gallery(
        &self,
        id: &ProviderId,
    ) -> Result<(Cow<'static, str>, DescriptorSource), ProviderError> {
        match gallery_text(id.as_str()).filter(|_| !self.contains(id.as_str())) {
            None => self.read_text(id),
            Some(text) => Ok((text.into(), DescriptorSource::Gallery)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::BUILT_IN;
    use super::*;
    use crate::provider::{Descriptor, check};

    #[test]
    fn gallery_descriptions_are_valid_and_name_their_source() {
        assert!(gallery_ids().next().is_some());
        for (id, text) in GALLERY {
            assert_eq!(check(text, Some(id)), [], "{id}");
            let descriptor: Descriptor = toml::from_str(text).unwrap();
            assert!(descriptor.source.is_some(), "{id}: write [source]");
        }
    }

    #[test]
    fn gallery_descriptions_may_be_used_as_the_users_own() {
        let catalog = Catalog::new("/nonexistent".into());
        for id in gallery_ids() {
            assert!(!BUILT_IN.iter().any(|(known, _)| *known == id), "{id}");
            let mut entry = catalog.find_with_gallery(&id.parse().unwrap()).unwrap();
            entry.source = DescriptorSource::File(format!("{id}.toml").into());
            let allowed = crate::provider::AllowedReferences::default();
            assert_eq!(catalog.find_violation(&entry, allowed), None, "{id}");
        }
    }
}
