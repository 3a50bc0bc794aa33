//! Partial clones lack objects that their remote promises. An object that the remote does not promise is lost.

use std::collections::BTreeSet;
use std::io::BufRead as _;

use crate::actions::ScanError;
use crate::host::{GitError, GitInput, GitRepository};

/// Names the missing objects that no remote promises, as `missing TYPE NAME`.
const LIST_LOST: [&str; 4] = [
    "fsck",
    "--connectivity-only",
    "--no-dangling",
    "--no-progress",
];

/// Returns whether the repository is a partial clone, which may lack objects. They are not fetched.
pub(super) fn is_partial(repository: &GitRepository) -> bool {
    let promisors = r"^remote\..*\.promisor$";
    // Git exits with 1 without such a setting.
    let settings = repository.run(&["config", "--type=bool", "--get-regexp", promisors]);
    let settings = settings.unwrap_or_default();
    settings
        .split(|byte| *byte == b'\n')
        .any(|line| line.ends_with(b" true"))
}

/// Missing objects that no remote promises.
#[derive(Debug, Default)]
pub(super) struct LostObjects {
    pub names: BTreeSet<String>,
    /// Why git failed without naming an object.
    pub failure: Option<GitError>,
}

impl LostObjects {
    /// Finds the objects that branches, reflogs and the index need.
    pub(super) fn find(repository: &GitRepository) -> Result<Self, ScanError> {
        Self::find_from(repository, &[])
    }

    /// Finds the objects that the commits of a range need.
    pub(super) fn find_in_range(
        repository: &GitRepository,
        range: &str,
    ) -> Result<Self, ScanError> {
        let commits = match repository.run(&["rev-parse", "--revs-only", range, "--"]) {
            Ok(commits) => commits,
            Err(error) => {
                return Ok(Self {
                    failure: Some(error),
                    ..Self::default()
                });
            }
        };
        let commits = String::from_utf8_lossy(&commits).into_owned();
        let commits = commits.lines().map(|line| line.trim_start_matches('^'));
        Self::find_from(repository, &commits.collect::<Vec<_>>())
    }

    fn find_from(repository: &GitRepository, commits: &[&str]) -> Result<Self, ScanError> {
        let arguments = [&LIST_LOST, commits].concat();
        let mut output = repository.start(&arguments, GitInput::Nothing)?;
        let mut names = BTreeSet::new();
        for line in output.reader().split(b'\n') {
            let line = line.map_err(ScanError::Read)?;
            let line = String::from_utf8_lossy(&line);
            let words: Vec<&str> = line.split(' ').collect();
            if let ["missing", _, name] = words[..] {
                names.insert(name.to_owned());
            }
        }
        // Git fails if an object is missing.
        let failure = output.finish().err().filter(|_| names.is_empty());
        Ok(Self { names, failure })
    }
}
