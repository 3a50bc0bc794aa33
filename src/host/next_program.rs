//! Finds the program that this one hides, because a link to this one has the same name and precedes it in `PATH`.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::Environment;

/// The files that handed over the request already, so that two programs do not start each other forever: device and inode
/// numbers, separated by commas.
pub const PASSED_VARIABLE: &str = "BRAINMAPS_PASSED";

const EXECUTABLE: u32 = 0o111;

/// The next program with the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextProgram {
    pub path: PathBuf,
    /// The value of [`PASSED_VARIABLE`] for it.
    pub passed: String,
}

/// Returns the first program called `name` in the absolute directories of `PATH` that is neither this program, by whatever
/// link or hard link, nor one that handed over the request.
pub fn find_next_program(environment: &Environment, name: &str) -> Option<NextProgram> {
    let own = std::env::current_exe()
        .ok()
        .and_then(|path| identify(&path));
    let passed = environment.get(PASSED_VARIABLE).unwrap_or_default();
    let is_passed =
        |found: &str| Some(found) == own.as_deref() || passed.split(',').any(|it| it == found);
    let directories = environment.paths("PATH").into_iter();
    let directories = directories.filter(|directory| directory.is_absolute());
    let mut programs = directories.filter_map(|directory| {
        let path = directory.join(name);
        let identity = identify(&path)?;
        Some((path, identity))
    });
    let (path, identity) = programs.find(|(_, identity)| !is_passed(identity))?;
    let passed = if passed.is_empty() {
        identity
    } else {
        format!("{passed},{identity}")
    };
    Some(NextProgram { path, passed })
}

/// Returns device and inode number of a program; `None` if it cannot be started.
fn identify(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    let is_program = metadata.is_file() && metadata.permissions().mode() & EXECUTABLE != 0;
    is_program.then(|| format!("{}:{}", metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn own_links_and_programs_that_passed_the_request_are_skipped() {
        let top = tempfile::tempdir().unwrap();
        let path = |directory: &str| top.path().join(directory).join("keyring");
        for (directory, mode) in [
            ("link", None),
            ("hard", None),
            ("data", Some(0o644)),
            ("a", Some(0o755)),
            ("b", Some(0o755)),
        ] {
            fs::create_dir(top.path().join(directory)).unwrap();
            if let Some(mode) = mode {
                let file = fs::File::create_new(path(directory)).unwrap();
                file.set_permissions(fs::Permissions::from_mode(mode))
                    .unwrap();
            }
        }
        let own = std::env::current_exe().unwrap();
        symlink(&own, path("link")).unwrap();
        // Another file system has no hard links to this one.
        let _ = fs::hard_link(&own, path("hard"));
        let directories =
            ["link", "hard", "data", "missing", "a", "b"].map(|it| top.path().join(it));
        let search = std::env::join_paths(directories).unwrap();
        let find = |passed: &str| {
            let variables = [("PATH", search.clone()), (PASSED_VARIABLE, passed.into())];
            find_next_program(&Environment::from_vars(variables), "keyring")
        };
        let first = find("").unwrap();
        assert_eq!(first.path, path("a"));
        let second = find(&first.passed).unwrap();
        assert_eq!(second.path, path("b"));
        assert_eq!(find(&second.passed), None);
        let relative = Environment::from_vars([("PATH", ".")]);
        assert_eq!(find_next_program(&relative, "keyring"), None);
    }
}
