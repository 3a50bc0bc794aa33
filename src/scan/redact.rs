//! Replaces keys in texts that are printed: the names of files, and messages that contain them.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use aho_corasick::AhoCorasick;

use super::alphabet::{is_base64, run_length};
use super::finding::{Encoding, Finding};
use super::rules::Rules;

const REDACTED: &str = "[redacted]";

impl Rules {
    /// Returns `text` without the keys in it.
    pub fn redact(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.redact_bytes(text.as_bytes())).into_owned()
    }

    /// Replaces keys in the paths of `findings`: those that the path announces, and those that were found in any file.
    pub fn redact_paths(&self, findings: &mut [Finding]) {
        let keys: BTreeSet<&str> = findings.iter().map(|it| it.key.expose()).collect();
        let found = AhoCorasick::new(&keys).ok();
        let count = keys.len();
        for finding in findings {
            let file = finding.location.file.take();
            finding.location.file = file.map(|file| {
                let name = self.redact_bytes(file.as_os_str().as_bytes());
                let name = match &found {
                    Some(found) => found.replace_all_bytes(&name, &vec![REDACTED; count]),
                    None => name,
                };
                PathBuf::from(OsString::from_vec(name))
            });
        }
    }

    fn redact_bytes(&self, text: &[u8]) -> Vec<u8> {
        let mut redacted = Vec::new();
        let mut done = 0;
        for (at, finding) in self.find_in(text) {
            let end = at + printed_length(&text[at..], &finding);
            if end > done {
                redacted.extend(&text[done..at.max(done)]);
                redacted.extend(REDACTED.as_bytes());
                done = end;
            }
        }
        redacted.extend(&text[done..]);
        redacted
    }
}

/// Returns how much of `text` is the key at its start, or the encoded text with it.
fn printed_length(text: &[u8], finding: &Finding) -> usize {
    let length = match finding.encoding {
        Encoding::Plain => finding.key.expose().len(),
        Encoding::Utf16 => finding.key.expose().len() * 2,
        Encoding::Base64 => run_length(text, is_base64),
    };
    length.min(text.len())
}
