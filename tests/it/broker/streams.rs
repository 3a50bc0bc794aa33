//! Bodies pass through while they arrive, in constant memory.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::{KEY, Proxy, home_with_key};
use crate::support::process::LIMIT;
use crate::support::scripted_server::{ReceivedRequest, read_head};

const MIB: usize = 1024 * 1024;

/// A service that handles each connection by `handle`, after the head of the request.
struct RawService {
    url: String,
}

impl RawService {
    fn start(
        handle: impl Fn(&ReceivedRequest, &mut BufReader<TcpStream>) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let handle = std::sync::Arc::new(handle);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let handle = std::sync::Arc::clone(&handle);
                thread::spawn(move || {
                    stream.set_read_timeout(Some(LIMIT)).unwrap();
                    let mut reader = BufReader::new(stream);
                    let (head, _) = read_head(&mut reader).unwrap();
                    handle(&head, &mut reader);
                });
            }
        });
        Self { url }
    }
}

const STREAM: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(stream: &mut impl std::io::Write, text: &str) -> std::io::Result<()> {
    write!(stream, "{:x}\r\n{text}\r\n", text.len())
}

/// Reads from the stream until it ends with `end`.
fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(end.as_bytes()) {
        assert_eq!(
            stream.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&text)
        );
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Returns a service with an event stream, which sends the events that the test passes to it.
fn events() -> (RawService, Sender<String>, Receiver<()>) {
    let (send, next) = channel::<String>();
    let (cancel, cancelled) = channel();
    let (next, cancel) = (std::sync::Mutex::new(next), std::sync::Mutex::new(cancel));
    let service = RawService::start(move |_, reader| {
        let stream = reader.get_mut();
        stream.write_all(STREAM.as_bytes()).unwrap();
        loop {
            match next.lock().unwrap().recv_timeout(Duration::from_millis(20)) {
                Ok(text) if text.is_empty() => {
                    let _ = stream.write_all(b"0\r\n\r\n");
                    return;
                }
                Ok(text) => {
                    let _ = chunk(stream, &text);
                }
                Err(_) => {}
            }
            stream.set_nonblocking(true).unwrap();
            let is_closed = matches!(stream.read(&mut [0]), Ok(0))
                || matches!(stream.read(&mut [0]), Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset);
            stream.set_nonblocking(false).unwrap();
            if is_closed {
                cancel.lock().unwrap().send(()).unwrap();
                return;
            }
        }
    });
    (service, send, cancelled)
}

#[test]
fn events_arrive_one_by_one_and_a_client_that_goes_away_ends_the_request() {
    let (service, send, cancelled) = events();
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    let mut stream = proxy.start_get("/events");
    let head = read_until(&mut stream, "\r\n\r\n");
    assert!(
        head.contains("text/event-stream"),
        "before the first event: {head}"
    );
    for event in ["data: 1\n\n", "data: key-c4n4r\n\n", "data: 3\n\n"] {
        send.send(event.to_owned()).unwrap();
        read_until(&mut stream, event);
    }
    drop(stream);
    cancelled.recv_timeout(LIMIT).unwrap();
    let log = proxy.stop();
    assert!(log.contains("GET /events 200 "), "{log}");
    assert!(log.contains("(the client closed the connection)"), "{log}");
}

#[test]
fn a_stream_is_cut_before_the_credential_wherever_its_chunks_are_split() {
    let (service, send, cancelled) = events();
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    for at in [1, 5, KEY.len() - 1] {
        let mut stream = proxy.start_get("/events");
        read_until(&mut stream, "\r\n\r\n");
        // When the text before the credential arrives, the proxy has read the whole chunk.
        send.send(format!("data: {}", &KEY[..at])).unwrap();
        read_until(&mut stream, "data: ");
        send.send(KEY[at..].to_owned()).unwrap();
        let mut rest = String::new();
        let _ = stream.read_to_string(&mut rest);
        assert!(
            !rest.contains("key-") && !rest.contains("0\r\n\r\n"),
            "{at}: {rest}"
        );
        cancelled.recv_timeout(LIMIT).unwrap();
    }
    assert!(
        proxy
            .stop()
            .contains("the response contains the credential")
    );
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "slow: run by ./tests/run"]
fn long_bodies_pass_in_both_directions_in_constant_memory() {
    const LENGTH: usize = 64 * MIB;
    let service = RawService::start(|head, reader| {
        if head.method == "GET" {
            let stream = reader.get_mut();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\n\r\n"
            )
            .unwrap();
            let block = vec![b'x'; MIB];
            for _ in 0..LENGTH / MIB {
                if stream.write_all(&block).is_err() {
                    return;
                }
            }
            return;
        }
        let length = head.header("content-length");
        assert_eq!(length, Some("67108864"), "{head:?}");
        let mut block = vec![0; MIB];
        let mut left = LENGTH;
        while left > 0 {
            let count = reader.read(&mut block).unwrap();
            assert!(count > 0, "{left} bytes are missing");
            left -= count;
        }
        write!(reader.get_mut(), "HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    });
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    proxy.get("/warm-up?short");
    let before = proxy.running.running.peak_memory();

    let mut stream = proxy.connect();
    let (path, host) = (&proxy.path, &proxy.address);
    write!(stream, "POST {path}/x HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {LENGTH}\r\n\r\n").unwrap();
    let block = vec![b'x'; MIB];
    for _ in 0..LENGTH / MIB {
        stream.write_all(&block).unwrap();
    }
    assert!(read_until(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 204 "));

    // A reader that pauses holds back the service.
    let mut stream = proxy.start_get("/x");
    // Without backpressure, the proxy would read the whole body meanwhile.
    thread::sleep(Duration::from_secs(1));
    let head = read_until(&mut stream, "\r\n\r\n");
    assert!(head.contains("content-length: 67108864"), "{head}");
    let (mut block, mut left) = (vec![0; MIB], LENGTH);
    while left > 0 {
        let count = stream.read(&mut block).unwrap();
        assert!(count > 0, "{left} bytes are missing");
        left -= count;
    }
    let peak = proxy.running.running.peak_memory();
    assert!(
        peak < before + 8 * 1024,
        "{before} KiB before, {peak} KiB after"
    );
}

#[test]
fn a_chunked_body_without_length_is_passed_on_while_it_arrives() {
    let (send, received) = channel();
    let send = std::sync::Mutex::new(send);
    let service = RawService::start(move |head, reader| {
        let coding = head.header("transfer-encoding");
        assert_eq!(coding, Some("chunked"), "{head:?}");
        let mut text = String::new();
        while !text.ends_with("0\r\n\r\n") {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            text += &line;
            send.lock().unwrap().send(line).unwrap();
        }
        write!(
            reader.get_mut(),
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        )
        .unwrap();
    });
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    let mut stream = proxy.connect();
    let (path, host) = (&proxy.path, &proxy.address);
    write!(stream, "POST {path}/x HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    for text in ["one\n", "two\n"] {
        chunk(&mut stream, text).unwrap();
        while received.recv_timeout(LIMIT).unwrap() != text {}
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert!(read_until(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_response_that_breaks_off_is_not_a_complete_one() {
    let service = RawService::start(|head, reader| {
        let stream = reader.get_mut();
        if head.path.ends_with("/short") {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").unwrap();
        } else {
            write!(stream, "{STREAM}4\r\nhalf\r\n").unwrap();
        }
    });
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    let short = proxy.get("/short");
    assert_eq!(short.status, 502, "{short:?}");
    assert!(short.body.contains("UNREACHABLE"), "{short:?}");
    let long = proxy.get("/long");
    assert_eq!(long.status, 200);
    assert!(!long.body.ends_with("0\r\n\r\n"), "{long:?}");
    assert!(proxy.stop().contains("GET /long 200 4 "));
}

/// A response may take longer than other commands wait.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_service_that_works_longer_than_the_limit_of_commands_is_waited_for() {
    let service = RawService::start(|_, reader| {
        // Other commands wait for 30 seconds.
        thread::sleep(Duration::from_secs(33));
        write!(
            reader.get_mut(),
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone"
        )
        .unwrap();
    });
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    assert_eq!(proxy.get("/x").body, "done");
}

#[test]
fn several_requests_use_one_connection() {
    let service = super::service();
    let home = home_with_key(&service.url);
    let proxy = Proxy::start(&home, &[]);
    let mut stream = proxy.connect();
    let (path, host) = (&proxy.path, &proxy.address);
    for _ in 0..3 {
        write!(stream, "GET {path}/x HTTP/1.1\r\nhost: {host}\r\n\r\n").unwrap();
        read_until(&mut stream, r#"{"ok":true}"#);
    }
    assert_eq!(service.received().len(), 3);
}
