//! Drafts a description from an OpenAPI 3 document: finds the calls for tokens and the account, and how they are sent.

mod account;
mod account_pointers;
mod calls;
mod document;
mod names;
mod paging;
mod schema;
mod security;
mod tokens;
mod yaml;

use std::path::Path;

use url::Url;

use self::document::Document;
use super::location::{fetch_text, read_file};
use super::skeleton::{Draft, Skeleton, example_url};
use crate::actions::{ActionError, Context, DescriptionError};
use crate::domain::{ProviderId, sanitize_line};
use crate::provider::ProviderError;

/// The documents of large services have about 10 MiB.
const MAX_SIZE: usize = 32 * 1024 * 1024;

/// Reads the OpenAPI document `name`, a file or a URL, and drafts a description.
///
/// # Errors
/// [`DescriptionError`] if it is not an OpenAPI 3 document.
pub async fn draft_from_openapi(
    context: &Context,
    id: &ProviderId,
    name: &str,
) -> Result<Skeleton, ActionError> {
    let url = name.contains("://");
    let text = if url {
        fetch_text(context, name, MAX_SIZE).await?
    } else {
        let text = read_file(Path::new(name), MAX_SIZE).await;
        text.map_err(ProviderError::File)?
    };
    let document = Document::parse(&text).map_err(|reason| DescriptionError::NotOpenApi {
        name: sanitize_line(name),
        reason,
    })?;
    let from = Url::parse(name).ok().filter(|_| url);
    let base = context.options.api_url.as_ref().map(ToString::to_string);
    Ok(draft(&document, id, from.as_ref(), base).render(id))
}

/// Drafts a description. `from` is the URL of the document, `base` the API base URL that the user named.
fn draft(document: &Document, id: &ProviderId, from: Option<&Url>, base: Option<String>) -> Draft {
    let server = document.server(from);
    let mut draft = Draft {
        name: document.title().unwrap_or_else(|| id.to_string()),
        ..Draft::default()
    };
    draft.api_url = base.or(server).unwrap_or_else(|| {
        let note = "the document names no server: set api_url";
        draft.notes.push(note.to_owned());
        example_url(id)
    });
    security::add(document, &mut draft);
    let account = account::add(document, &mut draft);
    tokens::add(document, account.as_ref(), &mut draft);
    for (table, what) in [
        ("whoami", "call for the account"),
        ("tokens.list", "call that lists tokens"),
        ("tokens.create", "call that creates a token"),
        ("tokens.revoke", "call that revokes a token"),
    ] {
        if !draft.has(table) {
            draft
                .notes
                .push(format!("no {what} found: add [{table}] if there is one"));
        }
    }
    draft
}

#[cfg(test)]
mod tests;
