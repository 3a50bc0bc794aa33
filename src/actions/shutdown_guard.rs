//! What must not be torn apart by Ctrl-C: between a server's rotation of a refresh token and its arrival on the disk,
//! the only copy of the new one is in memory (RFC 9700 §2.2.2).

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// Held up while work must be finished.
#[derive(Debug, Default)]
pub struct ShutdownGuard {
    /// How many works are behind it. They may stand inside each other: the rotation of a token may have to renew the session.
    in_flight: watch::Sender<usize>,
    is_shutting_down: AtomicBool,
}

/// One work behind the shield, until it is dropped.
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
    /// Does `work` behind the shield. Once somebody called [`ShutdownGuard::begin_shutdown`], nothing goes on after it.
    pub(super) async fn protect<W: Future>(&self, work: W) -> W::Output {
        let behind = InFlight::enter(self);
        let done = work.await;
        drop(behind);
        if self.is_shutting_down.load(Ordering::Relaxed) && *self.in_flight.borrow() == 0 {
            std::future::pending::<()>().await;
        }
        done
    }

    /// Ends all that would come after what is behind the shield, and returns as soon as nothing is.
    pub async fn begin_shutdown(&self) {
        self.is_shutting_down.store(true, Ordering::Relaxed);
        // It cannot be closed: the sender is in `self`.
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
