//! Signals that are ignored when the program starts.

use std::sync::{Mutex, mpsc::channel};

use rustix::process::Signal;
use serde_json::json;

use super::NAME;
use crate::support::{
    process::wait_until,
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

/// Sends `signal` while a request is under way, and then the response, after which the program must send the request
/// again. Returns the exit status.
fn code_after(wrapper: &[&str], signal: Signal) -> Option<i32> {
    let (respond, response) = channel();
    let response = Mutex::new(response);
    let server = ScriptedServer::start(move |_, _| match response.lock().unwrap().recv() {
        Ok(()) => ScriptedResponse::json(503, &json!({})),
        Err(_) => ScriptedResponse::json(200, &json!({ "email": "me@example.com" })),
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url)
        .set(NAME, "c4n4ry-key");
    home.wrap(wrapper);
    let process = home.start(&["whoami"]);
    wait_until("a request", || !server.received().is_empty());
    process.running.signal(signal);
    respond.send(()).unwrap();
    drop(respond);
    process.wait().code
}

#[test]
fn signals_that_are_ignored_at_start_stay_ignored() {
    // What `nohup` and a script's `&` do.
    let ignoring = ["/bin/sh", "-c", "trap '' HUP INT QUIT; exec \"$@\"", "sh"];
    for signal in [Signal::HUP, Signal::INT, Signal::QUIT] {
        assert_eq!(code_after(&ignoring, signal), Some(0), "{signal:?}");
    }
    assert_eq!(code_after(&ignoring, Signal::TERM), Some(130));
    assert_eq!(code_after(&[], Signal::INT), Some(130));
    assert_eq!(code_after(&[], Signal::HUP), Some(130));
}
