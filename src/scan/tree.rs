//! Scans the files of a tree in parallel.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use rustix::fs::{Mode, OFlags};

use super::{Finding, Rules, StreamScanner, Tally};

/// More threads than this wait for the disk.
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
    pub tracked: Vec<PathBuf>,
}

#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    tally: Tally,
    files: BTreeSet<PathBuf>,
}

/// Scans everything below `paths`. Symbolic links are not followed, except for the paths themselves.
///
/// # Errors
/// If a path does not exist or cannot be read.
pub fn scan_tree(
    rules: &Rules,
    paths: &[PathBuf],
    options: &TreeOptions,
) -> io::Result<(Vec<Finding>, Tally)> {
    let mut named_files = Found::default();
    let mut directories = Vec::new();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|error| named(path, &error))?;
        if metadata.is_dir() {
            directories.push(path.clone());
        } else {
            let scanner = &mut StreamScanner::new(rules);
            scan_file(path, OFlags::empty(), scanner, &mut named_files);
        }
    }
    let found = Mutex::new(named_files);
    let skipped = Mutex::new(0_u64);
    if let Some(walk) = walk_builder(&directories, options) {
        walk.build_parallel().run(|| {
            let mut scanner = StreamScanner::new(rules);
            let (found, skipped) = (&found, &skipped);
            Box::new(move |entry| visit(entry, options, &mut scanner, found, skipped))
        });
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut scanner = StreamScanner::new(rules);
    for path in &options.tracked {
        if !found.files.contains(path) {
            scan_file(path, OFlags::NOFOLLOW, &mut scanner, &mut found);
        }
    }
    found.tally.submodules = skipped.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((found.findings, found.tally))
}

fn walk_builder(paths: &[PathBuf], options: &TreeOptions) -> Option<WalkBuilder> {
    let (first, rest) = paths.split_first()?;
    let mut walk = WalkBuilder::new(first);
    for path in rest {
        walk.add(path);
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Other ignore files than those of git could exclude files that git tracks.
    walk.standard_filters(false)
        .git_ignore(!options.no_ignore)
        .git_exclude(!options.no_ignore)
        .git_global(!options.no_ignore)
        .parents(!options.no_ignore)
        .follow_links(false)
        .threads(threads.min(MAX_THREADS));
    Some(walk)
}

fn visit(
    entry: Result<DirEntry, ignore::Error>,
    options: &TreeOptions,
    scanner: &mut StreamScanner<'_>,
    found: &Mutex<Found>,
    skipped: &Mutex<u64>,
) -> WalkState {
    let lock = || found.lock().unwrap_or_else(PoisonError::into_inner);
    let Ok(entry) = entry else {
        lock().tally.unreadable += 1;
        return WalkState::Continue;
    };
    let kind = entry.file_type();
    if kind.is_some_and(|kind| kind.is_dir()) {
        if options.submodules.contains(entry.path()) {
            *skipped.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            return WalkState::Skip;
        }
        let is_git = entry.depth() > 0 && entry.file_name() == ".git";
        return if is_git || is_own_data(entry.path(), options) {
            WalkState::Skip
        } else {
            WalkState::Continue
        };
    }
    if kind.is_some_and(|kind| kind.is_symlink()) {
        return WalkState::Continue;
    }
    let mut own = Found::default();
    scan_file(entry.path(), OFlags::NOFOLLOW, scanner, &mut own);
    let mut all = lock();
    all.findings.append(&mut own.findings);
    all.tally.add(&own.tally);
    if !options.tracked.is_empty() {
        all.files.append(&mut own.files);
    }
    WalkState::Continue
}

fn is_own_data(path: &Path, options: &TreeOptions) -> bool {
    let Some(own) = &options.own_data else {
        return false;
    };
    path.file_name() == own.file_name()
        && std::fs::canonicalize(path).is_ok_and(|path| path == *own)
}

fn scan_file(path: &Path, links: OFlags, scanner: &mut StreamScanner<'_>, found: &mut Found) {
    found.files.insert(path.to_owned());
    let result = match open(path, links) {
        Ok(Some(mut file)) => scanner.scan(&mut file),
        Ok(None) => {
            found.tally.special += 1;
            return;
        }
        Err(error) => Err(error),
    };
    let Ok(read) = result else {
        found.tally.unreadable += 1;
        return;
    };
    found.tally.add(&read.tally);
    let findings = read.findings.into_iter().map(|mut finding| {
        finding.place.file = Some(path.to_owned());
        finding
    });
    found.findings.extend(findings);
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

fn named(path: &Path, error: &io::Error) -> io::Error {
    let name = crate::domain::sanitize_line(&path.to_string_lossy());
    io::Error::new(error.kind(), format!("cannot read \"{name}\": {error}"))
}
