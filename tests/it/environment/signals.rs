//! Signals that are ignored when the program starts.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use rustix::process::Signal;

use super::NAME;
use crate::support::test_home::TestHome;

/// Sends `signal` while a request is under way. Returns the exit status.
fn code_after(wrapper: &[&str], signal: Signal, is_ignored: bool) -> Option<i32> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut home = TestHome::new();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    home.set("BRAINMAPS_API_URL", &url).set(NAME, "c4n4ry-key");
    home.wrap(wrapper);
    let process = home.start(&["whoami"]);
    let (mut connection, _) = listener.accept().unwrap();
    let _request = connection.read(&mut [0; 4096]).unwrap();
    process.running.signal(signal);
    if is_ignored {
        // That nothing happens cannot be waited for. The request succeeds unless the signal ends the program before.
        std::thread::sleep(Duration::from_millis(300));
        let body = "{\"email\":\"me@example.com\"}";
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        let response = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        let _ = connection.write_all(response.as_bytes());
    }
    process.wait().code
}

#[test]
fn signals_that_are_ignored_at_start_stay_ignored() {
    // What `nohup` and a script's `&` do.
    let ignoring = ["/bin/sh", "-c", "trap '' HUP INT QUIT; exec \"$@\"", "sh"];
    for signal in [Signal::HUP, Signal::INT, Signal::QUIT] {
        assert_eq!(code_after(&ignoring, signal, true), Some(0), "{signal:?}");
    }
    assert_eq!(code_after(&ignoring, Signal::TERM, false), Some(130));
    assert_eq!(code_after(&[], Signal::INT, false), Some(130));
    assert_eq!(code_after(&[], Signal::HUP, false), Some(130));
}
