//! The authorization code flow with a redirect to loopback (RFC 6749 §4.1, RFC 7636, RFC 8252).
//!
//! The check plays the browser too: it receives the authorization URL, requests it from the sandbox, and sends the response,
//! or a forged one, to the redirect URI.

mod cases;
mod evaluate;
mod http;
mod launcher;
mod rules;
mod visit;

#[cfg(test)]
mod tests;

pub(super) use cases::CASES;
pub(super) use evaluate::{across_cases, case as evaluate};
pub(super) use rules::RULES;
pub(super) use visit::Browser;

/// The `User-Agent` of the browser. Any other program at the authorization endpoint is the client.
const USER_AGENT: &str = "brainmaps-conformance-browser";

/// A code that the server did not issue.
const FORGED_CODE: &str = "forged-by-the-conformance-check";

/// A text of another server, which a client must not show.
const FORGED_TEXT: &str = "call 555 0100 now";
