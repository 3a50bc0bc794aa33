//! A browser that shows nothing: sends `GET` requests and follows redirects.

use url::{Position, Url};

use super::http_client::send_bytes;

/// Returns the response, with its head.
pub(crate) fn get(url: &Url) -> String {
    let addresses = url.socket_addrs(|| None).unwrap();
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    send_bytes(&addresses[..], request.as_bytes())
}

/// Returns the response to which the redirects of `url` lead.
pub(crate) fn follow(url: &Url) -> String {
    let mut response = get(url);
    while let Some(location) = location(&response) {
        response = get(&location);
    }
    response
}

fn location(response: &str) -> Option<Url> {
    let head = response.split("\r\n\r\n").next()?;
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    let (_, location) = headers.find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    Url::parse(location).ok()
}
