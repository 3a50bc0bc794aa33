//! Scans the history of a repository, and finds out what is missing in it.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use super::ScanReport;
use super::objects::{LIST_OBJECTS, Objects, drain, scan_objects};
use super::partial_clone::{LostObjects, is_partial};
use crate::actions::{Context, ScanError};
use crate::domain::sanitize_line;
use crate::host::{GitError, GitInput, GitRepository};
use crate::scan::{Finding, Rules, Tally, Unreadable, first_appearances};

pub(super) fn not_a_repository(context: &Context) -> impl Fn(GitError) -> ScanError {
    |error| match error {
        GitError::Failed { message } if message.contains("not a git repository") => {
            ScanError::NotARepository {
                directory: context.directory.clone(),
            }
        }
        other => other.into(),
    }
}

/// Scans all objects, or those of a range of commits.
pub(super) fn scan_history(
    context: &Context,
    rules: &Rules,
    range: Option<&str>,
) -> Result<ScanReport, ScanError> {
    let repository = GitRepository::at(&context.environment, &context.directory)?;
    let shallow = repository.run(&["rev-parse", "--is-shallow-repository"]);
    let shallow = shallow
        .map_err(not_a_repository(context))?
        .starts_with(b"true");
    let objects = match range {
        None => Objects::all(&repository),
        Some(range) => {
            check_range(&repository, range)?;
            Objects::OfRange(range)
        }
    };
    let batch = scan_objects(&repository, rules, &objects)?;
    let mut history = History {
        is_partial: is_partial(&repository),
        repository,
        tally: batch.tally,
        absent: batch.absent.into_iter().collect(),
        failure: None,
    };
    if range.is_none() || history.is_partial {
        history.find_absent()?;
    }
    history.report_lost(range)?;
    let partial = history.is_partial && !history.absent.is_empty();
    let findings = history.find_appearances(range, batch.findings)?;
    Ok(ScanReport {
        findings,
        tally: history.tally,
        shallow,
        partial,
        ..ScanReport::default()
    })
}

/// Fails for an option in place of a range, and for commits that do not exist.
fn check_range(repository: &GitRepository, range: &str) -> Result<(), ScanError> {
    let is_range = !range.starts_with('-')
        && (repository
            .run(&["rev-list", "--max-count=1", range, "--"])
            .is_ok()
            || has_names(repository, range));
    is_range
        .then_some(())
        .ok_or_else(|| ScanError::Range(sanitize_line(range)))
}

/// Returns whether `range` has only names of commits, which git can resolve if the commits are missing or damaged.
fn has_names(repository: &GitRepository, range: &str) -> bool {
    let Ok(resolved) = repository.run(&["rev-parse", range, "--"]) else {
        return false;
    };
    let resolved = String::from_utf8_lossy(&resolved);
    let commits = resolved.lines().filter(|line| *line != "--");
    let mut commits = commits.map(|line| line.trim_start_matches('^'));
    // Git resolves every text that is as long as the name of an object.
    commits.all(|commit| !range.contains(commit))
}

struct History {
    repository: GitRepository,
    is_partial: bool,
    tally: Tally,
    /// The objects that the history needs and the repository lacks.
    absent: BTreeSet<String>,
    /// Why git stopped before the end, if no unreadable object is known yet.
    failure: Option<GitError>,
}

impl History {
    /// Finds the objects that branches, reflogs and the index need and the repository lacks, which git lists as `?NAME`.
    fn find_absent(&mut self) -> Result<(), ScanError> {
        let refer = ["--all", "--reflog", "--indexed-objects"];
        let arguments = [&LIST_OBJECTS[..], &refer].concat();
        let mut output = self.repository.start(&arguments, GitInput::Nothing)?;
        for line in output.reader().split(b'\n') {
            let line = line.map_err(ScanError::Read)?;
            if let Some(object) = line.strip_prefix(b"?") {
                let object = String::from_utf8_lossy(object).into_owned();
                self.absent.insert(object);
            }
        }
        // Git stops at a damaged commit or tree.
        self.failure = output.finish().err();
        Ok(())
    }

    /// Adds the absent objects to the tally, in a partial clone only those that no remote promises.
    fn report_lost(&mut self, range: Option<&str>) -> Result<(), ScanError> {
        let lost = if self.is_partial {
            self.take_lost(range)?
        } else {
            self.absent.clone()
        };
        let missing = lost.iter().map(|it| Unreadable::missing_object(it));
        self.tally.unreadable.extend(missing);
        self.report_failure();
        Ok(())
    }

    /// Removes the objects that no remote promises from the absent objects.
    fn take_lost(&mut self, range: Option<&str>) -> Result<BTreeSet<String>, ScanError> {
        if self.absent.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut lost = LostObjects::find(&self.repository)?;
        if let Some(range) = range {
            let of_range = LostObjects::find_in_range(&self.repository, range)?;
            lost.names.extend(of_range.names);
            lost.failure = lost.failure.or(of_range.failure);
        }
        self.failure = self.failure.take().or(lost.failure);
        self.absent.retain(|object| !lost.names.contains(object));
        Ok(lost.names)
    }

    /// Adds the failure to the tally, unless an object explains it.
    fn report_failure(&mut self) {
        if let Some(error) = self.failure.take()
            && self.tally.unreadable.is_empty()
        {
            self.tally
                .unreadable
                .push(Unreadable::repository(error.to_string()));
        }
    }

    /// Sets the oldest commit and the file of each finding, as far as git can read the history.
    fn find_appearances(
        &mut self,
        range: Option<&str>,
        findings: Vec<Finding>,
    ) -> Result<Vec<Finding>, ScanError> {
        if findings.is_empty() {
            return Ok(findings);
        }
        // Commits of one second have no other order.
        let mut log = self.read_log(&["--topo-order"], range, findings.clone())?;
        if log.end.is_err() {
            // With an order, git prints nothing unless it can read all commits.
            log = self.read_log(&[], range, findings)?;
        }
        // In a partial clone, git stops at a tree that the clone lacks.
        if !self.is_partial || self.absent.is_empty() {
            self.failure = log.end.err();
            self.report_failure();
        }
        Ok(log.findings)
    }

    fn read_log(
        &self,
        order: &[&str],
        range: Option<&str>,
        findings: Vec<Finding>,
    ) -> Result<Log, ScanError> {
        let arguments = [&log_arguments(range), order, &["--"]].concat();
        let mut output = self.repository.start(&arguments, GitInput::Nothing)?;
        let mut reader = output.reader();
        let findings = first_appearances(&mut reader, findings).map_err(ScanError::Read)?;
        drain(&mut reader);
        let end = output.finish();
        Ok(Log { findings, end })
    }
}

/// What `git log` shows about findings until it ends.
struct Log {
    findings: Vec<Finding>,
    end: Result<(), GitError>,
}

/// Returns the arguments that list the files of each commit.
fn log_arguments(range: Option<&str>) -> Vec<&str> {
    let mut arguments = vec![
        "log",
        "--raw",
        "-z",
        // With `-m`, a setting chooses how merge commits are shown.
        "--diff-merges=separate",
        "--root",
        "--no-abbrev",
        "--no-renames",
        "--no-relative",
        "--ignore-submodules=none",
        "--encoding=UTF-8",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        "--no-mailmap",
        "--no-color",
        "--format=%H",
    ];
    match range {
        Some(range) => arguments.push(range),
        None => arguments.extend(["--all", "--reflog"]),
    }
    arguments
}
