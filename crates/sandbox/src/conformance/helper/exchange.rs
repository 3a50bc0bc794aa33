//! A request to a helper and its response, the same for all protocols.

use std::fmt;

use jiff::Timestamp;

/// How a helper is run.
#[derive(Debug, Clone, Default)]
pub(super) struct HelperRequest {
    pub(super) arguments: Vec<String>,
    pub(super) variable: Option<(&'static str, String)>,
    pub(super) input: Input,
}

/// The stdin of a helper.
#[derive(Debug, Clone, Default)]
pub(super) enum Input {
    /// Closed.
    #[default]
    None,
    Bytes(Vec<u8>),
    /// These bytes, and then neither more nor the end.
    Endless(Vec<u8>),
}

impl HelperRequest {
    pub(super) fn with_input(arguments: &[&str], input: impl Into<Vec<u8>>) -> Self {
        Self {
            arguments: arguments.iter().map(|it| (*it).to_owned()).collect(),
            input: Input::Bytes(input.into()),
            ..Self::default()
        }
    }

    /// The same with a stdin that is never closed.
    pub(super) fn endless(self) -> Self {
        let input = match self.input {
            Input::Bytes(bytes) | Input::Endless(bytes) => Input::Endless(bytes),
            Input::None => Input::Endless(Vec::new()),
        };
        Self { input, ..self }
    }
}

#[derive(Debug, Default)]
pub(super) struct HelperResponse {
    pub(super) credential: Option<FoundCredential>,
    /// Why it is not a response of the protocol.
    pub(super) fault: Option<String>,
}

#[derive(Default)]
pub(super) struct FoundCredential {
    pub(super) secret: String,
    pub(super) user: Option<String>,
    /// A text that is not a time is a fault.
    pub(super) expires_at: Option<Timestamp>,
}

/// Shows no secret.
impl fmt::Debug for FoundCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FoundCredential")
    }
}

impl HelperResponse {
    pub(super) fn fault(fault: impl Into<String>) -> Self {
        Self {
            credential: None,
            fault: Some(fault.into()),
        }
    }

    pub(super) fn of(credential: FoundCredential) -> Self {
        Self {
            credential: Some(credential),
            fault: None,
        }
    }
}
