//! Reads a line from the terminal key by key, because this program handles Ctrl-C, Ctrl-Z and the echo itself.

use std::io;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

use rustix::process::{Signal, kill_current_process_group};
use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use unicode_width::UnicodeWidthChar;
use zeroize::Zeroizing;

use super::PromptError;

const MAX_BYTES: usize = 64 * 1024;

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const CTRL_W: u8 = 0x17;
const CTRL_Z: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;
const DELETE: u8 = 0x7f;

/// The state to restore while a guard exists.
static SAVED: Mutex<Option<Termios>> = Mutex::new(None);

/// Puts the terminal into raw mode, and restores it on drop.
pub(super) struct RawModeGuard {
    saved: Termios,
    raw: Termios,
    when_restored: OptionalActions,
}

impl RawModeGuard {
    /// Turns off echo, line editing and signals by key. After hidden input, unread input such as a second pasted line
    /// is discarded; otherwise the user's shell would run it and store it in its history.
    pub(super) fn enter(is_shown: bool) -> io::Result<Self> {
        let saved = tcgetattr(stdin())?;
        let mut raw = saved.clone();
        raw.local_modes -=
            LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        restore_on_panic(saved.clone());
        tcsetattr(stdin(), OptionalActions::Now, &raw)?;
        let when_restored = if is_shown {
            OptionalActions::Now
        } else {
            OptionalActions::Flush
        };
        Ok(Self {
            saved,
            raw,
            when_restored,
        })
    }

    /// Restores the terminal and stops the process, as Ctrl-Z usually does. Returns when the shell continues it. Input that
    /// was typed meanwhile was meant for the shell, and is discarded.
    pub(super) fn suspend(&self) -> io::Result<()> {
        tcsetattr(stdin(), OptionalActions::Now, &self.saved)?;
        // Without a shell that could continue it the process keeps running.
        let _ = kill_current_process_group(Signal::TSTP);
        Ok(tcsetattr(stdin(), OptionalActions::Flush, &self.raw)?)
    }
}

impl Drop for RawModeGuard {
    fn drop(&mut self) {
        // Fails if the terminal is gone.
        let _ = tcsetattr(stdin(), self.when_restored, &self.saved);
        *SAVED.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Restores the terminal before a panic is reported: a release build then aborts and drops nothing.
fn restore_on_panic(saved: Termios) {
    static ONCE: Once = Once::new();
    *SAVED.lock().unwrap_or_else(PoisonError::into_inner) = Some(saved);
    ONCE.call_once(|| {
        let previous_hook = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let saved = SAVED.try_lock().ok().and_then(|mut saved| saved.take());
            if let Some(saved) = saved {
                // Fails if the terminal is gone.
                let _ = tcsetattr(stdin(), OptionalActions::Flush, &saved);
            }
            previous_hook(panic);
        }));
    });
}

/// Reads keys until Enter. `echo` prints what a terminal would have shown; `suspend` stops the process and then prints the
/// prompt and the line again.
pub(super) fn read_line(
    mut next: impl FnMut() -> Result<Option<u8>, PromptError>,
    mut echo: impl FnMut(&str),
    mut suspend: impl FnMut(&str) -> io::Result<()>,
) -> Result<Zeroizing<String>, PromptError> {
    // A buffer that grows would leave copies of the secret in memory.
    let mut line = Zeroizing::new(String::with_capacity(MAX_BYTES));
    loop {
        match next()? {
            Some(b'\r' | b'\n') => return Ok(line),
            Some(CTRL_C) => return Err(PromptError::Interrupted),
            Some(CTRL_D) | None if line.is_empty() => return Err(PromptError::Ended),
            None => return Ok(line),
            Some(BACKSPACE | DELETE) => erase(&mut line, 1, &mut echo),
            Some(CTRL_W) => {
                let word = line
                    .trim_end()
                    .rfind(char::is_whitespace)
                    .map_or(0, |at| at + 1);
                let count = line[word..].chars().count();
                erase(&mut line, count, &mut echo);
            }
            Some(CTRL_Z) => suspend(&line)?,
            Some(CTRL_U) => erase(&mut line, usize::MAX, &mut echo),
            Some(ESCAPE) => skip_escape_sequence(&mut next)?,
            Some(byte) if byte.is_ascii_control() => {}
            Some(byte) => {
                let c = read_character(byte, &mut next)?;
                if line.len() + c.len_utf8() > MAX_BYTES {
                    return Err(PromptError::TooLong);
                }
                line.push(c);
                echo(c.encode_utf8(&mut [0; 4]));
            }
        }
    }
}

fn erase(line: &mut String, count: usize, echo: &mut impl FnMut(&str)) {
    for c in std::iter::from_fn(|| line.pop()).take(count) {
        echo(&"\u{8} \u{8}".repeat(c.width().unwrap_or(0)));
    }
}

/// Skips the sequence of an arrow key and the like: ESC [ … or ESC O …, up to a final byte (ECMA-48 §5.4).
fn skip_escape_sequence(
    next: &mut impl FnMut() -> Result<Option<u8>, PromptError>,
) -> Result<(), PromptError> {
    if !matches!(next()?, Some(b'[' | b'O')) {
        return Ok(());
    }
    while next()?.is_some_and(|byte| !(0x40..=0x7e).contains(&byte)) {}
    Ok(())
}

/// Reads the rest of the UTF-8 character that begins with `first`.
fn read_character(
    first: u8,
    next: &mut impl FnMut() -> Result<Option<u8>, PromptError>,
) -> Result<char, PromptError> {
    let length = match first {
        0x00..0x80 => 1,
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return Err(PromptError::NotText),
    };
    let mut bytes = Zeroizing::new([first, 0, 0, 0]);
    for byte in &mut bytes[1..length] {
        *byte = next()?.ok_or(PromptError::NotText)?;
    }
    let text = str::from_utf8(&bytes[..length]).map_err(|_| PromptError::NotText)?;
    let c = text.chars().next().ok_or(PromptError::NotText)?;
    if c.is_control() {
        Err(PromptError::NotText)
    } else {
        Ok(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[u8]) -> (Result<String, PromptError>, String) {
        let mut keys = keys.iter().copied();
        let mut shown = String::new();
        let line = read_line(|| Ok(keys.next()), |echo| shown.push_str(echo), |_| Ok(()));
        (line.map(|line| line.to_string()), shown)
    }

    #[test]
    fn keys_make_a_line() {
        for (keys, expected) in [
            (&b"abc\n"[..], "abc"),
            (b"abc\rdef", "abc"),
            (b"abc", "abc"),
            (b"abx\x7fc\n", "abc"),
            (b"\x7f\x08abc\n", "abc"),
            (b"old\x15abc\n", "abc"),
            (b"a two words \x17abc\n", "a two abc"),
            (b"a\x1b[Db\x1b[1;5Cc\x1bOA\n", "abc"),
            (b"a\x01\x1a\x00bc\n", "abc"),
            ("ü日x\u{7f}\u{7f}🔑\n".as_bytes(), "ü🔑"),
            (b"\n", ""),
        ] {
            assert_eq!(typed(keys).0.unwrap(), expected, "{keys:?}");
        }
    }

    #[test]
    fn interrupt_end_and_invalid_input_are_different_errors() {
        assert!(matches!(typed(b"abc\x03").0, Err(PromptError::Interrupted)));
        assert!(matches!(typed(b"").0, Err(PromptError::Ended)));
        assert!(matches!(typed(b"\x04").0, Err(PromptError::Ended)));
        assert!(matches!(typed(b"a\xff\n").0, Err(PromptError::NotText)));
        assert!(matches!(typed(b"\xc2\x9b\n").0, Err(PromptError::NotText)));
        assert!(matches!(
            typed(&b"a".repeat(MAX_BYTES + 1)).0,
            Err(PromptError::TooLong)
        ));
    }

    #[test]
    fn erasing_removes_wide_characters() {
        let erased = "\u{8} \u{8}";
        assert_eq!(
            typed("a日\u{7f}b\n".as_bytes()).1,
            format!("a日{erased}{erased}b")
        );
    }
}
