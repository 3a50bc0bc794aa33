//! Simulated services for development, demonstrations and tests: real enforcement, invented data, no outside network.
//!
//! Implements the server side of the protocols: an OAuth server ([`oauth`]: RFC 6749, 7009, 7523, 7591, 7636, 7662, 8252, 8414,
//! 8628, 8693, 8707, 9126, 9207, 9728, `OpenID` Connect), the page where a person approves or denies a sign-in ([`page`]), each
//! service's own API (one folder each), the issuers of CI systems ([`ci`]), and the SQLite state that several processes may share
//! ([`state`]).
//!
//! It is written from the services' documentation and depends on no other crate of this project: a type or a
//! parser shared with the client would make both repeat the same misreading, and no test would notice.
//!
//! To add a service, add a folder and a line in `server/services.rs`. [`web`] handles what concerns every request.
//! [`fault`] injects faults into a served sandbox ([`serve()`]); the services are not aware of it.

#![warn(missing_docs)]

mod base;
mod basic_memory;
mod basira;
mod brainmaps;
mod brainpercent;
mod ci;
mod conformance;
mod fault;
mod neuroio;
mod oauth;
mod page;
mod server;
mod state;
mod web;

pub use base::{CANARY, CANARY_HEX, CANARY_ID_TOKEN, CANARY_JWT, Clock, SandboxError};
pub use basic_memory::CLIENT_ID as BASIC_MEMORY_CLIENT_ID;
pub use brainmaps::CLIENT_ID as BRAINMAPS_CLIENT_ID;
pub use ci::{CiClaim, CiEnvironment, CiSettings, CiSystem, SimulatedCi};
pub use conformance::{
    ClientError, ClientFlow, ClientUnderTest, HelperHost, HelperProtocol, HelperUnderTest, Report,
    RuleResult, Verdict, check_client, check_helper,
};
pub use fault::{
    FAULT_ENDPOINTS, FAULT_KINDS, Fault, FaultEndpoint, FaultError, FaultKind, Faults,
};
pub use oauth::{SERVICE_CLIENT_ID, SERVICE_CLIENT_SECRET, SIGNING_CLIENT_ID, parse_redirect_uri};
pub use server::serve;
pub use state::account::{DEMO_EMAIL, DEMO_PASSWORD, MANAGER_EMAIL, UNPAID_EMAIL};
pub use state::{Sandbox, Settings, State};
