//! `proxy --listen unix:PATH`

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixStream;
use std::path::Path;

use rustix::process::Signal;

use super::with_service;
use crate::support::process::{LIMIT, wait_until};
use crate::support::test_home::{RunningCommand, TestHome};

fn start(home: &TestHome, socket: &Path) -> (RunningCommand, String) {
    let listen = format!("unix:{}", socket.display());
    let running = home.start(&["proxy", "--listen", &listen]);
    let url = running
        .running
        .wait_for_line(|line| line.strip_prefix("http://localhost/").map(str::to_owned));
    (running, url)
}

fn get(socket: &Path, secret: &str, host: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    write!(
        stream,
        "GET /{secret}/x HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn socket_is_private_and_is_removed_at_the_end() {
    let (_server, home) = with_service();
    let socket = home.path().join("run/proxy.sock");
    let (running, secret) = start(&home, &socket);
    assert_eq!(
        (mode(&socket), mode(socket.parent().unwrap())),
        (0o600, 0o700)
    );
    for (host, status) in [
        ("localhost", 200),
        ("localhost:9000", 200),
        ("evil.example", 421),
    ] {
        let response = get(&socket, &secret, host);
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status} ")),
            "{host}: {response}"
        );
    }
    assert!(get(&socket, "wrong", "localhost").starts_with("HTTP/1.1 404 "));
    let listen = format!("unix:{}", socket.display());
    let second = home.run(&["proxy", "--listen", &listen]).expect(6);
    assert!(
        second.stderr.contains("another program listens"),
        "{second}"
    );
    running.running.signal(Signal::TERM);
    let ended = running.wait().expect(0);
    assert!(!ended.stderr.contains(&secret), "{ended}");
    assert!(!socket.exists());
}

#[test]
fn a_socket_of_a_killed_proxy_is_replaced() {
    let (_server, home) = with_service();
    let socket = home.path().join("run/proxy.sock");
    let (running, _) = start(&home, &socket);
    running.running.signal(Signal::KILL);
    running.wait();
    assert!(socket.exists());
    let (running, secret) = start(&home, &socket);
    wait_until("it serves", || {
        get(&socket, &secret, "localhost").contains(" 200 ")
    });
    running.running.signal(Signal::INT);
    running.wait().expect(0);
}

#[test]
fn directories_of_others_links_and_files_are_refused() {
    let (_server, home) = with_service();
    let refused = |path: &Path, reason: &str| {
        let listen = format!("unix:{}", path.display());
        let outcome = home.run(&["proxy", "--listen", &listen]).expect(1);
        assert!(outcome.stderr.contains(reason), "{outcome}");
        assert!(!outcome.stderr.contains("chmod"), "{outcome}");
        assert_eq!(outcome.stdout, "");
    };
    let open = home.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
    refused(&open.join("x.sock"), "accessible to other users");
    let shared = home.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
    refused(&shared.join("x.sock"), "accessible to other users");
    let own = home.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::set_permissions(&own, fs::Permissions::from_mode(0o700)).unwrap();
    let link = home.path().join("link");
    symlink(&own, &link).unwrap();
    refused(&link.join("x.sock"), "is a symbolic link");
    fs::write(own.join("file"), "text").unwrap();
    refused(&own.join("file"), "is not a socket");
    symlink("elsewhere", own.join("dangling")).unwrap();
    refused(&own.join("dangling"), "is not a socket");
    refused(&home.path().join("a/b/x.sock"), "cannot create");
    refused(&own.join("n".repeat(200)), "cannot listen on");
    assert_eq!(fs::read_to_string(own.join("file")).unwrap(), "text");
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&own, Some(12345), Some(12345)).unwrap();
        refused(&own.join("x.sock"), "belongs to another user");
    }
}

#[test]
fn addresses_off_loopback_are_usage_errors() {
    let (_server, home) = with_service();
    for address in [
        "0.0.0.0:0",
        "[::]:0",
        "192.0.2.1:80",
        "example.com:80",
        "8080",
        "unix:",
    ] {
        home.run(&["proxy", "--listen", address]).expect(2);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let outcome = home.run(&["proxy", "--listen", &address]).expect(1);
    assert!(
        outcome.stderr.contains("Address already in use"),
        "{outcome}"
    );
}
