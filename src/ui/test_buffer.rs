//! Streams that keep what is written, for unit tests and fuzz targets.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A writer whose clones share one memory.
#[derive(Debug, Clone, Default)]
pub struct TestBuffer(Arc<Mutex<Vec<u8>>>);

impl TestBuffer {
    /// What was written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for TestBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
