//! How the next access token of a session is obtained.

use super::{Scopes, WorkloadIdentity};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RefreshMethod {
    /// With the refresh token, if the session has one (RFC 6749 §6).
    #[default]
    RefreshToken,
    /// With the client's own secret or key, as often as needed (RFC 6749 §4.4).
    ClientCredentials {
        /// The scopes that each request names; the server may grant others.
        scopes: Scopes,
    },
    /// With a new token of the platform that the workload runs on (RFC 8693, RFC 7523 §2.1).
    Workload(WorkloadIdentity),
}
