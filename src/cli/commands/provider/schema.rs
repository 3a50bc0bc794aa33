//! `provider schema`: prints the JSON schema of descriptions, for editors.

use serde::Serialize;
use serde_json::Value;

use crate::cli::app::CommandOutput;
use crate::cli::failure::{Code, Failure};
use crate::provider::FORMAT_SCHEMA;
use crate::ui::{OutputError, Shell};

#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct FormatSchema(Value);

pub(super) fn schema() -> Result<FormatSchema, Failure> {
    let schema = serde_json::from_str(FORMAT_SCHEMA);
    let schema = schema.map_err(|error| Failure::new(Code::Failed, error.to_string()))?;
    Ok(FormatSchema(schema))
}

impl CommandOutput for FormatSchema {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.bytes(format!("{:#}\n", self.0).as_bytes())
    }
}
