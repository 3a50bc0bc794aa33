//! The house's own rules, each a test that says how to mend what it finds.

mod arrows;
#[cfg(all(feature = "sandbox", feature = "tui", feature = "keyring"))]
mod completions;
mod conformance;
mod documented;
mod documents;
mod shape;
mod source;
