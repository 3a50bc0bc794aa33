//! Scans git objects. Git stops at an object that it cannot read; the scan continues with the next one.

use std::io::{self, BufRead as _, Read};

use crate::actions::ScanError;
use crate::host::{GitError, GitInput, GitOutput, GitRepository};
use crate::scan::{Batch, Rules, StreamScanner, Unreadable, read_batch};

/// How often git is started again. If a pack cannot be read, git stops at each of its objects.
const MAX_RESTARTS: usize = 100;

/// Lists the names of objects without the paths, and those of missing objects as `?NAME`.
pub(super) const LIST_OBJECTS: [&str; 4] = [
    "rev-list",
    "--objects",
    "--no-object-names",
    "--missing=print",
];
const PRINT_NAMED: [&str; 3] = ["cat-file", "--buffer", "--batch"];

pub(super) enum Objects<'a> {
    /// Also those that no branch reaches any more; with the options of git that select them.
    All(&'static [&'static str]),
    Named(Vec<String>),
    /// Those that the commits of a range add.
    OfRange(&'a str),
}

impl Objects<'_> {
    /// Selects all objects. Git lists them in the same order, whatever it prints about each, so that a position in one output
    /// is valid in another.
    pub(super) fn all(repository: &GitRepository) -> Self {
        // The order of packs comes from their reverse indexes. Older versions of git hide objects if one is damaged.
        const IGNORES_REVERSE_INDEXES: (u32, u32) = (2, 41);
        Self::All(if repository.version() >= Some(IGNORES_REVERSE_INDEXES) {
            &["--batch-all-objects", "--unordered"]
        } else {
            &["--batch-all-objects"]
        })
    }

    fn print(&self, repository: &GitRepository) -> Result<GitOutput, GitError> {
        match self {
            Self::All(options) => {
                let arguments = [&PRINT_NAMED[..], options].concat();
                repository.start(&arguments, GitInput::Nothing)
            }
            Self::Named(names) => print_named(repository, names),
            Self::OfRange(range) => {
                let objects = list_range(repository, range)?;
                repository.start(&PRINT_NAMED, GitInput::Output(objects))
            }
        }
    }

    /// Returns the names of the objects in the order in which they are printed.
    fn list(&self, repository: &GitRepository) -> Result<Vec<String>, ScanError> {
        let mut output = match self {
            Self::Named(names) => return Ok(names.clone()),
            Self::All(options) => {
                let list = ["cat-file", "--batch-check=%(objectname)"];
                let arguments = [&list[..], options].concat();
                repository.start(&arguments, GitInput::Nothing)?
            }
            Self::OfRange(range) => list_range(repository, range)?,
        };
        let lines = output.reader().split(b'\n');
        let names = lines.map(|line| {
            let line = line.map_err(ScanError::Read)?;
            Ok(String::from_utf8_lossy(&line).into_owned())
        });
        names.collect()
    }
}

fn print_named(repository: &GitRepository, names: &[String]) -> Result<GitOutput, GitError> {
    let lines = names.iter().flat_map(|name| [name, "\n"]).collect();
    repository.start(&PRINT_NAMED, GitInput::Text(lines))
}

fn list_range(repository: &GitRepository, range: &str) -> Result<GitOutput, GitError> {
    let arguments = [&LIST_OBJECTS[..], &[range, "--"]].concat();
    repository.start(&arguments, GitInput::Nothing)
}

/// The result of one run of git, which may have stopped early.
struct Run {
    batch: Batch,
    failure: Option<GitError>,
}

impl Run {
    fn scan(mut output: GitOutput, rules: &Rules) -> Result<Self, ScanError> {
        let mut reader = output.reader();
        let batch = read_batch(&mut reader, &mut StreamScanner::new(rules));
        let batch = batch.map_err(ScanError::Read)?;
        drain(&mut reader);
        let failure = output.finish().err();
        let cut_off = || GitError::Failed {
            message: "the output is cut off".to_owned(),
        };
        let failure = failure.or_else(|| batch.is_cut_off.then(cut_off));
        Ok(Self { batch, failure })
    }
}

/// Reads the rest of git's output, because git fails if nothing reads it.
pub(super) fn drain(reader: &mut impl Read) {
    let _count = io::copy(reader, &mut io::sink());
}

/// Scans each object. Those that git cannot read are in the tally.
pub(super) fn scan_objects(
    repository: &GitRepository,
    rules: &Rules,
    objects: &Objects<'_>,
) -> Result<Batch, ScanError> {
    let Run { mut batch, failure } = Run::scan(objects.print(repository)?, rules)?;
    let Some(mut error) = failure else {
        return Ok(batch);
    };
    let names = objects.list(repository)?;
    for _ in 0..MAX_RESTARTS {
        let Some(name) = names.get(batch.entries) else {
            break;
        };
        let name = name.trim_start_matches('?');
        let unreadable = Unreadable::object(name, error.to_string());
        batch.tally.unreadable.push(unreadable);
        batch.entries += 1;
        let rest = names.get(batch.entries..).unwrap_or_default();
        let next = Run::scan(print_named(repository, rest)?, rules)?;
        batch.append(next.batch);
        match next.failure {
            Some(failure) => error = failure,
            None => return Ok(batch),
        }
    }
    add_failure(&mut batch, names.len(), &error);
    Ok(batch)
}

/// Adds the last failure, if an object was not reached or no object explains it.
fn add_failure(batch: &mut Batch, count: usize, error: &GitError) {
    let remaining = count.saturating_sub(batch.entries);
    let unreadable = &mut batch.tally.unreadable;
    match remaining {
        0 if !unreadable.is_empty() => {}
        0 => unreadable.push(Unreadable::repository(error.to_string())),
        _ => unreadable.push(Unreadable::new(
            format!("{remaining} more objects"),
            error.to_string(),
        )),
    }
}
