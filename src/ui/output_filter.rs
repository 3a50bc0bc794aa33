//! Filters of the JSON document of a command: `--jq` and `--format`.

use zeroize::Zeroizing;

use super::jq_run::Write;
use super::{Evaluation, JqFilter, OutputError, StreamStyle, Template};

/// What a command prints in the place of its JSON document.
#[derive(Debug)]
pub enum OutputFilter {
    Jq(JqFilter),
    Template(Template),
}

impl OutputFilter {
    /// Passes what is printed for `document`, which is JSON, to `write`.
    ///
    /// # Errors
    /// [`OutputError::Filter`] if the document does not fit the filter, or after Ctrl-C; errors of `write`.
    pub(super) fn run(
        &self,
        document: &[u8],
        stream: &StreamStyle,
        evaluation: Evaluation,
        write: Write<'_>,
    ) -> Result<(), OutputError> {
        match self {
            Self::Jq(filter) => filter.run(document, stream, evaluation, write),
            Self::Template(template) => write(&Zeroizing::new(template.apply(document, stream)?)),
        }
    }
}
