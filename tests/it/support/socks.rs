//! The protocol of a SOCKS 5 proxy (RFC 1928, 1929).

use std::{
    io::{Read, Write, copy},
    net::{SocketAddr, TcpStream},
    sync::Mutex,
    thread,
};

fn read<const N: usize>(mut client: &TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Reads a text with its length before it.
fn read_text(mut client: &TcpStream) -> Option<String> {
    let [length] = read(client)?;
    let mut text = vec![0; usize::from(length)];
    client.read_exact(&mut text).ok()?;
    String::from_utf8(text).ok()
}

pub(super) fn serve(
    mut client: &TcpStream,
    target: SocketAddr,
    login: Option<&str>,
    connects: &Mutex<Vec<String>>,
) -> Option<()> {
    let [_version, count] = read(client)?;
    client.read_exact(&mut vec![0; usize::from(count)]).ok()?;
    client
        .write_all(&[5, if login.is_some() { 2 } else { 0 }])
        .ok()?;
    if let Some(login) = login {
        let [_version] = read(client)?;
        let sent = format!("{}:{}", read_text(client)?, read_text(client)?);
        client.write_all(&[1, u8::from(sent != login)]).ok()?;
    }
    let [_version, _command, _reserved, kind] = read(client)?;
    let host = match kind {
        1 => std::net::Ipv4Addr::from(read::<4>(client)?).to_string(),
        3 => read_text(client)?,
        _ => std::net::Ipv6Addr::from(read::<16>(client)?).to_string(),
    };
    let port = u16::from_be_bytes(read(client)?);
    connects.lock().unwrap().push(format!("{host}:{port}"));
    let server = TcpStream::connect(target).ok()?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).ok()?;
    let (mut up, mut down) = (client.try_clone().ok()?, server.try_clone().ok()?);
    thread::spawn(move || copy(&mut up, &mut down));
    copy(&mut &server, &mut client).map(drop).ok()
}
