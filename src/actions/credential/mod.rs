//! Finds the credential for a request, refreshes it, and warns before it expires. Must not prompt or print.

pub(crate) mod account;
pub(crate) mod authorize;
pub(crate) mod client;
pub(crate) mod client_token;
pub(crate) mod environment_key;
mod environment_lookup;
pub(crate) mod expiry_warning;
pub(crate) mod explain;
pub(crate) mod file_choice;
pub(crate) mod fixed_credential;
pub(crate) mod granted_scopes;
pub(crate) mod handover;
pub(crate) mod key_check;
pub(crate) mod key_exchange;
pub(crate) mod lookup;
pub(crate) mod narrow;
pub(crate) mod precedence;
pub(crate) mod rate_limit;
mod record_use;
pub(crate) mod refresh;
pub(crate) mod refresh_response;
pub(crate) mod registered_client;
pub(crate) mod revoke_session;
pub(crate) mod select;
pub(crate) mod session_read;
pub(crate) mod session_server;
pub(crate) mod storage_location;
#[cfg(feature = "scan")]
mod stored_only;
pub(crate) mod stream;
pub(crate) mod unauthenticated;
pub(crate) mod unsaved_session;
pub(crate) mod unusable_key;
mod workload_source;
mod workload_token;
