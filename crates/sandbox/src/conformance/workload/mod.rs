//! Token exchange: a workload signs in with a token of its platform (RFC 8693).

mod cases;
mod evaluate;
mod rules;
mod subject_token;

#[cfg(test)]
mod tests;

pub(super) use cases::CASES;
pub(super) use evaluate::case as evaluate;
pub(super) use rules::RULES;
pub(super) use subject_token::SubjectToken;
