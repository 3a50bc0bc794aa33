//! Which key does what, where: the one table that the update, the line of keys at the bottom, the help and the mouse read.

mod input_context;
mod table;

pub(super) use input_context::InputContext;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::model::{Dialog, Form, LoginStep, Model, Screen};

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Command {
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
    pub(super) fn matches(&self, event: KeyEvent) -> bool {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        match (self.key, event.code) {
            (Key::Ctrl(key), KeyCode::Char(typed)) => ctrl && typed.eq_ignore_ascii_case(&key),
            (Key::Char(key), KeyCode::Char(typed)) => !ctrl && typed == key,
            (Key::Code(key), typed) => key == typed,
            _ => false,
        }
    }

    /// The key as the terminal tells it.
    pub(super) fn key_event(&self) -> KeyEvent {
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
pub(super) fn bindings(place: InputContext) -> Vec<&'static Binding> {
    let (own, moves, everywhere): (&[Binding], bool, bool) = match place {
        InputContext::Tokens => (table::TOKENS, true, true),
        InputContext::Filter => (table::FILTER, false, false),
        InputContext::Timeline => (table::TIMELINE, false, true),
        InputContext::Sessions => (table::SESSIONS, true, true),
        InputContext::LoginProfiles => (table::LOGIN_PROFILES, true, true),
        InputContext::LoginMethods => (table::LOGIN_METHODS, true, true),
        InputContext::LoginWaiting => (table::WAITING, false, true),
        InputContext::LoginDevice => (table::LOGIN_DEVICE, false, true),
        InputContext::LoginForm | InputContext::Form => (table::FORM, false, false),
        InputContext::Help => (table::HELP, true, false),
        InputContext::Details => (table::DETAILS, true, false),
        InputContext::Confirm => (table::CONFIRM, true, false),
        InputContext::NewSecret => (table::NEW_SECRET, false, false),
        InputContext::InProgress => (table::WAITING, false, false),
        InputContext::BulkResults => (table::BULK_RESULTS, true, false),
    };
    let moves = if moves { table::NAVIGATION } else { &[] };
    let everywhere = if everywhere { table::GLOBAL } else { &[] };
    own.iter()
        .chain(moves)
        .chain(everywhere)
        .chain(table::ALWAYS)
        .collect()
}

/// What `event` asks for at `place`.
pub(super) fn command_for(place: InputContext, event: KeyEvent) -> Option<Command> {
    bindings(place)
        .into_iter()
        .find(|it| it.matches(event))
        .map(|it| it.command)
}

/// The form that has the keys.
pub(super) fn focused_form(model: &mut Model) -> Option<&mut Form> {
    match (model.dialogs.last_mut(), &mut model.login.step) {
        (Some(Dialog::Form(form)), _) => Some(form),
        (None, LoginStep::Form(form)) if model.screen == Screen::Login => Some(form),
        _ => None,
    }
}
