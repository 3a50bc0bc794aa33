//! Clients that send too much, too slowly or too often.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use super::{Proxy, with_service};
use crate::support::process::wait_until;

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
    let started = Instant::now();
    for byte in format!("GET {}/x HTTP/1.1\r\n", proxy.path).bytes().take(8) {
        slow.write_all(&[byte]).unwrap();
        std::thread::sleep(Duration::from_secs(1));
    }
    for stream in [&mut slow, &mut idle] {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(
            rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"),
            "{rest:?}"
        );
    }
    assert!(started.elapsed() < Duration::from_secs(40));
}

/// More connections than are served at the same time wait; none fails, and the proxy continues.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_thousand_connections_do_not_stop_the_proxy() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let mut idle: Vec<_> = (0..1000).map(|_| proxy.connect()).collect();
    let first = idle[0].try_clone().unwrap();
    drop(first);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| assert_eq!(proxy.get("/x").status, 200));
        }
        std::thread::sleep(Duration::from_millis(500));
        idle.truncate(1);
    });
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
    let mut stream = proxy.connect();
    stream
        .write_all(proxy.request("GET", "/x", &[], "").as_bytes())
        .unwrap();
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
