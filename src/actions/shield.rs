//! What must not be torn apart by Ctrl-C: between a server's rotation of a refresh token and its arrival on the disk,
//! the only copy of the new one is in memory (RFC 9700 §2.2.2).

use tokio::sync::Mutex;

/// Held up while work must be finished.
#[derive(Debug, Default)]
pub struct Shield(Mutex<()>);

impl Shield {
    /// Does `work` behind the shield.
    pub(super) async fn around<W: Future>(&self, work: W) -> W::Output {
        let _up = self.0.lock().await;
        work.await
    }

    /// Returns as soon as nothing is behind it.
    pub async fn lowered(&self) {
        drop(self.0.lock().await);
    }
}
