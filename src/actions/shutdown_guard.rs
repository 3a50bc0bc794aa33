//! Protects work from Ctrl-C. Between the rotation of a refresh token at the server and its arrival on the disk, the
//! only copy of the new token is in memory (RFC 9700 §2.2.2).

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

#[derive(Debug, Default)]
pub struct ShutdownGuard {
    /// The number of protected tasks. They may be nested: rotating a token may refresh the session.
    in_flight: watch::Sender<usize>,
    is_shutting_down: AtomicBool,
}

struct InFlight<'a>(&'a watch::Sender<usize>);

impl<'a> InFlight<'a> {
    fn enter(shield: &'a ShutdownGuard) -> Self {
        shield.in_flight.send_modify(|works| *works += 1);
        Self(&shield.in_flight)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|works| *works -= 1);
    }
}

impl ShutdownGuard {
    /// Runs `work` so that shutdown waits for it. After [`ShutdownGuard::begin_shutdown`], the caller is never resumed.
    pub(super) async fn protect<W: Future>(&self, work: W) -> W::Output {
        let behind = InFlight::enter(self);
        let done = work.await;
        drop(behind);
        if self.is_shutting_down.load(Ordering::Relaxed) && *self.in_flight.borrow() == 0 {
            std::future::pending::<()>().await;
        }
        done
    }

    /// Stops everything that is not protected, and returns when no protected work remains.
    pub async fn begin_shutdown(&self) {
        self.is_shutting_down.store(true, Ordering::Relaxed);
        // Cannot fail: the sender is in `self`.
        let mut behind = self.in_flight.subscribe();
        drop(behind.wait_for(|works| *works == 0).await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::time::{Duration, timeout};

    #[tokio::test(start_paused = true)]
    async fn nested_work_finishes_before_shutdown() {
        let shield = ShutdownGuard::default();
        let work = shield.protect(async { shield.protect(std::future::ready(7)).await + 1 });
        assert_eq!(timeout(Duration::from_secs(1), work).await, Ok(8));

        let pause = || tokio::time::sleep(Duration::from_secs(5));
        let inner_is_done = AtomicBool::new(false);
        let work = shield.protect(async {
            shield.protect(pause()).await;
            inner_is_done.store(true, Ordering::Relaxed);
            pause().await;
        });
        let began = tokio::time::Instant::now();
        tokio::select! {
            biased; // The work is behind the shield before that is lowered.
            () = work => panic!("nothing goes on after it"),
            () = shield.begin_shutdown() => {}
        }
        assert!(inner_is_done.into_inner());
        assert_eq!(began.elapsed().as_secs(), 10);
    }
}
