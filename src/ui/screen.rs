//! The full-screen terminal: entered at the start of the TUI and restored however it ends.
//!
//! What was drawn is wiped before the terminal is given back, so that nothing of it stays on the alternate screen, and
//! the user's own screen and scrollback are as they were.

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

/// The terminal, as long as it is ours.
pub struct Screen(CrosstermTerminal);

impl Screen {
    /// Takes the terminal: alternate screen, key by key, with mouse and marked pastes. A panic gives it back first, so
    /// that its message can be read.
    ///
    /// # Errors
    /// When the terminal cannot be set so.
    pub fn enter() -> io::Result<Self> {
        restore_terminal_on_panic();
        set_up_terminal()?;
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::new(stdout())));
        terminal.map(Self).inspect_err(|_| restore_terminal())
    }

    /// Draws a picture; only what changed is written.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.0.backend_mut(), BeginSynchronizedUpdate)?;
        self.0.draw(render)?;
        execute!(self.0.backend_mut(), EndSynchronizedUpdate)
    }

    /// Draws everything anew at the next [`Screen::draw`].
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn invalidate(&mut self) -> io::Result<()> {
        // `clear` would query the cursor position, and the response would be read as keys.
        let size = self.0.size()?;
        self.0.resize(size.into())
    }

    /// Asks the terminal to put `text` into the clipboard (OSC 52), which works over ssh as well. Whether it did is
    /// unknown.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let encoded = Zeroizing::new(STANDARD.encode(text));
        let backend = self.0.backend_mut();
        for piece in [b"\x1b]52;c;", encoded.as_bytes(), b"\x1b\\"] {
            backend.write_all(piece)?;
        }
        Write::flush(backend)
    }

    /// Gives the terminal back and stops, as Ctrl-Z does elsewhere; returns when the user's shell goes on with it.
    ///
    /// # Errors
    /// When the terminal cannot be taken again.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.clear();
        restore_terminal();
        // Where it cannot stop it goes on.
        let _refused = kill_current_process_group(Signal::TSTP);
        self.reacquire()
    }

    /// Enters the terminal again after another program used it.
    ///
    /// # Errors
    /// When the terminal cannot be taken.
    pub fn reacquire(&mut self) -> io::Result<()> {
        set_up_terminal()?;
        self.invalidate()
    }

    /// Nothing of the picture stays: not on a terminal without an alternate screen, not in the memory of what was drawn
    /// last, of which there are two.
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

/// There is nothing left to try where this fails.
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
