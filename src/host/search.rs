//! Finds the nearest file of a given name in a directory or its parents, as far as the user controls them.
//!
//! The search ends at the root of the enclosing git work tree, at the home directory, at a file system boundary, and
//! at the first directory of another user, who would otherwise decide which files exist. Each directory is used
//! through its descriptor.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::files::{Directory, FileError, Requirements, TrustedFile};

/// Where a search starts and ends, and what is called for each skipped file.
pub struct SearchScope<'a> {
    start: &'a Path,
    home: Option<&'a Path>,
    on_skip: Box<dyn Fn(&SkippedFile) + 'a>,
}

/// A file that is ignored because another user controls it or its directory.
#[derive(Debug)]
pub struct SkippedFile {
    pub path: PathBuf,
    pub reason: FileError,
}

impl fmt::Display for SkippedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.path.file_name().unwrap_or_default();
        write!(f, "ignoring {}: {}", name.to_string_lossy(), self.reason)
    }
}

impl<'a> SearchScope<'a> {
    /// Searches from `start` upward. Files in `home` are used only if `start` is `home`.
    pub fn new(start: &'a Path, home: Option<&'a Path>) -> Self {
        Self {
            start,
            home,
            on_skip: Box::new(|_| {}),
        }
    }

    /// Calls `report` for each file that is ignored because another user controls it.
    #[must_use]
    pub fn on_skip(mut self, report: impl Fn(&SkippedFile) + 'a) -> Self {
        self.on_skip = Box::new(report);
        self
    }

    /// Opens the nearest file called `name`. Skips files of other users.
    ///
    /// # Errors
    /// [`FileError`] if the nearest file belongs to the user or root and cannot be used.
    pub fn nearest(
        &self,
        name: &str,
        requirements: &Requirements,
    ) -> Result<Option<(PathBuf, TrustedFile)>, FileError> {
        self.search_upward(name, |directory| {
            match directory.open_file(name, requirements) {
                Ok(Some(file)) if file.hard_links() > 1 && directory.is_writable_by_others() => {
                    let path = directory.path().join(name);
                    Err(FileError::SharedHardLink { path })
                }
                Ok(file) => Ok(file.map(|file| (directory.path().join(name), file))),
                // The directory itself cannot be searched.
                Err(FileError::Io { .. }) if directory.owner_of(name).is_none() => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// Returns the path of the nearest file called `name` without opening it.
    pub fn nearest_path(&self, name: &str) -> Option<PathBuf> {
        let found = self.search_upward(name, |directory| {
            let owner = directory.owner_of(name);
            let is_own = owner.is_some_and(crate::files::is_trusted_owner);
            Ok(is_own.then(|| directory.path().join(name)))
        });
        found.ok().flatten()
    }

    fn search_upward<T>(
        &self,
        name: &str,
        visit: impl Fn(&Directory) -> Result<Option<T>, FileError>,
    ) -> Result<Option<T>, FileError> {
        // A directory that cannot be opened contains no usable file.
        let Ok(Some(mut directory)) = Directory::open_for_search(self.start) else {
            return Ok(None);
        };
        let home = self.home.and_then(|home| fs::metadata(home).ok());
        let is_home = |directory: &Directory| {
            let home = home.as_ref();
            home.is_some_and(|home| directory.is_same(home.dev(), home.ino()))
        };
        let device = directory.device();
        loop {
            if let Err(reason) = directory.check_owner() {
                if directory.owner_of(name).is_some() {
                    self.skip(&directory, name, reason);
                }
                return Ok(None);
            }
            match visit(&directory) {
                Ok(None) => {}
                Err(error) if error.is_foreign() => self.skip(&directory, name, error),
                found_or_failed => return found_or_failed,
            }
            if is_home(&directory) || directory.owner_of(".git").is_some() {
                return Ok(None);
            }
            directory = match directory.open_parent() {
                Ok(Some(parent)) if parent.device() == device && !is_home(&parent) => parent,
                _ => return Ok(None),
            };
        }
    }

    fn skip(&self, directory: &Directory, name: &str, reason: FileError) {
        let path = directory.path().join(name);
        (self.on_skip)(&SkippedFile { path, reason });
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const ANY: Requirements = Requirements::unchangeable_by_others(1024);

    fn create(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::File::create_new(path).unwrap();
        file.set_permissions(Permissions::from_mode(0o600)).unwrap();
        file.write_all(b"x").unwrap();
    }

    fn found(start: &Path, home: Option<&Path>) -> Option<PathBuf> {
        let nearest = SearchScope::new(start, home).nearest("f", &ANY).unwrap();
        let path = SearchScope::new(start, home).nearest_path("f");
        assert_eq!(path, nearest.as_ref().map(|(path, _)| path.clone()));
        path
    }

    #[test]
    fn search_returns_the_nearest_file_and_ends_at_the_work_tree_root() {
        let top = tempfile::tempdir().unwrap();
        let (tree, below) = (top.path().join("tree"), top.path().join("tree/a/b"));
        fs::create_dir_all(&below).unwrap();
        create(&top.path().join("f"));
        assert_eq!(found(&below, None), Some(top.path().join("f")));
        // In a linked worktree or a submodule, `.git` is a file.
        create(&tree.join(".git"));
        assert_eq!(found(&below, None), None);
        create(&tree.join("f"));
        assert_eq!(found(&below, None), Some(tree.join("f")));
        create(&below.join("f"));
        assert_eq!(found(&below, None), Some(below.join("f")));
    }

    #[test]
    fn files_in_the_home_directory_are_used_only_there() {
        let top = tempfile::tempdir().unwrap();
        let (home, below) = (top.path().join("home"), top.path().join("home/a"));
        fs::create_dir_all(&below).unwrap();
        create(&top.path().join("f"));
        assert_eq!(found(&below, Some(&home)), None);
        assert_eq!(found(&home, Some(&home)), None);
        create(&home.join("f"));
        assert_eq!(found(&below, Some(&home)), None);
        assert_eq!(found(&home, Some(&home)), Some(home.join("f")));
    }

    #[test]
    fn unusable_own_file_is_an_error() {
        let top = tempfile::tempdir().unwrap();
        let below = top.path().join("a");
        create(&top.path().join("f"));
        create(&below.join("f"));
        fs::set_permissions(below.join("f"), Permissions::from_mode(0o666)).unwrap();
        let scope = SearchScope::new(&below, None);
        let error = scope.nearest("f", &ANY).unwrap_err();
        assert!(matches!(error, FileError::Permissive { .. }), "{error:?}");
    }

    #[test]
    fn hard_link_in_a_shared_directory_is_skipped() {
        let top = tempfile::tempdir().unwrap();
        let shared = top.path().join("shared");
        create(&top.path().join("original"));
        fs::create_dir(&shared).unwrap();
        fs::hard_link(top.path().join("original"), shared.join("f")).unwrap();
        assert!(found(&shared, None).is_some());
        fs::set_permissions(&shared, Permissions::from_mode(0o1777)).unwrap();
        let skipped = std::cell::RefCell::new(Vec::new());
        let report = |it: &SkippedFile| skipped.borrow_mut().push(it.to_string());
        let scope = SearchScope::new(&shared, None).on_skip(report);
        assert!(scope.nearest("f", &ANY).unwrap().is_none());
        assert!(
            skipped.borrow()[0].starts_with("ignoring f: "),
            "{skipped:?}"
        );
    }
}
