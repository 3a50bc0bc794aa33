//! Which service a key belongs to, by the documented forms.

use super::catalog::BUILT_IN;
use super::{Catalog, Descriptor, KeyClass};
use crate::domain::Secret;

/// A shorter prefix could begin any text by chance, so the rest of the key has to fit as well.
const MIN_DISTINCTIVE_PREFIX: usize = 3;

impl Catalog {
    /// The service whose documented keys look like `key`. Services change the lengths of keys, so the prefix alone counts
    /// unless it is very short. Of the built-in descriptions only those that name a matching prefix are parsed: a command
    /// whose key is in a variable asks this at every start.
    pub fn find_key_owner(&self, key: &Secret) -> Option<Descriptor> {
        let mut fitting: Vec<(Descriptor, KeyClass)> = self
            .ids()
            .iter()
            .filter(|id| may_match(id, key))
            .filter_map(|id| self.find(&id.parse().ok()?).ok())
            .filter_map(|entry| {
                let form = entry.descriptor.key.as_ref()?;
                let verdict = form.classify(key);
                let fits = match verdict {
                    KeyClass::WellFormed => true,
                    KeyClass::Unusual => form.prefix.len() >= MIN_DISTINCTIVE_PREFIX,
                    KeyClass::Foreign => false,
                };
                fits.then_some((entry.descriptor, verdict))
            })
            .collect();
        fitting.sort_by_key(|(_, verdict)| *verdict != KeyClass::WellFormed);
        fitting.into_iter().next().map(|(owner, _)| owner)
    }
}

/// Whether the description called `id` may name a prefix that `key` begins with. The user's own are always read.
fn may_match(id: &str, key: &Secret) -> bool {
    let built_in = BUILT_IN.iter().find(|(known, _)| *known == id);
    built_in.is_none_or(|(_, text)| {
        declared_prefixes(text).any(|prefix| key.expose().starts_with(prefix))
    })
}

/// Every text that stands behind `prefix = "` in a description.
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
