//! The completions in the repository are those that the program writes.

use std::{fs, process::Command};

use super::source::{expect_none, package};

/// Files that `brainmaps completions SHELL` writes, named as the shells want them.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "completions/brainmaps.bash"),
    ("zsh", "completions/_brainmaps"),
    ("fish", "completions/brainmaps.fish"),
    ("powershell", "completions/_brainmaps.ps1"),
    ("elvish", "completions/brainmaps.elv"),
];

#[test]
fn the_completions_are_what_the_program_writes() {
    let update = std::env::var_os("UPDATE_COMPLETIONS").is_some();
    let mut faults = Vec::new();
    for (shell, path) in COMPLETIONS {
        let written = Command::new(env!("CARGO_BIN_EXE_brainmaps"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(
            written.status.success(),
            "completions {shell}: {}",
            String::from_utf8_lossy(&written.stderr)
        );
        if update {
            fs::create_dir_all(package().join("completions")).unwrap();
            fs::write(package().join(path), &written.stdout).unwrap();
        } else if fs::read(package().join(path)).unwrap_or_default() != written.stdout {
            faults.push(format!("{path} is stale"));
        }
    }
    expect_none(
        &faults,
        "UPDATE_COMPLETIONS=1 cargo test --test it completions",
    );
}
