//! Sends events to the system's log as datagrams (RFC 3164), which syslog daemons and journald accept.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use crate::domain::EventRecord;
use crate::vault::VaultError;

/// Facility `authpriv`, severity `info`.
const PRIORITY: u8 = 10 * 8 + 6;

pub(super) fn send(path: &Path, record: &EventRecord) -> Result<(), VaultError> {
    let failed = || VaultError::io("write to", path);
    let line = serde_json::to_string(record).map_err(|error| failed()(error.into()))?;
    let text = format!("<{PRIORITY}>brainmaps[{}]: {line}", record.process.pid);
    let socket = connect(path)?;
    // A daemon that hangs must not delay the command.
    socket.set_nonblocking(true).map_err(failed())?;
    let sent = socket.send(text.as_bytes()).map_err(failed())?;
    if sent == text.len() {
        return Ok(());
    }
    Err(failed()(io::ErrorKind::WriteZero.into()))
}

pub(super) fn check(path: &Path) -> Result<(), VaultError> {
    connect(path).map(drop)
}

fn connect(path: &Path) -> Result<UnixDatagram, VaultError> {
    let failed = || VaultError::io("connect to", path);
    let socket = UnixDatagram::unbound().map_err(failed())?;
    socket.connect(path).map_err(failed())?;
    Ok(socket)
}
