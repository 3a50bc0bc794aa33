//! The hash that connects a line with the line before it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::EventRecord;

/// In place of the hash before the first line.
pub(super) const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ChainedRecord {
    #[serde(flatten)]
    pub(super) record: EventRecord,
    pub(super) prev: String,
}

/// Returns the hash of a line, without its line feed.
pub(super) fn hash(line: &[u8]) -> String {
    hex::encode(Sha256::digest(line))
}

/// Returns the last line of `text`, which may lack its line feed; `None` if there is none.
pub(super) fn last_line(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.rsplit(|byte| *byte == b'\n')
        .next()
        .filter(|line| !line.is_empty())
}
