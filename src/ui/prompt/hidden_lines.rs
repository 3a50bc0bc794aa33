//! Reads hidden lines while the program does something else.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use rustix::process::{Signal, getpgrp, getpid, kill_process};
use rustix::stdio::stdin;
use rustix::termios::tcgetpgrp;

use super::PromptError;
use super::key_reader::{KeyReader, StopReading};
use super::line_editor::{self, RawModeGuard};
use crate::domain::Secret;

/// Reads lines without echo until it is dropped, which restores the terminal.
pub struct HiddenLines {
    is_stopped: Arc<AtomicBool>,
    stop: Option<StopReading>,
    reader: Option<JoinHandle<()>>,
}

impl HiddenLines {
    /// Returns `false` in the background of a shell, where reading stops the program.
    pub fn can_start() -> bool {
        tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp())
    }

    /// Passes each line to `push`, until that returns `false`. Ctrl-C interrupts the program.
    ///
    /// # Errors
    /// If stdin is not a terminal.
    pub fn start(push: impl FnMut(Secret) -> bool + Send + 'static) -> io::Result<Self> {
        let (keys, stop) = KeyReader::start_stoppable()?;
        let mode = RawModeGuard::enter(false)?;
        let is_stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_stopped);
        let reader = thread::Builder::new().spawn(move || {
            if !read_lines(&keys, &mode, push) {
                return;
            }
            drop(mode);
            if !flag.load(Ordering::Acquire) {
                let _interrupted = kill_process(getpid(), Signal::INT);
            }
        })?;
        Ok(Self {
            is_stopped,
            stop: Some(stop),
            reader: Some(reader),
        })
    }
}

impl Drop for HiddenLines {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Release);
        drop(self.stop.take());
        if let Some(reader) = self.reader.take() {
            let _ended = reader.join();
        }
    }
}

/// Reads lines until the end of the input. Returns `true` after Ctrl-C, a signal or the end of [`HiddenLines`].
fn read_lines(keys: &KeyReader, mode: &RawModeGuard, mut push: impl FnMut(Secret) -> bool) -> bool {
    loop {
        let line = line_editor::read_line(|| keys.next(), |_| {}, |_| mode.suspend());
        match line {
            Ok(line) => {
                let secret = Secret::new(line.as_str());
                if !secret.is_empty() && !push(secret) {
                    return false;
                }
            }
            Err(PromptError::Interrupted) => return true,
            // Such input is not the response of a server.
            Err(PromptError::TooLong | PromptError::NotText) => {}
            Err(_) => return false,
        }
    }
}
