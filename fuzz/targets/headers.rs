//! Header blocks of responses, over a real connection, and the times in responses.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use brainmaps::domain::{JsonTime, json_time};
use brainmaps::http::{Network, NetworkOptions, Request, Transport as _, next_link};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::wire::SENT;

const BODY: &str = r#"{"access_token":"new"}"#;

/// Any header block ends in a response or an error, which does not contain what was sent. If only lines without framing
/// are added to a complete response, its body is read.
pub(crate) fn header_block(bytes: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let length = format!("\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len());
    let response = [
        b"HTTP/1.1 200 OK\r\nX-First: 1\r\n",
        bytes,
        length.as_bytes(),
    ]
    .concat();
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 4096]);
        let _ = connection.write_all(&response);
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let request = Request::get(url.parse().unwrap()).form(&[("refresh_token", SENT)]);
    let network = Network::new(NetworkOptions::default());
    let exchange = async { timeout(Duration::from_secs(20), network.send(&request)).await };
    let received = runtime.block_on(exchange);
    server.join().unwrap();
    match received.expect("the connection is closed") {
        Ok(response) => {
            let _ = next_link(&response.headers);
            assert!(
                !is_plain(bytes) || *response.body == *BODY.as_bytes(),
                "{bytes:?}"
            );
        }
        Err(error) => {
            let text = format!("{error} {error:?}");
            assert!(!text.contains("c4n4ry"), "{text}");
            assert!(!is_plain(bytes), "{text}");
        }
    }
}

/// Whether `bytes` are printable header lines that do not concern the framing of the message.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else {
        return false;
    };
    !text.is_empty()
        && text.split("\r\n").all(|line| {
            let (name, value) = line.split_once(": ").unwrap_or_default();
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let name_is_free = !["content-", "transfer-", "connection"]
                .iter()
                .any(|framing| name.to_ascii_lowercase().starts_with(framing));
            let is_visible = value.chars().all(|c| matches!(c, ' '..='~'));
            !name.is_empty() && name.chars().all(is_name) && name_is_free && is_visible
        })
}

/// Any member is read as a time or not; a time is one that a timestamp can have, and reads the same again.
pub(crate) fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let number = text
        .trim()
        .parse::<f64>()
        .map_or(Value::Null, |it| json!(it));
    for member in [json!(text), number] {
        let JsonTime::At(time) = JsonTime::read(&member) else {
            continue;
        };
        assert_eq!(json_time(&json!(time.to_string())), Some(time), "{member}");
    }
}
