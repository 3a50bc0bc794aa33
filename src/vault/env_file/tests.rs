//! Env files on disk: what a write keeps, removes and refuses.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

use tempfile::TempDir;

use super::*;
use crate::files::fault_injection::{Syscall, fail_calls};

/// Neither root nor the user who runs the tests.
const OTHER_USER: u32 = 61_234;

fn file(home: &TempDir, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = home.path().join(name);
    let mut file = File::create_new(&path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.set_permissions(Permissions::from_mode(mode)).unwrap();
    path
}

fn names(home: &TempDir) -> Vec<String> {
    let names = crate::files::names(home.path()).unwrap().into_iter();
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

fn set(path: &Path, value: &str) -> Result<(), EnvFileError> {
    EnvFile::open(path)?.set("KEY", &Secret::new(value))
}

#[test]
fn new_file_is_private_and_existing_file_keeps_its_mode() {
    let home = tempfile::tempdir().unwrap();
    let new = home.path().join(".env");
    set(&new, "abc").unwrap();
    assert_eq!(fs::read(&new).unwrap(), b"KEY=abc\n");
    assert_eq!(new.metadata().unwrap().mode() & 0o7777, 0o600);
    let old = file(&home, "app.env", "A=1\n", 0o640);
    set(&old, "abc").unwrap();
    assert_eq!(fs::read(&old).unwrap(), b"A=1\nKEY=abc\n");
    assert_eq!(old.metadata().unwrap().mode() & 0o7777, 0o640);
    assert_eq!(names(&home), [".env", "app.env"]);
}

#[test]
fn root_keeps_owner_and_group_of_the_file() {
    if !geteuid().is_root() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED root_keeps_owner_and_group_of_the_file: needs root"
        );
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let path = file(&home, ".env", "A=1\n", 0o640);
    chown(&path, Some(OTHER_USER), Some(OTHER_USER + 1)).unwrap();
    set(&path, "abc").unwrap();
    let found = path.metadata().unwrap();
    assert_eq!((found.uid(), found.gid()), (OTHER_USER, OTHER_USER + 1));
    assert_eq!(found.mode() & 0o7777, 0o640);
}

#[test]
fn files_that_cannot_be_replaced_are_refused_when_they_are_opened() {
    let home = tempfile::tempdir().unwrap();
    let link = home.path().join("link");
    symlink("elsewhere", &link).unwrap();
    let hard = file(&home, "hard", "A=1\n", 0o600);
    fs::hard_link(&hard, home.path().join("harder")).unwrap();
    let open = file(&home, "open", "A=1\n", 0o666);
    for (path, says) in [
        (link, "symbolic link"),
        (hard, "2 hard links"),
        (open, "writable by other users"),
        (home.path().join("gone/.env"), "does not exist"),
        (home.path().to_owned(), "not a regular file"),
        (PathBuf::from("/"), "does not name a file"),
    ] {
        let error = EnvFile::open(&path).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(!home.path().join("elsewhere").exists());
}

#[test]
fn variable_changed_by_another_process_is_not_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let path = file(&home, ".env", "KEY=old\n", 0o600);
    let opened = EnvFile::open(&path).unwrap();
    let (old, new) = (Secret::new("old"), Secret::new("new"));
    set(&path, "theirs").unwrap();
    let expected = ExpectedValue {
        variable: "KEY",
        value: Some(&old),
    };
    let error = opened.set_all_if_unchanged(&[("KEY", &new)], expected);
    assert!(
        matches!(error, Err(EnvFileError::Changed { .. })),
        "{error:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), b"KEY=theirs\n");
    set(&path, "old").unwrap();
    opened
        .set_all_if_unchanged(&[("KEY", &new)], expected)
        .unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"KEY=new\n");
}

#[test]
fn only_own_temporary_files_are_removed() {
    let home = tempfile::tempdir().unwrap();
    let left = ".env.brainmaps-0123456789abcdef.env";
    let others = [
        ".app.env.backup.tmp",
        ".env.brainmaps-backup.env",
        "app.env.brainmaps-0123456789abcdef.env",
    ];
    for name in others.iter().chain(&[left]) {
        file(&home, name, "KEY=secret", 0o600);
    }
    symlink(
        "nowhere",
        home.path().join(".env.brainmaps-fedcba9876543210.env"),
    )
    .unwrap();
    EnvFile::open(&home.path().join(".env")).unwrap();
    let found = names(&home);
    assert!(!found.contains(&left.to_owned()), "{found:?}");
    assert_eq!(found.len(), others.len() + 1, "{found:?}");
}

#[test]
fn failed_write_leaves_the_file_unchanged_and_no_temporary_file() {
    let home = tempfile::tempdir().unwrap();
    let path = file(&home, ".env", "KEY=old\n", 0o600);
    let opened = EnvFile::open(&path).unwrap();
    for call in [
        Syscall::Open,
        Syscall::Write,
        Syscall::SetMode,
        Syscall::Sync,
        Syscall::Rename,
    ] {
        fail_calls(Some((call, rustix::io::Errno::NOSPC)));
        let error = opened.set("KEY", &Secret::new("new")).unwrap_err();
        fail_calls(None);
        let hint = error.hint().unwrap();
        assert!(
            hint.contains("a file on another file system") && !hint.contains("DATA_DIR"),
            "{hint}"
        );
        assert_eq!(fs::read(&path).unwrap(), b"KEY=old\n", "{call:?}");
        assert_eq!(names(&home), [".env"], "{call:?}");
    }
}

#[test]
fn lock_file_replaces_the_lock_on_the_directory() {
    let home = tempfile::tempdir().unwrap();
    let directory = Directory::open(home.path()).unwrap().unwrap();
    let lock = DirectoryLock::try_lock_file(&directory, ".lock")
        .unwrap()
        .unwrap();
    assert!(
        DirectoryLock::try_lock_file(&directory, ".lock")
            .unwrap()
            .is_none()
    );
    drop(lock);
    assert!(names(&home).is_empty());
    assert!(
        DirectoryLock::try_lock_file(&directory, ".lock")
            .unwrap()
            .is_some()
    );
}

#[test]
fn concurrent_writers_lose_no_change() {
    const WRITERS: usize = 4;
    const ROUNDS: usize = 20;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".env");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let path = &path;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let name = format!("KEY_{writer}_{round}");
                    let file = EnvFile::open(path).unwrap();
                    file.set(&name, &Secret::new("abc")).unwrap();
                }
            });
        }
    });
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), WRITERS * ROUNDS);
    assert_eq!(names(&home), [".env"]);
}
