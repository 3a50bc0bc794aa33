//! Client ID Metadata Documents: a client whose id is the URL of a document about it. The sandbox fetches only documents on
//! loopback, because it sends nothing off this machine.

use serde_json::Value;
use url::Url;

use super::AuthServer;
use super::error::OauthError;
use super::registration::{self, Metadata};
use crate::web::json_body::JsonBody;
use crate::web::loopback::{get_json, is_loopback};

/// Registers the client with this id as its document says, if the id is the URL of a document.
pub(super) async fn register_document(
    server: &AuthServer,
    id: Option<&str>,
) -> Result<(), OauthError> {
    let Some(url) = id.and_then(document_url) else {
        return Ok(());
    };
    let Ok(Value::Object(document)) = get_json(&url).await else {
        return Err(invalid("the document of the client cannot be fetched"));
    };
    if document.get("client_id").and_then(Value::as_str) != id {
        return Err(invalid("the document names another client_id"));
    }
    let metadata = Metadata::parse(&JsonBody(document))?;
    if !metadata.is_public() {
        return Err(invalid("a document cannot contain a secret"));
    }
    Ok(registration::store_document(
        server,
        &metadata,
        url.as_str(),
    )?)
}

fn invalid(reason: &'static str) -> OauthError {
    OauthError::Code("invalid_client", reason)
}

/// A URL with a path, without a fragment. An id that is not on loopback is a client id like any other.
fn document_url(id: &str) -> Option<Url> {
    let url = Url::parse(id).ok()?;
    let has_path = url.path() != "/" && url.fragment().is_none();
    (is_loopback(&url) && has_path && url.as_str() == id).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cimd_only_urls_on_loopback_are_documents() {
        for (id, expected) in [
            ("http://localhost:4242/client.json", true),
            ("http://127.0.0.1:4242/c", true),
            ("http://localhost:4242/", false),
            ("http://localhost:4242/c#x", false),
            ("HTTP://localhost:4242/c", false),
            ("https://app.test/client.json", false),
            ("http://app.test/client.json", false),
            ("brainmaps-cli", false),
        ] {
            assert_eq!(document_url(id).is_some(), expected, "{id}");
        }
    }
}
