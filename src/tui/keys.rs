//! Which key does what, where: the one table that the update, the line of keys at the bottom, the help and the mouse read.

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

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Tokens,
    Filter,
    Timeline,
    Sessions,
    Profiles,
    Ways,
    LoginForm,
    Waiting,
    Device,
    Help,
    Details,
    Form,
    Confirm,
    Made,
    Underway,
    Outcomes,
}

impl Place {
    /// Where the next key goes: to the window on top, else to the screen.
    pub(super) fn of(model: &Model) -> Self {
        model
            .dialogs
            .last()
            .map_or_else(|| Self::of_screen(model), Self::of_dialog)
    }

    /// Where the keys go that the help is about.
    pub(super) fn below_help(model: &Model) -> Self {
        let mut others = model.dialogs.iter().rev();
        let other = others.find(|dialog| !matches!(dialog, Dialog::Help(_)));
        other.map_or_else(|| Self::of_screen(model), Self::of_dialog)
    }

    fn of_dialog(dialog: &Dialog) -> Self {
        match dialog {
            Dialog::Help(_) => Self::Help,
            Dialog::Details(_) => Self::Details,
            Dialog::Form(_) => Self::Form,
            Dialog::Confirm(_) => Self::Confirm,
            Dialog::Made(_) => Self::Made,
            Dialog::Underway(_) => Self::Underway,
            Dialog::Outcomes(_) => Self::Outcomes,
        }
    }

    fn of_screen(model: &Model) -> Self {
        match model.screen {
            Screen::Tokens if model.tokens.is_filtering => Self::Filter,
            Screen::Tokens if model.tokens.is_timeline => Self::Timeline,
            Screen::Tokens => Self::Tokens,
            Screen::Sessions => Self::Sessions,
            Screen::Login => match model.login.step {
                Step::Profiles => Self::Profiles,
                Step::Ways(_) => Self::Ways,
                Step::Form(_) => Self::LoginForm,
                Step::Waiting(_) => Self::Waiting,
                Step::Device(_) => Self::Device,
            },
        }
    }

    /// Whether letters are typed here rather than commands.
    pub(super) fn takes_text(self) -> bool {
        matches!(self, Self::Filter | Self::Form | Self::LoginForm)
    }

    /// What the help calls it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Filter => "Filter",
            Self::Timeline => "Expiries",
            Self::Sessions => "Sessions",
            Self::Profiles => "Sign in: the profile",
            Self::Ways => "Sign in: the way",
            Self::LoginForm | Self::Form => "Forms",
            Self::Waiting | Self::Underway => "While one waits",
            Self::Device => "Sign in: the code",
            Self::Help => "Help",
            Self::Details => "One token",
            Self::Confirm => "A question",
            Self::Made => "A new secret",
            Self::Outcomes => "What became of it",
        }
    }
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

const fn code(key: KeyCode) -> Key {
    Key::Code(key)
}

use Command as C;
use Key::{Char, Ctrl};
use KeyCode as K;

/// Where nothing else is typed.
const EVERYWHERE: &[Binding] = &[
    key(Char('?'), "?", "help", "show all keys", C::Help),
    key(Char('q'), "q", "quit", "quit", C::Quit),
    key(code(K::Tab), "Tab", "", "next screen", C::NextScreen),
    key(
        code(K::BackTab),
        "Shift-Tab",
        "",
        "previous screen",
        C::PreviousScreen,
    ),
    key(
        Char('1'),
        "1",
        "",
        "go to the tokens",
        C::GoTo(Screen::Tokens),
    ),
    key(
        Char('2'),
        "2",
        "",
        "go to the sessions",
        C::GoTo(Screen::Sessions),
    ),
    key(
        Char('3'),
        "3",
        "",
        "go to the sign-in",
        C::GoTo(Screen::Login),
    ),
];

/// Whatever else is going on.
const ALWAYS: &[Binding] = &[
    key(Ctrl('c'), "Ctrl-C", "", "quit at once", C::GiveUp),
    key(
        Ctrl('z'),
        "Ctrl-Z",
        "",
        "suspend; `fg` comes back",
        C::Suspend,
    ),
    key(Ctrl('l'), "Ctrl-L", "", "draw everything anew", C::Redraw),
];

const MOVES: &[Binding] = &[
    key(code(K::Up), "Up", "", "one row up", C::Up),
    key(code(K::Down), "Down", "", "one row down", C::Down),
    key(Char('k'), "k", "", "one row up", C::Up),
    key(Char('j'), "j", "", "one row down", C::Down),
    key(code(K::PageUp), "PgUp", "", "one page up", C::PageUp),
    key(code(K::PageDown), "PgDn", "", "one page down", C::PageDown),
    key(code(K::Home), "Home", "", "the first row", C::First),
    key(code(K::End), "End", "", "the last row", C::Last),
];

const TOKENS: &[Binding] = &[
    key(
        code(K::Enter),
        "Enter",
        "details",
        "show one token's facts",
        C::Enter,
    ),
    key(Char('n'), "n", "new", "make a token", C::Create),
    key(
        Char('o'),
        "o",
        "rotate",
        "replace a token by a new one with the same rights",
        C::Rotate,
    ),
    key(
        Char('x'),
        "x",
        "revoke",
        "revoke the marked tokens, or this one",
        C::Revoke,
    ),
    key(code(K::Delete), "Del", "", "as x", C::Revoke),
    key(Char('/'), "/", "filter", "filter as you type", C::Filter),
    key(Char('s'), "s", "sort", "sort by the next column", C::Sort),
    key(Char('S'), "S", "", "the other way round", C::Reverse),
    key(
        Char('t'),
        "t",
        "expiries",
        "how many tokens end when",
        C::Timeline,
    ),
    key(
        Char(' '),
        "Space",
        "mark",
        "mark this token for the next command",
        C::Mark,
    ),
    key(
        Char('*'),
        "*",
        "",
        "mark all that are shown, or none",
        C::MarkAll,
    ),
    key(
        Char('a'),
        "a",
        "activate",
        "switch the marked tokens on, or this one",
        C::Activate,
    ),
    key(
        Char('d'),
        "d",
        "deactivate",
        "switch the marked tokens off, or this one",
        C::Deactivate,
    ),
    key(Char('r'), "r", "reload", "load the list anew", C::Reload),
    key(
        code(K::Esc),
        "Esc",
        "",
        "drop marks and filter",
        C::ClearFilter,
    ),
];

const FILTER: &[Binding] = &[
    key(
        code(K::Enter),
        "Enter",
        "keep",
        "keep the filter and go back to the table",
        C::Enter,
    ),
    key(
        code(K::Esc),
        "Esc",
        "drop",
        "drop the filter",
        C::ClearFilter,
    ),
    key(code(K::Up), "Up", "", "one row up", C::Up),
    key(code(K::Down), "Down", "", "one row down", C::Down),
];

const TIMELINE: &[Binding] = &[
    key(Char('t'), "t", "table", "back to the table", C::Timeline),
    key(code(K::Esc), "Esc", "", "back to the table", C::Timeline),
    key(Char('r'), "r", "reload", "load the list anew", C::Reload),
];

const SESSIONS: &[Binding] = &[
    key(
        code(K::Enter),
        "Enter",
        "switch",
        "look after this profile's tokens",
        C::Enter,
    ),
    key(Char('f'), "f", "refresh", "renew the session now", C::Renew),
    key(
        Char('x'),
        "x",
        "log out",
        "end the session at the server and here",
        C::LogOut,
    ),
    key(
        Char('l'),
        "l",
        "sign in",
        "sign in to this profile",
        C::SignIn,
    ),
    key(
        Char('u'),
        "u",
        "default",
        "use this profile where none is named",
        C::MakeDefault,
    ),
    key(Char('r'), "r", "reload", "look again", C::Reload),
];

const PROFILES: &[Binding] = &[
    key(
        code(K::Enter),
        "Enter",
        "choose",
        "sign in to this profile",
        C::Enter,
    ),
    key(Char('r'), "r", "reload", "look again", C::Reload),
];

const WAYS: &[Binding] = &[
    key(
        code(K::Enter),
        "Enter",
        "choose",
        "sign in this way",
        C::Enter,
    ),
    key(
        code(K::Esc),
        "Esc",
        "back",
        "choose another profile",
        C::Close,
    ),
];

const WAITING: &[Binding] = &[key(code(K::Esc), "Esc", "cancel", "give it up", C::Close)];

const DEVICE: &[Binding] = &[
    key(
        Char('o'),
        "o",
        "open browser",
        "open the page in a browser",
        C::OpenBrowser,
    ),
    key(
        Char('c'),
        "c",
        "copy address",
        "copy the address",
        C::CopyAddress,
    ),
    key(Char('y'), "y", "copy code", "copy the code", C::CopyCode),
    key(
        code(K::Esc),
        "Esc",
        "cancel",
        "give the sign-in up",
        C::Close,
    ),
];

const HELP: &[Binding] = &[
    key(code(K::Esc), "Esc", "close", "close", C::Close),
    key(Char('?'), "?", "", "close", C::Close),
];

const DETAILS: &[Binding] = &[
    key(code(K::Esc), "Esc", "close", "back to the table", C::Close),
    key(code(K::Enter), "Enter", "", "back to the table", C::Close),
    key(
        Char('o'),
        "o",
        "rotate",
        "replace it by a new one",
        C::Rotate,
    ),
    key(Char('x'), "x", "revoke", "revoke it", C::Revoke),
    key(Char('a'), "a", "activate", "switch it on", C::Activate),
    key(Char('d'), "d", "deactivate", "switch it off", C::Deactivate),
];

const FORM: &[Binding] = &[
    key(
        code(K::Enter),
        "Enter",
        "send",
        "next question; send at the last",
        C::Submit,
    ),
    key(code(K::Tab), "Tab", "next", "next question", C::NextField),
    key(
        code(K::BackTab),
        "Shift-Tab",
        "",
        "question before",
        C::PreviousField,
    ),
    key(code(K::Down), "Down", "", "next question", C::NextField),
    key(code(K::Up), "Up", "", "question before", C::PreviousField),
    key(
        code(K::Left),
        "Left",
        "",
        "choose; in a text one character left",
        C::Left,
    ),
    key(
        code(K::Right),
        "Right",
        "",
        "choose; in a text one character right",
        C::Right,
    ),
    key(
        Char(' '),
        "Space",
        "",
        "mark, where there are words to mark",
        C::Toggle,
    ),
    key(code(K::Esc), "Esc", "cancel", "give it up", C::Close),
];

const CONFIRM: &[Binding] = &[
    key(Char('y'), "y", "yes", "do it", C::Yes),
    key(Char('n'), "n", "no", "leave everything as it is", C::No),
    key(code(K::Esc), "Esc", "", "as n", C::No),
];

const MADE: &[Binding] = &[
    key(Char('c'), "c", "copy", "copy the secret", C::CopySecret),
    key(
        Char('s'),
        "s",
        "save",
        "save the secret into an env file",
        C::Save,
    ),
    key(
        Char('v'),
        "v",
        "reveal",
        "show the secret, or hide it",
        C::Reveal,
    ),
    key(
        code(K::Esc),
        "Esc",
        "close",
        "close; the secret is then gone for good",
        C::Close,
    ),
];

const OUTCOMES: &[Binding] = &[
    key(code(K::Esc), "Esc", "close", "close", C::Close),
    key(code(K::Enter), "Enter", "", "close", C::Close),
];

/// The keys of a place, those that matter most first.
pub(super) fn bindings(place: Place) -> Vec<&'static Binding> {
    let (own, moves, everywhere): (&[Binding], bool, bool) = match place {
        Place::Tokens => (TOKENS, true, true),
        Place::Filter => (FILTER, false, false),
        Place::Timeline => (TIMELINE, false, true),
        Place::Sessions => (SESSIONS, true, true),
        Place::Profiles => (PROFILES, true, true),
        Place::Ways => (WAYS, true, true),
        Place::Waiting => (WAITING, false, true),
        Place::Device => (DEVICE, false, true),
        Place::LoginForm | Place::Form => (FORM, false, false),
        Place::Help => (HELP, true, false),
        Place::Details => (DETAILS, false, false),
        Place::Confirm => (CONFIRM, false, false),
        Place::Made => (MADE, false, false),
        Place::Underway => (WAITING, false, false),
        Place::Outcomes => (OUTCOMES, true, false),
    };
    let moves = if moves { MOVES } else { &[] };
    let everywhere = if everywhere { EVERYWHERE } else { &[] };
    own.iter()
        .chain(moves)
        .chain(everywhere)
        .chain(ALWAYS)
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
