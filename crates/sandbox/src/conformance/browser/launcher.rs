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

    /// Returns the URLs that the program was started with, one on each line.
    fn opened_urls(&self) -> String {
        let opened = fs::read_to_string(self.path().with_extension("opened"));
        opened.unwrap_or_default()
    }
}

/// The authorization URLs that a client opens or prints. They start with `endpoint`.
pub(super) struct AuthorizationUrls {
    launcher: Launcher,
    output: Output,
    endpoint: String,
}

impl AuthorizationUrls {
    pub(super) fn new(launcher: Launcher, output: Output, endpoint: String) -> Self {
        Self {
            launcher,
            output,
            endpoint,
        }
    }

    pub(super) async fn wait_for_first(&self) -> String {
        let mut printed: Option<(String, Instant)> = None;
        loop {
            if let Some(url) = find_url(&self.launcher.opened_urls(), &self.endpoint) {
                return url;
            }
            match &printed {
                Some((url, since)) if since.elapsed() > LAUNCH_LIMIT => return url.clone(),
                Some(_) => {}
                None => {
                    let found = find_url(&self.client_output(), &self.endpoint);
                    printed = found.map(|url| (url, Instant::now()));
                }
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// Returns all URLs until now; one that was opened and printed is listed twice.
    pub(super) fn all(&self) -> Vec<String> {
        let shown = format!("{}\n{}", self.client_output(), self.launcher.opened_urls());
        let starts = shown.match_indices(&self.endpoint);
        let urls = starts.filter_map(|(at, _)| find_url(&shown[at..], &self.endpoint));
        urls.collect()
    }

    fn client_output(&self) -> String {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&output).into_owned()
    }
}

/// Returns the first complete URL in `text` that starts with `endpoint`.
fn find_url(text: &str, endpoint: &str) -> Option<String> {
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
        for (text, is_found) in [
            (format!("Open  {url}\n"), true),
            (format!("{{\"url\":\"{url}\"}}"), true),
            (format!("\u{1b}[1m{url}\u{1b}[0m"), true),
            (format!("Open  {url}"), false),
            (format!("{endpoint} "), false),
            ("http://localhost:2/oauth2/authorize?a=1 ".to_owned(), false),
        ] {
            let expected = is_found.then(|| url.clone());
            assert_eq!(find_url(&text, endpoint), expected, "{text}");
        }
    }
}
