//! The real program on a real terminal, controlled by keys, mouse, pastes and the window size. Waits are for screen
//! contents, never for time.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    process::Command,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    process::{Pid, Signal, kill_process},
    termios::{Termios, tcgetattr},
};

use super::emulator::Emulator;
use crate::support::{
    leak::Record,
    process::{LIMIT, holds_within, wait_until},
    pty::Pty,
    test_home::TestHome,
};

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESCAPE: &str = "\u{1b}";
pub(crate) const TAB: &str = "\t";
pub(crate) const UP: &str = "\u{1b}[A";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const LEFT: &str = "\u{1b}[D";
pub(crate) const RIGHT: &str = "\u{1b}[C";
pub(crate) const END: &str = "\u{1b}[F";
pub(crate) const HOME: &str = "\u{1b}[H";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_L: &str = "\u{c}";
pub(crate) const CTRL_U: &str = "\u{15}";
pub(crate) const CTRL_Z: &str = "\u{1a}";

/// The end of the output: the test writes it after the program has exited. The program writes no command of this number
/// (OSC), and the terminal ignores it.
const END_MARK: &str = "\u{1b}]7777;end of the output\u{7}";

/// A program with a terminal.
pub(crate) struct Terminal {
    pty: Pty,
    /// The modes of the terminal before the program started.
    before: Termios,
    emulator: Arc<(Mutex<Emulator>, Condvar)>,
    record: Record,
}

/// The result of a program that has exited.
pub(crate) struct ExitedProgram {
    /// The exit status; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// The text that it printed on the main screen.
    pub(crate) printed: String,
    /// The whole output, except while the test revealed a secret.
    pub(crate) written: String,
}

impl Terminal {
    /// Starts the program with `--visual` and these arguments.
    pub(crate) fn visual(home: &TestHome, arguments: &[&str], size: (u16, u16)) -> Self {
        let arguments: Vec<_> = arguments.iter().copied().chain(["--visual"]).collect();
        let mut command = home.command(&arguments);
        Self::start(home, command.env("TERM", "xterm-256color"), size)
    }

    pub(crate) fn start(home: &TestHome, command: &Command, size: (u16, u16)) -> Self {
        let mut before = None;
        let read_modes = |line: &File| before = Some(tcgetattr(line).unwrap());
        let pty = Pty::start(command, size, read_modes).unwrap();
        let emulator = Arc::new((Mutex::new(Emulator::new(size)), Condvar::new()));
        let (mut output, shared) = (pty.user.try_clone().unwrap(), Arc::clone(&emulator));
        thread::spawn(move || {
            let mut block = [0; 16 * 1024];
            // When all descriptors of the program's end are closed, the next read fails.
            while let Some(read) = output.read(&mut block).ok().filter(|read| *read > 0) {
                shared.0.lock().unwrap().process(&block[..read]);
                shared.1.notify_all();
            }
        });
        Self {
            pty,
            emulator,
            record: home.record().clone(),
            before: before.unwrap(),
        }
    }

    fn emulator(&self) -> MutexGuard<'_, Emulator> {
        self.emulator.0.lock().unwrap()
    }

    /// Types these keys. The program reads them later.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.pty.user.write_all(keys.as_bytes()).unwrap();
    }

    /// Pastes `text`, marked as bracketed paste, which the program must have enabled.
    pub(crate) fn paste(&mut self, text: &str) {
        assert!(self.emulator().screen().bracketed_paste());
        self.keys(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    }

    /// Clicks on `text`.
    #[track_caller]
    pub(crate) fn click(&mut self, text: &str) {
        let screen = self.wait_for(text);
        let mut rows = screen.lines().zip(1..);
        let (row, line) = rows.find(|(row, _)| row.contains(text)).unwrap();
        let column = row[..row.find(text).unwrap()].chars().count() + 1;
        self.keys(&format!(
            "\u{1b}[<0;{column};{line}M\u{1b}[<0;{column};{line}m"
        ));
    }

    /// Scrolls down by one step of the mouse wheel.
    pub(crate) fn wheel_down(&mut self) {
        self.keys("\u{1b}[<65;5;5M");
    }

    /// Writes to the terminal, as another program might.
    pub(crate) fn write_as_another_program(&mut self, text: &str) {
        self.pty.line.write_all(text.as_bytes()).unwrap();
    }

    /// Changes the size of the window.
    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.emulator().resize(size);
        self.pty.resize(size).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.pty.child), signal).unwrap();
    }

    /// Waits until `text` is visible, and returns the screen.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text))
    }

    /// Waits until `text` is not visible any more, and returns the screen.
    #[track_caller]
    pub(crate) fn wait_until_gone(&mut self, text: &str) -> String {
        self.wait(&format!("end of `{text}`"), |screen| !screen.contains(text))
    }

    /// Waits until the screen matches, and returns it. `what` describes the expected screen in a failure.
    #[track_caller]
    pub(crate) fn wait(&mut self, what: &str, matches: impl Fn(&str) -> bool) -> String {
        let mut deadline = Instant::now() + LIMIT;
        let (shared, changed) = &*self.emulator;
        let mut emulator = shared.lock().unwrap();
        loop {
            let text = emulator.text();
            if matches(&text) {
                return text;
            }
            let exit = self.pty.child.try_wait().unwrap();
            if exit.is_some() {
                // The last output may still be unread.
                deadline = deadline.min(Instant::now() + Duration::from_secs(1));
            }
            if Instant::now() > deadline {
                drop(emulator);
                panic!("no {what} on the screen (exit: {exit:?}):\n{text}");
            }
            let short = Duration::from_millis(50);
            emulator = changed.wait_timeout(emulator, short).unwrap().0;
        }
    }

    /// Reveals a secret with `key`, reads it from the screen with `find`, and hides it with the same key.
    #[track_caller]
    pub(crate) fn reveal(&mut self, key: &str, find: impl Fn(&str) -> Option<String>) -> String {
        self.emulator().set_revealing(true);
        self.keys(key);
        let screen = self.wait("secret", |screen| find(screen).is_some());
        let secret = find(&screen).unwrap();
        self.keys(key);
        self.wait_until_gone(&secret);
        self.emulator().set_revealing(false);
        secret
    }

    /// Waits for a text in the clipboard, and removes and returns it.
    #[track_caller]
    pub(crate) fn clipboard(&mut self) -> String {
        let mut copied = None;
        wait_until("text in the clipboard", || {
            copied = self.emulator().take_clipboard();
            copied.is_some()
        });
        copied.unwrap()
    }

    /// Fails unless the terminal is in the same state as before the program started.
    #[track_caller]
    pub(crate) fn expect_restored(&self) {
        let after = tcgetattr(&self.pty.line).unwrap();
        let mut differences = self.emulator().unrestored_state();
        if modes(&after) != modes(&self.before) {
            differences.push(format!("{after:?} instead of {:?}", self.before));
        }
        assert!(
            differences.is_empty(),
            "not restored: {}",
            differences.join("\n")
        );
    }

    /// Calls `read` with the cells of the screen.
    pub(crate) fn with_screen<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(self.emulator().screen())
    }

    /// Waits for the exit. Fails unless the terminal is restored, and records the output for the leak harness.
    #[track_caller]
    pub(crate) fn wait_for_exit(mut self) -> ExitedProgram {
        let mut status = None;
        let has_exited = holds_within(LIMIT, || {
            status = self.pty.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(has_exited, "still running:\n{}", self.emulator().text());
        let status = status.unwrap();
        self.read_remaining_output();
        self.expect_restored();
        let mut emulator = self.emulator.0.lock().unwrap();
        for (what, text) in emulator.outputs() {
            self.record.output(format!("the terminal: {what}"), text);
        }
        ExitedProgram {
            code: status.code(),
            printed: emulator.printed(),
            written: emulator.written(),
        }
    }

    /// Reads the output that is still unread, up to [`END_MARK`], which is not recorded.
    fn read_remaining_output(&mut self) {
        self.write_as_another_program(END_MARK);
        let (shared, changed) = &*self.emulator;
        let is_incomplete = |emulator: &mut Emulator| !emulator.remove_end(END_MARK);
        let emulator = shared.lock().unwrap();
        let waited = changed.wait_timeout_while(emulator, LIMIT, is_incomplete);
        assert!(
            !waited.unwrap().1.timed_out(),
            "the end of the output was not read"
        );
    }

    /// Quits with `q`. The exit status is 0, and nothing is printed.
    #[track_caller]
    pub(crate) fn quit(mut self) -> ExitedProgram {
        self.keys("q");
        let exited = self.wait_for_exit();
        assert_eq!((exited.code, exited.printed.as_str()), (Some(0), ""));
        exited
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.pty.child.kill();
        let _ = self.pty.child.wait();
    }
}

/// Returns the modes of a terminal: input, output and local.
fn modes(termios: &Termios) -> [String; 3] {
    [
        format!("{:?}", termios.input_modes),
        format!("{:?}", termios.output_modes),
        format!("{:?}", termios.local_modes),
    ]
}
