//! What no Rust program is quicker than.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

/// An empty program, built as this one is.
pub(crate) fn floor(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("floor");
    let mut command = Command::new("rustc");
    command
        .args([
            "--edition=2024",
            "--crate-name=floor",
            "-Copt-level=s",
            "-Cstrip=symbols",
            "-o",
        ])
        .arg(&path)
        .arg("-");
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start rustc")?;
    child
        .stdin
        .take()
        .context("no stdin")?
        .write_all(b"fn main() {}")?;
    ensure!(child.wait()?.success(), "rustc failed");
    Ok(path)
}
