//! Clients that send too much, too slowly or too often.

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::Duration;

use super::{Proxy, Reply, with_service};
use crate::support::process::{holds_within, wait_until};

#[test]
fn long_heads_are_refused() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let long = format!("x-long: {}", "x".repeat(100 * 1024));
    assert_eq!(proxy.send("GET", "/x", &[&long], "").status, 431);
    let many: Vec<String> = (0..1000).map(|number| format!("x-{number}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(proxy.send("GET", "/x", &many, "").status, 431);
    let path = format!("/{}", "x".repeat(70 * 1024));
    assert!(matches!(proxy.get(&path).status, 414 | 431));
    let fine = format!("x-long: {}", "x".repeat(16 * 1024));
    assert_eq!(proxy.send("GET", "/x", &[&fine], "").status, 200);
    assert_eq!(server.received().len(), 1);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_client_that_never_finishes_its_request_is_disconnected() {
    let (_server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let mut slow = proxy.connect();
    let mut idle = proxy.connect();
    write!(slow, "GET {}/x HTTP/1.1\r\nx: ", proxy.path).unwrap();
    // The slow client sends a byte with each check.
    for (stream, byte) in [(&mut slow, &b"x"[..]), (&mut idle, b"")] {
        stream.set_nonblocking(true).unwrap();
        let mut response = Vec::new();
        let is_disconnected = || {
            let _ = stream.write_all(byte);
            let read = stream.read_to_end(&mut response);
            !read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
        };
        assert!(holds_within(Duration::from_secs(40), is_disconnected));
        assert!(
            response.is_empty() || response.starts_with(b"HTTP/1.1 408"),
            "{response:?}"
        );
    }
}

/// More connections than are served at the same time wait; none fails, and the proxy continues.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_thousand_connections_do_not_stop_the_proxy() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let mut idle: Vec<_> = (0..1000).map(|_| proxy.connect()).collect();
    let waiting: Vec<_> = (0..32).map(|_| proxy.start_get("/x")).collect();
    idle.truncate(1);
    for mut stream in waiting {
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert_eq!(Reply::parse(&response).status, 200, "{response}");
    }
    assert_eq!(server.received().len(), 32);
    assert_eq!(proxy.get("/x").status, 200);
}

/// The second Ctrl-C does not wait for requests in progress.
#[test]
fn ctrl_c_ends_an_event_stream() {
    let server = crate::support::scripted_server::ScriptedServer::start(|_, _| {
        crate::support::scripted_server::ScriptedResponse::drip()
    });
    let home = super::home_with_key(&server.url);
    let proxy = Proxy::start(&home, &[]);
    let mut stream = proxy.start_get("/x");
    stream.read_exact(&mut [0; 16]).unwrap();
    let running = proxy.running.running;
    running.signal(rustix::process::Signal::INT);
    // Two signals at the same time are one.
    let is_open = || std::net::TcpStream::connect(&proxy.address).is_ok();
    wait_until("the first signal is handled", || !is_open());
    running.signal(rustix::process::Signal::INT);
    let status = running.wait().code;
    assert!(matches!(status, Some(0 | 130)), "{status:?}");
}
