//! Sets a member `SECTION.NAME` of a JSON document, and removes it.
//!
//! The white space in front of the first member shows whether this program created the object: an object of its own has
//! none, and one that was empty before gets a space.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

use super::{EditError, Remainder};

/// A member, by where its value is in the text.
struct Member {
    name: String,
    value: Range<usize>,
}

struct Object<'t> {
    text: &'t str,
    /// With its braces.
    span: Range<usize>,
    /// In the order of the text.
    members: Vec<Member>,
}

impl<'t> Object<'t> {
    fn parse(text: &'t str, span: Range<usize>) -> Result<Self, EditError> {
        let malformed = |_| EditError::Malformed;
        let source = &text[span.clone()];
        let found: BTreeMap<String, &RawValue> = serde_json::from_str(source).map_err(malformed)?;
        let place = |value: &RawValue| {
            let start = value.get().as_ptr().addr() - text.as_ptr().addr();
            start..start + value.get().len()
        };
        let members = found.into_iter().map(|(name, value)| Member {
            name,
            value: place(value),
        });
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|member| member.value.start);
        let start = span.start + source.find('{').unwrap_or_default();
        let end = span.start + source.trim_end().len();
        Ok(Self {
            text,
            span: start..end,
            members,
        })
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name == name)
    }

    fn object(&self, name: &str) -> Result<Option<Self>, EditError> {
        let member = self.find(name).map(|at| &self.members[at]);
        member
            .map(|it| Self::parse(self.text, it.value.clone()))
            .transpose()
    }

    /// Returns the white space in front of the first member.
    fn indent(&self) -> &'t str {
        let inside = &self.text[self.span.start + 1..self.span.end - 1];
        &inside[..inside.len() - inside.trim_start().len()]
    }

    /// Returns the text with a further member.
    fn with_member(&self, name: &str, value: &str) -> String {
        let indent = self.indent();
        let (at, member) = match self.members.last() {
            Some(last) if indent.is_empty() => {
                (last.value.end, format!(",{}:{value}", quote(name)))
            }
            Some(last) => (last.value.end, format!(",{indent}{}: {value}", quote(name))),
            None => (self.span.start + 1, format!(" {}: {value}", quote(name))),
        };
        format!("{}{member}{}", &self.text[..at], &self.text[at..])
    }

    /// Returns the text without the member at `index`.
    fn without_member(&self, index: usize) -> String {
        let end = self.members[index].value.end;
        let range = match index.checked_sub(1) {
            Some(before) => self.members[before].value.end..end,
            None if self.members.len() == 1 => self.span.start + 1..end,
            None => {
                let rest = &self.text[end..];
                let comma = rest.find(',').map_or(0, |at| at + 1);
                self.span.start + 1..end + comma
            }
        };
        format!("{}{}", &self.text[..range.start], &self.text[range.end..])
    }

    /// Returns `true` if this program created the object for its only member.
    fn is_created(&self) -> bool {
        self.members.len() == 1 && self.indent().is_empty()
    }
}

/// A member of an object in the document.
#[derive(Debug, Clone, Copy)]
pub struct MemberPath<'a> {
    pub section: &'a str,
    pub name: &'a str,
}

/// Returns `text` with `section.name` set to `value`; `None` is a file that does not exist.
///
/// # Errors
/// [`EditError::Taken`] if `is_replaceable` rejects the present value.
pub fn set(
    text: Option<&str>,
    MemberPath { section, name }: MemberPath<'_>,
    value: &str,
    is_replaceable: impl Fn(&str) -> bool,
) -> Result<String, EditError> {
    let value = quote(value);
    let created = format!("{{{}: {value}}}", quote(name));
    let Some(text) = text else {
        return Ok(format!("{{{}: {created}}}\n", quote(section)));
    };
    let document = Object::parse(text, 0..text.len())?;
    let Some(object) = document.object(section)? else {
        return Ok(document.with_member(section, &created));
    };
    let Some(at) = object.find(name) else {
        return Ok(object.with_member(name, &value));
    };
    let present = &object.members[at].value;
    let is_own = string(&text[present.clone()]).is_some_and(|it| is_replaceable(&it));
    if !is_own {
        return Err(EditError::Taken);
    }
    Ok(format!(
        "{}{value}{}",
        &text[..present.start],
        &text[present.end..]
    ))
}

/// Returns `text` without the member `section.name`, if its value is `value`.
///
/// # Errors
/// [`EditError::Malformed`].
pub fn remove(
    text: &str,
    MemberPath { section, name }: MemberPath<'_>,
    value: &str,
) -> Result<Remainder, EditError> {
    let document = Object::parse(text, 0..text.len())?;
    let Some(object) = document.object(section)? else {
        return Ok(Remainder::Unchanged);
    };
    let is_own =
        |at: &usize| string(&text[object.members[*at].value.clone()]).as_deref() == Some(value);
    let Some(at) = object.find(name).filter(is_own) else {
        return Ok(Remainder::Unchanged);
    };
    if !object.is_created() {
        return Ok(Remainder::Text(object.without_member(at)));
    }
    match document.find(section) {
        Some(at) if !document.is_created() => Ok(Remainder::Text(document.without_member(at))),
        _ => Ok(Remainder::Nothing),
    }
}

/// Returns the names in `section` whose value is `value`.
///
/// # Errors
/// [`EditError::Malformed`].
pub fn names(text: &str, section: &str, value: &str) -> Result<Vec<String>, EditError> {
    let Some(object) = Object::parse(text, 0..text.len())?.object(section)? else {
        return Ok(Vec::new());
    };
    let members = object.members.into_iter();
    let own = members.filter(|it| string(&text[it.value.clone()]).as_deref() == Some(value));
    Ok(own.map(|it| it.name).collect())
}

fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: MemberPath<'_> = MemberPath {
        section: "credHelpers",
        name: "h.example",
    };

    fn set_own(text: Option<&str>) -> Result<String, EditError> {
        set(text, PATH, "own", |it| it.starts_with("own"))
    }

    #[test]
    fn removing_a_member_restores_every_byte() {
        for text in [
            "{}",
            "{}\n",
            " { } ",
            "{\n}\n",
            "{\"auths\":{}}",
            "{\n\t\"auths\": {},\n\t\"x\": [1, 2]\n}",
            "{\r\n  \"auths\": {}\r\n}\r\n",
            "{\"credHelpers\": {}}",
            "{\"credHelpers\":{\"a\":\"b\"},\"z\":1}",
            "{\n  \"credHelpers\": {\n    \"a.example\": \"b\"\n  },\n  \"z\": \"}{\"\n}\n",
            "{\"a\\\"}\": \"{\", \"credHelpers\": {\n}}",
        ] {
            let added = set_own(Some(text)).unwrap();
            let document: serde_json::Value = serde_json::from_str(&added).unwrap();
            assert_eq!(document["credHelpers"]["h.example"], "own", "{added}");
            let rest = remove(&added, PATH, "own").unwrap();
            assert_eq!(rest, Remainder::Text(text.to_owned()), "{added}");
            assert_eq!(set_own(Some(&added)).unwrap(), added, "a second time");
            assert_eq!(names(&added, "credHelpers", "own").unwrap(), ["h.example"]);
        }
        let created = set_own(None).unwrap();
        assert_eq!(created, "{\"credHelpers\": {\"h.example\": \"own\"}}\n");
        assert_eq!(remove(&created, PATH, "own").unwrap(), Remainder::Nothing);
    }

    #[test]
    fn member_in_front_of_others_is_removed_alone() {
        let text = "{\"credHelpers\": {\"h.example\": \"own\", \"x\": \"y\"}}";
        let rest = Remainder::Text("{\"credHelpers\": { \"x\": \"y\"}}".to_owned());
        assert_eq!(remove(text, PATH, "own").unwrap(), rest);
    }

    #[test]
    fn settings_of_others_and_malformed_files_stay() {
        let other = "{\"credHelpers\":{\"h.example\":\"other\"}}";
        assert_eq!(set_own(Some(other)), Err(EditError::Taken));
        assert_eq!(remove(other, PATH, "own").unwrap(), Remainder::Unchanged);
        let own = set_own(Some("{\"credHelpers\":{\"h.example\":\"own-old\"}}"));
        assert_eq!(own.unwrap(), "{\"credHelpers\":{\"h.example\":\"own\"}}");
        for malformed in ["", "[]", "{", "{} x", "{\"credHelpers\":[]}", "// c\n{}"] {
            assert_eq!(
                set_own(Some(malformed)),
                Err(EditError::Malformed),
                "{malformed}"
            );
        }
    }
}
