//! Which key does what, where: the one table that the update, the line of keys at the bottom, the help and the mouse read.

mod place;
mod table;

pub(super) use place::Place;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::model::{Dialog, Form, Model, Screen, Step};

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Command {
    Quit,
    GiveUp,
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
    Renew,
    LogOut,
    SignIn,
    MakeDefault,
    OpenBrowser,
    CopyAddress,
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

/// One key and what it does.
pub(super) struct Binding {
    key: Key,
    /// How the key is written.
    pub(super) name: &'static str,
    /// What it does, in a word for the bottom line; empty for what goes without saying.
    pub(super) label: &'static str,
    /// What it does, for the help.
    pub(super) help: &'static str,
    pub(super) command: Command,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Char(char),
    Ctrl(char),
    Code(KeyCode),
}

impl Binding {
    pub(super) fn is(&self, event: KeyEvent) -> bool {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        match (self.key, event.code) {
            (Key::Ctrl(key), KeyCode::Char(typed)) => ctrl && typed.eq_ignore_ascii_case(&key),
            (Key::Char(key), KeyCode::Char(typed)) => !ctrl && typed == key,
            (Key::Code(key), typed) => key == typed,
            _ => false,
        }
    }

    /// The key as the terminal tells it.
    pub(super) fn event(&self) -> KeyEvent {
        match self.key {
            Key::Char(key) => KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE),
            Key::Ctrl(key) => KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL),
            Key::Code(key) => KeyEvent::new(key, KeyModifiers::NONE),
        }
    }
}

const fn key(
    key: Key,
    name: &'static str,
    label: &'static str,
    help: &'static str,
    command: Command,
) -> Binding {
    Binding {
        key,
        name,
        label,
        help,
        command,
    }
}

/// The keys of a place, those that matter most first.
pub(super) fn bindings(place: Place) -> Vec<&'static Binding> {
    let (own, moves, everywhere): (&[Binding], bool, bool) = match place {
        Place::Tokens => (table::TOKENS, true, true),
        Place::Filter => (table::FILTER, false, false),
        Place::Timeline => (table::TIMELINE, false, true),
        Place::Sessions => (table::SESSIONS, true, true),
        Place::Profiles => (table::PROFILES, true, true),
        Place::Ways => (table::WAYS, true, true),
        Place::Waiting => (table::WAITING, false, true),
        Place::Device => (table::DEVICE, false, true),
        Place::LoginForm | Place::Form => (table::FORM, false, false),
        Place::Help => (table::HELP, true, false),
        Place::Details => (table::DETAILS, true, false),
        Place::Confirm => (table::CONFIRM, true, false),
        Place::Made => (table::MADE, false, false),
        Place::Underway => (table::WAITING, false, false),
        Place::Outcomes => (table::OUTCOMES, true, false),
    };
    let moves = if moves { table::MOVES } else { &[] };
    let everywhere = if everywhere { table::EVERYWHERE } else { &[] };
    own.iter()
        .chain(moves)
        .chain(everywhere)
        .chain(table::ALWAYS)
        .collect()
}

/// What `event` asks for at `place`.
pub(super) fn command(place: Place, event: KeyEvent) -> Option<Command> {
    bindings(place)
        .into_iter()
        .find(|it| it.is(event))
        .map(|it| it.command)
}

/// The form that has the keys.
pub(super) fn form(model: &mut Model) -> Option<&mut Form> {
    match (model.dialogs.last_mut(), &mut model.login.step) {
        (Some(Dialog::Form(form)), _) => Some(form),
        (None, Step::Form(form)) if model.screen == Screen::Login => Some(form),
        _ => None,
    }
}
