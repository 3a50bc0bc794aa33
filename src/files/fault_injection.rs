//! Lets tests make system calls fail. Every call that replaces, locks or removes a file calls [`inject`] first, which
//! compiles to nothing outside of tests.

use std::io;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syscall {
    Lock,
    WriteJournal,
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
    reason = "no fault is injected outside tests, and the call must cost nothing"
)]
#[inline(always)]
pub(crate) fn inject(_call: Syscall) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) call: Syscall,
    pub(crate) errno: rustix::io::Errno,
    /// How many calls of this kind succeed first.
    pub(crate) after: u32,
    /// Whether all later calls fail, or only one.
    pub(crate) is_permanent: bool,
}

#[cfg(test)]
thread_local! {
    static FAULT: std::cell::Cell<Option<Fault>> = const { std::cell::Cell::new(None) };
    static WAS_INJECTED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Returns `true` if a call has failed since the last [`inject_fault`].
#[cfg(test)]
pub(crate) fn was_injected() -> bool {
    WAS_INJECTED.get()
}

#[cfg(test)]
pub(crate) fn inject(call: Syscall) -> io::Result<()> {
    let Some(fault) = FAULT.get().filter(|fault| fault.call == call) else {
        return Ok(());
    };
    if fault.after > 0 {
        let after = fault.after - 1;
        FAULT.set(Some(Fault { after, ..fault }));
        return Ok(());
    }
    WAS_INJECTED.set(true);
    if !fault.is_permanent {
        FAULT.set(None);
    }
    Err(fault.errno.into())
}

/// Makes all calls of this kind fail on this thread; `None` ends that.
#[cfg(test)]
pub(crate) fn fail_calls(call: Option<(Syscall, rustix::io::Errno)>) {
    inject_fault(call.map(|(call, errno)| Fault {
        call,
        errno,
        after: 0,
        is_permanent: true,
    }));
}

/// Makes calls fail on this thread; `None` ends that.
#[cfg(test)]
pub(crate) fn inject_fault(fault: Option<Fault>) {
    FAULT.set(fault);
    WAS_INJECTED.set(false);
}
