//! Filters of the JSON document of a command: `--jq` and `--format`.

use super::{FilterError, JqFilter, StreamStyle, Template};

/// What a command prints in the place of its JSON document.
#[derive(Debug)]
pub enum OutputFilter {
    Jq(JqFilter),
    Template(Template),
}

impl OutputFilter {
    /// Returns what is printed for `document`, which is JSON.
    ///
    /// # Errors
    /// [`FilterError`] if the document does not fit the filter.
    pub fn apply(&self, document: &[u8], stream: &StreamStyle) -> Result<String, FilterError> {
        match self {
            Self::Jq(filter) => filter.apply(document, stream),
            Self::Template(template) => template.apply(document, stream),
        }
    }
}
