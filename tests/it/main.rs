//! All integration tests, in one binary.

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod journeys;
#[cfg(feature = "sandbox")]
mod sandbox;

#[test]
fn placeholder() {}
