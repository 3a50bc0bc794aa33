//! Descriptions to fill in: an empty one, and the text of one that was drafted from a document.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use crate::actions::{ActionError, DescriptionError};
use crate::domain::{BaseUrl, ProviderId};
use crate::files::FileError;
use crate::provider::{ProviderError, variable_prefix};

const SKELETON: &str = include_str!("../../provider/skeleton.toml");

/// The first lines of every description.
const HEAD_LINES: usize = 4;

/// A description to edit.
#[derive(Debug, Clone)]
pub struct Skeleton {
    pub text: String,
    /// What the user must add or verify.
    pub notes: Vec<String>,
}

/// Returns a description with example values and a comment for each member.
pub fn empty_draft(id: &ProviderId, api_url: Option<&BaseUrl>) -> Skeleton {
    let url = api_url.map_or_else(|| example_url(id), ToString::to_string);
    let text = SKELETON
        .replace("\"ID\"", &quote(id.as_str()))
        .replace("\"NAME\"", &quote(id.as_str()))
        .replace("\"API_URL\"", &quote(&url))
        .replace("VARIABLE_", &variable_prefix(id))
        .replace("\"ID_\"", &quote(&format!("{id}_")));
    Skeleton {
        text,
        notes: Vec::new(),
    }
}

pub(super) fn example_url(id: &ProviderId) -> String {
    let host: String = id
        .as_str()
        .chars()
        .map(|c| if c == '_' { '-' } else { c })
        .collect();
    format!(
        "https://{}.example.com",
        host.to_ascii_lowercase().trim_end_matches(['-', '.'])
    )
}

/// Writes a new file.
///
/// # Errors
/// [`DescriptionError::Exists`] if there is one, and errors of the system.
pub fn create_file(path: &Path, text: &str) -> Result<(), ActionError> {
    let mut options = std::fs::File::options();
    let file = options.write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => DescriptionError::Overwrite {
            path: path.to_owned(),
        }
        .into(),
        _ => ProviderError::File(FileError::io("write", path)(error)).into(),
    })
}

/// A description that is made from another document. What is missing is a comment in its text.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) api_url: String,
    /// The name of the header and its scheme.
    pub(super) header: Option<(String, Option<String>)>,
    pub(super) oauth: Vec<(&'static str, String)>,
    /// Each name with the pointer into the response to `whoami`.
    pub(super) parameters: Vec<(String, Option<String>)>,
    /// Tables such as `tokens.list`, with their members in order; a value is TOML.
    pub(super) tables: Vec<(&'static str, Vec<(&'static str, String)>)>,
    pub(super) notes: Vec<String>,
}

impl Draft {
    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.iter().any(|(name, _)| *name == table)
    }

    pub(super) fn add(&mut self, table: &'static str, members: Vec<(&'static str, String)>) {
        if !members.is_empty() {
            self.tables.push((table, members));
        }
    }

    pub(super) fn render(self, id: &ProviderId) -> Skeleton {
        let mut text: String = SKELETON.split_inclusive('\n').take(HEAD_LINES).collect();
        let _ = writeln!(text, "id = {}", quote(id.as_str()));
        let _ = writeln!(text, "name = {}", quote(&self.name));
        let _ = writeln!(text, "api_url = {}", quote(&self.api_url));
        let variable = format!("{}API_KEY", variable_prefix(id));
        let _ = writeln!(text, "\n[environment]\napi_key = {}", quote(&variable));
        self.render_headers(&mut text);
        if !self.parameters.is_empty() {
            text.push_str("\n[parameters]\n");
        }
        for (name, pointer) in &self.parameters {
            let value = match pointer {
                Some(at) => format!("{{ from = \"whoami\", at = {} }}", quote(at)),
                None => format!("{{ label = {} }}", quote(name)),
            };
            let _ = writeln!(text, "{name} = {value}");
        }
        for (table, members) in &self.tables {
            let _ = writeln!(text, "\n[{table}]");
            for (name, value) in members {
                let _ = writeln!(text, "{name} = {value}");
            }
        }
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(text, "# {note}");
        }
        let notes = self.notes;
        Skeleton { text, notes }
    }

    fn render_headers(&self, text: &mut String) {
        let default = || ("Authorization".to_owned(), Some("Bearer".to_owned()));
        let (name, scheme) = self.header.clone().unwrap_or_else(default);
        let scheme = scheme.map_or(String::new(), |scheme| {
            format!(", scheme = {}", quote(&scheme))
        });
        let _ = writeln!(
            text,
            "\n[headers]\napi_key = {{ name = {}{scheme} }}",
            quote(&name)
        );
        if self.oauth.is_empty() {
            return;
        }
        text.push_str(
            "access_token = { name = \"Authorization\", scheme = \"Bearer\" }\n\n[oauth]\n",
        );
        for (name, value) in &self.oauth {
            let _ = writeln!(text, "{name} = {}", quote(value));
        }
    }
}

/// Returns a TOML string.
pub(super) fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns the name of a TOML member.
pub(super) fn quote_name(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    quote(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::check;

    #[test]
    fn skeleton_is_valid_for_every_id() {
        for id in ["maps", "my-maps", "a.b", "7up", "A_b", "x-"] {
            let draft = empty_draft(&id.parse().unwrap(), None);
            assert_eq!(check(&draft.text, Some(id)), [], "{}", draft.text);
        }
    }
}
