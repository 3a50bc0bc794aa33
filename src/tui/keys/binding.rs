//! The types of the key table: a command, the keys that trigger it, and its texts for the bottom line and the help.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::model::Screen;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum Command {
    Quit,
    QuitNow,
    Suspend,
    Redraw,
    Help,
    Close,
    NextScreen,
    PreviousScreen,
    GoTo(Screen),
    Up,
    Down,
    PageUp,
    PageDown,
    HalfPageUp,
    HalfPageDown,
    First,
    Last,
    Enter,
    Reload,
    Filter,
    ClearFilter,
    Sort,
    Reverse,
    Mark,
    MarkAll,
    Create,
    Activate,
    Deactivate,
    Rotate,
    Revoke,
    Timeline,
    RefreshSession,
    LogOut,
    SignIn,
    MakeDefault,
    OpenBrowser,
    CopyUrl,
    CopyCode,
    CopySecret,
    Reveal,
    Save,
    Yes,
    No,
    NextField,
    PreviousField,
    Left,
    Right,
    Toggle,
    Submit,
}

pub(in crate::tui) struct Binding {
    /// The first one is shown in the bottom line.
    pub(in crate::tui) keys: &'static [Key],
    /// One or two words for the bottom line; empty if the binding is shown in the help only.
    pub(in crate::tui) label: &'static str,
    pub(in crate::tui) help: &'static str,
    pub(in crate::tui) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Key {
    Char(char),
    /// A letter, in lower case, with Ctrl.
    Ctrl(char),
    Code(KeyCode),
}

impl Key {
    fn matches(self, event: KeyEvent) -> bool {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        match (self, event.code) {
            (Self::Ctrl(key), KeyCode::Char(typed)) => ctrl && typed.eq_ignore_ascii_case(&key),
            (Self::Char(key), KeyCode::Char(typed)) => !ctrl && typed == key,
            (Self::Code(key), typed) => key == typed,
            _ => false,
        }
    }

    pub(in crate::tui) fn event(self) -> KeyEvent {
        match self {
            Self::Char(key) => KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE),
            Self::Ctrl(key) => KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL),
            Self::Code(key) => KeyEvent::new(key, KeyModifiers::NONE),
        }
    }

    pub(in crate::tui) fn name(self) -> String {
        match self {
            Self::Char(' ') => "Space".to_owned(),
            Self::Char(key) => key.to_string(),
            Self::Ctrl(key) => format!("Ctrl-{}", key.to_ascii_uppercase()),
            Self::Code(KeyCode::BackTab) => "Shift-Tab".to_owned(),
            Self::Code(KeyCode::PageUp) => "PgUp".to_owned(),
            Self::Code(KeyCode::PageDown) => "PgDn".to_owned(),
            Self::Code(KeyCode::Delete) => "Del".to_owned(),
            Self::Code(KeyCode::Esc) => "Esc".to_owned(),
            Self::Code(key) => format!("{key:?}"),
        }
    }
}

impl Binding {
    pub(in crate::tui) fn matches(&self, event: KeyEvent) -> bool {
        self.keys.iter().any(|key| key.matches(event))
    }

    /// The first key, as a click in the bottom line sends it.
    pub(in crate::tui) fn key_event(&self) -> KeyEvent {
        self.keys[0].event()
    }

    pub(in crate::tui) fn first_key_name(&self) -> String {
        self.keys[0].name()
    }

    /// All keys, as in `Up/k`.
    pub(in crate::tui) fn key_names(&self) -> String {
        let names: Vec<_> = self.keys.iter().map(|key| key.name()).collect();
        names.join("/")
    }
}

pub(super) const fn bind(
    keys: &'static [Key],
    label: &'static str,
    help: &'static str,
    command: Command,
) -> Binding {
    Binding {
        keys,
        label,
        help,
        command,
    }
}
