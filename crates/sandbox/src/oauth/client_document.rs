//! Client ID Metadata Documents: a client whose id is the URL of a document about it. The sandbox fetches only documents on
//! loopback over plain http, because it sends nothing off this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::task::spawn_blocking;
use url::{Position, Url};

use super::AuthServer;
use super::error::OauthError;
use super::registration::{self, Metadata};
use crate::web::json_body::JsonBody;

const TIME_LIMIT: Duration = Duration::from_secs(5);
const SIZE_LIMIT: u64 = 64 * 1024;

/// Registers the client with this id as its document says, if the id is the URL of a document.
pub(crate) async fn register_document(
    server: &AuthServer,
    id: Option<&str>,
) -> Result<(), OauthError> {
    let Some(url) = id.and_then(document_url) else {
        return Ok(());
    };
    let id = url.to_string();
    let fetched = spawn_blocking(move || fetch(&url)).await;
    let document = fetched.ok().flatten();
    let document = document.ok_or(invalid("the document of the client cannot be fetched"))?;
    let is_named = document.get("client_id").and_then(Value::as_str) == Some(&id);
    if !is_named {
        return Err(invalid("the document names another client_id"));
    }
    let metadata = Metadata::parse(&JsonBody(document))?;
    if !metadata.is_public() {
        return Err(invalid("a document cannot contain a secret"));
    }
    Ok(registration::store_document(server, &metadata, &id)?)
}

fn invalid(reason: &'static str) -> OauthError {
    OauthError::Code("invalid_client", reason)
}

/// A URL with a path, without a fragment. An id that is not on loopback is a client id like any other.
fn document_url(id: &str) -> Option<Url> {
    let url = Url::parse(id).ok()?;
    let is_document = url.scheme() == "http"
        && registration::is_loopback(&url)
        && url.path() != "/"
        && url.fragment().is_none()
        && url.as_str() == id;
    is_document.then_some(url)
}

fn fetch(url: &Url) -> Option<Map<String, Value>> {
    let mut addresses = url.socket_addrs(|| None).ok()?.into_iter();
    let mut stream = addresses.find_map(|address| {
        let is_local = address.ip().is_loopback();
        let stream = is_local.then(|| TcpStream::connect_timeout(&address, TIME_LIMIT));
        stream?.ok()
    })?;
    stream.set_read_timeout(Some(TIME_LIMIT)).ok()?;
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut response = Vec::new();
    stream.take(SIZE_LIMIT).read_to_end(&mut response).ok()?;
    parse_response(&response)
}

fn parse_response(response: &[u8]) -> Option<Map<String, Value>> {
    let end = response.windows(4).position(|part| part == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&response[..end]).ok()?;
    let status = head.split(' ').nth(1)?;
    let document = serde_json::from_slice(&response[end + 4..]).ok()?;
    (status == "200").then_some(document)
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
        let found = parse_response(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n{\"client_id\":\"x\"}");
        assert_eq!(found.unwrap()["client_id"], "x");
        assert!(parse_response(b"HTTP/1.1 404 Not Found\r\n\r\n{}").is_none());
    }
}
