//! The result of a command: a value that is printed as JSON or for people, in one place.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::App;
use crate::actions::Target;
use crate::cli::failure::{ExitStatus, Failure, SUCCESS, report_failure};
use crate::domain::{ProfileName, ProviderId, Secret, Warning};
use crate::ui::{Document, Evaluation, Line, OutputError, Shell};

/// The result of a command. Its serialization is the JSON document.
pub(crate) trait CommandOutput: Serialize {
    /// Prints the result for people.
    fn print(&self, shell: &Shell) -> Result<(), OutputError>;

    /// Returns the secrets that are printed, which the log of a CI job must not show.
    fn secrets(&self) -> Vec<Secret> {
        Vec::new()
    }

    /// Returns the warning about a secret that no later command shows, if `--jq` or `--format` leaves it out.
    fn lost_secret_warning(&self) -> Option<Warning> {
        None
    }

    /// Returns the exit status; not 0 if the result is a finding, such as an expired session.
    fn exit(&self) -> ExitStatus {
        SUCCESS
    }
}

impl App {
    pub(crate) fn print(&self, output: &impl CommandOutput) -> Result<ExitStatus, Failure> {
        for secret in output.secrets() {
            self.shell.mask(&secret);
        }
        if !self.shell.options().json {
            output.print(&self.shell)?;
            return Ok(output.exit());
        }
        let document = Document::new(output)?;
        let failed = self.print_document(&document, !output.secrets().is_empty())?;
        if failed.is_none()
            && let Some(warning) = output.lost_secret_warning()
            && self.shell.filter_omits_secret(&document)
        {
            self.shell.warning(warning);
        }
        Ok(failed.unwrap_or_else(|| output.exit()))
    }

    /// Returns the exit status if the document was printed but not filtered.
    fn print_document(
        &self,
        document: &Document,
        has_secrets: bool,
    ) -> Result<Option<ExitStatus>, Failure> {
        // An expression that ends the process must not lose a secret that is shown once.
        let evaluation = if has_secrets {
            Evaluation::Elsewhere
        } else {
            Evaluation::Here
        };
        match self.shell.evaluated_document(document, evaluation) {
            Err(OutputError::Filter(error)) if document.has_secret() => {
                // The filter does not fit.
                self.shell.unfiltered_document(document)?;
                Ok(Some(report_failure(&self.shell, &error.into())))
            }
            printed => Ok(printed.map(|()| None)?),
        }
    }
}

/// A result that is one line for people.
#[derive(Serialize)]
pub(crate) struct Message {
    #[serde(flatten)]
    document: Value,
    #[serde(skip)]
    line: Line,
}

impl Message {
    pub(crate) fn new(line: impl Into<Line>, document: Value) -> Self {
        let line = line.into();
        Self { document, line }
    }
}

impl CommandOutput for Message {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.result(self.line.clone())
    }
}

/// A secret that a document contains.
pub(crate) struct Exposed(pub(crate) Secret);

impl Serialize for Exposed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

/// A result with the profile and the service that it is about.
#[derive(Serialize)]
pub(crate) struct OfProfile<T> {
    pub(crate) profile: ProfileName,
    pub(crate) provider: ProviderId,
    #[serde(flatten)]
    pub(crate) result: T,
}

impl<T> OfProfile<T> {
    pub(crate) fn new(target: &Target, result: T) -> Self {
        Self {
            profile: target.name.clone(),
            provider: target.descriptor.id.clone(),
            result,
        }
    }
}
