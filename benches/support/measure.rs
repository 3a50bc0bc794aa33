//! Runs programs and measures them from outside.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

const TIME: &str = "/usr/bin/time";

/// The standard input of a program that reads none.
pub(crate) const NO_INPUT: &str = "/dev/null";

/// A program with its arguments and its whole environment.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) directory: PathBuf,
    /// The file that is its standard input.
    pub(crate) input: PathBuf,
}

impl Case {
    fn command(&self, program: &Path) -> Result<Command> {
        let input =
            File::open(&self.input).with_context(|| format!("no input of {}", self.name))?;
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.directory)
            .stdin(input)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(command)
    }

    /// From the moment it is started until it has ended.
    pub(crate) fn once(&self) -> Result<Duration> {
        let mut command = self.command(&self.program)?;
        command.args(&self.arguments);
        let began = Instant::now();
        let status = command
            .status()
            .with_context(|| format!("cannot start {}", self.name))?;
        let took = began.elapsed();
        ensure!(status.success(), "{} ended with {status}", self.name);
        Ok(took)
    }
}

/// The median of each case. Each round runs every case once, so that a busy moment of the machine meets all of them.
pub(crate) fn interleaved(cases: &[Case], rounds: usize) -> Result<Vec<(&'static str, Duration)>> {
    let mut took = vec![Vec::with_capacity(rounds); cases.len()];
    for case in cases {
        case.once()?;
    }
    for _ in 0..rounds {
        for (case, times) in cases.iter().zip(&mut took) {
            times.push(case.once()?);
        }
    }
    Ok(cases
        .iter()
        .zip(took)
        .map(|(case, mut times)| {
            times.sort_unstable();
            (case.name, times[times.len() / 2])
        })
        .collect())
}

/// The median of five runs of [`peak_of_one_run`].
pub(crate) fn peak_memory(case: &Case) -> Result<Option<f64>> {
    let mut peaks = Vec::new();
    for _ in 0..5 {
        let Some(peak) = peak_of_one_run(case)? else {
            return Ok(None);
        };
        peaks.push(peak);
    }
    peaks.sort_unstable_by(f64::total_cmp);
    Ok(Some(peaks[2]))
}

/// The most memory that the case holds at once, in bytes; `None` without GNU time. It starts the program from a process
/// smaller than this one, whose own size the kernel would count.
pub(crate) fn peak_of_one_run(case: &Case) -> Result<Option<f64>> {
    if !Path::new(TIME).exists() {
        return Ok(None);
    }
    let report = tempfile::NamedTempFile::new()?;
    let mut command = case.command(Path::new(TIME))?;
    command
        .arg("--format=%M")
        .arg("--output")
        .arg(report.path())
        .arg(&case.program)
        .args(&case.arguments);
    ensure!(command.status()?.success(), "{} failed", case.name);
    let kibibytes: f64 = std::fs::read_to_string(report.path())?.trim().parse()?;
    Ok(Some(kibibytes * 1024.0))
}
