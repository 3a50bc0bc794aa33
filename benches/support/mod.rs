//! What the benches share: programs measured from outside, servers in other processes, tables.

mod bench;
pub(crate) mod measure;
pub(crate) mod server;
pub(crate) mod table;

pub(crate) use bench::{MEBIBYTE, main, verdict};
