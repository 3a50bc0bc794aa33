//! All integration tests, in one binary: the house's own rules, the real program as a user runs it, and peers that
//! nobody here wrote.

#![expect(
    clippy::disallowed_methods,
    reason = "tests play the outside world: they set up files and read the environment of the test run"
)]

#[cfg(test)]
mod house_rules;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod support;
