//! `provider new`: prints or writes a description to fill in, perhaps with the facts of an OpenAPI document.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::actions::{Context, Skeleton, create_file, draft_from_openapi, empty_draft};
use crate::cli::app::{CommandOutput, block_on_interruptible};
use crate::cli::failure::Failure;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{Hint, ProviderId};
use crate::files::shell_word;
use crate::ui::{Line, OutputError, Shell};

#[derive(Debug, Args)]
#[command(
    before_help = "Prints a description to fill in, with a comment for each member. From an OpenAPI 3 document (JSON or YAML), it fills in the calls, templates and pointers that it finds; comments say what to verify. --api-url sets the API base URL.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider new maps > maps.toml",
        "brainmaps provider new maps --from-openapi openapi.yaml --output maps.toml",
        "brainmaps provider new maps --from-openapi https://maps.example/openapi.json",
    ],
    see: "brainmaps provider check, brainmaps provider test, brainmaps provider add"
}
)]
pub struct NewArgs {
    /// Id of the service: also the name of its file and of its profile
    id: ProviderId,

    /// Fill in what an OpenAPI 3 document describes
    #[arg(long, value_name = "FILE|URL")]
    from_openapi: Option<String>,

    /// Write a new file; an existing one is not overwritten
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
pub(super) struct NewDescription {
    id: ProviderId,
    file: Option<PathBuf>,
    description: String,
    /// What the document does not say.
    notes: Vec<String>,
}

pub(super) fn new(context: &Context, args: NewArgs) -> Result<NewDescription, Failure> {
    let api_url = context.options.api_url.as_ref();
    let draft = match &args.from_openapi {
        None => empty_draft(&args.id, api_url),
        Some(name) => {
            let draft = || draft_from_openapi(context, &args.id, name);
            block_on_interruptible(context, draft)?
        }
    };
    let Skeleton { text, notes } = draft;
    if let Some(path) = &args.output {
        create_file(path, &text)?;
    }
    Ok(NewDescription {
        id: args.id,
        file: args.output,
        description: text,
        notes,
    })
}

impl CommandOutput for NewDescription {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        match &self.file {
            None => shell.bytes(self.description.as_bytes())?,
            Some(path) => shell.result(Line::success(format!("Wrote {}", path.display())))?,
        }
        for note in &self.notes {
            shell.note(note.as_str());
        }
        let (before, file) = match &self.file {
            Some(path) => ("after editing it, run ".to_owned(), shell_word(path)),
            None => (
                format!(
                    "write it to {0}.toml, as with --output {0}.toml; after editing it, run ",
                    self.id
                ),
                format!("{}.toml", self.id),
            ),
        };
        shell.note(Hint::from(before).command(format!("provider check {file}")));
        Ok(())
    }
}
