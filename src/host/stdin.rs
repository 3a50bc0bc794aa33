//! Reads the request that another program writes to stdin.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroizing;

const BLOCK: usize = 4096;

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
    // Most requests fit into the first block. Each page of a larger buffer would cost time, also to zeroize it.
    let mut input = Zeroizing::new(Vec::with_capacity(BLOCK));
    let mut block = Zeroizing::new([0; BLOCK]);
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
        reserve(&mut input, read);
        input.extend_from_slice(&block[..read]);
    }
    Ok(input)
}

/// Ensures capacity for `more` bytes. Growing the vector would leave a copy of a secret in memory.
fn reserve(input: &mut Zeroizing<Vec<u8>>, more: usize) {
    let needed = input.len() + more;
    if needed > input.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(input.capacity() * 2)));
        larger.extend_from_slice(input);
        *input = larger;
    }
}
