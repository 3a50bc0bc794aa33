//! Templates of request bodies. Text that is one placeholder becomes its value with its type, a member whose placeholder has
//! no value is omitted, and everything else is sent unchanged.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

use super::placeholder::value_text;
use super::{CreateArgument, Encoding, LoginArgument, Placeholder, TextTemplate, TimeForm, Values};

/// A tree of members, lists, fixed values and texts with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// A number or a boolean.
    Fixed(Value),
    Text(TextTemplate),
    List(Vec<Template>),
    Object(BTreeMap<String, Template>),
}

impl Template {
    /// Creates a template with one member for each placeholder.
    pub(super) fn from_members(members: impl IntoIterator<Item = (String, Placeholder)>) -> Self {
        let members = members.into_iter();
        Self::Object(
            members
                .map(|(name, placeholder)| (name, Self::Text(placeholder.into())))
                .collect(),
        )
    }

    /// Returns the value to send; `None` if it is a placeholder without a value.
    pub fn fill(&self, values: Values<'_>) -> Option<Value> {
        Some(match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(text) => return text.value(values),
            Self::List(items) => items.iter().filter_map(|item| item.fill(values)).collect(),
            Self::Object(members) => {
                let filled = members.iter();
                let filled =
                    filled.filter_map(|(name, member)| Some((name.clone(), member.fill(values)?)));
                Value::Object(filled.collect())
            }
        })
    }

    /// Returns the fields of a form. The words of a list are fields of the same name.
    pub fn fill_form(&self, values: Values<'_>) -> Vec<(String, String)> {
        let Some(Value::Object(members)) = self.fill(values) else {
            return Vec::new();
        };
        let fields = members.into_iter().flat_map(|(name, value)| match value {
            Value::Array(items) => items
                .iter()
                .map(|item| (name.clone(), value_text(item)))
                .collect(),
            other => vec![(name, value_text(&other))],
        });
        fields.collect()
    }

    pub fn placeholders(&self) -> Vec<&Placeholder> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Text(text) => text.placeholders().collect(),
            Self::List(items) => items.iter().flat_map(Self::placeholders).collect(),
            Self::Object(members) => members.values().flat_map(Self::placeholders).collect(),
        }
    }

    /// Returns the name of the member whose value is the placeholder.
    pub fn member_of(&self, wanted: &Placeholder) -> Option<&str> {
        let Self::Object(members) = self else {
            return None;
        };
        members.iter().find_map(|(name, member)| {
            let is_it =
                matches!(member, Self::Text(text) if text.placeholders().any(|it| it == wanted));
            if is_it {
                return Some(name.as_str());
            }
            member.member_of(wanted)
        })
    }

    /// Returns `true` if a form can express it: members without members of their own.
    pub(super) fn is_flat(&self) -> bool {
        let is_scalar = |value: &Self| matches!(value, Self::Fixed(_) | Self::Text(_));
        let Self::Object(members) = self else {
            return false;
        };
        members.values().all(|member| match member {
            Self::List(items) => items.iter().all(is_scalar),
            other => is_scalar(other),
        })
    }
}

/// The template of a request body and its encoding.
#[derive(Debug, Clone, Copy)]
pub struct RequestBody<'a> {
    pub encoding: Encoding,
    pub template: &'a Template,
}

impl<'a> RequestBody<'a> {
    /// Returns `true` if the encoding can express the template.
    pub(super) fn can_be_encoded(&self) -> bool {
        self.encoding == Encoding::Json || self.template.is_flat()
    }

    /// Returns the first form in which a description has a body: `json`, `form`, or names with an encoding.
    pub(super) fn choose(
        json: Option<&'a Template>,
        form: Option<&'a Template>,
        named: Option<(Encoding, &'a Template)>,
    ) -> Option<Self> {
        let json = json.map(|template| (Encoding::Json, template));
        let form = form.map(|template| (Encoding::Form, template));
        let (encoding, template) = json.or(form).or(named)?;
        Some(Self { encoding, template })
    }
}

/// The `body` of a create call: the service's names, each with one of the argument names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(with = "BTreeMap<String, CreateArgument>")
)]
#[serde(from = "BTreeMap<String, CreateArgument>")]
pub struct CreateBody(pub(super) Template);

impl From<BTreeMap<String, CreateArgument>> for CreateBody {
    fn from(members: BTreeMap<String, CreateArgument>) -> Self {
        let members = members.into_iter();
        Self(Template::from_members(members.map(|(name, argument)| {
            let placeholder = match argument {
                CreateArgument::Name => Placeholder::Name,
                CreateArgument::Permanent => Placeholder::Permanent,
                CreateArgument::Permissions => Placeholder::Permissions,
                CreateArgument::Scopes => Placeholder::Scopes,
                CreateArgument::Expiry => Placeholder::Expires(TimeForm::Days),
            };
            (name, placeholder)
        })))
    }
}

/// The `body` of a login call: the service's names of the user name and the password. It has both.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(with = "BTreeMap<String, LoginArgument>")
)]
#[serde(try_from = "BTreeMap<String, LoginArgument>")]
pub struct LoginBody(pub(super) Template);

impl TryFrom<BTreeMap<String, LoginArgument>> for LoginBody {
    type Error = &'static str;

    fn try_from(fields: BTreeMap<String, LoginArgument>) -> Result<Self, Self::Error> {
        let has = |argument| fields.values().any(|found| *found == argument);
        if !has(LoginArgument::Username) || !has(LoginArgument::Password) {
            return Err(
                "expected both values, such as body = { email = \"username\", password = \"password\" }, \
                 with the service's names on the left",
            );
        }
        let fields = fields.into_iter();
        Ok(Self(Template::from_members(fields.map(
            |(name, argument)| {
                let placeholder = match argument {
                    LoginArgument::Username => Placeholder::Username,
                    LoginArgument::Password => Placeholder::Password,
                };
                (name, placeholder)
            },
        ))))
    }
}

/// The `active` member of an update call: the service's name of the field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(from = "String")]
pub struct ActiveField(pub(super) Template);

impl From<String> for ActiveField {
    fn from(name: String) -> Self {
        Self(Template::from_members([(name, Placeholder::Active)]))
    }
}

/// The `field` member of a refresh call: the service's name of the refresh token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(from = "String")]
pub struct RefreshField(pub(super) Template);

impl From<String> for RefreshField {
    fn from(name: String) -> Self {
        Self(Template::from_members([(name, Placeholder::RefreshToken)]))
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TemplateVisitor)
    }
}

struct TemplateVisitor;

impl<'de> Visitor<'de> for TemplateVisitor {
    type Value = Template;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a boolean, a list or a table")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Template, E> {
        Ok(Template::Fixed(value.into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Template, E> {
        Ok(Template::Fixed(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Template, E> {
        Ok(Template::Fixed(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Template, E> {
        let number = Number::from_f64(value);
        let number = number.ok_or_else(|| E::custom("expected a number that JSON can express"))?;
        Ok(Template::Fixed(Value::Number(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Template, E> {
        let text = TextTemplate::try_from(text.to_owned());
        text.map(Template::Text).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Template, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Template::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Template, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, member)) = map.next_entry::<String, Template>()? {
            members.insert(name, member);
        }
        Ok(Template::Object(members))
    }
}
