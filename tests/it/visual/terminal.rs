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

/// Written by the test after the exit of the program; terminals display nothing for it.
const LAST: &str = "\u{1b}[0m";

/// A program with a terminal.
pub(crate) struct Terminal {
    pty: Pty,
    /// The modes of the terminal before the program started.
    before: Termios,
    seen: Arc<(Mutex<Emulator>, Condvar)>,
    record: Record,
}

/// The result of the program.
pub(crate) struct Left {
    /// The exit status; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// What it said on the main screen.
    pub(crate) printed: String,
    /// What it wrote, all in all, but for what was revealed on purpose.
    pub(crate) written: String,
}

impl Terminal {
    /// The program with `--visual` and these arguments.
    pub(crate) fn visual(home: &TestHome, arguments: &[&str], size: (u16, u16)) -> Self {
        let arguments: Vec<_> = arguments.iter().copied().chain(["--visual"]).collect();
        let mut command = home.command(&arguments);
        Self::start(home, command.env("TERM", "xterm-256color"), size)
    }

    pub(crate) fn start(home: &TestHome, command: &Command, size: (u16, u16)) -> Self {
        let mut before = None;
        let read_modes = |line: &File| before = Some(tcgetattr(line).unwrap());
        let pty = Pty::start(command, size, read_modes).unwrap();
        let seen = Arc::new((Mutex::new(Emulator::new(size)), Condvar::new()));
        let (mut output, shared) = (pty.user.try_clone().unwrap(), Arc::clone(&seen));
        thread::spawn(move || {
            let mut block = [0; 16 * 1024];
            // The last end of the line that is closed makes an error of the next read.
            while let Some(read) = output.read(&mut block).ok().filter(|read| *read > 0) {
                shared.0.lock().unwrap().take(&block[..read]);
                shared.1.notify_all();
            }
        });
        Self {
            pty,
            seen,
            record: home.record().clone(),
            before: before.unwrap(),
        }
    }

    fn emulator(&self) -> MutexGuard<'_, Emulator> {
        self.seen.0.lock().unwrap()
    }

    /// Types; the program hears it when it comes to it.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.pty.user.write_all(keys.as_bytes()).unwrap();
    }

    /// Pastes, as a terminal tells it to a program that has asked for it.
    pub(crate) fn paste(&mut self, text: &str) {
        assert!(self.emulator().screen().bracketed_paste());
        self.keys(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    }

    /// Clicks where `text` stands.
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

    /// Turns the wheel by one, towards the user.
    pub(crate) fn wheel_down(&mut self) {
        self.keys("\u{1b}[<65;5;5M");
    }

    /// Another program writes to the same terminal.
    pub(crate) fn scribble(&mut self, text: &str) {
        self.pty.line.write_all(text.as_bytes()).unwrap();
    }

    /// Drags the corner of the window.
    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.emulator().resize(size);
        self.pty.resize(size).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.pty.child), signal).unwrap();
    }

    /// Waits until `text` is to be seen; what is, then.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text))
    }

    /// Waits until `text` is not to be seen any more.
    #[track_caller]
    pub(crate) fn wait_until_gone(&mut self, text: &str) -> String {
        self.wait(&format!("end of `{text}`"), |screen| !screen.contains(text))
    }

    /// Waits until the picture is as it should be.
    #[track_caller]
    pub(crate) fn wait(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let mut deadline = Instant::now() + LIMIT;
        let (seen, changed) = &*self.seen;
        let mut emulator = seen.lock().unwrap();
        loop {
            let text = emulator.text();
            if is_so(&text) {
                return text;
            }
            let ended = self.pty.child.try_wait().unwrap();
            if ended.is_some() {
                // The last output may still be unread.
                deadline = deadline.min(Instant::now() + Duration::from_secs(1));
            }
            if Instant::now() > deadline {
                drop(emulator);
                panic!("no {what} (ended: {ended:?}) on the screen:\n{text}");
            }
            let short = Duration::from_millis(50);
            emulator = changed.wait_timeout(emulator, short).unwrap().0;
        }
    }

    /// Reveals a secret with `key`, takes it out of the picture, hides it with the same key.
    #[track_caller]
    pub(crate) fn reveal(&mut self, key: &str, find: impl Fn(&str) -> Option<String>) -> String {
        self.emulator().reveal(true);
        self.keys(key);
        let screen = self.wait("secret", |screen| find(screen).is_some());
        let secret = find(&screen).unwrap();
        self.keys(key);
        self.wait_until_gone(&secret);
        self.emulator().reveal(false);
        secret
    }

    /// What was put into the clipboard last, which the test wants to be there.
    #[track_caller]
    pub(crate) fn clipboard(&mut self) -> String {
        let mut copied = None;
        wait_until("text in the clipboard", || {
            copied = self.emulator().paste();
            copied.is_some()
        });
        copied.unwrap()
    }

    /// Fails unless the terminal is as it was before the program had it.
    #[track_caller]
    pub(crate) fn expect_given_back(&self) {
        let after = tcgetattr(&self.pty.line).unwrap();
        let mut left = self.emulator().left_behind();
        if modes(&after) != modes(&self.before) {
            left.push(format!("{after:?} instead of {:?}", self.before));
        }
        assert!(left.is_empty(), "left behind: {}", left.join("\n"));
    }

    /// Calls `see` with the picture, cell by cell.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&vt100::Screen) -> T) -> T {
        see(self.emulator().screen())
    }

    /// Waits for the end. The terminal must be as it was, and what was written goes to the leak harness.
    #[track_caller]
    pub(crate) fn wait_end(mut self) -> Left {
        let mut status = None;
        let has_exited = holds_within(LIMIT, || {
            status = self.pty.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(has_exited, "still running:\n{}", self.emulator().text());
        let status = status.unwrap();
        self.read_the_rest();
        self.expect_given_back();
        let mut emulator = self.seen.0.lock().unwrap();
        for (what, text) in emulator.outputs() {
            self.record.output(format!("the terminal: {what}"), text);
        }
        Left {
            code: status.code(),
            printed: emulator.printed(),
            written: emulator.written(),
        }
    }

    /// Reads what is still to be read: up to a word that the test writes last.
    fn read_the_rest(&mut self) {
        self.scribble(LAST);
        let (seen, changed) = &*self.seen;
        let is_there = |emulator: &mut Emulator| !emulator.ends_with(LAST);
        let emulator = seen.lock().unwrap();
        let waited = changed.wait_timeout_while(emulator, LIMIT, is_there);
        assert!(!waited.unwrap().1.timed_out(), "nothing is read any more");
    }

    /// Quits with `q`, which says nothing.
    #[track_caller]
    pub(crate) fn quit(mut self) -> Left {
        self.keys("q");
        let left = self.wait_end();
        assert_eq!((left.code, left.printed.as_str()), (Some(0), ""));
        left
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.pty.child.kill();
        let _ = self.pty.child.wait();
    }
}

/// How a terminal treats what is typed and written.
fn modes(termios: &Termios) -> [String; 3] {
    [
        format!("{:?}", termios.input_modes),
        format!("{:?}", termios.output_modes),
        format!("{:?}", termios.local_modes),
    ]
}
