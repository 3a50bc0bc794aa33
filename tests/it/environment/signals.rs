//! Signals that are ignored when the program starts.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use rustix::process::Signal;

use super::NAME;
use crate::support::test_home::TestHome;

/// Sends `signal` while a request is under way, then lets the request succeed. Returns the exit status.
fn code_after(wrapper: &[&str], signal: Signal) -> Option<i32> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut home = TestHome::new();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    home.set("BRAINMAPS_API_URL", &url).set(NAME, "c4n4ry-key");
    home.wrap(wrapper);
    let process = home.start(&["whoami"]);
    let (mut connection, _) = listener.accept().unwrap();
    let _request = connection.read(&mut [0; 4096]).unwrap();
    process.running.signal(signal);
    // A program that does not ignore the signal ends before the response.
    std::thread::sleep(Duration::from_millis(300));
    let body = "{\"email\":\"me@example.com\"}";
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = connection.write_all(format!("{head}{body}").as_bytes());
    drop(connection);
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
