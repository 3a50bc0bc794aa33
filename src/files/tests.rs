//! Opening files of every type, owner, mode and size.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use tempfile::TempDir;

use super::*;

const SETTINGS: Requirements = Requirements::unchangeable_by_others(64);
const SECRET: Requirements = Requirements::private(64);
/// Neither root nor the user who runs the tests.
const OTHER_USER: u32 = 61_234;

fn file(home: &TempDir, name: &str, mode: u32) -> PathBuf {
    let path = home.path().join(name);
    let mut file = File::create_new(&path).unwrap();
    file.write_all(b"text").unwrap();
    file.set_permissions(Permissions::from_mode(mode)).unwrap();
    path
}

fn refused(path: &Path, requirements: &Requirements) -> FileError {
    open(path, requirements).unwrap_err()
}

#[test]
fn own_file_is_read_and_missing_file_is_none() {
    let home = tempfile::tempdir().unwrap();
    let path = file(&home, "a", 0o644);
    assert_eq!(
        open(&path, &SETTINGS)
            .unwrap()
            .unwrap()
            .read_text()
            .unwrap()
            .as_str(),
        "text"
    );
    assert!(open(&home.path().join("b"), &SETTINGS).unwrap().is_none());
    assert!(
        open(&path.join("below a file"), &SETTINGS)
            .unwrap()
            .is_none()
    );
}

#[test]
fn writable_file_and_readable_private_file_are_refused() {
    let home = tempfile::tempdir().unwrap();
    for mode in [0o620, 0o602, 0o666] {
        let path = file(&home, &format!("{mode:o}"), mode);
        let error = refused(&path, &SETTINGS);
        assert!(matches!(error, FileError::Permissive { .. }), "{error:?}");
        assert!(error.hint().unwrap().contains("chmod go-w"), "{error:?}");
    }
    let error = refused(&file(&home, "readable", 0o640), &SECRET);
    assert!(error.hint().unwrap().contains("chmod go= "), "{error:?}");
}

#[test]
fn pipe_directory_and_socket_are_refused_without_waiting() {
    let home = tempfile::tempdir().unwrap();
    let pipe = home.path().join("pipe");
    rustix::fs::mknodat(CWD, &pipe, rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
    let socket = home.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for path in [pipe.as_path(), &socket] {
        let error = refused(path, &SETTINGS);
        assert!(matches!(error, FileError::NotAFile { .. }), "{error:?}");
    }
    let error = refused(home.path(), &SETTINGS);
    assert!(matches!(error, FileError::IsADirectory { .. }), "{error:?}");
}

#[test]
fn own_link_to_own_file_is_followed_where_links_are_allowed() {
    let home = tempfile::tempdir().unwrap();
    file(&home, "target", 0o600);
    fs::create_dir(home.path().join("sub")).unwrap();
    symlink("../target", home.path().join("sub/second")).unwrap();
    let link = home.path().join("link");
    symlink("sub/second", &link).unwrap();
    assert_eq!(
        open(&link, &SETTINGS)
            .unwrap()
            .unwrap()
            .read_text()
            .unwrap()
            .as_str(),
        "text"
    );
    assert!(matches!(refused(&link, &SECRET), FileError::Symlink { .. }));
    let without = SETTINGS.without_links();
    assert!(matches!(
        refused(&link, &without),
        FileError::Symlink { .. }
    ));
}

#[test]
fn link_loop_and_dangling_link_are_errors() {
    let home = tempfile::tempdir().unwrap();
    let (first, second) = (home.path().join("1"), home.path().join("2"));
    symlink("2", &first).unwrap();
    symlink("1", &second).unwrap();
    let dangling = home.path().join("3");
    symlink("nowhere", &dangling).unwrap();
    for path in [first, dangling] {
        assert!(matches!(refused(&path, &SETTINGS), FileError::Io { .. }));
    }
}

#[test]
fn root_also_refuses_files_and_links_of_other_users() {
    if !geteuid().is_root() {
        let _ = writeln!(std::io::stderr(), "SKIPPED files of others: needs root");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (own, foreign) = (file(&home, "own", 0o600), file(&home, "foreign", 0o600));
    chown(&foreign, Some(OTHER_USER), None).unwrap();
    let link = |name: &str, target: &Path, owner: u32| {
        let link = home.path().join(name);
        symlink(target, &link).unwrap();
        lchown(&link, Some(owner), None).unwrap();
        refused(&link, &SETTINGS)
    };
    let error = refused(&foreign, &SETTINGS);
    assert!(matches!(
        error,
        FileError::ForeignOwner {
            owner: OTHER_USER,
            ..
        }
    ));
    for (name, target) in [("to-own", &own), ("to-foreign", &foreign)] {
        let error = link(name, target, OTHER_USER);
        assert!(matches!(
            error,
            FileError::ForeignLink {
                owner: OTHER_USER,
                ..
            }
        ));
    }
    assert!(link("own-to-foreign", &foreign, 0).is_foreign());
    let pipe = home.path().join("pipe");
    rustix::fs::mknodat(CWD, &pipe, rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
    chown(&pipe, Some(OTHER_USER), None).unwrap();
    assert!(refused(&pipe, &SETTINGS).is_foreign());
    let accepted = open(&foreign, &SETTINGS.any_owner_for_root());
    assert!(accepted.unwrap().is_some());
}

#[test]
fn file_above_the_limit_is_refused_even_if_it_grew_after_opening() {
    let home = tempfile::tempdir().unwrap();
    let path = file(&home, "a", 0o600);
    let opened = open(&path, &SETTINGS).unwrap().unwrap();
    let mut more = File::options().append(true).open(&path).unwrap();
    more.write_all(&[b'x'; 100]).unwrap();
    assert!(matches!(opened.read(), Err(FileError::TooLarge { .. })));
    assert!(matches!(
        refused(&path, &SETTINGS),
        FileError::TooLarge { limit: 64, .. }
    ));
}

#[test]
fn directory_is_used_through_its_descriptor_after_it_was_renamed() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data");
    fs::create_dir(&path).unwrap();
    let directory = Directory::open(&path).unwrap().unwrap();
    fs::rename(&path, home.path().join("moved")).unwrap();
    fs::create_dir(&path).unwrap();
    let created = directory.create_new("a.tmp").unwrap();
    directory.rename("a.tmp", "a").unwrap();
    assert!(directory.still_names("a", &created));
    assert_eq!(directory.names().unwrap(), ["a"]);
    assert!(names(&path).unwrap().is_empty());
    directory.remove("a").unwrap();
    assert!(!directory.still_names("a", &created));
}

#[test]
fn directory_that_is_a_file_or_a_link_is_refused() {
    let home = tempfile::tempdir().unwrap();
    file(&home, "file", 0o600);
    symlink(home.path(), home.path().join("link")).unwrap();
    let directory = Directory::open(home.path()).unwrap().unwrap();
    assert!(directory.search_directory("none").unwrap().is_none());
    assert!(matches!(
        directory.search_directory("file"),
        Err(FileError::NotADirectory { .. })
    ));
    assert!(matches!(
        directory.search_directory("link"),
        Err(FileError::Symlink { .. })
    ));
}

#[test]
fn parent_is_reached_through_the_descriptor_and_ends_at_the_root() {
    let home = tempfile::tempdir().unwrap();
    let below = home.path().join("a");
    fs::create_dir(&below).unwrap();
    let mut directory = Directory::open_for_search(&below).unwrap().unwrap();
    let parent = directory.open_parent().unwrap().unwrap();
    assert_eq!(parent.path(), home.path());
    while let Some(parent) = directory.open_parent().unwrap() {
        directory = parent;
    }
    assert_eq!(directory.path(), Path::new("/"));
}

#[test]
fn directory_writable_by_others_is_refused_unless_sticky() {
    let home = tempfile::tempdir().unwrap();
    for (mode, is_refused) in [
        (0o755, false),
        (0o1777, false),
        (0o770, true),
        (0o757, true),
    ] {
        fs::set_permissions(home.path(), Permissions::from_mode(mode)).unwrap();
        let directory = Directory::open(home.path()).unwrap().unwrap();
        let checked = directory.check_unchangeable();
        assert_eq!(checked.is_err(), is_refused, "{mode:o}");
    }
}
