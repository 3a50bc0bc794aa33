//! Answers from bytes, a transport that gives them, and what holds for everything that a person is told of them.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use brainmaps::http::{
    BODY_LIMIT, Client, HeaderMap, HeaderName, HeaderValue, HttpError, Request, Response,
    StatusCode, TimeoutPhase, Transport, WireLog,
};

/// Part of every secret that a target sends. Some seeds say it back.
pub(crate) const SENT: &str = "sent-c4n4ry-secret";

/// Between two answers in one input.
const BETWEEN: &[u8] = b"\n---\n";

/// A runtime whose time passes by itself.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap()
}

/// Gives the answers of an input in turn, the last one for ever.
pub(crate) struct Canned {
    responses: Mutex<VecDeque<Result<Response, ()>>>,
    received: Mutex<usize>,
}

impl Canned {
    /// Answers as they are written: the status, headers, an empty line, the body; without a status, a body that comes with
    /// 200. `!` alone is no answer at all.
    pub(crate) fn of(bytes: &[u8]) -> Arc<Self> {
        let mut responses = VecDeque::new();
        let mut rest = bytes;
        loop {
            let at = rest.windows(BETWEEN.len()).position(|it| it == BETWEEN);
            responses.push_back(response(&rest[..at.unwrap_or(rest.len())]));
            match at {
                Some(at) if responses.len() < 20 => rest = &rest[at + BETWEEN.len()..],
                _ => break,
            }
        }
        Arc::new(Self {
            responses: Mutex::new(responses),
            received: Mutex::default(),
        })
    }

    /// How many requests came.
    pub(crate) fn received(&self) -> usize {
        *self.received.lock().unwrap()
    }
}

fn response(bytes: &[u8]) -> Result<Response, ()> {
    if bytes == b"!" {
        return Err(());
    }
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let status = str::from_utf8(line)
        .ok()
        .and_then(|line| line.parse::<u16>().ok());
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let Some(status) = status else {
        return Ok(whole(StatusCode::OK, HeaderMap::new(), bytes));
    };
    let mut headers = HeaderMap::new();
    let mut rest = bytes.get(line.len() + 1..).unwrap_or_default();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            break;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.insert(name, value);
        }
    }
    Ok(whole(status, headers, rest))
}

fn whole(status: StatusCode, headers: HeaderMap, body: &[u8]) -> Response {
    let body = body[..body.len().min(BODY_LIMIT)].to_vec().into();
    Response {
        status,
        headers,
        body,
    }
}

#[async_trait]
impl Transport for Canned {
    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        *self.received.lock().unwrap() += 1;
        let mut responses = self.responses.lock().unwrap();
        let next = match responses.len() {
            0 | 1 => responses.front().cloned(),
            _ => responses.pop_front(),
        };
        next.and_then(Result::ok).ok_or(HttpError::Timeout {
            url: brainmaps::http::redact_url(request.url()),
            stage: TimeoutPhase::Waiting,
        })
    }
}

/// A client of these answers whose log is watched, too.
pub(crate) fn client(canned: &Arc<Canned>, judge: Judge) -> Client {
    Client::new(canned.clone(), WireLog::to(judge))
}

/// An error with everything behind it.
pub(crate) fn printed(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

/// Looks at what a person reads.
pub(crate) type Judge = fn(&str);

/// It steers no terminal, and it ends.
pub(crate) fn harmless(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.chars().count() < 4000, "{}", text.len());
}

/// It is harmless, and holds nothing that was sent in confidence.
pub(crate) fn confidential(text: &str) {
    harmless(text);
    assert!(!text.contains(SENT), "{text}");
}
