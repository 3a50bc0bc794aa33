//! How the authorization URL reaches the browser: the client starts the program in `BROWSER`, or prints the URL.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How often to look for the URL.
const INTERVAL: Duration = Duration::from_millis(5);

/// A client that prints the URL may start the browser a moment later.
const LAUNCH_LIMIT: Duration = Duration::from_secs(1);

/// The program in `BROWSER`. It needs no other program, because `PATH` may be empty.
const SCRIPT: &str = "#!/bin/sh\nprintf '%s\\n' \"$@\" >> \"$0.opened\"\n";

/// A program that stores the URLs it is started with.
pub(super) struct Launcher {
    folder: TempDir,
}

impl Launcher {
    pub(super) fn create() -> io::Result<Self> {
        let folder = TempDir::with_prefix("conformance-browser-")?;
        let launcher = Self { folder };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o700);
        // Closed before it is started: a program that is open for writing cannot run.
        options
            .open(launcher.path())?
            .write_all(SCRIPT.as_bytes())?;
        Ok(launcher)
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("browser")
    }

    /// Waits for the authorization URL, which starts with `endpoint`.
    pub(super) async fn wait_for_url(&self, output: &Mutex<Vec<u8>>, endpoint: &str) -> String {
        let mut printed: Option<(String, Instant)> = None;
        loop {
            if let Some(url) = self.opened(endpoint) {
                return url;
            }
            match &printed {
                Some((url, since)) if since.elapsed() > LAUNCH_LIMIT => return url.clone(),
                Some(_) => {}
                None => {
                    let output = output.lock().unwrap_or_else(PoisonError::into_inner);
                    let found = find(&String::from_utf8_lossy(&output), endpoint);
                    printed = found.map(|url| (url, Instant::now()));
                }
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    fn opened(&self, endpoint: &str) -> Option<String> {
        let opened = fs::read_to_string(self.opened_path()).ok()?;
        find(&opened, endpoint)
    }

    fn opened_path(&self) -> PathBuf {
        self.path().with_extension("opened")
    }

    /// Returns every authorization URL that the client opened or printed; one that it did both with is there twice.
    pub(super) fn urls(&self, output: &Mutex<Vec<u8>>, endpoint: &str) -> Vec<String> {
        let output = output.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = fs::read_to_string(self.opened_path()).unwrap_or_default();
        let shown = format!("{}\n{opened}", String::from_utf8_lossy(&output));
        let starts = shown.match_indices(endpoint);
        starts
            .filter_map(|(at, _)| find(&shown[at..], endpoint))
            .collect()
    }
}

/// Returns the first complete URL in `text` that starts with `endpoint`.
fn find(text: &str, endpoint: &str) -> Option<String> {
    let start = text.find(&format!("{endpoint}?"))?;
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || "\"'<>".contains(c))?;
    Some(rest[..end].to_owned())
}

pub(super) type Output = Arc<Mutex<Vec<u8>>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_url_of_the_endpoint_is_found() {
        let endpoint = "http://localhost:1/oauth2/authorize";
        let url = format!("{endpoint}?a=1&b=%20");
        for (text, found) in [
            (format!("Open  {url}\n"), true),
            (format!("{{\"url\":\"{url}\"}}"), true),
            (format!("\u{1b}[1m{url}\u{1b}[0m"), true),
            (format!("Open  {url}"), false),
            (format!("{endpoint} "), false),
            ("http://localhost:2/oauth2/authorize?a=1 ".to_owned(), false),
        ] {
            let expected = found.then(|| url.clone());
            assert_eq!(find(&text, endpoint), expected, "{text}");
        }
    }
}
