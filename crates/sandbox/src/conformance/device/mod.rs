//! The device flow (RFC 8628).

mod cases;
mod evaluate;
mod polling_rules;
mod request_rules;
mod rules;

#[cfg(test)]
mod tests;

pub(super) use cases::CASES;
pub(super) use evaluate::{across_cases, case as evaluate};
pub(super) use rules::RULES;
