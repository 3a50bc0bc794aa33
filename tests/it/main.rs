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
#[cfg(feature = "sandbox")]
mod attack;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod clock;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod conformance;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod contract;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod demo;
#[cfg(test)]
mod doctor;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod faults;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod flat_memory;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod house_rules;
#[cfg(test)]
mod inspect;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod journeys;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod killed_rotation;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod leaks;
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
mod proxy;
#[cfg(test)]
mod retry;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_journey;
#[cfg(test)]
mod support;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod survival;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod transcripts;
#[cfg(test)]
mod variable;
#[cfg(test)]
#[cfg(all(feature = "sandbox", feature = "tui"))]
mod visual;
