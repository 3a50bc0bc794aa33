//! Faults on purpose: the sandbox as a server that answers slowly, wrongly or not at all, so that clients can be tested.
//!
//! Owns what a fault is and how it is written ([`Fault`]: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`), the plan of those in force
//! ([`Faults`]), the layer around every service that carries them out ([`layer`]), and the loopback endpoint that changes
//! the plan while it runs ([`control`]). No service knows of any of it. A kind of fault is one line in [`FAULT_KINDS`].

mod bomb;
mod canned;
mod clock;
mod connection;
mod control;
mod endpoint;
mod grammar;
mod kinds;
mod layer;
mod plan;
mod shape;

#[cfg(test)]
mod tests;

pub use endpoint::{NAMES as FAULT_ENDPOINTS, Name as FaultEndpoint};
pub use grammar::{Fault, FaultError};
pub use kinds::{KINDS as FAULT_KINDS, Kind as FaultKind};
pub use plan::Faults;

pub(super) use clock::skewed;
pub(super) use connection::{Breakable, Line};
pub(super) use layer::around;
