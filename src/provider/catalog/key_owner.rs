//! Finds the service that a key belongs to, by the documented key formats.

use super::{BUILT_IN, Catalog};
use crate::domain::Secret;
use crate::provider::{Descriptor, KeyClass};

/// A shorter prefix may match any text by chance, so the rest of the key has to match as well.
const MIN_DISTINCTIVE_PREFIX: usize = 3;

impl Catalog {
    /// Returns the service whose key format matches `key`. A long prefix is enough, because services change the lengths of
    /// keys. Parses only the built-in descriptions that contain a matching prefix: this runs at every start with a key
    /// in a variable.
    pub fn find_key_owner(&self, key: &Secret) -> Option<Descriptor> {
        let mut matching: Vec<(Descriptor, KeyClass)> = self
            .ids()
            .iter()
            .filter(|id| may_match(id, key))
            .filter_map(|id| self.find(&id.parse().ok()?).ok())
            .filter_map(|entry| {
                let format = entry.descriptor.key.as_ref()?;
                let class = format.classify(key);
                let is_match = match class {
                    KeyClass::WellFormed => true,
                    KeyClass::Unusual => format.prefix.len() >= MIN_DISTINCTIVE_PREFIX,
                    KeyClass::Foreign => false,
                };
                is_match.then_some((entry.descriptor, class))
            })
            .collect();
        matching.sort_by_key(|(_, class)| *class != KeyClass::WellFormed);
        matching.into_iter().next().map(|(owner, _)| owner)
    }
}

/// Returns `false` if the built-in description `id` declares no prefix of `key`. Descriptions of the user are always
/// parsed.
fn may_match(id: &str, key: &Secret) -> bool {
    let built_in = BUILT_IN.iter().find(|(known, _)| *known == id);
    built_in.is_none_or(|(_, text)| {
        declared_prefixes(text).any(|prefix| key.expose().starts_with(prefix))
    })
}

/// Returns every text after `prefix = "` without parsing the description.
fn declared_prefixes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("prefix = \"").filter_map(|(at, found)| {
        let rest = &text[at + found.len()..];
        rest.split_once('"').map(|(prefix, _)| prefix)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_prefixes_cover_every_built_in_key_format() {
        let catalog = Catalog::new("/nonexistent".into());
        for (id, text) in BUILT_IN {
            let entry = catalog.find(&id.parse().unwrap()).unwrap();
            if let Some(form) = entry.descriptor.key {
                assert!(
                    declared_prefixes(text).any(|prefix| prefix == form.prefix),
                    "{id}"
                );
            }
        }
    }

    #[test]
    fn key_owner_is_found_by_the_documented_prefix() {
        let catalog = Catalog::new("/nonexistent".into());
        for (id, _) in BUILT_IN {
            let entry = catalog.find(&id.parse().unwrap()).unwrap();
            let Some(form) = entry.descriptor.key else {
                continue;
            };
            let key = Secret::new(format!("{}x", form.prefix));
            let owner = catalog.find_key_owner(&key).unwrap();
            assert_eq!(owner.id.as_str(), *id);
        }
        assert!(catalog.find_key_owner(&Secret::new("plain")).is_none());
    }
}
