//! A SOCKS 5 proxy (RFC 1928, 1929) that connects every host to one address.

use std::{
    io::{Read, Write, copy},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Runs on a free loopback port until the test process ends.
pub(crate) struct SocksProxy {
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
    connects: Arc<Mutex<Vec<String>>>,
}

impl SocksProxy {
    /// Connects to `target`. If `login` is set, clients must authenticate with `USER:PASSWORD`.
    pub(crate) fn start(target: SocketAddr, login: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let connects = Arc::new(Mutex::new(Vec::new()));
        let shared = (Arc::clone(&connects), login.map(str::to_owned));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (connects, login) = shared.clone();
                thread::spawn(move || serve(client, target, login.as_deref(), &connects));
            }
        });
        Self { address, connects }
    }

    /// Returns the requested hosts and ports, in order.
    pub(crate) fn connects(&self) -> Vec<String> {
        self.connects.lock().unwrap().clone()
    }
}

fn read<const N: usize>(client: &mut TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Reads a text with its length before it.
fn read_text(client: &mut TcpStream) -> Option<String> {
    let [length] = read(client)?;
    let mut text = vec![0; usize::from(length)];
    client.read_exact(&mut text).ok()?;
    String::from_utf8(text).ok()
}

fn serve(
    mut client: TcpStream,
    target: SocketAddr,
    login: Option<&str>,
    connects: &Mutex<Vec<String>>,
) -> Option<()> {
    let [_version, count] = read(&mut client)?;
    client.read_exact(&mut vec![0; usize::from(count)]).ok()?;
    client
        .write_all(&[5, if login.is_some() { 2 } else { 0 }])
        .ok()?;
    if let Some(login) = login {
        let [_version] = read(&mut client)?;
        let sent = format!("{}:{}", read_text(&mut client)?, read_text(&mut client)?);
        client.write_all(&[1, u8::from(sent != login)]).ok()?;
    }
    let [_version, _command, _reserved, kind] = read(&mut client)?;
    let host = match kind {
        1 => std::net::Ipv4Addr::from(read::<4>(&mut client)?).to_string(),
        3 => read_text(&mut client)?,
        _ => std::net::Ipv6Addr::from(read::<16>(&mut client)?).to_string(),
    };
    let port = u16::from_be_bytes(read(&mut client)?);
    connects.lock().unwrap().push(format!("{host}:{port}"));
    let server = TcpStream::connect(target).ok()?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).ok()?;
    let (mut up, mut down) = (client.try_clone().ok()?, server.try_clone().ok()?);
    thread::spawn(move || copy(&mut up, &mut down));
    copy(&mut &server, &mut client).map(drop).ok()
}
