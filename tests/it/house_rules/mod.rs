//! The house's own rules, each a test that says how to mend what it finds.

mod arrows;
mod documented;
mod shape;
mod source;
