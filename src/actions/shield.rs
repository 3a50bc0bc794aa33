//! What must not be torn apart by Ctrl-C: between a server's rotation of a refresh token and its arrival on the disk,
//! the only copy of the new one is in memory (RFC 9700 §2.2.2).

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;

/// Held up while work must be finished.
#[derive(Debug, Default)]
pub struct Shield {
    up: Mutex<()>,
    is_over: AtomicBool,
}

impl Shield {
    /// Does `work` behind the shield. Once somebody called [`Shield::lower`], nothing goes on after it.
    pub(super) async fn around<W: Future>(&self, work: W) -> W::Output {
        let up = self.up.lock().await;
        let done = work.await;
        drop(up);
        if self.is_over.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        done
    }

    /// Ends all that would come after what is behind the shield, and returns as soon as nothing is.
    pub async fn lower(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        drop(self.up.lock().await);
    }
}
