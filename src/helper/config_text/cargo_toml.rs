//! Sets the credential provider of the registries of one server in cargo's `config.toml`, and removes it.

use std::ops::Range;

use serde::Deserialize as _;
use toml::de::{DeTable, DeValue};

use super::{EditError, Remainder};
use crate::domain::Origin;
use crate::helper::cargo::index_origin;

const SETTING: &str = "credential-provider";

/// A registry, by where its settings are in the text.
struct Registry {
    index: Setting,
    provider: Option<Setting>,
}

struct Setting {
    key: Range<usize>,
    value: Range<usize>,
}

/// Returns `text` with `provider` as the credential provider of every registry whose index is at `origin`; `None` if there
/// is no such registry.
///
/// # Errors
/// [`EditError::Taken`] if `is_replaceable` rejects the present value.
pub fn set(
    text: &str,
    origin: &Origin,
    provider: &str,
    is_replaceable: impl Fn(&str) -> bool,
) -> Result<Option<String>, EditError> {
    let registries = registries_at(text, origin)?;
    if registries.is_empty() {
        return Ok(None);
    }
    let mut edited = text.to_owned();
    for registry in registries.iter().rev() {
        match &registry.provider {
            Some(present) if is_replaceable(&text[present.value.clone()]) => {
                edited.replace_range(present.value.clone(), &array(provider));
            }
            Some(_) => return Err(EditError::Taken),
            None => insert(&mut edited, &registry.index, provider),
        }
    }
    // A layout that this editor does not support must not become another setting.
    let is_set = |it: &Registry| it.provider.is_some();
    let check = registries_at(&edited, origin)?;
    if check.len() != registries.len() || !check.iter().all(is_set) {
        return Err(EditError::Malformed);
    }
    Ok(Some(edited))
}

/// Returns `text` without `provider`, in whichever registry.
///
/// # Errors
/// [`EditError::Malformed`].
pub fn remove(text: &str, origin: &Origin, provider: &str) -> Result<Remainder, EditError> {
    let mut edited = text.to_owned();
    for registry in registries_at(text, origin)?.iter().rev() {
        let present = registry.provider.as_ref();
        let Some(present) = present.filter(|it| text[it.value.clone()] == array(provider)) else {
            continue;
        };
        edited.replace_range(extent(text, &registry.index, present), "");
    }
    if edited == text {
        return Ok(Remainder::Unchanged);
    }
    Ok(Remainder::Text(edited))
}

/// Returns the value of the setting.
pub fn array(provider: &str) -> String {
    toml::Value::Array(vec![provider.into()]).to_string()
}

fn insert(text: &mut String, index: &Setting, provider: &str) {
    let prefix = key_prefix(text, index);
    let setting = format!("{SETTING} = {}", array(provider));
    if prefix.contains('{') {
        text.insert_str(index.value.end, &format!(", {setting}"));
        return;
    }
    let line = format!("{prefix}{setting}");
    match text[index.value.end..].find('\n') {
        Some(at) => {
            let end = index.value.end + at;
            let line_end = if text[..end].ends_with('\r') {
                "\r\n"
            } else {
                "\n"
            };
            text.insert_str(end + 1, &format!("{line}{line_end}"));
        }
        None => text.extend(["\n", &line]),
    }
}

/// Returns what [`insert`] added.
fn extent(text: &str, index: &Setting, present: &Setting) -> Range<usize> {
    if key_prefix(text, present).contains('{') {
        let follows = index.value.end < present.key.start
            && text[index.value.end..present.key.start].trim() == ",";
        let start = if follows {
            index.value.end
        } else {
            present.key.start
        };
        return start..present.value.end;
    }
    let start = line_start(text, present.key.start);
    match text[present.value.end..].find('\n') {
        Some(at) => start..present.value.end + at + 1,
        None => start.saturating_sub(1)..text.len(),
    }
}

/// Returns what is in front of the key in its line: white space, a dotted key, or the start of an inline table.
fn key_prefix<'t>(text: &'t str, setting: &Setting) -> &'t str {
    &text[line_start(text, setting.key.start)..setting.key.start]
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

/// Returns the servers of the registries with this credential provider.
///
/// # Errors
/// [`EditError::Malformed`].
pub fn provided_origins(text: &str, provider: &str) -> Result<Vec<Origin>, EditError> {
    let wanted = array(provider);
    registries(text, |table| {
        let value = table.get(SETTING)?.span();
        (text.get(value)? == wanted).then_some(())?;
        index_origin(table.get("index")?.get_ref().as_str()?)
    })
}

/// Returns the registries whose index is at `origin`, in the order of the text.
fn registries_at(text: &str, origin: &Origin) -> Result<Vec<Registry>, EditError> {
    let mut found = registries(text, |table| registry_at(table, origin))?;
    found.sort_by_key(|registry| registry.index.key.start);
    Ok(found)
}

/// Returns what `read` returns for the registries.
fn registries<T>(
    text: &str,
    read: impl Fn(&DeTable<'_>) -> Option<T>,
) -> Result<Vec<T>, EditError> {
    let document = DeTable::parse(text).map_err(|_| EditError::Malformed)?;
    let Some(DeValue::Table(registries)) = document
        .get_ref()
        .get("registries")
        .map(toml::Spanned::get_ref)
    else {
        return Ok(Vec::new());
    };
    let tables = registries.values().filter_map(|it| match it.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    });
    Ok(tables.filter_map(read).collect())
}

fn registry_at(table: &DeTable<'_>, origin: &Origin) -> Option<Registry> {
    let setting = |name: &str| {
        let (key, value) = table.get_key_value(name)?;
        Some(Setting {
            key: key.span(),
            value: value.span(),
        })
    };
    let index = table.get("index")?.get_ref().as_str()?;
    (index_origin(index).as_ref() == Some(origin)).then_some(())?;
    Some(Registry {
        index: setting("index")?,
        provider: setting(SETTING),
    })
}

/// Returns the program of a provider setting.
pub fn provider_program(value: &str) -> Option<String> {
    let value = toml::Value::deserialize(toml::de::ValueDeserializer::parse(value).ok()?).ok()?;
    let first = value.as_array().and_then(|array| array.first());
    Some(first.unwrap_or(&value).as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        "https://r.example".parse().unwrap()
    }

    fn set_own(text: &str) -> Result<Option<String>, EditError> {
        set(text, &origin(), "/x/own", |value| {
            provider_program(value).is_some_and(|it| it.ends_with("own"))
        })
    }

    #[test]
    fn removing_the_setting_restores_every_byte() {
        for text in [
            "[registries.mine]\nindex = \"sparse+https://r.example/index/\"\n",
            "[registries.mine]\nindex = \"sparse+https://r.example/index/\"",
            "# c\r\n[registries.mine]\r\n  index = 'https://r.example/git' # x\r\n\r\n[net]\r\n",
            "[registries]\nmine.index = \"sparse+https://r.example/\"\nb.index = \"https://b.example\"\n",
            "[registries]\nmine = { index = \"sparse+https://r.example/\" }\n",
            "[registries]\nmine = { index = \"sparse+https://r.example/\", token = \"x\" }",
            "registries.mine.index = \"sparse+https://r.example/\"\n[build]\njobs = 1\n",
            "[registries.a]\nindex = \"sparse+https://r.example/a/\"\n[registries.b]\nindex = \"sparse+https://r.example/b/\"\n",
        ] {
            let added = set_own(text).unwrap().unwrap();
            let document: toml::Table = added.parse().unwrap();
            let registries = document["registries"].as_table().unwrap();
            let own = registries.values().filter(|it| {
                it.get(SETTING)
                    .is_some_and(|it| it.to_string() == "[\"/x/own\"]")
            });
            assert!(own.count() > 0, "{added}");
            let rest = remove(&added, &origin(), "/x/own").unwrap();
            assert_eq!(rest, Remainder::Text(text.to_owned()), "{added}");
            assert_eq!(set_own(&added).unwrap().unwrap(), added, "a second time");
        }
    }

    #[test]
    fn settings_of_others_and_other_registries_stay() {
        let other = "[registries.m]\nindex = \"sparse+https://r.example/\"\ncredential-provider = \"cargo:token\"\n";
        assert_eq!(set_own(other), Err(EditError::Taken));
        assert_eq!(
            remove(other, &origin(), "/x/own").unwrap(),
            Remainder::Unchanged
        );
        for none in [
            "",
            "[registries.m]\nindex = \"sparse+https://r.example.evil/\"\n",
            "registries = 1",
        ] {
            assert_eq!(set_own(none), Ok(None), "{none}");
        }
        assert_eq!(set_own("[registries"), Err(EditError::Malformed));
        let old = other.replace("\"cargo:token\"", "[\"/old/own\"]");
        assert!(set_own(&old).unwrap().unwrap().contains("[\"/x/own\"]"));
    }
}
