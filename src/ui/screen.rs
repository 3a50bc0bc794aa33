//! The full-screen terminal: set up at the start, restored on every exit.
//!
//! The screen is cleared before the terminal is restored, so that no secret stays on the alternate screen. The user's
//! screen and scrollback are unchanged.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::panic;
use std::sync::Once;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, kill_current_process_group};
use zeroize::Zeroizing;

type CrosstermTerminal = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The terminal in full-screen mode; dropping it restores the terminal.
pub struct Screen(CrosstermTerminal);

impl Screen {
    /// Switches to the alternate screen and raw mode, with mouse events and bracketed paste. A panic restores the terminal
    /// first, so that its message can be read.
    ///
    /// # Errors
    /// If the terminal cannot be set up.
    pub fn enter() -> io::Result<Self> {
        restore_terminal_on_panic();
        set_up_terminal()?;
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::new(stdout())));
        terminal.map(Self).inspect_err(|_| restore_terminal())
    }

    /// Draws a frame; only changed cells are written.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.0.backend_mut(), BeginSynchronizedUpdate)?;
        self.0.draw(render)?;
        execute!(self.0.backend_mut(), EndSynchronizedUpdate)
    }

    /// Redraws everything at the next [`Screen::draw`].
    ///
    /// # Errors
    /// If writing to the terminal fails.
    pub fn invalidate(&mut self) -> io::Result<()> {
        // `clear` would request the cursor position, and the thread that reads keys would receive the response.
        let size = self.0.size()?;
        self.0.resize(size.into())
    }

    /// Requests that the terminal put `text` into the clipboard (OSC 52), which works over SSH too. Terminals do not report
    /// whether they did.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let encoded = Zeroizing::new(STANDARD.encode(text));
        let backend = self.0.backend_mut();
        for piece in [b"\x1b]52;c;", encoded.as_bytes(), b"\x1b\\"] {
            backend.write_all(piece)?;
        }
        Write::flush(backend)
    }

    /// Restores the terminal and stops the process, as Ctrl-Z does elsewhere. Returns when the shell continues it.
    ///
    /// # Errors
    /// If the terminal cannot be set up again.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.clear();
        restore_terminal();
        // Without a shell that could continue it the process keeps running.
        let _not_stopped = kill_current_process_group(Signal::TSTP);
        self.reacquire()
    }

    /// Sets the terminal up again after another program used it.
    ///
    /// # Errors
    /// If the terminal cannot be set up.
    pub fn reacquire(&mut self) -> io::Result<()> {
        set_up_terminal()?;
        self.invalidate()
    }

    /// Clears the screen, for terminals without an alternate screen, and both buffers of the last frames.
    fn clear(&mut self) {
        for _ in 0..2 {
            let _lost = self.0.draw(|_| {});
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.clear();
        restore_terminal();
    }
}

fn set_up_terminal() -> io::Result<()> {
    enable_raw_mode()?;
    let taken = execute!(
        stdout(),
        EnterAlternateScreen,
        EnableMouseCapture,
        EnableBracketedPaste,
        cursor::Hide,
    );
    taken.inspect_err(|_| restore_terminal())
}

/// Ignores errors, because nothing is left to try.
fn restore_terminal() {
    let _lost = execute!(
        stdout(),
        EndSynchronizedUpdate,
        Clear(ClearType::All),
        DisableBracketedPaste,
        DisableMouseCapture,
        LeaveAlternateScreen,
        cursor::Show,
    );
    let _lost = disable_raw_mode();
}

fn restore_terminal_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous_hook = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            restore_terminal();
            previous_hook(panic);
        }));
    });
}
