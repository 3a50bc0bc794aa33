//! All integration tests, in one binary: the house's own rules, the real program as a user runs it, and peers that
//! nobody here wrote.

#![expect(
    clippy::disallowed_methods,
    reason = "tests play the outside world: they set up files and read the environment of the test run"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a table of cases is one thing, however long"
)]

#[cfg(test)]
mod bad_input;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod conformance;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod demo;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod faults;
#[cfg(test)]
mod house_rules;
#[cfg(test)]
mod inspect;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod journeys;
#[cfg(test)]
mod origin;
#[cfg(test)]
mod own_service;
#[cfg(test)]
mod password;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod project;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_journey;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod services_journey;
#[cfg(test)]
mod support;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod transcripts;
