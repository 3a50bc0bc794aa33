//! An OpenAPI 3.0 or 3.1 document as a JSON value, with its references resolved on demand.

use serde_json::Value;
use url::Url;

use super::yaml;
use crate::domain::{Origin, sanitize_line};

/// More references than one leads to.
const MAX_REFERENCES: usize = 32;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

const SUCCESS: [&str; 5] = ["200", "201", "202", "2XX", "default"];

#[derive(Debug)]
pub(super) struct Document(Value);

/// A method of a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'d> {
    pub(super) path: &'d str,
    pub(super) method: &'d str,
    node: &'d Value,
    item: &'d Value,
}

impl Document {
    /// Parses JSON or YAML.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) if text.trim_start().starts_with('{') => return Err("invalid JSON".to_owned()),
            Err(_) => yaml::parse(text)?,
        };
        let version = value.get("openapi").map(|version| match version {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        match version {
            Some(version) if version.starts_with("3.") => Ok(Self(value)),
            Some(_) => Err("expected version 3.0 or 3.1".to_owned()),
            None if value.get("swagger").is_some() => {
                Err("it is a Swagger 2.0 document; convert it to OpenAPI 3".to_owned())
            }
            None => Err("expected a member `openapi` with the version".to_owned()),
        }
    }

    pub(super) fn title(&self) -> Option<String> {
        let title = self.0.pointer("/info/title")?.as_str()?;
        let title = sanitize_line(title.trim().trim_end_matches(" API"));
        (!title.is_empty()).then_some(title)
    }

    /// Returns the URL of the first server, relative to the URL of the document.
    pub(super) fn server(&self, from: Option<&Url>) -> Option<String> {
        let text = self.0.pointer("/servers/0/url").and_then(Value::as_str);
        let url = match (text.map(Url::parse), from) {
            (Some(Ok(url)), _) => url,
            (_, Some(from)) => from.join(text.unwrap_or("/")).ok()?,
            _ => return None,
        };
        Origin::of(&url).ok()?;
        let has_variables = url.as_str().contains("%7B") || url.as_str().contains('{');
        (!has_variables).then(|| url.as_str().trim_end_matches('/').to_owned())
    }

    /// Follows the references of a node.
    pub(super) fn resolve<'d>(&'d self, node: &'d Value) -> &'d Value {
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            let reference = node.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|it| self.0.pointer(it.strip_prefix('#')?));
            match target {
                Some(target) => node = target,
                None => return node,
            }
        }
        node
    }

    pub(super) fn pointer(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    pub(super) fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.0.get("paths").and_then(Value::as_object);
        let items = paths
            .into_iter()
            .flatten()
            .map(|(path, item)| (path, self.resolve(item)));
        let operations = items.flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let node = item.get(*method)?;
                Some(Operation {
                    path,
                    method,
                    node,
                    item,
                })
            })
        });
        operations.collect()
    }
}

impl<'d> Operation<'d> {
    /// Returns the parameters of the operation and of its path.
    pub(super) fn parameters(&self, document: &'d Document) -> Vec<&'d Value> {
        let lists = [self.node.get("parameters"), self.item.get("parameters")];
        let lists = lists.into_iter().flatten().filter_map(Value::as_array);
        lists.flatten().map(|node| document.resolve(node)).collect()
    }

    /// Returns the schema of the request body, and whether it is a form.
    pub(super) fn body(&self, document: &'d Document) -> Option<(&'d Value, bool)> {
        let body = document.resolve(self.node.get("requestBody")?);
        let content = body.get("content")?.as_object()?;
        let form = "application/x-www-form-urlencoded";
        let json = content.iter().find(|(kind, _)| kind.contains("json"));
        let (kind, media) = json.or_else(|| content.get_key_value(form))?;
        Some((media.get("schema")?, kind.as_str() == form))
    }

    /// Returns the schema of the response to a successful request.
    pub(super) fn response(&self, document: &'d Document) -> Option<&'d Value> {
        let response = self.success(document)?;
        let content = response.get("content")?.as_object()?;
        let json = content.iter().find(|(kind, _)| kind.contains("json"));
        json.or_else(|| content.iter().next())?.1.get("schema")
    }

    /// Returns true if a successful response has this header.
    pub(super) fn responds_with(&self, document: &'d Document, header: &str) -> bool {
        let headers = self
            .success(document)
            .and_then(|response| response.get("headers"));
        let headers = headers.and_then(Value::as_object);
        headers.is_some_and(|headers| headers.keys().any(|name| name.eq_ignore_ascii_case(header)))
    }

    fn success(&self, document: &'d Document) -> Option<&'d Value> {
        let responses = self.node.get("responses")?;
        let found = SUCCESS.iter().find_map(|status| responses.get(*status));
        found.map(|response| document.resolve(response))
    }

    /// Returns the schema of an error response.
    pub(super) fn error(&self, document: &'d Document) -> Option<&'d Value> {
        let responses = self.node.get("responses")?.as_object()?;
        let mut errors = responses
            .iter()
            .filter(|(status, _)| status.starts_with('4'));
        errors.find_map(|(_, response)| {
            let content = document.resolve(response).get("content")?.as_object()?;
            content.values().next()?.get("schema")
        })
    }
}
