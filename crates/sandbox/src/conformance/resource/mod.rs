//! Sign-in to a resource: its metadata (RFC 9728), dynamic registration (RFC 7591) and the `resource` parameter (RFC 8707).
//!
//! The client knows the resource only. The check plays the browser, as in the authorization code flow.

mod cases;
mod evaluate;
mod rules;

#[cfg(test)]
mod tests;

pub(super) use cases::CASES;
pub(super) use evaluate::case as evaluate;
pub(super) use rules::RULES;
