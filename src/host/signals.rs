//! The signals that ask a program to stop, and one that would end it for a file that may not grow.

use std::io;

use futures_util::future::select_all;
use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ready at Ctrl-C, at SIGTERM (`timeout`, a CI job that is cancelled), and at SIGHUP (a terminal that is closed). From
/// the call on, none of them ends the process by itself, not even when the future is gone: whoever waits for something
/// afterwards has to ask for this again. Needs a runtime.
pub fn shutdown_signal() -> impl Future<Output = ()> + Send {
    let listen = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    let [interrupted, terminated, hung_up] = listen.map(signal);
    async move {
        tokio::select! {
            () = received(interrupted) => {}
            () = received(terminated) => {}
            () = received(hung_up) => {}
        }
    }
}

/// Ready at a signal that would end the process without a word (SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU), for whoever
/// has something to give back first. Needs a runtime.
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

/// From the call on, a file that may not grow (`ulimit -f`) makes an error of the write, as a full disk does, where the
/// signal that comes with it (SIGXFSZ) would end the process without a word. Needs a runtime.
pub fn ignore_sigxfsz() {
    // What tokio installed stays; nobody has to listen. Where it cannot, all is as it was.
    drop(signal(SignalKind::from_raw(Number::XFSZ.as_raw())));
}

/// That the process goes on after it was stopped (Ctrl-Z, then `fg`), each time.
pub struct ContinueSignals(io::Result<Signal>);

impl ContinueSignals {
    /// From the call on, none is missed. Needs a runtime.
    pub fn listen() -> Self {
        Self(signal(SignalKind::from_raw(Number::CONT.as_raw())))
    }

    /// Ready at the next one.
    pub async fn next(&mut self) {
        match &mut self.0 {
            Ok(signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    }
}

async fn received(signals: io::Result<Signal>) {
    match signals {
        Ok(mut signals) => drop(signals.recv().await),
        Err(_) => std::future::pending().await,
    }
}
