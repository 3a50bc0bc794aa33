//! Handles signals that end or resume the process.

use std::io;

use futures_util::future::select_all;
use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Completes on SIGINT, SIGTERM or SIGHUP. The call disables their default action for the rest of the process, even
/// after the future is dropped, so every later wait must use this function too. Requires a runtime.
///
/// A signal that the caller ignores (`nohup`) stays ignored, also in a program that replaces this one.
pub fn shutdown_signal() -> impl Future<Output = ()> + Send {
    let listen = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    let [interrupted, terminated, hung_up] = listen.map(unless_ignored);
    async move {
        tokio::select! {
            () = received(interrupted) => {}
            () = received(terminated) => {}
            () = received(hung_up) => {}
        }
    }
}

/// Completes on a signal that would end the process silently (SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU), so that
/// the caller can clean up first. Requires a runtime.
pub fn fatal_signal() -> impl Future<Output = ()> + Send {
    let kinds = [
        SignalKind::quit(),
        SignalKind::alarm(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
        SignalKind::from_raw(Number::XCPU.as_raw()),
    ];
    let signals = kinds.map(|kind| Box::pin(received(signal(kind))));
    async move { drop(select_all(signals).await) }
}

/// Ignores SIGXFSZ, so that a write beyond `ulimit -f` fails like one to a full disk instead of ending the process
/// silently. Requires a runtime.
pub fn ignore_sigxfsz() {
    // Tokio keeps its handler after the drop. If the handler cannot be installed, the default action remains.
    drop(unless_ignored(SignalKind::from_raw(Number::XFSZ.as_raw())));
}

/// Receives SIGCONT, which resumes the process after Ctrl-Z and `fg`.
pub struct ContinueSignals(io::Result<Signal>);

impl ContinueSignals {
    /// Starts to record signals. Requires a runtime.
    pub fn listen() -> Self {
        Self(signal(SignalKind::from_raw(Number::CONT.as_raw())))
    }

    pub async fn next(&mut self) {
        match &mut self.0 {
            Ok(signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    }
}

/// Fails if the signal is ignored.
fn unless_ignored(kind: SignalKind) -> io::Result<Signal> {
    if is_ignored(kind) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    signal(kind)
}

/// Returns `true` if the signal is ignored; always `false` on systems that do not report it in `/proc`.
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = kind.as_raw_value().saturating_sub(1).cast_unsigned();
    mask.is_some_and(|mask| mask.checked_shr(bit).is_some_and(|mask| mask & 1 == 1))
}

async fn received(signals: io::Result<Signal>) {
    match signals {
        Ok(mut signals) => drop(signals.recv().await),
        Err(_) => std::future::pending().await,
    }
}
