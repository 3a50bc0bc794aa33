//! `token scan`: the content of a file, and its name.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::LazyLock;

use brainmaps::domain::Secret;
use brainmaps::provider::Catalog;
use brainmaps::scan::{Finding, KnownKey, KnownKeys, Rules, StreamScanner, sarif_log};

const STORED: &str = "k7f3aZ81mQ0x-c4n4ry-Lw5T";

/// Made once: that takes longer than a search.
static RULES: LazyLock<Rules> = LazyLock::new(rules);

fn rules() -> Rules {
    let catalog = Catalog::new("/nonexistent".into());
    let ids = catalog.ids();
    let services = ids
        .iter()
        .map(|id| catalog.find(&id.parse().unwrap()).unwrap().descriptor);
    let services: Vec<_> = services.collect();
    let stored = KnownKey {
        provider: "brainmaps".parse().unwrap(),
        key: Secret::new(STORED),
    };
    let known = KnownKeys {
        stored: vec![stored],
        created_lengths: vec![40],
        find_created: Some(Box::new(|_| None)),
    };
    Rules::new(&services, Vec::new(), known).unwrap()
}

/// A stream whose reads return a few bytes each.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(3).min(self.0.len());
        let (now, later) = self.0.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}

fn scan_stream(rules: &Rules, mut bytes: impl Read) -> Vec<Finding> {
    let scanned = StreamScanner::new(rules).scan(&mut bytes).unwrap();
    scanned.findings
}

/// Findings have a place and a fingerprint, no report contains a key, and redacted text has none.
pub(crate) fn scan(bytes: &[u8]) {
    let rules = &*RULES;
    let found = scan_stream(rules, bytes);
    assert_eq!(found, scan_stream(rules, Slow(bytes)));
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    let log = sarif_log(&found, &[], "1").to_string();
    for finding in &found {
        let (key, place) = (finding.key.expose(), &finding.location);
        assert!(key.len() >= 12 && finding.fingerprint().len() == 16);
        assert!((1..=lines).contains(&place.line) && place.column > 0);
        let shown = finding.shown_prefix();
        assert!(shown.len() <= 4 && key.starts_with(shown));
        assert!(!log.contains(key), "{log}");
    }
    let redacted = rules.redact(&String::from_utf8_lossy(bytes));
    let left = scan_stream(rules, redacted.as_bytes());
    assert!(left.is_empty(), "{redacted}");
    for finding in rules.find_in_path(Path::new(OsStr::from_bytes(bytes))) {
        assert!(finding.location.is_name() && finding.location.file.is_some());
    }
}
