//! Programs in other processes: this one, and servers that run beside the measurements.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};

/// The program itself, as it is released.
pub(crate) const BRAINMAPS: &str = env!("CARGO_BIN_EXE_brainmaps");

/// A server in another process, killed on drop.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server and waits until it prints its URL.
    pub(crate) fn start(mut command: Command, scheme: &str) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no stdout")?);
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            if let Some(at) = line.find(scheme) {
                let digits = |c: char| c.is_ascii_digit();
                let port: String = line[at + scheme.len()..]
                    .chars()
                    .take_while(|c| digits(*c))
                    .collect();
                // Whatever it prints later must not fill the pipe and stop it.
                thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
                return Ok(Self {
                    child,
                    url: format!("{scheme}{port}"),
                });
            }
            line.clear();
        }
        let _ = child.kill();
        bail!("{command:?} printed no URL");
    }
}

/// The program with an empty environment but for its home.
pub(crate) fn brainmaps(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(BRAINMAPS);
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .current_dir(home);
    command
}
