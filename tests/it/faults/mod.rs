//! Fault injection: what each kind of fault sends, the endpoint that sets faults, and how the program exits under each fault.

mod control;
mod documented;
mod program;
mod raw;
mod rules;
mod wire;

use std::{net::SocketAddr, sync::Arc, thread, time::Duration};

use brainmaps::sandbox::{Sandbox, Settings, State, serve};
use jiff::Timestamp;
use tokio::sync::oneshot;

/// A sandbox with faults, served by a thread of this process until it is dropped.
pub(crate) struct FaultServer {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl FaultServer {
    /// Approves every login; the polling interval is zero.
    pub(crate) fn start(faults: &[&str]) -> Self {
        Self::start_with_interval(Duration::ZERO, faults)
    }

    /// Like `start`, with this polling interval, from which the backoff starts too.
    pub(crate) fn start_with_interval(interval: Duration, faults: &[&str]) -> Self {
        let base_url = "http://localhost:8000".parse().unwrap();
        let mut settings = Settings::new(State::Memory, base_url, Arc::new(Timestamp::now));
        settings.auto_approve = true;
        settings.interval = interval;
        settings
            .faults
            .add(faults.iter().map(|fault| fault.parse().unwrap()));
        let sandbox = Sandbox::open(settings).unwrap();
        let (stop, stopped) = oneshot::channel();
        let (printed, address) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                printed.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                serve(sandbox, listener, stopped).await.unwrap();
            });
        });
        Self {
            address: address.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(thread::JoinHandle::join);
        if !thread::panicking() {
            ended.unwrap().unwrap();
        }
    }
}
