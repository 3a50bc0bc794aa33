//! Reads the request that another program writes to stdin.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroizing;

/// Reads all of stdin, or until `is_complete`. The other program is not trusted: the input has at most `max`
/// bytes, and takes at most `limit`.
///
/// # Errors
/// `InvalidData` for a longer input, `TimedOut`, and errors of reading.
pub fn read_stdin(
    max: usize,
    limit: Duration,
    is_complete: impl Fn(&[u8]) -> bool,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let stdin = rustix::stdio::stdin();
    let end = Instant::now() + limit;
    // A buffer that grows would leave copies of a secret in memory.
    let mut input = Zeroizing::new(Vec::with_capacity(max + 1));
    let mut block = Zeroizing::new([0; 4096]);
    while !is_complete(&input) {
        let left = end.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).map_err(io::Error::other)?;
        let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut waiting, Some(&left)) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let read = rustix::io::read(stdin, &mut *block)?;
        if read == 0 {
            break;
        }
        if input.len() + read > max {
            return Err(io::ErrorKind::InvalidData.into());
        }
        input.extend_from_slice(&block[..read]);
    }
    Ok(input)
}
