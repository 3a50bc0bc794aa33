//! A terminal emulator: the screen, the clipboard, and a record of the output.

use std::num::NonZeroU16;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use vt100::{Callbacks, MouseProtocolMode, Parser, Screen};

use crate::support::leak::CANARIES;

/// The content of the terminal before the program starts.
const BEFORE: &str = "$ brainmaps --visual";

/// More lines than any program here scrolls.
const SCROLLBACK: usize = 1000;

/// A terminal that displays the output and records it for the leak harness.
pub(crate) struct Emulator {
    parser: Parser<Clipboard>,
    /// The whole output, except while the test reveals a secret.
    written: Vec<u8>,
    /// Screens with a secret that the test did not reveal.
    exposed: Vec<String>,
    /// Whether a secret may be visible now.
    is_revealing: bool,
}

/// The content of the clipboard (OSC 52).
#[derive(Default)]
struct Clipboard(Vec<String>);

impl Callbacks for Clipboard {
    fn copy_to_clipboard(&mut self, _: &mut Screen, kind: &[u8], data: &[u8]) {
        assert_eq!(kind, b"c", "another clipboard than the system's");
        let text = STANDARD.decode(data).unwrap();
        self.0.push(String::from_utf8(text).unwrap());
    }
}

fn non_zero(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

impl Emulator {
    pub(crate) fn new((columns, lines): (u16, u16)) -> Self {
        let (lines, columns) = (non_zero(lines), non_zero(columns));
        let mut parser =
            Parser::new_with_callbacks(lines, columns, SCROLLBACK, Clipboard::default());
        parser.process(format!("{BEFORE}\r\n").as_bytes());
        Self {
            parser,
            written: Vec::new(),
            exposed: Vec::new(),
            is_revealing: false,
        }
    }

    /// Processes output of the program.
    pub(crate) fn process(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        if self.is_revealing {
            return;
        }
        self.written.extend(bytes);
        let text = self.text();
        if CANARIES.iter().any(|canary| text.contains(canary)) {
            self.exposed.push(text);
        }
    }

    pub(crate) fn resize(&mut self, (columns, lines): (u16, u16)) {
        self.parser.set_size(non_zero(lines), non_zero(columns));
    }

    /// Sets whether secrets may be visible.
    pub(crate) fn set_revealing(&mut self, is_revealing: bool) {
        self.is_revealing = is_revealing;
    }

    pub(crate) fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Returns the visible rows without trailing blanks.
    pub(crate) fn text(&self) -> String {
        let width = self.screen().size().1.get();
        let rows = self.screen().rows(0, width);
        let rows: Vec<_> = rows.map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }

    /// Removes and returns the last content of the clipboard.
    pub(crate) fn take_clipboard(&mut self) -> Option<String> {
        self.parser.callbacks_mut().0.pop()
    }

    /// Returns the output so far as text.
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.written).into_owned()
    }

    /// Removes `text` from the end of the recorded output; returns whether it was there.
    pub(crate) fn remove_end(&mut self, text: &str) -> bool {
        let rest = self.written.strip_suffix(text.as_bytes()).map(<[u8]>::len);
        rest.inspect(|length| self.written.truncate(*length))
            .is_some()
    }

    /// Returns everything that others may read afterwards, with a description.
    pub(crate) fn outputs(&mut self) -> Vec<(&'static str, String)> {
        let copied = std::mem::take(&mut self.parser.callbacks_mut().0);
        let exposed = std::mem::take(&mut self.exposed);
        let written = self.written();
        let all = exposed.into_iter().map(|text| ("a picture", text));
        let copied = copied.into_iter().map(|text| ("the clipboard", text));
        all.chain(copied)
            .chain([("what was written", written)])
            .collect()
    }

    /// Returns what the program did not restore: modes of the terminal, and text on the alternate screen.
    pub(crate) fn unrestored_state(&mut self) -> Vec<String> {
        let screen = self.screen();
        let mut differences = Vec::new();
        let mut expect_not = |is_true: bool, what: &str| {
            if is_true {
                differences.push(what.to_owned());
            }
        };
        expect_not(screen.alternate_screen(), "the alternate screen is shown");
        expect_not(screen.hide_cursor(), "the cursor is hidden");
        expect_not(screen.bracketed_paste(), "pastes are marked");
        let is_mouse_on = screen.mouse_protocol_mode() != MouseProtocolMode::None;
        expect_not(is_mouse_on, "the mouse is reported to programs");
        expect_not(screen.scrollback_len() > 0, "the scrollback contains lines");
        self.parser.process(b"\x1b[?47h");
        let rest = self.text();
        self.parser.process(b"\x1b[?47l");
        if !rest.is_empty() {
            differences.push(format!("the alternate screen contains:\n{rest}"));
        }
        differences
    }

    /// Returns the text on the main screen below the initial content.
    pub(crate) fn printed(&self) -> String {
        let text = self.text();
        let printed = text.strip_prefix(BEFORE);
        printed
            .unwrap_or_else(|| panic!("the initial content is missing:\n{text}"))
            .trim()
            .to_owned()
    }
}
