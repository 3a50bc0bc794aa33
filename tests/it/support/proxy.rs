//! A proxy (CONNECT or SOCKS 5) that connects every host to one address, with optional authentication.

use std::{
    io::{BufReader, Write, copy},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use super::{scripted_server::read_head, socks};

/// Serves one client. Records the requested host and port.
type Serve = fn(&TcpStream, SocketAddr, Option<&str>, &Mutex<Vec<String>>) -> Option<()>;

/// Runs on a free loopback port until the test process ends.
pub(crate) struct TestProxy {
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
    connects: Arc<Mutex<Vec<String>>>,
}

impl TestProxy {
    /// Tunnels to `target` by CONNECT. If `login` is set, clients must send these Basic credentials (in Base64).
    pub(crate) fn start(target: SocketAddr, login: Option<&str>) -> Self {
        Self::listen(target, login, serve)
    }

    /// Connects to `target` by SOCKS 5. If `login` is set, clients must authenticate with `USER:PASSWORD`.
    pub(crate) fn start_socks(target: SocketAddr, login: Option<&str>) -> Self {
        Self::listen(target, login, socks::serve)
    }

    fn listen(target: SocketAddr, login: Option<&str>, serve: Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let connects = Arc::new(Mutex::new(Vec::new()));
        let shared = (Arc::clone(&connects), login.map(str::to_owned));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (connects, login) = shared.clone();
                thread::spawn(move || serve(&client, target, login.as_deref(), &connects));
            }
        });
        Self { address, connects }
    }

    /// Returns the requested hosts and ports, in order.
    pub(crate) fn connects(&self) -> Vec<String> {
        self.connects.lock().unwrap().clone()
    }
}

fn serve(
    mut client: &TcpStream,
    target: SocketAddr,
    login: Option<&str>,
    connects: &Mutex<Vec<String>>,
) -> Option<()> {
    // The client waits for the response, so the buffer holds nothing else.
    let (received, _) = read_head(&mut BufReader::new(client))?;
    if received.method != "CONNECT" {
        return None;
    }
    connects.lock().unwrap().push(received.path.clone());
    let credentials = received.header("proxy-authorization");
    if login.is_some_and(|login| credentials != Some(&*format!("Basic {login}"))) {
        let response = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=\"test\"\r\n\
                       content-length: 0\r\n\r\n";
        return client.write_all(response.as_bytes()).ok();
    }
    let server = TcpStream::connect(target).ok()?;
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .ok()?;
    let (mut up, mut down) = (client.try_clone().ok()?, server.try_clone().ok()?);
    let upstream = thread::spawn(move || {
        let _ = copy(&mut up, &mut down);
        let _ = down.shutdown(Shutdown::Write);
    });
    let _ = copy(&mut &server, &mut client);
    let _ = client.shutdown(Shutdown::Both);
    upstream.join().ok()
}
