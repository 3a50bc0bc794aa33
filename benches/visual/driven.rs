//! The program on a pseudo-terminal: reads what it writes, with the time of each part.

use std::{
    io::{Read as _, Write as _},
    num::NonZeroU16,
    path::Path,
    process::Command,
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use vt100::Parser;

use super::pty::Pty;

/// Each picture ends with it: the end of a synchronized update.
const PICTURE_ENDS: &[u8] = b"\x1b[?2026l";

/// Longer than anything that works takes.
const LIMIT: Duration = Duration::from_mins(2);

pub(crate) const SMALL: (u16, u16) = (80, 24);
pub(crate) const LARGE: (u16, u16) = (120, 40);

/// A program that runs on a terminal of its own.
pub(crate) struct Driven {
    pty: Pty,
    output: Receiver<(Instant, Vec<u8>)>,
    began: Instant,
}

impl Driven {
    pub(crate) fn start(command: &Command) -> Result<Self> {
        let began = Instant::now();
        let pty = Pty::start(command, SMALL, |_| {})?;
        let (send, output) = channel();
        let mut source = pty.user.try_clone()?;
        thread::spawn(move || {
            let mut block = [0; 16 * 1024];
            while let Some(read) = source.read(&mut block).ok().filter(|read| *read > 0) {
                if send.send((Instant::now(), block[..read].to_vec())).is_err() {
                    return;
                }
            }
        });
        Ok(Self { pty, output, began })
    }

    /// From the start of the process to the end of its first picture.
    pub(crate) fn first_picture(&self) -> Result<Duration> {
        Ok(self.next_picture()?.duration_since(self.began))
    }

    /// When the next picture is there.
    fn next_picture(&self) -> Result<Instant> {
        let mut seen = Vec::new();
        loop {
            let (at, bytes) = self.output.recv_timeout(LIMIT).context("no picture")?;
            seen.extend(bytes);
            if seen.ends_with(PICTURE_ENDS) {
                return Ok(at);
            }
        }
    }

    /// How long it takes to answer `key` with a picture, `count` times one after the other.
    pub(crate) fn pictures(&mut self, key: &str, count: u32) -> Result<Duration> {
        let began = Instant::now();
        for _ in 0..count {
            self.pty.user.write_all(key.as_bytes())?;
            self.next_picture()?;
        }
        Ok(began.elapsed())
    }

    /// The same for windows of other sizes; the last one is large.
    pub(crate) fn windows(&mut self, count: u16) -> Result<Duration> {
        let began = Instant::now();
        for step in (0..count).rev() {
            let (columns, lines) = LARGE;
            self.pty.resize((columns + step, lines))?;
            self.next_picture()?;
        }
        Ok(began.elapsed())
    }

    /// Waits until the picture is as it should be.
    pub(crate) fn wait_for(&self, is_so: impl Fn(&str) -> bool) -> Result<()> {
        let size = |count| NonZeroU16::new(count).context("no size");
        let mut parser = Parser::new(size(SMALL.1)?, size(SMALL.0)?, 0);
        loop {
            let (_, bytes) = self.output.recv_timeout(LIMIT).context("no end")?;
            parser.process(&bytes);
            if is_so(&parser.screen().contents()) {
                return Ok(());
            }
        }
    }

    /// The most memory that it held at once so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<f64> {
        let status = format!("/proc/{}/status", self.pty.child.id());
        let status = std::fs::read_to_string(Path::new(&status))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = peak.context("no VmHWM")?.trim().trim_end_matches(" kB");
        Ok(kibibytes.parse::<f64>()? * 1024.0)
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn end(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.pty.child), Signal::TERM)?;
        let deadline = Instant::now() + LIMIT;
        while self.pty.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("it does not end");
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

/// From start to end.
pub(crate) fn whole(command: &Command) -> Result<Duration> {
    let began = Instant::now();
    let mut pty = Pty::start(command, SMALL, |_| {})?;
    pty.child.wait()?;
    Ok(began.elapsed())
}
