//! All integration tests, in one binary: the house's own rules, the real program as a user runs it, and peers that
//! nobody here wrote.

mod house_rules;
mod support;
