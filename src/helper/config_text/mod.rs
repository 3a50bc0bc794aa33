//! Edits the configuration of other programs as text, so that every byte of theirs stays and an edit can be undone.

pub mod cargo_toml;
pub mod json_text;
pub mod lines;

/// What remains of a file without an entry of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remainder {
    /// The entry is not in it.
    Unchanged,
    Text(String),
    /// This program created the file, and nothing else is in it.
    Nothing,
}

impl Remainder {
    /// Returns what remains of `text`; `None` if the file is deleted.
    pub fn of(self, text: String) -> Option<String> {
        match self {
            Self::Unchanged => Some(text),
            Self::Text(text) => Some(text),
            Self::Nothing => None,
        }
    }
}

/// Why a text cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The parser's own message may quote a secret.
    #[error("the file is malformed")]
    Malformed,
    /// Another program has this setting.
    #[error("it has another setting")]
    Taken,
}
