//! `provider client-metadata`: prints the document that describes this program to authorization servers.

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::actions::Context;
use crate::cli::app::CommandOutput;
use crate::cli::failure::{Code, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{DocumentUrl, Hint};
use crate::oauth::client_metadata_document;
use crate::ui::{OutputError, Shell};

#[derive(Debug, Args)]
#[command(
    before_help = "Some authorization servers accept the URL of this document as the client id, so that no client must be registered (Client ID Metadata Documents). Publish it at URL, which must be https with a path, and set the URL with `config set client_metadata_url URL`.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider client-metadata --url https://me.example/c.json > c.json",
        "brainmaps config set client_metadata_url https://me.example/c.json",
    ],
    see: "brainmaps login, brainmaps config set"
}
)]
pub struct ClientMetadataArgs {
    /// Set the URL of the document [default: the setting `client_metadata_url`]
    #[arg(long)]
    url: Option<DocumentUrl>,
}

#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct ClientMetadata(Value);

pub(super) fn document(
    context: &Context,
    args: ClientMetadataArgs,
) -> Result<ClientMetadata, Failure> {
    let url = args
        .url
        .or_else(|| context.config.client_metadata_url.clone());
    let url = url.ok_or_else(|| {
        let hint = Hint::from("name it: ").command("provider client-metadata --url URL");
        Failure::new(Code::Usage, "the URL of the document is not known").with_hint(hint)
    })?;
    Ok(ClientMetadata(client_metadata_document(url.as_url())))
}

impl CommandOutput for ClientMetadata {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.bytes(format!("{:#}\n", self.0).as_bytes())
    }
}
