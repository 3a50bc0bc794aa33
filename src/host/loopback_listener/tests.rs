use std::io::{Read as _, Write as _};
use std::net::TcpStream as Client;
use std::thread;

use super::*;

fn bind(host: CallbackHost, port: Option<u16>) -> io::Result<LoopbackListener> {
    LoopbackListener::bind(CallbackAddress { host, port })
}

/// Sends `request` to `address` in a thread, and returns the response.
fn send(address: SocketAddr, request: Vec<u8>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut stream = Client::connect(address).unwrap();
        let _ = stream.write_all(&request);
        let mut response = String::new();
        let _ = stream.read_to_string(&mut response);
        response
    })
}

fn get(host: &str, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
}

/// Accepts until a valid request arrives.
async fn next(listener: &mut LoopbackListener) -> CallbackRequest {
    timeout(Duration::from_secs(50), listener.next_request())
        .await
        .unwrap()
}

fn address(listener: &LoopbackListener) -> SocketAddr {
    listener.sockets[0].local_addr().unwrap()
}

fn host(listener: &LoopbackListener) -> String {
    listener.redirect_uri()[Position::BeforeHost..Position::AfterPort].to_owned()
}

#[tokio::test]
async fn rfc8252_7_3_listens_on_a_free_port_of_127_0_0_1() {
    let mut listener = bind(CallbackHost::Loopback, None).unwrap();
    let at = address(&listener);
    assert_eq!(at.ip(), Ipv4Addr::LOCALHOST);
    let expected = format!("http://127.0.0.1:{}/callback", at.port());
    assert_eq!(listener.redirect_uri().as_str(), expected);
    let other = bind(CallbackHost::Loopback, None).unwrap();
    assert_ne!(address(&other).port(), at.port());
    let client = send(at, get(&host(&listener), "/callback?code=c4n4ry&state=b"));
    let request = next(&mut listener).await;
    assert_eq!(request.query.expose(), "code=c4n4ry&state=b");
    drop(listener);
    request.respond(CallbackOutcome::Approved).await;
    let response = client.join().unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    assert!(!response.contains("c4n4ry"), "{response}");
    for header in [
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Content-Security-Policy: default-src 'none'; style-src 'sha256-",
    ] {
        assert!(response.contains(header), "{header}: {response}");
    }
    assert!(Client::connect(at).is_err(), "it is closed");
}

#[tokio::test]
async fn invalid_requests_get_a_response_and_listening_continues() {
    let mut listener = bind(CallbackHost::Loopback, None).unwrap();
    let (at, own) = (address(&listener), host(&listener));
    let huge = [b"GET /callback?".to_vec(), vec![b'a'; 70 * 1024]].concat();
    let clients = [
        (send(at, get(&own, "/")), "404"),
        (send(at, get(&own, "/favicon.ico")), "404"),
        (send(at, get("evil.test", "/callback?code=a")), "421"),
        (
            send(
                at,
                format!("POST /callback HTTP/1.1\r\nHost: {own}\r\nContent-Length: 1\r\n\r\na")
                    .into(),
            ),
            "405",
        ),
        (send(at, b"\x16\x03\x01\r\n\r\n".to_vec()), "400"),
        (send(at, huge), "431"),
    ];
    let refused = thread::spawn(move || {
        for (client, status) in clients {
            let response = client.join().unwrap();
            assert!(
                response.starts_with(&format!("HTTP/1.1 {status} ")),
                "{status}: {response}"
            );
        }
        send(at, get(&own, "/callback?valid")).join().unwrap()
    });
    let request = next(&mut listener).await;
    assert_eq!(request.query.expose(), "valid");
    request.respond(CallbackOutcome::Denied).await;
    assert!(refused.join().unwrap().contains("declined"));
}

#[tokio::test]
async fn slow_connections_do_not_block_another() {
    let mut listener = bind(CallbackHost::Loopback, None).unwrap();
    let (at, own) = (address(&listener), host(&listener));
    let slow = thread::spawn(move || {
        let opened: Vec<Client> = (0..MAX_CONNECTIONS + 10)
            .map(|_| {
                let mut stream = Client::connect(at).unwrap();
                stream.write_all(b"GET /callback?co").unwrap();
                stream
            })
            .collect();
        (opened, send(at, get(&own, "/callback?valid")))
    });
    let request = next(&mut listener).await;
    assert_eq!(request.query.expose(), "valid");
    request.respond(CallbackOutcome::Failed).await;
    let (_opened, client) = slow.join().unwrap();
    assert!(client.join().unwrap().starts_with("HTTP/1.1 400 "));
}

#[tokio::test(start_paused = true)]
async fn connection_without_a_request_is_closed_after_ten_seconds() {
    let listener = bind(CallbackHost::Loopback, None).unwrap();
    let client = send(address(&listener), b"GET /call".to_vec());
    let stream = accept(&listener.sockets).await.unwrap();
    assert!(receive(stream, host(&listener)).await.is_none());
    assert!(client.join().unwrap().starts_with("HTTP/1.1 408 "));
}

#[tokio::test]
async fn port_in_use_is_an_error_and_a_free_one_is_used_again() {
    let first = bind(CallbackHost::Loopback, None).unwrap();
    let port = address(&first).port();
    let error = bind(CallbackHost::Loopback, Some(port)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    drop(first);
    let again = bind(CallbackHost::Loopback, Some(port)).unwrap();
    assert_eq!(address(&again).port(), port);
}

#[tokio::test]
async fn localhost_is_served_at_both_addresses() {
    let mut listener = bind(CallbackHost::Localhost, None).unwrap();
    let own = host(&listener);
    assert!(own.starts_with("localhost:"), "{own}");
    let addresses: Vec<SocketAddr> = listener
        .sockets
        .iter()
        .map(|socket| socket.local_addr().unwrap())
        .collect();
    for at in addresses {
        assert!(at.ip().is_loopback());
        let client = send(at, get(&own, "/callback?valid"));
        let request = next(&mut listener).await;
        request.respond(CallbackOutcome::OtherLogin).await;
        assert!(client.join().unwrap().contains("Not accepted"));
    }
}
