//! Protects work from Ctrl-C. Between the rotation of a refresh token at the server and its arrival on the disk, the
//! only copy of the new token is in memory (RFC 9700 §2.2.2).

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

#[derive(Debug, Default)]
pub struct ShutdownGuard {
    /// The number of protected tasks. They may be nested: rotating a token may refresh the session.
    in_flight: AtomicUsize,
    /// Wakes the shutdown when no protected work remains.
    finished: Notify,
    is_shutting_down: AtomicBool,
    /// Wakes protected work when the shutdown begins.
    begun: Notify,
}

struct InFlight<'a>(&'a ShutdownGuard);

impl<'a> InFlight<'a> {
    fn enter(guard: &'a ShutdownGuard) -> Self {
        guard.in_flight.fetch_add(1, Ordering::SeqCst);
        Self(guard)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if self.0.in_flight.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.finished.notify_waiters();
        }
    }
}

impl ShutdownGuard {
    /// Runs `work` so that shutdown waits for it. After [`ShutdownGuard::begin_shutdown`], the caller is never resumed.
    pub(super) async fn protect<W: Future>(&self, work: W) -> W::Output {
        let in_flight = InFlight::enter(self);
        let done = work.await;
        drop(in_flight);
        if self.has_begun() && self.is_idle() {
            std::future::pending::<()>().await;
        }
        done
    }

    /// Stops everything that is not protected, and returns when no protected work remains.
    pub async fn begin_shutdown(&self) {
        self.is_shutting_down.store(true, Ordering::SeqCst);
        self.begun.notify_waiters();
        loop {
            // Created before the count is read, so that it also receives a notification that is sent in between.
            let finished = self.finished.notified();
            if self.is_idle() {
                return;
            }
            finished.await;
        }
    }

    /// Returns when the shutdown begins, for protected work that takes long.
    pub(super) async fn begun(&self) {
        // Created before the flag is read, as in `begin_shutdown`.
        let begun = self.begun.notified();
        if !self.has_begun() {
            begun.await;
        }
    }

    pub(super) fn has_begun(&self) -> bool {
        self.is_shutting_down.load(Ordering::SeqCst)
    }

    fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::time::{Duration, timeout};

    #[tokio::test(start_paused = true)]
    async fn nested_work_finishes_before_shutdown() {
        let guard = ShutdownGuard::default();
        let work = guard.protect(async { guard.protect(std::future::ready(7)).await + 1 });
        assert_eq!(timeout(Duration::from_secs(1), work).await, Ok(8));

        let pause = || tokio::time::sleep(Duration::from_secs(5));
        let inner_is_done = AtomicBool::new(false);
        let work = guard.protect(async {
            guard.protect(pause()).await;
            inner_is_done.store(true, Ordering::SeqCst);
            pause().await;
        });
        let began = tokio::time::Instant::now();
        tokio::select! {
            biased; // The work is protected before the shutdown begins.
            () = work => panic!("nothing goes on after it"),
            () = guard.begin_shutdown() => {}
        }
        assert!(inner_is_done.into_inner());
        assert_eq!(began.elapsed().as_secs(), 10);
    }
}
