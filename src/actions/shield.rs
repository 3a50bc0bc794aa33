//! What must not be torn apart by Ctrl-C: between a server's rotation of a refresh token and its arrival on the disk,
//! the only copy of the new one is in memory (RFC 9700 §2.2.2).

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// Held up while work must be finished.
#[derive(Debug, Default)]
pub struct Shield {
    /// How many works are behind it. They may stand inside each other: the rotation of a token may have to renew the session.
    behind: watch::Sender<usize>,
    is_over: AtomicBool,
}

/// One work behind the shield, until it is dropped.
struct Behind<'a>(&'a watch::Sender<usize>);

impl<'a> Behind<'a> {
    fn step(shield: &'a Shield) -> Self {
        shield.behind.send_modify(|works| *works += 1);
        Self(&shield.behind)
    }
}

impl Drop for Behind<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|works| *works -= 1);
    }
}

impl Shield {
    /// Does `work` behind the shield. Once somebody called [`Shield::lower`], nothing goes on after it.
    pub(super) async fn around<W: Future>(&self, work: W) -> W::Output {
        let behind = Behind::step(self);
        let done = work.await;
        drop(behind);
        if self.is_over.load(Ordering::Relaxed) && *self.behind.borrow() == 0 {
            std::future::pending::<()>().await;
        }
        done
    }

    /// Ends all that would come after what is behind the shield, and returns as soon as nothing is.
    pub async fn lower(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        // It cannot be closed: the sender is in `self`.
        let mut behind = self.behind.subscribe();
        drop(behind.wait_for(|works| *works == 0).await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::time::{Duration, timeout};

    #[tokio::test(start_paused = true)]
    async fn one_work_may_stand_inside_another_and_the_outer_one_is_finished_first() {
        let shield = Shield::default();
        let work = shield.around(async { shield.around(std::future::ready(7)).await + 1 });
        assert_eq!(timeout(Duration::from_secs(1), work).await, Ok(8));

        let pause = || tokio::time::sleep(Duration::from_secs(5));
        let inner_is_done = AtomicBool::new(false);
        let work = shield.around(async {
            shield.around(pause()).await;
            inner_is_done.store(true, Ordering::Relaxed);
            pause().await;
        });
        let began = tokio::time::Instant::now();
        tokio::select! {
            biased; // The work is behind the shield before that is lowered.
            () = work => panic!("nothing goes on after it"),
            () = shield.lower() => {}
        }
        assert!(inner_is_done.into_inner());
        assert_eq!(began.elapsed().as_secs(), 10);
    }
}
