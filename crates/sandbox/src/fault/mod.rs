//! Fault injection: makes a served sandbox respond slowly, wrongly or not at all, to test clients.
//!
//! Contains the syntax of a fault ([`Fault`]: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`), the active faults ([`Faults`]), the
//! [`middleware`] that injects them around every service, and the loopback endpoint that changes them at run time
//! ([`control`]). Services must not depend on it. To add a kind of fault, add a line to [`FAULT_KINDS`].

mod clock;
mod connection;
mod control;
mod endpoint;
mod gzip;
mod kinds;
mod middleware;
mod mutate_request;
mod mutate_response;
mod parse;
mod plan;
mod synthetic_response;

#[cfg(test)]
mod tests;

pub use endpoint::{NAMES as FAULT_ENDPOINTS, NamedEndpoint as FaultEndpoint};
pub use kinds::{KINDS as FAULT_KINDS, Kind as FaultKind};
pub use parse::{Fault, FaultError};
pub use plan::Faults;

pub(super) use clock::with_clock_offset;
pub(super) use connection::{BreakableListener, ConnectionHandle};
pub(super) use middleware::Injector;
