//! The table itself: a row a key, those that matter most first.

use crossterm::event::KeyCode as K;

use super::Key::{Char, Code, Ctrl};
use super::{Binding, Command as C, key};
use crate::tui::model::Screen;

/// Where nothing else is typed.
#[rustfmt::skip]
pub(super) const GLOBAL: &[Binding] = &[
    key(Char('?'), "?", "help", "show all keys", C::Help),
    key(Char('q'), "q", "quit", "quit", C::Quit),
    key(Code(K::Tab), "Tab", "", "next screen", C::NextScreen),
    key(Code(K::BackTab), "Shift-Tab", "", "previous screen", C::PreviousScreen),
    key(Char('1'), "1", "", "go to the tokens", C::GoTo(Screen::Tokens)),
    key(Char('2'), "2", "", "go to the sessions", C::GoTo(Screen::Sessions)),
    key(Char('3'), "3", "", "go to the sign-in", C::GoTo(Screen::Login)),
];

/// Whatever else is going on.
#[rustfmt::skip]
pub(super) const ALWAYS: &[Binding] = &[
    key(Ctrl('c'), "Ctrl-C", "", "quit at once", C::QuitNow),
    key(Ctrl('z'), "Ctrl-Z", "", "suspend; `fg` comes back", C::Suspend),
    key(Ctrl('l'), "Ctrl-L", "", "draw everything anew", C::Redraw),
];

#[rustfmt::skip]
pub(super) const NAVIGATION: &[Binding] = &[
    key(Code(K::Up), "Up", "", "one row up", C::Up),
    key(Code(K::Down), "Down", "", "one row down", C::Down),
    key(Char('k'), "k", "", "one row up", C::Up),
    key(Char('j'), "j", "", "one row down", C::Down),
    key(Code(K::PageUp), "PgUp", "", "one page up", C::PageUp),
    key(Code(K::PageDown), "PgDn", "", "one page down", C::PageDown),
    key(Code(K::Home), "Home", "", "the first row", C::First),
    key(Code(K::End), "End", "", "the last row", C::Last),
];

#[rustfmt::skip]
pub(super) const TOKENS: &[Binding] = &[
    key(Code(K::Enter), "Enter", "details", "show one token's facts", C::Enter),
    key(Char('n'), "n", "new", "make a token", C::Create),
    key(Char('o'), "o", "rotate", "replace a token with a new one", C::Rotate),
    key(Char('x'), "x", "revoke", "revoke the marked tokens, or this one", C::Revoke),
    key(Code(K::Delete), "Del", "", "as x", C::Revoke),
    key(Char('/'), "/", "filter", "filter as you type", C::Filter),
    key(Char('s'), "s", "sort", "sort by the next column", C::Sort),
    key(Char('S'), "S", "", "the other way round", C::Reverse),
    key(Char('t'), "t", "expiries", "how many tokens end when", C::Timeline),
    key(Char(' '), "Space", "mark", "mark this token for the next command", C::Mark),
    key(Char('*'), "*", "", "mark all that are shown, or none", C::MarkAll),
    key(Char('a'), "a", "activate", "switch the marked tokens on, or this one", C::Activate),
    key(Char('d'), "d", "deactivate", "switch the marked tokens off, or this one", C::Deactivate),
    key(Char('r'), "r", "reload", "load the list anew", C::Reload),
    key(Code(K::Esc), "Esc", "", "drop marks and filter", C::ClearFilter),
];

#[rustfmt::skip]
pub(super) const FILTER: &[Binding] = &[
    key(Code(K::Enter), "Enter", "keep", "keep the filter and go back to the table", C::Enter),
    key(Code(K::Esc), "Esc", "drop", "drop the filter", C::ClearFilter),
    key(Code(K::Up), "Up", "", "one row up", C::Up),
    key(Code(K::Down), "Down", "", "one row down", C::Down),
];

#[rustfmt::skip]
pub(super) const TIMELINE: &[Binding] = &[
    key(Char('t'), "t", "table", "back to the table", C::Timeline),
    key(Code(K::Esc), "Esc", "", "back to the table", C::Timeline),
    key(Char('r'), "r", "reload", "load the list anew", C::Reload),
];

#[rustfmt::skip]
pub(super) const SESSIONS: &[Binding] = &[
    key(Code(K::Enter), "Enter", "switch", "look after this profile's tokens", C::Enter),
    key(Char('f'), "f", "refresh", "renew the session now", C::RefreshSession),
    key(Char('x'), "x", "log out", "end the session at the server and here", C::LogOut),
    key(Char('l'), "l", "sign in", "sign in to this profile", C::SignIn),
    key(Char('u'), "u", "default", "use this profile where none is named", C::MakeDefault),
    key(Char('r'), "r", "reload", "look again", C::Reload),
];

#[rustfmt::skip]
pub(super) const LOGIN_PROFILES: &[Binding] = &[
    key(Code(K::Enter), "Enter", "choose", "sign in to this profile", C::Enter),
    key(Char('r'), "r", "reload", "look again", C::Reload),
];

#[rustfmt::skip]
pub(super) const LOGIN_METHODS: &[Binding] = &[
    key(Code(K::Enter), "Enter", "choose", "sign in this way", C::Enter),
    key(Code(K::Esc), "Esc", "back", "choose another profile", C::Close),
];

#[rustfmt::skip]
pub(super) const WAITING: &[Binding] = &[
    key(Code(K::Esc), "Esc", "cancel", "give it up", C::Close)];

#[rustfmt::skip]
pub(super) const LOGIN_DEVICE: &[Binding] = &[
    key(Char('o'), "o", "open", "open the page in a browser", C::OpenBrowser),
    key(Code(K::Esc), "Esc", "cancel", "give the sign-in up", C::Close),
    key(Char('c'), "c", "copy address", "copy the address", C::CopyUrl),
    key(Char('y'), "y", "copy code", "copy the code", C::CopyCode),
];

#[rustfmt::skip]
pub(super) const HELP: &[Binding] = &[
    key(Code(K::Esc), "Esc", "close", "close", C::Close),
    key(Char('?'), "?", "", "close", C::Close),
];

#[rustfmt::skip]
pub(super) const DETAILS: &[Binding] = &[
    key(Code(K::Esc), "Esc", "close", "back to the table", C::Close),
    key(Code(K::Enter), "Enter", "", "back to the table", C::Close),
    key(Char('o'), "o", "rotate", "replace it with a new one", C::Rotate),
    key(Char('x'), "x", "revoke", "revoke it", C::Revoke),
    key(Char('a'), "a", "activate", "switch it on", C::Activate),
    key(Char('d'), "d", "deactivate", "switch it off", C::Deactivate),
];

#[rustfmt::skip]
pub(super) const FORM: &[Binding] = &[
    key(Code(K::Enter), "Enter", "send", "next question; send at the last", C::Submit),
    key(Code(K::Tab), "Tab", "next", "next question", C::NextField),
    key(Code(K::BackTab), "Shift-Tab", "", "question before", C::PreviousField),
    key(Code(K::Down), "Down", "", "next question", C::NextField),
    key(Code(K::Up), "Up", "", "question before", C::PreviousField),
    key(Code(K::Left), "Left", "", "choose; in a text one character left", C::Left),
    key(Code(K::Right), "Right", "", "choose; in a text one character right", C::Right),
    key(Char(' '), "Space", "", "mark, where there are words to mark", C::Toggle),
    key(Code(K::Esc), "Esc", "cancel", "give it up", C::Close),
];

#[rustfmt::skip]
pub(super) const CONFIRM: &[Binding] = &[
    key(Char('y'), "y", "yes", "do it", C::Yes),
    key(Char('n'), "n", "no", "leave everything as it is", C::No),
    key(Code(K::Esc), "Esc", "", "as n", C::No),
];

#[rustfmt::skip]
pub(super) const NEW_SECRET: &[Binding] = &[
    key(Char('c'), "c", "copy", "copy the secret", C::CopySecret),
    key(Char('s'), "s", "save", "save the secret into an env file", C::Save),
    key(Char('v'), "v", "reveal", "show the secret, or hide it", C::Reveal),
    key(Code(K::Esc), "Esc", "close", "close; the secret is then gone for good", C::Close),
];

#[rustfmt::skip]
pub(super) const BULK_RESULTS: &[Binding] = &[
    key(Code(K::Esc), "Esc", "close", "close", C::Close),
    key(Code(K::Enter), "Enter", "", "close", C::Close),
];
