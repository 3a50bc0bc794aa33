//! Runs a jq expression, which may never end, so that Ctrl-C ends the program.

use std::io;
use std::pin::pin;
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use zeroize::Zeroizing;

use super::{FilterError, JqFilter, OutputError, StreamStyle};
use crate::host::shutdown_signal;

/// Results are written when they have this size, in bytes. An expression that fails earlier has written nothing.
const PART_SIZE: usize = 64 * 1024;

/// The stack for the evaluation, in bytes; the main thread has 8 MiB.
pub(super) const STACK_SIZE: usize = 16 * 1024 * 1024;

/// Where an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evaluation {
    /// In this process, which it may end.
    Here,
    /// In a process of its own, which takes longer to start: the document must not be lost.
    Elsewhere,
}

/// What writes the results.
pub(super) type Write<'a> = &'a mut (dyn FnMut(&str) -> Result<(), OutputError> + Send);

/// Some lines of the results.
type Part = Result<Zeroizing<String>, FilterError>;

impl JqFilter {
    /// Passes the results to `write`, in parts, until the expression ends or Ctrl-C arrives. May be called in a runtime.
    pub(super) fn run(
        &self,
        document: &[u8],
        stream: &StreamStyle,
        evaluation: Evaluation,
        write: Write<'_>,
    ) -> Result<(), OutputError> {
        let (sender, parts) = channel(1);
        let evaluation = self.start(document, *stream, evaluation, sender)?;
        thread::scope(|scope| {
            // Another thread, because a runtime cannot be started in a runtime.
            let receive = || write_parts(parts, write);
            let receiver = thread::Builder::new().spawn_scoped(scope, receive);
            let receiver = receiver.map_err(|error| cannot_start(&error))?;
            receiver.join().unwrap_or_else(|_| Err(stopped().into()))
        })?;
        // The evaluation is complete here; after an error, it stays behind until the program ends.
        Ok(evaluation.join().map_err(|_| stopped())?)
    }

    /// Evaluates on a thread, which cannot be stopped.
    fn start(
        &self,
        document: &[u8],
        stream: StreamStyle,
        evaluation: Evaluation,
        sender: Sender<Part>,
    ) -> Result<JoinHandle<()>, FilterError> {
        let document = Zeroizing::new(document.to_vec());
        let filter = self.clone();
        let evaluate = move || {
            let mut part = Zeroizing::new(String::new());
            let push = |text: String| {
                part.push_str(&text);
                part.push('\n');
                if part.len() < PART_SIZE {
                    return true;
                }
                sender.blocking_send(Ok(std::mem::take(&mut part))).is_ok()
            };
            let ended = match evaluation {
                Evaluation::Here => filter.for_each_result(&document, &stream, push),
                Evaluation::Elsewhere => filter.for_each_result_elsewhere(&document, &stream, push),
            };
            // Fails if the receiver is closed.
            let _ = sender.blocking_send(ended.map(|()| part));
        };
        let thread = thread::Builder::new().stack_size(STACK_SIZE);
        thread.spawn(evaluate).map_err(|error| cannot_start(&error))
    }
}

fn write_parts(mut parts: Receiver<Part>, write: Write<'_>) -> Result<(), OutputError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let runtime = runtime.map_err(|error| cannot_start(&error))?;
    runtime.block_on(async {
        let mut interrupted = pin!(shutdown_signal());
        loop {
            tokio::select! {
                biased;
                () = &mut interrupted => return Err(FilterError::Interrupted.into()),
                part = parts.recv() => match part {
                    Some(part) => write(&part?)?,
                    None => return Ok(()),
                },
            }
        }
    })
}

fn cannot_start(error: &io::Error) -> FilterError {
    FilterError::Jq(format!("cannot start the evaluation: {error}"))
}

fn stopped() -> FilterError {
    FilterError::Jq("the evaluation stopped".to_owned())
}
