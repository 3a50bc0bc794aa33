//! Errors of `--jq` and `--format`.

/// A filter that is not valid, or that does not fit a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    #[error("the expression of --jq is not valid: {0}")]
    InvalidJq(String),
    #[error("the template of --format is not valid: {0}")]
    InvalidTemplate(&'static str),
    #[error("--jq failed: {0}")]
    Jq(String),
    #[error("interrupted")]
    Interrupted,
    #[error("--format names the unknown field \"{field}\"")]
    UnknownField { field: String, known: Vec<String> },
    #[error("the document is not valid JSON")]
    NotJson,
}

impl FilterError {
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownField { known, .. } => Some(format!("known fields: {}", known.join(", "))),
            Self::InvalidTemplate(_) => {
                Some("a field is {NAME} or {NAME.NAME}, a brace is {{ or }}".to_owned())
            }
            Self::InvalidJq(_) | Self::Jq(_) | Self::Interrupted | Self::NotJson => None,
        }
    }
}
