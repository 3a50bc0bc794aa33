//! Finds files of git that are pipes or devices: reading one of them may never end.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use ignore::gitignore::gitconfig_excludes_path;

/// The longest path in a `.git` file that is followed.
const MAX_LINE: u64 = 4096;

/// The files of a repository that git reads to list files.
const REPOSITORY_FILES: [&str; 6] = [
    "HEAD",
    "commondir",
    "config",
    "index",
    "info/exclude",
    "packed-refs",
];

/// Returns true if `.gitignore` in `directory`, or a file of its repository, is a pipe or a device. Links are followed.
pub fn has_endless_git_file(directory: &Path) -> bool {
    is_endless(&directory.join(".gitignore"))
        || repositories(directory)
            .iter()
            .any(|it| is_endless_repository(it))
}

/// Returns true if a file of git that applies to all of `directory` is a pipe or a device: one of the user, of the directory or
/// of the directories above.
pub fn has_endless_git_file_above(directory: &Path) -> bool {
    let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    gitconfig_excludes_path().is_some_and(|path| is_endless(&path))
        || directory.ancestors().any(has_endless_git_file)
}

/// Returns the directories that may have the data of the work tree `directory`.
fn repositories(directory: &Path) -> Vec<PathBuf> {
    let git = directory.join(".git");
    match fs::metadata(&git) {
        Ok(metadata) if metadata.is_dir() => return vec![git],
        Ok(_) => {}
        Err(_) => return Vec::new(),
    }
    // The file of a linked work tree or of a submodule.
    let line = first_line(&git).unwrap_or_default();
    let Some(data) = line.strip_prefix("gitdir: ") else {
        return Vec::new();
    };
    // A relative path starts at the directory for git, and at the current directory for the crate `ignore`.
    vec![directory.join(data), PathBuf::from(data)]
}

fn is_endless_repository(data: &Path) -> bool {
    let has_endless = |data: &Path| REPOSITORY_FILES.iter().any(|it| is_endless(&data.join(it)));
    let common = first_line(&data.join("commondir")).map(|line| data.join(line));
    has_endless(data) || common.is_some_and(|common| has_endless(&common))
}

/// Returns the first line of a regular file.
fn first_line(path: &Path) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = Vec::new();
    let file = File::open(path).ok()?;
    file.take(MAX_LINE).read_to_end(&mut text).ok()?;
    let text = String::from_utf8(text).ok()?;
    text.lines().next().map(str::to_owned)
}

/// Returns true for a pipe or a device, except `/dev/null`, which is a usual link target of an ignore file.
fn is_endless(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else {
        return false;
    };
    let kind = metadata.file_type();
    let is_null = || fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == metadata.rdev());
    kind.is_fifo() || kind.is_block_device() || (kind.is_char_device() && !is_null())
}
