//! Where a test has the system refuse: each call by which a file is replaced, locked or removed asks here first. Outside of
//! tests this is nothing, and compiled to nothing.

use std::io;

/// A call of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Lock,
    Note,
    Open,
    SetMode,
    Write,
    Sync,
    Rename,
    Remove,
    SyncDirectory,
}

#[cfg(not(test))]
#[expect(
    clippy::unnecessary_wraps,
    clippy::inline_always,
    reason = "the system itself answers; what is left of this must be nothing"
)]
#[inline(always)]
pub(super) fn ask(_call: Call) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
thread_local! {
    static REFUSED: std::cell::Cell<Option<(Call, rustix::io::Errno)>> = const { std::cell::Cell::new(None) };
}

/// Fails if the test wants this call to.
#[cfg(test)]
pub(super) fn ask(call: Call) -> io::Result<()> {
    match REFUSED.get() {
        Some((refused, errno)) if refused == call => Err(errno.into()),
        _ => Ok(()),
    }
}

/// From here on this thread's calls of this kind fail so; with `None` none does.
#[cfg(test)]
pub(super) fn refuse(call: Option<(Call, rustix::io::Errno)>) {
    REFUSED.set(call);
}
