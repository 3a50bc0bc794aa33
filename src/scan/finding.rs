//! What the scanner reports.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{ProviderId, Secret};

/// How much of the prefix of a key is shown.
const MAX_PREFIX: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Matches the documented key format of a service.
    ApiKey,
    /// A JWT of a known issuer.
    Jwt,
    /// Has no format, and is named as a key or known to this computer.
    Opaque,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Plain,
    Utf16,
    Base64,
}

/// Where a key is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// `None` for stdin, a commit message and an object without a name.
    pub file: Option<PathBuf>,
    /// From 1; 0 if the key is in the name of the file.
    pub line: u64,
    /// In characters, from 1; 0 if the key is in the name of the file.
    pub column: u64,
    /// The oldest commit with the key in this file.
    pub commit: Option<String>,
    /// The git object.
    pub object: Option<String>,
}

impl Location {
    /// Returns `true` if the key is in the name of the file, not in its content.
    pub fn is_name(&self) -> bool {
        self.line == 0
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub location: Location,
    pub kind: KeyKind,
    /// The services that the key may belong to. Several if they use the same header.
    pub providers: Vec<ProviderId>,
    pub encoding: Encoding,
    /// Whether this computer created or stored the key.
    pub known: bool,
    /// The issuer of a JWT, unverified.
    pub issuer: Option<String>,
    /// The expiry of a JWT, unverified.
    pub expires_at: Option<Timestamp>,
    /// How many bytes at the start of the key are the same in all keys of the service.
    pub prefix_length: usize,
    /// Never printed.
    pub key: Secret,
}

impl Finding {
    /// Returns a hash of the key. It depends on nothing else, so that it stays the same wherever the key is.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint(Secret::REPORT_FINGERPRINT)
    }

    /// Returns the start of the prefix that all keys of the service have.
    pub fn shown_prefix(&self) -> &str {
        let shown = self.prefix_length.min(MAX_PREFIX);
        self.key.expose().get(..shown).unwrap_or_default()
    }

    /// Returns the service; `None` if there are several.
    pub fn provider(&self) -> Option<&ProviderId> {
        match self.providers.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// A file, directory or git object that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unreadable {
    pub name: String,
    pub reason: String,
    #[serde(skip)]
    pub is_object: bool,
}

impl Unreadable {
    /// Describes anything but a git object.
    pub fn new(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            reason: reason.into(),
            is_object: false,
        }
    }

    /// Describes a git object.
    pub fn object(name: &str, reason: impl Into<String>) -> Self {
        Self {
            is_object: true,
            ..Self::new(format!("object {name}"), reason)
        }
    }

    /// Describes a failure that no file or object explains.
    pub fn repository(reason: impl Into<String>) -> Self {
        Self::new("the repository", reason)
    }

    /// Describes a git object that git calls missing, also if it is there and its beginning is damaged.
    pub fn missing_object(name: &str) -> Self {
        Self::object(name, "missing or damaged")
    }
}

/// What a scan read and left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Files, git objects, or stdin.
    pub scanned: u64,
    pub bytes: u64,
    /// Files, directories and git objects that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Devices, pipes and sockets.
    pub special: u64,
    /// Git LFS pointers, whose content is not in the repository.
    pub lfs_pointers: u64,
    /// Submodules and other repositories inside the tree.
    pub submodules: u64,
    /// Findings with a comment that allows them.
    pub allowed: u64,
    /// JWTs of other issuers, which are not reported.
    pub other_jwts: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.scanned += other.scanned;
        self.bytes += other.bytes;
        self.unreadable.extend_from_slice(&other.unreadable);
        self.special += other.special;
        self.lfs_pointers += other.lfs_pointers;
        self.submodules += other.submodules;
        self.allowed += other.allowed;
        self.other_jwts += other.other_jwts;
    }
}
