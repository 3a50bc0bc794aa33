//! Finds keys in files, git objects and streams.
//!
//! Detectors are built from the descriptions of services and from the keys that this computer knows. This module reads
//! what it is given and returns findings. It does not start programs, use the network, revoke or print.

mod alphabet;
mod baseline;
mod context;
mod encoding;
mod finding;
mod git_batch;
mod git_files;
mod literals;
mod lookup;
mod placeholder;
mod redact;
mod rules;
mod runs;
mod sarif;
mod stream;
mod tree;

pub use baseline::Baseline;
pub use finding::{Encoding, Finding, KeyKind, Location, Tally, Unreadable};
pub(crate) use git_batch::path_of;
pub use git_batch::{Batch, first_appearances, read_batch};
pub use git_files::{has_endless_git_file, has_endless_git_file_above};
pub use rules::{FindCreated, KnownKey, KnownKeys, Rules};
pub use sarif::sarif_log;
pub use stream::{Scanned, StreamScanner};
pub use tree::{ScannedTree, TreeOptions, scan_tree};
