//! Scans each source: files, stdin, and the index and the history of a repository, which git reads.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::history::{not_a_repository, scan_history};
use super::objects::{Objects, scan_objects};
use super::{ScanReport, ScanSource};
use crate::actions::{Context, ScanError};
use crate::host::GitRepository;
use crate::scan::{
    Batch, Finding, Rules, StreamScanner, Tally, TreeOptions, Unreadable, has_endless_git_file,
    has_endless_git_file_above, path_of, scan_tree,
};

/// The mode of a submodule in the index. It has no content of its own.
const SUBMODULE: &str = "160000";

pub(super) fn scan(
    context: &Context,
    rules: &Rules,
    source: &ScanSource,
) -> Result<ScanReport, ScanError> {
    match source {
        ScanSource::Tree {
            paths,
            no_ignore,
            recurse_submodules,
        } => scan_files(context, rules, paths, *no_ignore, *recurse_submodules),
        ScanSource::Staged => scan_staged(context, rules),
        ScanSource::History(range) => scan_history(context, rules, range.as_deref()),
        ScanSource::Stdin => scan_stdin(rules),
    }
}

fn scan_stdin(rules: &Rules) -> Result<ScanReport, ScanError> {
    let scanned = StreamScanner::new(rules).scan(&mut io::stdin().lock());
    let scanned = scanned.map_err(ScanError::Read)?;
    Ok(to_report(scanned.findings, scanned.tally))
}

fn to_report(findings: Vec<Finding>, tally: Tally) -> ScanReport {
    ScanReport {
        findings,
        tally,
        ..ScanReport::default()
    }
}

fn scan_files(
    context: &Context,
    rules: &Rules,
    paths: &[PathBuf],
    no_ignore: bool,
    recurse_submodules: bool,
) -> Result<ScanReport, ScanError> {
    let current_directory = [PathBuf::from(".")];
    let paths = if paths.is_empty() {
        &current_directory[..]
    } else {
        paths
    };
    let mut options = TreeOptions {
        no_ignore,
        own_data: std::fs::canonicalize(context.vault.directory()).ok(),
        ..TreeOptions::default()
    };
    let repositories = repositories_of(context, paths);
    for (path, repository) in &repositories {
        apply_git_rules(repository, path, recurse_submodules, &mut options);
    }
    let scanned = scan_tree(rules, paths, &options).map_err(ScanError::Path)?;
    let ignored = if scanned.has_ignored {
        repositories.iter().map(|(_, it)| count_ignored(it)).sum()
    } else {
        0
    };
    let findings = scanned.findings.into_iter();
    let findings = findings.map(without_current_directory).collect();
    Ok(ScanReport {
        ignored,
        ..to_report(findings, scanned.tally)
    })
}

/// Returns the directories in `paths` that are in a git repository.
fn repositories_of<'p>(context: &Context, paths: &'p [PathBuf]) -> Vec<(&'p Path, GitRepository)> {
    let directories = paths
        .iter()
        .filter(|path| path.is_dir() && !has_endless_git_file_above(path));
    let repositories = directories.filter_map(|path| {
        let repository = GitRepository::at(&context.environment, path).ok()?;
        Some((path.as_path(), repository))
    });
    repositories.collect()
}

/// Removes `./` from the beginning of the path.
fn without_current_directory(mut finding: Finding) -> Finding {
    let file = finding.location.file.take();
    finding.location.file =
        file.map(|file| file.strip_prefix(".").map(Path::to_owned).unwrap_or(file));
    finding
}

/// Adds to `options` the submodules and the tracked files below `path`. Outside of a repository, adds nothing, so that every
/// file is scanned.
fn apply_git_rules(
    repository: &GitRepository,
    path: &Path,
    recurse_submodules: bool,
    options: &mut TreeOptions,
) {
    let Ok(index) = repository.run(&["ls-files", "--stage", "-z"]) else {
        return;
    };
    if !recurse_submodules {
        let submodules = find_submodules(&index).map(|name| path.join(name));
        options.submodules.extend(submodules);
    }
    // Git reads the ignore files in all directories of tracked files, also if these directories are ignored.
    options.no_ignore |= index_directories(&index)
        .iter()
        .any(|name| has_endless_git_file(&path.join(name)));
    if options.no_ignore {
        return;
    }
    let ignored = ["--cached", "--ignored", "--exclude-standard"];
    let tracked = list_files(repository, &ignored);
    options
        .tracked
        .extend(tracked.iter().map(|name| path.join(name)));
}

/// Returns the directories of the files in the index.
fn index_directories(index: &[u8]) -> BTreeSet<PathBuf> {
    let mut directories = BTreeSet::new();
    for entry in split_fields(index).filter_map(parse_entry) {
        for directory in entry.path.ancestors().skip(1) {
            if !directories.insert(directory.to_owned()) {
                break;
            }
        }
    }
    directories
}

/// Returns how many files and directories git ignores. Git reads all ignore files.
fn count_ignored(repository: &GitRepository) -> u64 {
    let options = ["--others", "--directory", "--ignored", "--exclude-standard"];
    list_files(repository, &options).len() as u64
}

/// Returns the files that `git ls-files` lists; none if it fails.
fn list_files(repository: &GitRepository, options: &[&str]) -> Vec<PathBuf> {
    let arguments = [&["ls-files", "-z"], options].concat();
    let output = repository.run(&arguments).unwrap_or_default();
    let names = split_fields(&output).filter(|name| !name.is_empty());
    names.map(path_of).collect()
}

/// Returns the fields of `output`, which ends each with a zero byte. A field can be empty.
fn split_fields(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output
        .split_inclusive(|byte| *byte == 0)
        .map(|field| field.strip_suffix(&[0]).unwrap_or(field))
}

/// A file in the index of git.
struct IndexEntry {
    mode: String,
    object: String,
    path: PathBuf,
}

/// Reads an entry of `git ls-files --stage`: `MODE OBJECT STAGE<tab>PATH`.
fn parse_entry(field: &[u8]) -> Option<IndexEntry> {
    let tab = field.iter().position(|byte| *byte == b'\t')?;
    let head = String::from_utf8_lossy(&field[..tab]).into_owned();
    let mut words = head.split(' ');
    let (mode, object) = (words.next()?.to_owned(), words.next()?.to_owned());
    Some(IndexEntry {
        mode,
        object,
        path: path_of(&field[tab + 1..]),
    })
}

fn find_submodules(index: &[u8]) -> impl Iterator<Item = PathBuf> {
    let entries = split_fields(index).filter_map(parse_entry);
    entries
        .filter(|entry| entry.mode == SUBMODULE)
        .map(|entry| entry.path)
}

/// Scans the blobs of the index that differ from the last commit, not the files of the work tree.
fn scan_staged(context: &Context, rules: &Rules) -> Result<ScanReport, ScanError> {
    let repository = GitRepository::in_hook(&context.environment, &context.directory)?;
    repository
        .run(&["rev-parse", "--git-dir"])
        .map_err(not_a_repository(context))?;
    let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut submodules = 0;
    let mut findings_in_names = Vec::new();
    let changes = IndexChanges::read(&repository)?;
    for IndexEntry { mode, object, path } in changes.entries {
        findings_in_names.extend(rules.find_in_path(&path));
        if mode == SUBMODULE {
            submodules += 1;
        } else {
            files.entry(object).or_default().push(path);
        }
    }
    let objects = Objects::Named(files.keys().cloned().collect());
    let Batch {
        findings,
        mut tally,
        ..
    } = scan_objects(&repository, rules, &objects)?;
    tally.submodules = submodules;
    tally.unreadable.extend(changes.damaged);
    let findings = findings.into_iter().flat_map(|finding| {
        let object = finding.location.object.clone().unwrap_or_default();
        let files = files.get(&object).cloned().unwrap_or_default();
        files.into_iter().map(move |file| {
            let mut finding = finding.clone();
            finding.location.file = Some(file);
            finding
        })
    });
    findings_in_names.extend(findings);
    Ok(to_report(findings_in_names, tally))
}

/// The entries of the index that the last commit does not have.
#[derive(Default)]
struct IndexChanges {
    entries: Vec<IndexEntry>,
    damaged: Vec<Unreadable>,
}

impl IndexChanges {
    fn read(repository: &GitRepository) -> Result<Self, ScanError> {
        let head = repository.run(&["rev-parse", "--verify", "--quiet", "HEAD"]);
        // Before the first commit, the index is compared with the empty tree.
        let last = head.or_else(|_| repository.run(&["hash-object", "-t", "tree", "/dev/null"]))?;
        let last = String::from_utf8_lossy(&last);
        let options = "diff-index --cached --raw -z --no-renames --no-ext-diff \
                       --ignore-submodules=none --diff-filter=AMT";
        let arguments: Vec<&str> = options.split(' ').chain([last.trim(), "--"]).collect();
        let output = repository.run(&arguments)?;
        let fields: Vec<&[u8]> = split_fields(&output).collect();
        let mut changes = Self::default();
        for fields in fields.chunks(2) {
            match parse_change(fields) {
                Some(entry) => changes.entries.push(entry),
                None => changes.damaged.push(damaged_entry(fields)),
            }
        }
        Ok(changes)
    }
}

fn damaged_entry(fields: &[&[u8]]) -> Unreadable {
    let name = match fields.get(1) {
        Some(path) if !path.is_empty() => {
            format!("index entry {}", String::from_utf8_lossy(path))
        }
        _ => "index entry without a path".to_owned(),
    };
    Unreadable::new(name, "damaged")
}

/// Reads `:MODE MODE OBJECT OBJECT STATUS` and the path of a change; `None` if the entry of the index is damaged.
fn parse_change(fields: &[&[u8]]) -> Option<IndexEntry> {
    let [change, path] = fields else {
        return None;
    };
    let change = str::from_utf8(change).ok()?.strip_prefix(':')?;
    let words: Vec<&str> = change.split(' ').collect();
    let [_, mode, _, object, _] = words[..] else {
        return None;
    };
    // Also an entry of `git add --intent-to-add` has an object, the empty blob.
    let has_object = object.bytes().any(|byte| byte != b'0');
    (has_object && !path.is_empty()).then(|| IndexEntry {
        mode: mode.to_owned(),
        object: object.to_owned(),
        path: path_of(path),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn submodules_are_found_in_the_index() {
        let index = b"100644 aa 0\ta.txt\x00160000 bb 0\tlib/sub\0";
        let found: BTreeSet<PathBuf> = find_submodules(index).collect();
        assert_eq!(found, BTreeSet::from([PathBuf::from("lib/sub")]));
    }
}
