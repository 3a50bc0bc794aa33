//! A line that overwrites itself while the program waits.

use std::time::Duration;

use crate::domain::sanitize_line;

use super::{Shell, width};

const TICK: Duration = Duration::from_millis(120);
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ASCII_FRAMES: [&str; 4] = ["-", "\\", "|", "/"];

/// A progress line. It is shown if stderr is a terminal and neither `--quiet` nor `--json` is given, and is cleared before
/// other output and when it is dropped.
#[derive(Debug)]
pub struct Progress<'s> {
    shell: &'s Shell,
    frame: usize,
}

impl<'s> Progress<'s> {
    pub fn new(shell: &'s Shell) -> Self {
        Self { shell, frame: 0 }
    }

    /// Shows `text` after the next frame of the spinner.
    pub fn show(&mut self, text: &str) {
        if !self.shell.can_show_progress() {
            return;
        }
        let stream = self.shell.stderr_style();
        let frames: &[&str] = if stream.utf8 { &FRAMES } else { &ASCII_FRAMES };
        let frame = frames[self.frame % frames.len()];
        self.frame = self.frame.wrapping_add(1);
        let text = format!("{frame} {}", stream.to_charset(&sanitize_line(text)));
        // The last column stays empty: a line that wraps could not be cleared.
        let columns = stream.width.saturating_sub(1);
        self.shell
            .show_progress(Some(&width::truncate(&text, columns, &stream)));
    }

    /// Runs `work` and shows the current result of `text` several times a second.
    pub async fn run_while<W: Future>(
        mut self,
        mut text: impl FnMut() -> String,
        work: W,
    ) -> W::Output {
        let mut work = std::pin::pin!(work);
        while self.shell.can_show_progress() {
            self.show(&text());
            if let Ok(output) = tokio::time::timeout(TICK, &mut work).await {
                return output;
            }
        }
        work.await
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.shell.show_progress(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Terminal;
    use crate::ui::{Options, TestShell};

    fn terminal() -> Terminal {
        Terminal {
            stderr: true,
            width: 12,
            ..Terminal::absent()
        }
    }

    #[test]
    fn progress_line_overwrites_itself_and_is_removed() {
        let TestShell { shell, stderr, .. } = Shell::with_test_buffers(
            terminal(),
            Options {
                color: crate::ui::ColorWhen::Never,
                ..Options::default()
            },
        );
        let mut progress = Progress::new(&shell);
        progress.show("waiting 4:59");
        progress.show("waiting");
        shell.status("hello");
        progress.show("waiting");
        drop(progress);
        assert_eq!(
            stderr.text(),
            "\r⠋ waiting…\u{1b}[K\r⠙ waiting\u{1b}[K\r\u{1b}[Khello\n\r⠹ waiting\u{1b}[K\r\u{1b}[K"
        );
    }

    #[test]
    fn without_a_terminal_or_with_quiet_it_is_silent() {
        let quiet = Options {
            quiet: true,
            ..Options::default()
        };
        let json = Options {
            json: true,
            ..Options::default()
        };
        let dumb = Terminal {
            dumb: true,
            ..terminal()
        };
        for (terminal, options) in [
            (Terminal::absent(), Options::default()),
            (terminal(), quiet),
            (terminal(), json),
            (dumb, Options::default()),
        ] {
            let TestShell { shell, stderr, .. } = Shell::with_test_buffers(terminal, options);
            Progress::new(&shell).show("waiting");
            assert_eq!(stderr.text(), "");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn work_runs_while_progress_is_shown() {
        for terminal in [terminal(), Terminal::absent()] {
            let TestShell { shell, stderr, .. } =
                Shell::with_test_buffers(terminal, Options::default());
            let mut ticks = 0;
            let work = tokio::time::sleep(Duration::from_secs(1));
            let text = || {
                ticks += 1;
                format!("{ticks}")
            };
            Progress::new(&shell)
                .run_while(text, async {
                    work.await;
                    7
                })
                .await;
            assert_eq!(stderr.text().contains("⠼ 5"), terminal.stderr);
        }
    }
}
