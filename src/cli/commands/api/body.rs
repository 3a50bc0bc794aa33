//! Prints one response.

use super::sink::Sink;
use crate::actions::{ActionError, ApiCall, ApiCallError, AuthenticatedClient};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::domain::{Scopes, sanitize_line};
use crate::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use crate::http::{Response, StreamedResponse};

/// The limit for a response that is printed as a JSON document, or that must be decompressed, in bytes.
const DOCUMENT_LIMIT: usize = 64 * 1024 * 1024;

/// The limit for JSON that is indented on a terminal.
const INDENTED_LIMIT: usize = 1024 * 1024;

/// Sends `call` and prints the response. Sets `missing` to the scopes that it requires of the session.
pub(super) async fn print(
    client: &AuthenticatedClient<'_>,
    call: ApiCall,
    mut sink: Sink<'_>,
    with_head: bool,
    missing: &mut Option<Scopes>,
) -> Result<ExitStatus, Failure> {
    let accepts = call.request.headers().get(ACCEPT_ENCODING).cloned();
    let mut response = client.send_api_call(call).await?;
    if with_head {
        print_head(&response, &sink)?;
    }
    if let Some(error_response) = client.read_error_response(&mut response).await? {
        *missing = client.missing_scopes(&error_response).await;
        return Err(print_error_response(client, &error_response, &sink).await);
    }
    if sink.shell.options().json {
        print_document(response, &sink).await?;
        return Ok(SUCCESS);
    }
    let is_unwanted = accepts.is_some_and(|accepted| accepted == "identity");
    if is_unwanted && response.headers.contains_key(CONTENT_ENCODING) {
        // Some proxies compress whatever the request accepts.
        let whole = response.buffer_up_to(DOCUMENT_LIMIT).await;
        sink.write(&whole.map_err(ActionError::from)?.body)?;
    } else {
        stream(response, &mut sink).await?;
    }
    sink.finish()?;
    Ok(SUCCESS)
}

/// Prints the body of an error response on stderr, and returns the failure.
pub(super) async fn print_error_response(
    client: &AuthenticatedClient<'_>,
    response: &Response,
    sink: &Sink<'_>,
) -> Failure {
    sink.shell
        .foreign_text(&String::from_utf8_lossy(&response.body));
    client.response_error(response).await.into()
}

fn print_head(response: &StreamedResponse, sink: &Sink<'_>) -> Result<(), Failure> {
    let mut lines = vec![format!("HTTP/1.1 {}", response.status)];
    for (name, value) in &response.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        lines.push(format!("{name}: {}", sanitize_line(&value)));
    }
    lines.push("\n".to_owned());
    Ok(sink.shell.bytes(lines.join("\n").as_bytes())?)
}

/// Prints the body as the JSON document of the command; without a body `null`.
async fn print_document(response: StreamedResponse, sink: &Sink<'_>) -> Result<(), Failure> {
    let whole = response.buffer_up_to(DOCUMENT_LIMIT).await;
    let whole = whole.map_err(ActionError::from)?;
    let text: &[u8] = match whole.body.trim_ascii() {
        b"" => b"null",
        text => text,
    };
    if !sink.shell.has_filter() {
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
        if !is_json {
            return Err(ActionError::from(ApiCallError::NotJson).into());
        }
        return Ok(sink.shell.json_text(text)?);
    }
    Ok(sink.shell.filtered(text)?)
}

/// Writes the body as it arrives, with `[secret]` in the place of the credential.
async fn stream(mut response: StreamedResponse, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let mut scanner = response.secret_scanner();
    if sink.is_terminal() && is_json(&response) {
        let beginning = read_beginning(&mut response).await?;
        let beginning = scanner.scan(beginning.into());
        // The end of a long body follows unindented.
        if !sink.shell.indented_json(&beginning)? {
            sink.write(&beginning)?;
        }
    }
    let mut ends_line = true;
    while let Some(chunk) = response.body.chunk().await.map_err(ActionError::from)? {
        let safe = scanner.scan(chunk);
        ends_line = safe.last().is_none_or(|byte| *byte == b'\n');
        sink.write(&safe)?;
    }
    sink.write(&scanner.finish())?;
    if sink.is_terminal() && !ends_line {
        sink.write(b"\n")?;
    }
    if scanner.has_found() {
        let warning = "the response contained the credential, which was replaced by [secret]";
        sink.shell.warning(warning);
    }
    Ok(())
}

fn is_json(response: &StreamedResponse) -> bool {
    let head = response.head();
    head.header("content-type")
        .is_some_and(|kind| kind.contains("json"))
}

async fn read_beginning(response: &mut StreamedResponse) -> Result<Vec<u8>, Failure> {
    let mut beginning = Vec::new();
    while beginning.len() < INDENTED_LIMIT {
        match response.body.chunk().await.map_err(ActionError::from)? {
            Some(chunk) => beginning.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok(beginning)
}
