//! Finds programs in `PATH`: this one, and the one that it hides because a link to this one has the same name and precedes it.

use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::Environment;

/// The files that handed over the request already, so that two programs do not start each other forever: device and inode
/// numbers, separated by commas.
pub const PASSED_VARIABLE: &str = "BRAINMAPS_PASSED";

const EXECUTABLE: u32 = 0o111;

const NAME: &str = "brainmaps";

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
    let passed = environment.get(PASSED_VARIABLE).unwrap_or_default();
    let is_passed = |found: &str| passed.split(',').any(|it| it == found);
    let mut others = find_others(environment, name);
    let (path, identity) = others.find(|(_, identity)| !is_passed(identity))?;
    let passed = if passed.is_empty() {
        identity
    } else {
        format!("{passed},{identity}")
    };
    Some(NextProgram { path, passed })
}

/// Returns the programs called `name` in the absolute directories of `PATH` that are not this program, each once.
pub fn find_other_programs(environment: &Environment, name: &str) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    find_others(environment, name)
        .filter_map(|(path, identity)| seen.insert(identity).then_some(path))
        .collect()
}

/// Returns the path by which `PATH` finds this program, for files that outlive its installation: an upgrade may replace the
/// target of a link. Returns the path of the program itself if `PATH` does not find it.
///
/// # Errors
/// If the path of the program is unknown.
pub fn find_own_program(environment: &Environment) -> io::Result<PathBuf> {
    let file = std::env::current_exe()?;
    let own = identify(&file);
    let mut found = programs_called(environment, NAME);
    let found = found.find(|(_, identity)| Some(identity) == own.as_ref());
    Ok(found.map_or(file, |(path, _)| path))
}

/// Returns the path and the identity of each program called `name` in `PATH` that is not this program.
fn find_others(environment: &Environment, name: &str) -> impl Iterator<Item = (PathBuf, String)> {
    let own = std::env::current_exe()
        .ok()
        .and_then(|path| identify(&path));
    programs_called(environment, name).filter(move |(_, identity)| Some(identity) != own.as_ref())
}

/// Returns the path and the identity of each program called `name` in `PATH`.
fn programs_called(
    environment: &Environment,
    name: &str,
) -> impl Iterator<Item = (PathBuf, String)> {
    let directories = environment.paths("PATH").into_iter();
    let programs = directories
        .filter(|directory| directory.is_absolute())
        .map(move |directory| directory.join(name));
    programs.filter_map(|path| identify(&path).map(|identity| (path, identity)))
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
        let mut twice = search.clone();
        twice.push(":");
        twice.push(&search);
        let twice = Environment::from_vars([("PATH", twice)]);
        let others = find_other_programs(&twice, "keyring");
        assert_eq!(others, [path("a"), path("b")]);
        let relative = Environment::from_vars([("PATH", ".")]);
        assert_eq!(find_next_program(&relative, "keyring"), None);
    }

    #[test]
    fn own_program_is_the_link_in_the_search_path_else_its_file() {
        let top = tempfile::tempdir().unwrap();
        let find = || {
            let directories = ["other", "bin"].map(|it| top.path().join(it));
            let search = std::env::join_paths(directories).unwrap();
            find_own_program(&Environment::from_vars([("PATH", search)])).unwrap()
        };
        let own = std::env::current_exe().unwrap();
        assert_eq!(find(), own);
        for (directory, target) in [("other", Path::new("/bin/sh")), ("bin", &own)] {
            let directory = top.path().join(directory);
            fs::create_dir(&directory).unwrap();
            symlink(target, directory.join(NAME)).unwrap();
        }
        assert_eq!(find(), top.path().join("bin").join(NAME));
    }
}
