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
    Truncate,
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

/// Which calls fail.
#[cfg(test)]
#[derive(Clone, Copy)]
pub(super) struct Refused {
    pub(super) call: Call,
    pub(super) errno: rustix::io::Errno,
    /// How many calls of the kind succeed before.
    pub(super) after: u32,
    /// Whether all later ones fail, or the next alone.
    pub(super) for_good: bool,
}

#[cfg(test)]
thread_local! {
    static REFUSED: std::cell::Cell<Option<Refused>> = const { std::cell::Cell::new(None) };
    static MET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Returns `true` if a call failed since the last [`refuse_some`].
#[cfg(test)]
pub(super) fn is_met() -> bool {
    MET.get()
}

/// Fails if the test wants this call to.
#[cfg(test)]
pub(super) fn ask(call: Call) -> io::Result<()> {
    let Some(refused) = REFUSED.get().filter(|refused| refused.call == call) else {
        return Ok(());
    };
    if refused.after > 0 {
        let after = refused.after - 1;
        REFUSED.set(Some(Refused { after, ..refused }));
        return Ok(());
    }
    MET.set(true);
    if !refused.for_good {
        REFUSED.set(None);
    }
    Err(refused.errno.into())
}

/// From here on this thread's calls of this kind fail; with `None` none does.
#[cfg(test)]
pub(super) fn refuse(call: Option<(Call, rustix::io::Errno)>) {
    refuse_some(call.map(|(call, errno)| Refused {
        call,
        errno,
        after: 0,
        for_good: true,
    }));
}

/// From here on these of this thread's calls fail; with `None` none does.
#[cfg(test)]
pub(super) fn refuse_some(refused: Option<Refused>) {
    REFUSED.set(refused);
    MET.set(false);
}
