//! The parts that all flows share: cases, the client's process, the recorded requests, and the results.

mod case;
mod client;
mod delivery;
mod evaluation;
pub(super) mod exit_status;
mod recorder;
mod report;
pub(super) mod request_rules;

pub(super) use case::{Case, ExpectedExit, case, must_fail};
pub(super) use client::{Client, ClientInput, OUTPUT_TIMEOUT, POLL_INTERVAL, collect_output};
pub use client::{ClientError, ClientUnderTest};
pub(super) use delivery::{Address, Delivery, Edit, Visit};
pub(super) use evaluation::{Evaluation, Observation, RESOURCE_METADATA};
pub(super) use recorder::{Exchange, Recorder};
pub(super) use report::{Finding, Rule};
pub use report::{Report, RuleResult, Verdict};
