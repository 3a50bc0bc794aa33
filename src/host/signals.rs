//! Handles signals that end or resume the process.
//!
//! A signal that is ignored at start stays ignored: `nohup` ignores SIGHUP, and a shell script ignores SIGINT and SIGQUIT
//! in commands that it starts with `&`.

use std::io;
use std::sync::OnceLock;

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
    let [interrupted, terminated, hung_up] = listen.map(listen_unless_ignored);
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
    let signals = kinds.map(|kind| Box::pin(received(listen_unless_ignored(kind))));
    async move { drop(select_all(signals).await) }
}

/// The signals that a program passes on to its child. Their default actions, which would end this process, are off.
pub(super) struct ForwardedSignals(Vec<ForwardedSignal>);

struct ForwardedSignal {
    number: Number,
    signals: Signal,
}

impl ForwardedSignals {
    /// Starts to record signals. A signal that is ignored stays ignored, in the child too. Requires a runtime.
    pub(super) fn listen() -> Self {
        let numbers = [
            Number::INT,
            Number::TERM,
            Number::HUP,
            Number::QUIT,
            Number::USR1,
            Number::USR2,
            Number::ALARM,
        ];
        let listen = |number: Number| {
            let signals = listen_unless_ignored(SignalKind::from_raw(number.as_raw()))?;
            let signals = signals.ok()?;
            Some(ForwardedSignal { number, signals })
        };
        Self(numbers.into_iter().filter_map(listen).collect())
    }

    pub(super) async fn next(&mut self) -> Number {
        if self.0.is_empty() {
            return std::future::pending().await;
        }
        let waits = self.0.iter_mut().map(|it| {
            Box::pin(async {
                it.signals.recv().await;
                it.number
            })
        });
        select_all(waits).await.0
    }
}

/// Ignores SIGXFSZ, so that a write beyond `ulimit -f` fails like one to a full disk instead of ending the process
/// silently. Requires a runtime.
pub fn ignore_sigxfsz() {
    // Tokio keeps its handler after the drop. If the handler cannot be installed, the default action remains.
    drop(listen_unless_ignored(SignalKind::from_raw(
        Number::XFSZ.as_raw(),
    )));
}

/// Returns `None` for a signal that is ignored: a handler would end that.
fn listen_unless_ignored(kind: SignalKind) -> Option<io::Result<Signal>> {
    // Read before this process installs its first handler.
    static IGNORED_AT_START: OnceLock<u64> = OnceLock::new();
    let ignored = *IGNORED_AT_START.get_or_init(ignored_signals);
    (!is_in_mask(ignored, kind.as_raw_value())).then(|| signal(kind))
}

/// Returns the mask of the ignored signals (`proc_pid_status(5)`). Without `/proc`, none counts as ignored: other
/// interfaces need unsafe code.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    parse_mask(&status, "SigIgn:").unwrap_or_default()
}

fn parse_mask(status: &str, field: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix(field))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// The lowest bit of a mask is signal 1.
fn is_in_mask(mask: u64, number: i32) -> bool {
    let bit = u32::try_from(number - 1).ok();
    bit.and_then(|bit| mask.checked_shr(bit))
        .is_some_and(|it| it & 1 == 1)
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

async fn received(signals: Option<io::Result<Signal>>) {
    match signals {
        Some(Ok(mut signals)) => drop(signals.recv().await),
        Some(Err(_)) | None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_status_of_the_process() {
        let status = "Name:\tx\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001006\nSigCgt:\t0\n";
        let mask = parse_mask(status, "SigIgn:").unwrap();
        let ignored: Vec<i32> = (1..=64)
            .filter(|number| is_in_mask(mask, *number))
            .collect();
        assert_eq!(ignored, [2, 3, 13]);
        assert_eq!(parse_mask("Name:\tx\n", "SigIgn:"), None);
    }
}
