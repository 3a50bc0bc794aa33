//! The pre-commit hook, run by git.

use std::os::unix::fs::symlink;

use super::{Scene, bmc, git_in};
use crate::support::temp_dir::temp_dir;

/// Runs `git commit` with the program under its name in `PATH`, and returns whether it succeeded.
fn commit(scene: &Scene, arguments: &[&str]) -> bool {
    let bin = scene.home.path().join("bin");
    let link = bin.join("brainmaps");
    if !link.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_brainmaps"), link).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", bin.display());
    commit_with_path(scene, arguments, &path).0
}

/// Returns whether it succeeded, and its stderr.
fn commit_with_path(scene: &Scene, arguments: &[&str], path: &str) -> (bool, String) {
    let output = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "commit",
            "--quiet",
            "-m",
            "x",
        ])
        .args(arguments)
        .current_dir(scene.tree.path())
        .env_clear()
        .env("HOME", scene.home.path())
        .env("PATH", path)
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    scene.home.record().output("git commit", shown.clone());
    (output.status.success(), shown)
}

#[test]
fn the_hook_prints_the_fix_if_the_program_is_not_in_path() {
    let mut scene = Scene::repository();
    let installed = scene.scan(&["install-hook"]).expect(0);
    let warning = "warning: brainmaps is not in PATH";
    assert!(installed.stderr.contains(warning), "{installed}");
    scene.write("a.txt", "clean\n").git(&["add", "."]);
    let (is_done, shown) = commit_with_path(&scene, &[], "/usr/bin:/bin");
    assert!(!is_done, "{shown}");
    for part in ["brainmaps is not in PATH", "git commit --no-verify"] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(commit(&scene, &[]));
    let path = format!("{}:/usr/bin:/bin", scene.home.path().join("bin").display());
    scene.home.set("PATH", &path);
    let installed = scene.scan(&["install-hook"]).expect(0);
    assert!(!installed.stderr.contains(warning), "{installed}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_hook_stops_a_commit_with_a_key() {
    let scene = Scene::repository();
    scene.home.record().secret(&bmc(1));
    scene.scan(&["install-hook"]).expect(0);
    scene.write("a.txt", "clean\n");
    scene.git(&["add", "."]);
    assert!(commit(&scene, &[]));
    scene.write("a.txt", bmc(1));
    scene.git(&["add", "."]);
    assert!(!commit(&scene, &[]));
    // Git passes another index for the files that are named.
    scene.git(&["restore", "--staged", "--worktree", "a.txt"]);
    scene.write("a.txt", bmc(1));
    assert!(!commit(&scene, &["--all"]));
    assert!(!commit(&scene, &["--", "a.txt"]));
    scene.write("a.txt", "clean again\n");
    assert!(commit(&scene, &["--", "a.txt"]));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_hook_is_installed_where_git_runs_it() {
    let scene = Scene::repository();
    scene.write("a", "a").commit("one");
    let hook = |arguments: &[&str]| {
        scene
            .scan(&[arguments, &["--json"]].concat())
            .expect(0)
            .json()
    };
    let installed = hook(&["install-hook"]);
    assert_eq!(installed["changed"], true);
    assert!(
        installed["hook"]
            .as_str()
            .unwrap()
            .ends_with(".git/hooks/pre-commit"),
        "{installed}"
    );
    assert_eq!(hook(&["install-hook"])["changed"], false);
    assert_eq!(hook(&["uninstall-hook"])["changed"], true);
    assert_eq!(hook(&["uninstall-hook"])["changed"], false);
    // A work tree shares the hooks of its repository.
    let other = temp_dir();
    let path = other.path().join("w");
    scene.git(&[
        "worktree",
        "add",
        "--quiet",
        path.to_str().unwrap(),
        "-b",
        "w",
    ]);
    scene.scan_in(&path, &["install-hook"], "").expect(0);
    assert!(scene.path(".git/hooks/pre-commit").exists());
    scene.scan_in(&path, &["uninstall-hook"], "").expect(0);
    git_in(
        scene.tree.path(),
        scene.home.path(),
        &["config", "core.hooksPath", ".githooks"],
    );
    scene.scan(&["install-hook"]).expect(0);
    assert!(scene.path(".githooks/pre-commit").exists());
}

#[test]
fn another_hook_is_kept() {
    let scene = Scene::repository();
    let hook = ".git/hooks/pre-commit";
    scene.write(hook, "#!/bin/sh\nmake check\n");
    for command in ["install-hook", "uninstall-hook"] {
        let failed = scene.scan(&[command]).expect(2);
        assert!(failed.stderr.contains("token scan --staged"), "{failed}");
    }
    let text = std::fs::read_to_string(scene.path(hook)).unwrap();
    assert_eq!(text, "#!/bin/sh\nmake check\n");
}

#[test]
fn pipes_and_devices_in_place_of_the_hook_are_not_read() {
    let scene = Scene::repository();
    let hook = scene.path(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let make_pipe = || {
        let (kind, mode) = (
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
        );
        rustix::fs::mknodat(rustix::fs::CWD, &hook, kind, mode, 0).unwrap();
    };
    let make_link = || symlink("/dev/zero", &hook).unwrap();
    let make: [&dyn Fn(); 2] = [&make_pipe, &make_link];
    for make in make {
        make();
        for command in ["install-hook", "uninstall-hook"] {
            let failed = scene.scan(&[command, "--json"]).expect(1);
            assert_eq!(failed.error_code(), "STORAGE", "{failed}");
        }
        std::fs::remove_file(&hook).unwrap();
    }
}

#[test]
fn a_hooks_directory_outside_of_the_repository_is_not_created() {
    let scene = Scene::repository();
    let outside = temp_dir();
    symlink(outside.path(), scene.path("link")).unwrap();
    let absolute = outside.path().join("hooks");
    for path in [
        absolute.to_str().unwrap(),
        "link/hooks",
        "new/../../x/hooks",
    ] {
        scene.git(&["config", "core.hooksPath", path]);
        let failed = scene.scan(&["install-hook", "--json"]).expect(2);
        assert_eq!(failed.error_code(), "USAGE", "{failed}");
    }
    assert!(!absolute.exists() && !scene.path("new").exists());
    scene.git(&["config", "core.hooksPath", "link/hooks"]);
    std::fs::create_dir(&absolute).unwrap();
    scene.scan(&["install-hook"]).expect(0);
    assert!(absolute.join("pre-commit").exists());
}
