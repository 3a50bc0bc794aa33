//! Edits the configuration files of other programs as text. Every byte that this program did not write stays, and an edit can
//! be undone. Reads and writes no files.

pub mod cargo_toml;
pub mod json_text;
pub mod lines;

/// The result of removing this program's entry from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remainder {
    /// The file does not contain the entry.
    Unchanged,
    Text(String),
    /// This program created the file, and nothing else is in it.
    Nothing,
}

impl Remainder {
    /// Returns the new text of the file that contained `text`; `None` to delete the file.
    pub fn apply_to(self, text: String) -> Option<String> {
        match self {
            Self::Unchanged => Some(text),
            Self::Text(text) => Some(text),
            Self::Nothing => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The parser's own message may quote a secret.
    #[error("the file is malformed")]
    Malformed,
    /// Another program has this setting.
    #[error("it has another setting")]
    Taken,
}
