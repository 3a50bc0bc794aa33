//! The keys that a project accepts: fingerprints and places, one on a line, sorted. The file contains no key.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::domain::{ProviderId, Secret, sanitize_line};

const HEADER: &str = "# Accepted findings of `token scan`: the fingerprint of the key, its kind, and a place where it was.";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    fingerprints: BTreeSet<String>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// The number of the first line that does not begin with a fingerprint.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut fingerprints = BTreeSet::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fingerprint = line.split_whitespace().next().unwrap_or_default();
            let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            if fingerprint.len() != Secret::REPORT_FINGERPRINT || !fingerprint.chars().all(is_hex) {
                return Err(number + 1);
            }
            fingerprints.insert(fingerprint.to_owned());
        }
        Ok(Self { fingerprints })
    }

    pub fn contains(&self, finding: &Finding) -> bool {
        self.fingerprints.contains(&finding.fingerprint())
    }

    /// Returns the text of a baseline that accepts `findings`.
    pub fn format(findings: &[Finding]) -> String {
        let mut lines = BTreeMap::new();
        for finding in findings {
            let file = finding.location.file.as_ref();
            let file = file.map_or_else(
                || "-".to_owned(),
                |file| sanitize_line(&file.to_string_lossy()),
            );
            let providers: Vec<&str> = finding.providers.iter().map(ProviderId::as_str).collect();
            let providers = providers.join(",");
            lines
                .entry(finding.fingerprint())
                .or_insert(format!("{providers} {file}"));
        }
        let lines = lines
            .into_iter()
            .map(|(fingerprint, rest)| format!("{fingerprint} {rest}\n"));
        format!("{HEADER}\n{}", lines.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_begin_with_a_fingerprint() {
        let text = "# comment\n\n0123456789abcdef acme a.txt\n";
        let baseline = Baseline::parse(text).unwrap();
        assert_eq!(baseline.fingerprints.len(), 1);
        for (text, line) in [("x", 1), ("# a\n0123 acme", 2), ("0123456789ABCDEF", 1)] {
            assert_eq!(Baseline::parse(text), Err(line), "{text}");
        }
    }
}
