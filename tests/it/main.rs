//! All integration tests, in one binary.

#[test]
fn placeholder() {}
