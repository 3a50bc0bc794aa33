//! Searches files, the index and the history of a repository, and stdin for keys.

mod history;
mod hook;
mod issuer;
mod known;
mod objects;
mod partial_clone;
mod profile;
mod revoke;
mod sign_out;
mod sources;
mod verify;

use std::io;
use std::path::{Path, PathBuf};

use crate::actions::token::inspect::load_descriptors;
use crate::actions::{ActionError, Context, ScanError};
use crate::domain::ProfileName;
use crate::files::{Requirements, open};
use crate::host::GitError;
use crate::scan::{Baseline, Finding, Rules, Tally};
use crate::vault::write_user_file;

pub use hook::{HookOutcome, install_hook, uninstall_hook};
pub use revoke::{
    FirstStep, PlannedRevocation, RevocationPlan, RevocationStep, Revoked, plan_revocation,
    revoke_keys,
};
pub use verify::{FoundKey, KeyState, KeyStates, find_sendable_keys, verify_keys};

const BASELINE_REQUIREMENTS: Requirements =
    Requirements::unchangeable_by_others(16 * 1024 * 1024).any_owner_for_root();

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanSource {
    Tree {
        /// The directory of the command if empty.
        paths: Vec<PathBuf>,
        no_ignore: bool,
        recurse_submodules: bool,
    },
    /// The files that the next commit changes.
    Staged,
    /// All objects, or those of a range of commits.
    History(Option<String>),
    Stdin,
}

#[derive(Debug, Default)]
pub struct ScanOptions {
    pub baseline: Option<PathBuf>,
    /// Whether the baseline is written, so that it need not exist.
    pub update_baseline: bool,
}

#[derive(Debug, Default)]
pub struct ScanReport {
    /// Without those that the baseline accepts.
    pub findings: Vec<Finding>,
    pub tally: Tally,
    /// Files and directories that git ignores.
    pub ignored: u64,
    pub baselined: u64,
    /// The findings that the baseline accepts.
    pub accepted: Vec<Finding>,
    /// The profiles whose credential is in the keyring, which is not read.
    pub keyring_profiles: Vec<ProfileName>,
    /// Whether the clone lacks the beginning of the history.
    pub shallow: bool,
    /// Whether the clone lacks objects, because it is a partial clone.
    pub partial: bool,
}

/// Searches `source`.
///
/// # Errors
/// [`ScanError`] if the source or the baseline cannot be read.
pub fn scan(
    context: &Context,
    source: &ScanSource,
    options: &ScanOptions,
) -> Result<ScanReport, ActionError> {
    let baseline = match &options.baseline {
        Some(path) => read_baseline(path, options.update_baseline)?,
        None => Baseline::default(),
    };
    let services = load_descriptors(context);
    let issuers = known::list_issuers(context);
    let known = known::load_known_keys(context, &services);
    let rules = Rules::new(&services, issuers, known).map_err(ScanError::Rules)?;
    let report = sources::scan(context, &rules, source);
    let mut report = report.map_err(|error| redact_error(&rules, error))?;
    report.keyring_profiles = known::list_keyring_profiles(context);
    redact_and_sort(&rules, &mut report);
    let findings = report.findings.into_iter();
    (report.accepted, report.findings) = findings.partition(|it| baseline.contains(it));
    report.baselined = report.accepted.len() as u64;
    Ok(report)
}

/// Removes keys from the paths, and sorts what was found and what could not be read.
fn redact_and_sort(rules: &Rules, report: &mut ScanReport) {
    rules.redact_paths(&mut report.findings);
    let unreadable = &mut report.tally.unreadable;
    for it in unreadable.iter_mut() {
        it.name = rules.redact(&it.name);
        it.reason = rules.redact(&it.reason);
    }
    // Paths may overlap, and several objects may need a missing one.
    unreadable.sort();
    unreadable.dedup();
    report.findings.sort_by(|a, b| {
        let by_content = |it: &Finding| (it.kind, it.fingerprint());
        a.location
            .cmp(&b.location)
            .then_with(|| by_content(a).cmp(&by_content(b)))
    });
    // Paths may overlap.
    report.findings.dedup();
}

/// Removes keys from the paths and arguments in a message.
fn redact_error(rules: &Rules, error: ScanError) -> ScanError {
    match error {
        ScanError::Read(error) => {
            let message = rules.redact(&error.to_string());
            ScanError::Read(io::Error::new(error.kind(), message))
        }
        ScanError::Path(error) => {
            let message = rules.redact(&error.to_string());
            ScanError::Path(io::Error::new(error.kind(), message))
        }
        ScanError::Range(range) => ScanError::Range(rules.redact(&range)),
        ScanError::Git(GitError::Failed { message }) => {
            let message = rules.redact(&message);
            ScanError::Git(GitError::Failed { message })
        }
        other => other,
    }
}

fn read_baseline(path: &Path, may_be_missing: bool) -> Result<Baseline, ScanError> {
    let file = open(path, &BASELINE_REQUIREMENTS).map_err(ScanError::Baseline)?;
    let Some(file) = file else {
        if may_be_missing {
            return Ok(Baseline::default());
        }
        let source = rustix::io::Errno::NOENT.into();
        let error = crate::files::FileError::io("read", path)(source);
        return Err(ScanError::Baseline(error));
    };
    let text = file.read_text().map_err(ScanError::Baseline)?;
    Baseline::parse(&text).map_err(|line| ScanError::MalformedBaseline {
        path: path.to_owned(),
        line,
    })
}

/// Writes a baseline that accepts all findings of `report`.
///
/// # Errors
/// If the file cannot be written: it is then unchanged.
pub fn write_baseline(path: &Path, report: &ScanReport) -> Result<(), ActionError> {
    let all: Vec<Finding> = report
        .findings
        .iter()
        .chain(&report.accepted)
        .cloned()
        .collect();
    let text = Baseline::format(&all);
    write_user_file(path, text.as_bytes()).map_err(|error| ScanError::WriteBaseline(error).into())
}
