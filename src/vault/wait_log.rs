//! The log of waits for locks, for `-v`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::files::quote_path;

type Sink = dyn Fn(&str) + Send + Sync;

/// The receiver of the log's lines; silent by default.
#[derive(Clone, Default)]
pub struct WaitLog(Option<Arc<Sink>>);

impl WaitLog {
    /// Creates a log that passes each line, without a line feed, to `sink`.
    pub fn to(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sink)))
    }

    /// Logs that a wait for the lock at `path` begins.
    pub(super) fn waiting(&self, path: &Path) {
        if let Some(sink) = &self.0 {
            let path = quote_path(path);
            sink(&format!(
                "* waiting for the lock {path}, which another process holds"
            ));
        }
    }
}

impl fmt::Debug for WaitLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.0.is_some() { "on" } else { "silent" };
        write!(f, "WaitLog({state})")
    }
}
