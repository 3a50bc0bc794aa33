//! The identity of a workload (a CI job, a pod), and its exchange for an access token (RFC 8693, RFC 7523 §2.1).
//!
//! The crate `ambient-id` finds the same tokens. It is not used: it has an HTTP client of its own, which supports neither this
//! program's proxy and authorities nor its guard of origins, and it reads the environment of the process itself.

pub(crate) mod exchange;
mod subject_token;

pub(crate) use subject_token::identity_source;
