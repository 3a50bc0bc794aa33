//! Files of git that are pipes or devices, which nothing can read to the end.

use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode};

use super::{Scene, bmc};

fn make_pipe(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    rustix::fs::mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

/// A repository that tracks one file, and has an ignored and an untracked one.
fn repository() -> Scene {
    let scene = Scene::repository();
    scene.write("src/tracked.txt", bmc(1)).commit("a");
    scene.write(".gitignore", "*.log\n");
    scene
        .write("other.log", bmc(2))
        .write("sub/deep/new.txt", bmc(3));
    scene
}

#[test]
fn scan_does_not_wait_for_a_file_of_git_that_is_a_pipe() {
    for name in [
        ".gitignore",
        "src/.gitignore",
        "sub/.gitignore",
        "sub/deep/.gitignore",
        ".git/info/exclude",
        ".git/HEAD",
        ".git/config",
        ".git/index",
    ] {
        let scene = repository();
        let path = scene.path(name);
        let _ = std::fs::remove_file(&path);
        make_pipe(&path);
        let document = scene.document(&[]);
        let findings = document["findings"].as_array().unwrap();
        // Without its rules, no file is left out.
        assert_eq!(findings.len(), 3, "{name}");
        assert_eq!(document["ignored"], 0, "{name}");
        assert_eq!(document["special"], u64::from(!name.starts_with(".git/")));
    }
}

#[test]
fn scan_of_a_directory_does_not_wait_for_a_pipe_above() {
    let scene = repository();
    std::fs::remove_file(scene.path(".gitignore")).unwrap();
    make_pipe(&scene.path(".gitignore"));
    let places = scene.places(&["sub/deep"]);
    assert_eq!(places, ["sub/deep/new.txt:1:1"]);
}

#[test]
fn scan_does_not_wait_for_an_ignore_file_that_is_a_device() {
    let scene = repository();
    std::fs::remove_file(scene.path(".gitignore")).unwrap();
    symlink("/dev/zero", scene.path(".gitignore")).unwrap();
    assert_eq!(scene.findings(&[]).len(), 3);
}

#[test]
fn link_to_the_null_device_is_an_empty_ignore_file() {
    let scene = repository();
    symlink("/dev/null", scene.path("sub/.gitignore")).unwrap();
    assert_eq!(scene.document(&[])["ignored"], 1);
}

#[test]
fn scan_does_not_wait_for_the_ignore_file_of_the_user() {
    let scene = repository();
    make_pipe(&scene.home.path().join(".config/git/ignore"));
    assert_eq!(scene.findings(&[]).len(), 3);
}

#[test]
fn scan_does_not_wait_for_the_exclude_file_of_a_linked_work_tree() {
    let scene = repository();
    scene.git(&["worktree", "add", "--quiet", "linked"]);
    scene.write("linked/new.log", bmc(4));
    std::fs::remove_file(scene.path(".git/info/exclude")).unwrap();
    make_pipe(&scene.path(".git/info/exclude"));
    let places = scene.places(&["linked"]);
    assert_eq!(places, ["linked/new.log:1:1", "linked/src/tracked.txt:1:1"]);
}
