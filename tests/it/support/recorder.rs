//! A proxy for the sandbox: it records and forwards each request, and can hold a request or its response, so that a
//! test can act at an exact moment.

use std::{
    io::{BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

use super::{
    process::LIMIT,
    scripted_server::{ReceivedRequest, read_request},
};

/// The part of an exchange that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// The request: the sandbox does not receive it.
    Request,
    /// The response: the sandbox has processed the request.
    Response,
}

/// Listens on a free loopback port until the test process ends.
pub(crate) struct Recorder {
    pub(crate) url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    received: Vec<ReceivedRequest>,
    /// The number of requests that pass first, the part to hold, and the end of the path.
    next_hold: Option<(usize, Hold, &'static str)>,
    is_held: bool,
    /// The number of holds that were cut or released.
    finished_holds: usize,
    /// Whether the last hold was released.
    was_released: bool,
    /// When the last part of a response arrived.
    responded_at: Option<Instant>,
}

impl Recorder {
    /// Starts a proxy for the server at `server`, an `http://localhost:PORT`.
    pub(crate) fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let state = Arc::new(State::default());
        let (shared, server) = (Arc::clone(&state), server.replace("http://", ""));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (state, server) = (Arc::clone(&shared), server.clone());
                thread::spawn(move || forward_requests(&client, &server, &state));
            }
        });
        Self { url, state }
    }

    /// Returns and clears the recorded requests.
    pub(crate) fn take_requests(&self) -> Vec<ReceivedRequest> {
        std::mem::take(&mut self.state.inner.lock().unwrap().received)
    }

    /// Returns when the last part of the last response arrived, before it was forwarded.
    pub(crate) fn responded_at(&self) -> Instant {
        self.state.inner.lock().unwrap().responded_at.unwrap()
    }

    /// Holds the exchange that follows after `passing` other ones.
    pub(crate) fn hold(&self, passing: usize, what: Hold) {
        self.state.inner.lock().unwrap().next_hold = Some((passing, what, ""));
    }

    /// Holds the next exchange whose path ends with `path`.
    pub(crate) fn hold_path(&self, path: &'static str, what: Hold) {
        self.state.inner.lock().unwrap().next_hold = Some((0, what, path));
    }

    /// Waits until an exchange is held.
    pub(crate) fn wait_until_held(&self) {
        let inner = self.state.inner.lock().unwrap();
        let waited = self
            .state
            .changed
            .wait_timeout_while(inner, LIMIT, |inner| !inner.is_held);
        assert!(
            waited.unwrap().0.is_held,
            "no exchange was held within {LIMIT:?}"
        );
    }

    /// Closes the connection of the held exchange. Later ones pass.
    pub(crate) fn cut(&self) {
        self.finish_hold(false);
    }

    /// Releases the held exchange. Later ones pass.
    pub(crate) fn release(&self) {
        self.finish_hold(true);
    }

    fn finish_hold(&self, was_released: bool) {
        let mut inner = self.state.inner.lock().unwrap();
        inner.finished_holds += 1;
        inner.was_released = was_released;
        inner.is_held = false;
        inner.next_hold = None;
        self.state.changed.notify_all();
    }
}

impl State {
    /// Records a request, and returns the part of its exchange to hold, if any.
    fn record(&self, received: ReceivedRequest) -> Option<Hold> {
        let mut inner = self.inner.lock().unwrap();
        let next = inner.next_hold.take();
        let (held, next) = match next {
            Some((_, _, path)) if !received.path.ends_with(path) => (None, next),
            Some((0, what, _)) => (Some(what), None),
            Some((passing, what, path)) => (None, Some((passing - 1, what, path))),
            None => (None, None),
        };
        inner.next_hold = next;
        inner.received.push(received);
        held
    }

    /// Waits until the held exchange is cut or released; returns whether it was released.
    fn wait_for_release(&self) -> bool {
        let mut inner = self.inner.lock().unwrap();
        inner.is_held = true;
        self.changed.notify_all();
        let finished_before = inner.finished_holds;
        let is_held = |inner: &mut Inner| inner.finished_holds == finished_before;
        self.changed
            .wait_while(inner, is_held)
            .unwrap()
            .was_released
    }
}

/// Forwards the requests of one connection to the server, and the responses back.
fn forward_requests(client: &TcpStream, server: &str, state: &Arc<State>) {
    let Ok(mut upstream) = TcpStream::connect(server) else {
        return;
    };
    let holds_response = Arc::new(AtomicBool::new(false));
    let back = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
    let (holds, shared) = (Arc::clone(&holds_response), Arc::clone(state));
    thread::spawn(move || forward_responses(back, &holds, &shared));
    let mut reader = BufReader::new(client);
    while let Some((received, bytes)) = read_request(&mut reader) {
        match state.record(received) {
            Some(Hold::Request) if !state.wait_for_release() => break,
            Some(Hold::Request) | None => {}
            Some(Hold::Response) => holds_response.store(true, Ordering::SeqCst),
        }
        if upstream.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = upstream.shutdown(Shutdown::Both);
}

fn forward_responses(
    (mut from, mut to): (TcpStream, TcpStream),
    holds: &AtomicBool,
    state: &State,
) {
    let mut block = [0; 16 * 1024];
    while let Some(read) = from.read(&mut block).ok().filter(|read| *read > 0) {
        if holds.swap(false, Ordering::SeqCst) && !state.wait_for_release() {
            break;
        }
        state.inner.lock().unwrap().responded_at = Some(Instant::now());
        if to.write_all(&block[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
