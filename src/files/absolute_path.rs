//! Absolute paths, as they are printed and stored.

use std::path::{Component, Path, PathBuf};

/// Returns the absolute path, with `..` resolved if the directory exists. A symbolic link at its end stays.
pub(crate) fn absolute_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if !absolute.components().any(|it| it == Component::ParentDir) {
        return absolute;
    }
    let Some((parent, name)) = absolute.parent().zip(absolute.file_name()) else {
        return absolute;
    };
    // Not by its text: the directory before `..` may be a symbolic link.
    let parent = parent.canonicalize();
    parent.map_or_else(|_| absolute.clone(), |parent| parent.join(name))
}

/// `-` is not a file: it is refused where files are opened.
pub(crate) fn absolute_unless_dash(path: &Path) -> PathBuf {
    if path == Path::new("-") {
        return path.to_owned();
    }
    absolute_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_directories_are_resolved_as_the_system_does() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::os::unix::fs::symlink(root.join("a/b"), root.join("link")).unwrap();
        for (path, expected) in [
            ("a/.env", "a/.env"),
            ("a/b/../.env", "a/.env"),
            ("link/../.env", "a/.env"),
            ("link/.env", "link/.env"),
            ("missing/../.env", "missing/../.env"),
        ] {
            assert_eq!(
                absolute_path(&root.join(path)),
                root.join(expected),
                "{path}"
            );
        }
    }
}
