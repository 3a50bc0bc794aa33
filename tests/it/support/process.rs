//! Child processes with a time limit; they are killed at the end of the test.

use std::{
    io::{Read, Write},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
#[cfg(all(target_os = "linux", feature = "sandbox"))]
use rustix::process::{Resource, Rlimit, prlimit};

/// Longer than any successful wait, short enough to notice a hang.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// Waits until `condition` holds; fails with `what` after [`LIMIT`].
#[track_caller]
pub(crate) fn wait_until(what: &str, condition: impl FnMut() -> bool) {
    assert!(holds_within(LIMIT, condition), "timed out: {what}");
}

/// Returns whether `condition` holds within `limit`.
pub(crate) fn holds_within(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !condition() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(3));
    }
    true
}

/// The result of an exited program.
#[derive(Debug)]
pub(crate) struct ExitedProcess {
    /// The exit status; `None` after a signal.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A running program and its output so far.
pub(crate) struct RunningProcess {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Stream,
    stderr: Stream,
}

/// An output stream, filled by a thread.
struct Stream {
    text: Arc<(Mutex<String>, Condvar)>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn of(source: Option<impl Read + Send + 'static>) -> Self {
        let text = Arc::new((Mutex::new(String::new()), Condvar::new()));
        let reader = source.map(|source| {
            let text = Arc::clone(&text);
            thread::spawn(move || {
                let (mut source, mut block) = (source, [0; 4096]);
                while let Some(read) = source.read(&mut block).ok().filter(|read| *read > 0) {
                    text.0
                        .lock()
                        .unwrap()
                        .push_str(&String::from_utf8_lossy(&block[..read]));
                    text.1.notify_all();
                }
            })
        });
        Self { text, reader }
    }

    fn so_far(&self) -> String {
        self.text.0.lock().unwrap().clone()
    }

    fn wait_for<T>(&self, limit: Duration, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut text = self.text.0.lock().unwrap();
        loop {
            // Only complete lines count.
            let complete = text.rfind('\n').map_or("", |end| &text[..end]);
            if let Some(found) = complete.lines().find_map(&find) {
                return Some(found);
            }
            let remaining = deadline.checked_duration_since(Instant::now())?;
            text = self
                .text
                .1
                .wait_timeout(text, remaining.min(Duration::from_millis(200)))
                .unwrap()
                .0;
        }
    }

    fn finish(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.so_far()
    }
}

impl RunningProcess {
    /// Starts the program with `input` on its stdin, which is then closed.
    pub(crate) fn start(command: &mut Command, input: &str) -> Self {
        let mut running = Self::with_stdin(command);
        running.type_text(input);
        running.stdin = None;
        running
    }

    /// Starts the program; its stdin stays open.
    pub(crate) fn with_stdin(command: &mut Command) -> Self {
        let piped = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let (stdout, stderr) = (
            Stream::of(child.stdout.take()),
            Stream::of(child.stderr.take()),
        );
        Self {
            stdin: child.stdin.take(),
            child,
            stdout,
            stderr,
        }
    }

    /// Writes to its stdin. A failure is ignored, because the program may exit without reading.
    pub(crate) fn type_text(&mut self, text: &str) {
        let _ = self.stdin.as_mut().map(|stdin| {
            stdin
                .write_all(text.as_bytes())
                .and_then(|()| stdin.flush())
        });
    }

    /// Closes its stdin.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits until stdout contains `text`, also within a line.
    pub(crate) fn wait_for_text(&self, text: &str) {
        let has_text = holds_within(LIMIT, || self.stdout.so_far().contains(text));
        assert!(has_text, "no `{text}`: {}", self.so_far());
    }

    /// Waits for a line of stderr for which `find` returns a result, and returns it.
    pub(crate) fn wait_for_stderr_line<T>(&self, find: impl Fn(&str) -> Option<T>) -> T {
        self.stderr
            .wait_for(LIMIT, find)
            .unwrap_or_else(|| panic!("no matching line on stderr: {}", self.so_far()))
    }

    /// Waits for a line of either stream for which `find` returns a result, and returns it.
    pub(crate) fn wait_for_line<T>(&self, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + LIMIT;
        loop {
            let short = Duration::from_millis(30);
            if let Some(found) = self
                .stdout
                .wait_for(short, &find)
                .or_else(|| self.stderr.wait_for(short, &find))
            {
                return found;
            }
            assert!(
                Instant::now() < deadline,
                "no matching line: {}",
                self.so_far()
            );
        }
    }

    /// Returns the complete lines on stderr so far for which `matches` is true.
    #[cfg(feature = "sandbox")]
    pub(crate) fn stderr_lines(&self, matches: impl Fn(&str) -> bool) -> Vec<String> {
        let text = self.stderr.so_far();
        let lines = text.split_inclusive('\n').filter(|it| it.ends_with('\n'));
        let lines = lines.filter(|line| matches(line));
        lines.map(ToOwned::to_owned).collect()
    }

    /// Returns whether the program has exited.
    #[cfg(feature = "sandbox")]
    pub(crate) fn has_exited(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    fn so_far(&self) -> String {
        format!(
            "stdout: {}\nstderr: {}",
            self.stdout.so_far(),
            self.stderr.so_far()
        )
    }

    /// Returns the largest resident set so far, in KiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.unwrap().trim().trim_end_matches(" kB");
        peak.parse().unwrap()
    }

    /// Makes the system refuse to write larger files, as if the disk was full.
    #[cfg(all(target_os = "linux", feature = "sandbox"))]
    pub(crate) fn limit_file_size(&self, bytes: u64) {
        let limit = Rlimit {
            current: Some(bytes),
            maximum: None,
        };
        let pid = Some(Pid::from_child(&self.child));
        prlimit(pid, Resource::Fsize, limit).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Sends a signal that the program handles, and waits until its handler has run.
    #[cfg(target_os = "linux")]
    pub(crate) fn signal_and_wait(&self, signal: Signal) {
        self.signal(signal);
        let status = format!("/proc/{}/status", self.child.id());
        wait_until("the signal handler runs", || {
            let status = std::fs::read_to_string(&status).unwrap();
            let mut pending = status.lines().filter_map(|line| {
                let (name, mask) = line.split_once(':')?;
                matches!(name, "SigPnd" | "ShdPnd").then(|| mask.trim().to_owned())
            });
            pending.all(|mask| u64::from_str_radix(&mask, 16) == Ok(0))
        });
    }

    /// Waits for the exit, at most [`LIMIT`].
    pub(crate) fn wait(mut self) -> ExitedProcess {
        let Some(status) = self.exits_within(LIMIT) else {
            let so_far = self.so_far();
            self.kill();
            panic!("still running after {LIMIT:?}: {so_far}");
        };
        ExitedProcess {
            code: status.code(),
            stdout: self.stdout.finish(),
            stderr: self.stderr.finish(),
        }
    }

    fn exits_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let mut status = None;
        holds_within(limit, || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for RunningProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Copies the program under test to `to`, executable for all users.
///
/// Another process copies it: a program that a test thread starts meanwhile would inherit the open file of a copy by
/// this process, and a file that is open for writing cannot be executed.
#[cfg(feature = "sandbox")]
pub(crate) fn copy_program(to: &std::path::Path) {
    let built = env!("CARGO_BIN_EXE_brainmaps");
    let mut install = Command::new("install");
    let status = install.args(["-m", "755", built]).arg(to).status().unwrap();
    assert!(status.success(), "cannot copy to {}", to.display());
}
