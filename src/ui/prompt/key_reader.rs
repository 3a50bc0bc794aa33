//! Reads keys of the terminal one by one until a signal asks the program to stop.

use std::io::{self, PipeReader};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::stdio::stdin;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::host::shutdown_signal;

use super::PromptError;

/// Ends the waits of a [`KeyReader`] when it is dropped, as a signal does.
pub(super) struct StopReading {
    /// Dropped to end the listener thread.
    _listener: oneshot::Sender<()>,
}

/// Waits for keys and signals. Create it before the terminal is changed: from then on no signal ends the process with the
/// terminal in raw mode.
pub(super) struct KeyReader {
    /// Readable at its end after a signal.
    stop_signal: PipeReader,
    /// `None` if another part of the program has it.
    _stop: Option<StopReading>,
}

impl KeyReader {
    /// Signals have their own thread, because stdin cannot be awaited: other processes may share the terminal and rely on
    /// blocking reads.
    pub(super) fn start() -> io::Result<Self> {
        let (reader, stop) = Self::start_stoppable()?;
        Ok(Self {
            _stop: Some(stop),
            ..reader
        })
    }

    /// As [`KeyReader::start`]; the second value ends the waits.
    pub(super) fn start_stoppable() -> io::Result<(Self, StopReading)> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let inside = runtime.enter();
        let stop = shutdown_signal();
        drop(inside);
        let (stopped, open) = io::pipe()?;
        let (handle, ended) = oneshot::channel();
        thread::Builder::new().spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = stop => {}
                    _ = ended => {}
                }
            });
            drop(open);
        })?;
        let reader = Self {
            stop_signal: stopped,
            _stop: None,
        };
        Ok((reader, StopReading { _listener: handle }))
    }

    /// Returns the next byte, or `None` at the end of the input.
    pub(super) fn next(&self) -> Result<Option<u8>, PromptError> {
        let keyboard = stdin();
        let mut poll_fds = [
            PollFd::new(&self.stop_signal, PollFlags::IN),
            PollFd::new(&keyboard, PollFlags::IN),
        ];
        retry_on_intr(|| poll(&mut poll_fds, None)).map_err(io::Error::from)?;
        if !poll_fds[0].revents().is_empty() {
            return Err(PromptError::Interrupted);
        }
        let mut byte = [0];
        let read = retry_on_intr(|| rustix::io::read(stdin(), &mut byte));
        let read = read.map_err(io::Error::from)?;
        Ok((read > 0).then_some(byte[0]))
    }
}
