//! Reads the head of a request (RFC 9112 §3) strictly.

use crate::domain::Secret;

/// Longer than the redirect of any server.
pub(super) const MAX_HEAD: usize = 8 * 1024;

/// Why a request is not a redirect of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    Closed,
    Malformed,
    NotFound,
    MethodNotAllowed,
    Timeout,
    /// Another `Host`: a web page whose name resolves to this machine (DNS rebinding).
    OtherHost,
    TooLarge,
}

/// Returns `true` if `bytes` contain the empty line that ends a head.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| window == b"\r\n\r\n")
}

/// Returns the query of a `GET` of `path` at `host`.
pub(super) fn query_of(head: &[u8], host: &str, path: &str) -> Result<Secret, Rejection> {
    let text = str::from_utf8(head).map_err(|_| Rejection::Malformed)?;
    let (text, _body) = text.split_once("\r\n\r\n").ok_or(Rejection::Malformed)?;
    let mut lines = text.split("\r\n");
    let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let &[method, target, "HTTP/1.1" | "HTTP/1.0"] = first.as_slice() else {
        return Err(Rejection::Malformed);
    };
    let mut hosts = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Rejection::Malformed)?;
        if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic()) {
            return Err(Rejection::Malformed);
        }
        if name.eq_ignore_ascii_case("host") {
            hosts.push(value.trim_matches([' ', '\t']));
        }
    }
    match hosts.as_slice() {
        [found] if found.eq_ignore_ascii_case(host) => {}
        [_] => return Err(Rejection::OtherHost),
        _ => return Err(Rejection::Malformed),
    }
    let (found, query) = target.split_once('?').unwrap_or((target, ""));
    if found != path {
        return Err(Rejection::NotFound);
    }
    if method != "GET" {
        return Err(Rejection::MethodNotAllowed);
    }
    Ok(Secret::verbatim(query.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1:4711";

    fn query(head: &str) -> Result<String, Rejection> {
        let found = query_of(head.as_bytes(), HOST, "/callback");
        found.map(|query| query.expose().to_owned())
    }

    #[test]
    fn only_a_get_of_the_path_at_the_own_host_has_a_query() {
        let request =
            |line: &str, host: &str| format!("{line}\r\nAccept: */*\r\nHost: {host}\r\n\r\n");
        let usual = "GET /callback?code=a HTTP/1.1";
        for (head, expected) in [
            (request(usual, HOST), Ok("code=a")),
            (request("GET /callback HTTP/1.0", HOST), Ok("")),
            (
                request("GET /callback? HTTP/1.1", "  127.0.0.1:4711 "),
                Ok(""),
            ),
            (request("GET /callback?a?b#c HTTP/1.1", HOST), Ok("a?b#c")),
            (request("GET / HTTP/1.1", HOST), Err(Rejection::NotFound)),
            (
                request("GET /callback/?code=a HTTP/1.1", HOST),
                Err(Rejection::NotFound),
            ),
            (
                request("GET /Callback?code=a HTTP/1.1", HOST),
                Err(Rejection::NotFound),
            ),
            (
                request("GET //evil.test/callback HTTP/1.1", HOST),
                Err(Rejection::NotFound),
            ),
            (
                request("GET http://127.0.0.1:4711/callback HTTP/1.1", HOST),
                Err(Rejection::NotFound),
            ),
            (
                request("POST /callback?code=a HTTP/1.1", HOST),
                Err(Rejection::MethodNotAllowed),
            ),
            (
                request("get /callback?code=a HTTP/1.1", HOST),
                Err(Rejection::MethodNotAllowed),
            ),
            (request(usual, "evil.test"), Err(Rejection::OtherHost)),
            (request(usual, "evil.test:4711"), Err(Rejection::OtherHost)),
            (request(usual, "127.0.0.1"), Err(Rejection::OtherHost)),
            (request(usual, "127.0.0.1:4712"), Err(Rejection::OtherHost)),
            (request(usual, "localhost:4711"), Err(Rejection::OtherHost)),
            (request(usual, ""), Err(Rejection::OtherHost)),
            (
                request("GET /callback HTTP/2", HOST),
                Err(Rejection::Malformed),
            ),
            (
                request("GET  /callback HTTP/1.1", HOST),
                Err(Rejection::Malformed),
            ),
            (request("GET /callback", HOST), Err(Rejection::Malformed)),
            (format!("{usual}\r\n\r\n"), Err(Rejection::Malformed)),
            (
                format!("{usual}\r\nHost: {HOST}\r\nHost: evil.test\r\n\r\n"),
                Err(Rejection::Malformed),
            ),
            (
                format!("{usual}\r\nHost : {HOST}\r\n\r\n"),
                Err(Rejection::Malformed),
            ),
            (
                format!("{usual}\r\nHost: {HOST}\r\n folded\r\n\r\n"),
                Err(Rejection::Malformed),
            ),
            ("\r\n\r\n".to_owned(), Err(Rejection::Malformed)),
        ] {
            assert_eq!(query(&head), expected.map(str::to_owned), "{head}");
        }
    }
}
