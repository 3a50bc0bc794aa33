//! Scans the files of a tree in parallel.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use rustix::fs::{Mode, OFlags};

use super::git_files::{has_endless_git_file, has_endless_git_file_above};
use super::{Finding, Rules, StreamScanner, Tally, Unreadable};
use crate::domain::sanitize_line;

/// More threads would only wait for the disk.
const MAX_THREADS: usize = 8;

#[derive(Debug, Default)]
pub struct TreeOptions {
    /// Scan the files that `.gitignore` excludes.
    pub no_ignore: bool,
    /// Submodules, which are not scanned.
    pub submodules: BTreeSet<PathBuf>,
    /// The directory of stored credentials, which is not scanned, as a canonical path.
    pub own_data: Option<PathBuf>,
    /// Files that are scanned although they are ignored, because git tracks them.
    pub tracked: BTreeSet<PathBuf>,
}

/// What one thread or all threads found.
#[derive(Default)]
struct TreeFindings {
    findings: Vec<Finding>,
    tally: Tally,
    /// The tracked files among the scanned ones.
    tracked: BTreeSet<PathBuf>,
}

impl TreeFindings {
    fn append(&mut self, other: &mut Self) {
        self.findings.append(&mut other.findings);
        self.tally.add(&other.tally);
        self.tracked.append(&mut other.tracked);
    }

    fn into_scanned_tree(self, has_ignored: bool) -> ScannedTree {
        ScannedTree {
            findings: self.findings,
            tally: self.tally,
            has_ignored,
        }
    }
}

/// The result of [`scan_tree`].
pub struct ScannedTree {
    pub findings: Vec<Finding>,
    pub tally: Tally,
    /// Whether files that `.gitignore` excludes were left out.
    pub has_ignored: bool,
}

/// Scans everything below `paths`. Symbolic links are not followed, except for the paths themselves. If a file of git is a pipe
/// or a device, no ignore file is read, and nothing is left out.
///
/// # Errors
/// If a path does not exist or cannot be read.
pub fn scan_tree(
    rules: &Rules,
    paths: &[PathBuf],
    options: &TreeOptions,
) -> io::Result<ScannedTree> {
    if !options.no_ignore && !paths.iter().any(|path| has_endless_git_file_above(path)) {
        let has_endless = Arc::new(AtomicBool::new(false));
        let found = scan_paths(rules, paths, options, Some(&has_endless))?;
        if !has_endless.load(Ordering::Relaxed) {
            return Ok(found.into_scanned_tree(true));
        }
    }
    let found = scan_paths(rules, paths, options, None)?;
    Ok(found.into_scanned_tree(false))
}

/// Scans all files if `has_endless` is `None`. Otherwise leaves out those that ignore files exclude, and stops and sets
/// `has_endless` at a file of git that is a pipe or a device.
fn scan_paths(
    rules: &Rules,
    paths: &[PathBuf],
    options: &TreeOptions,
    has_endless: Option<&Arc<AtomicBool>>,
) -> io::Result<TreeFindings> {
    let all = Mutex::new(TreeFindings::default());
    let mut worker = Worker::new(rules, options, &all);
    let mut directories = Vec::new();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|error| with_path(path, &error))?;
        // A path that the user named must not be skipped: the result would look clean.
        if metadata.is_dir() {
            open(path, OFlags::DIRECTORY).map_err(|error| with_path(path, &error))?;
            worker.scan_name(path);
            directories.push(path.clone());
        } else if !metadata.is_file() {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "not a file or directory");
            return Err(with_path(path, &error));
        } else {
            let scanned = worker.try_scan_file(path, OFlags::empty());
            scanned.map_err(|error| with_path(path, &error))?;
        }
    }
    drop(worker);
    if let Some(walk) = walk_builder(&directories, has_endless) {
        walk.build_parallel().run(|| {
            let mut worker = Worker::new(rules, options, &all);
            Box::new(move |entry| match has_endless {
                Some(has_endless) if has_endless.load(Ordering::Relaxed) => WalkState::Quit,
                _ => worker.visit(entry),
            })
        });
    }
    let visited = std::mem::take(&mut lock(&all).tracked);
    let mut worker = Worker::new(rules, options, &all);
    for path in options.tracked.difference(&visited) {
        worker.scan_file(path, OFlags::NOFOLLOW);
    }
    drop(worker);
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn lock(found: &Mutex<TreeFindings>) -> MutexGuard<'_, TreeFindings> {
    found.lock().unwrap_or_else(PoisonError::into_inner)
}

fn walk_builder(paths: &[PathBuf], has_endless: Option<&Arc<AtomicBool>>) -> Option<WalkBuilder> {
    let (first, rest) = paths.split_first()?;
    let mut walk = WalkBuilder::new(first);
    for path in rest {
        walk.add(path);
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Other ignore files than those of git could exclude files that git tracks.
    let can_ignore = has_endless.is_some();
    walk.standard_filters(false)
        .git_ignore(can_ignore)
        .git_exclude(can_ignore)
        .git_global(can_ignore)
        .parents(can_ignore)
        .follow_links(false)
        .threads(threads.min(MAX_THREADS));
    if let Some(has_endless) = has_endless.map(Arc::clone) {
        // Called before the ignore files of the directory are read.
        walk.filter_entry(move |entry| {
            let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_directory && has_endless_git_file(entry.path()) {
                has_endless.store(true, Ordering::Relaxed);
                return false;
            }
            true
        });
    }
    Some(walk)
}

/// Scans the files of one thread, and adds its findings to those of all threads at the end.
struct Worker<'a> {
    rules: &'a Rules,
    options: &'a TreeOptions,
    scanner: StreamScanner<'a>,
    found: TreeFindings,
    all: &'a Mutex<TreeFindings>,
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        lock(self.all).append(&mut self.found);
    }
}

impl<'a> Worker<'a> {
    fn new(rules: &'a Rules, options: &'a TreeOptions, all: &'a Mutex<TreeFindings>) -> Self {
        Self {
            rules,
            options,
            scanner: StreamScanner::new(rules),
            found: TreeFindings::default(),
            all,
        }
    }

    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.found.tally.unreadable.push(unreadable_entry(error));
                return WalkState::Continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_some_and(|kind| kind.is_dir()) {
            return self.visit_directory(&entry);
        }
        if kind.is_some_and(|kind| kind.is_symlink()) {
            self.scan_name(entry.path());
        } else {
            self.scan_file(entry.path(), OFlags::NOFOLLOW);
        }
        WalkState::Continue
    }

    fn visit_directory(&mut self, entry: &DirEntry) -> WalkState {
        if self.options.submodules.contains(entry.path()) {
            self.found.tally.submodules += 1;
            return WalkState::Skip;
        }
        let is_root = entry.depth() == 0;
        let is_git = !is_root && entry.file_name() == ".git";
        if is_git || is_own_data(entry.path(), self.options) {
            return WalkState::Skip;
        }
        if !is_root {
            self.scan_name(entry.path());
        }
        WalkState::Continue
    }

    fn scan_name(&mut self, path: &Path) {
        self.found.findings.extend(self.rules.find_in_name(path));
    }

    fn scan_file(&mut self, path: &Path, links: OFlags) {
        if let Err(error) = self.try_scan_file(path, links) {
            self.found
                .tally
                .unreadable
                .push(to_unreadable(path, &error));
        }
    }

    fn try_scan_file(&mut self, path: &Path, links: OFlags) -> io::Result<()> {
        self.scan_name(path);
        if self.options.tracked.contains(path) {
            self.found.tracked.insert(path.to_owned());
        }
        let Some(mut file) = open(path, links)? else {
            self.found.tally.special += 1;
            return Ok(());
        };
        let read = self.scanner.scan(&mut file)?;
        self.found.tally.add(&read.tally);
        let findings = read.findings.into_iter().map(|mut finding| {
            finding.location.file = Some(path.to_owned());
            finding
        });
        self.found.findings.extend(findings);
        Ok(())
    }
}

fn to_unreadable(path: &Path, error: &io::Error) -> Unreadable {
    let path = path.strip_prefix(".").unwrap_or(path);
    Unreadable::new(sanitize_line(&path.to_string_lossy()), error.to_string())
}

/// Returns what the walk could not read, which is a directory in most cases.
fn unreadable_entry(error: ignore::Error) -> Unreadable {
    match error {
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            unreadable_entry(*err)
        }
        ignore::Error::WithPath { path, err } => {
            let text = err.to_string();
            let error = err
                .into_io_error()
                .unwrap_or_else(|| io::Error::other(text));
            to_unreadable(&path, &error)
        }
        other => Unreadable::new("an entry of a directory", sanitize_line(&other.to_string())),
    }
}

fn is_own_data(path: &Path, options: &TreeOptions) -> bool {
    let Some(own) = &options.own_data else {
        return false;
    };
    path.file_name() == own.file_name()
        && std::fs::canonicalize(path).is_ok_and(|path| path == *own)
}

/// Opens a regular file; `None` for a pipe, a device or a socket, which could block.
fn open(path: &Path, links: OFlags) -> io::Result<Option<File>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY | links;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        // A socket, or a link that replaced the file.
        Err(rustix::io::Errno::NXIO | rustix::io::Errno::LOOP) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(file.metadata()?.is_file().then_some(file))
}

/// Names the path in the error, with an unchanged kind.
fn with_path(path: &Path, error: &io::Error) -> io::Error {
    let name = sanitize_line(&path.to_string_lossy());
    io::Error::new(error.kind(), format!("cannot read \"{name}\": {error}"))
}
