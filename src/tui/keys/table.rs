//! The bindings of each context, the most important first: the bottom line shows as many as fit.

use crossterm::event::KeyCode as K;

use super::binding::Key::{Char, Code, Ctrl};
use super::binding::{Binding, Command as C, bind};
use crate::tui::model::Screen;

/// On every screen, but neither in dialogs nor where text is entered.
#[rustfmt::skip]
pub(super) const GLOBAL: &[Binding] = &[
    bind(&[Char('?')], "help", "Show all keys", C::Help),
    bind(&[Char('q')], "quit", "Quit", C::Quit),
    bind(&[Code(K::Tab)], "", "Next screen", C::NextScreen),
    bind(&[Code(K::BackTab)], "", "Previous screen", C::PreviousScreen),
    bind(&[Char('1')], "", "Open the tokens", C::GoTo(Screen::Tokens)),
    bind(&[Char('2')], "", "Open the sessions", C::GoTo(Screen::Sessions)),
    bind(&[Char('3')], "", "Open the sign-in", C::GoTo(Screen::Login)),
    bind(&[Char('4')], "audit", "Open the audit", C::GoTo(Screen::Findings)),
];

/// In every context, also while text is entered.
#[rustfmt::skip]
pub(super) const ALWAYS: &[Binding] = &[
    bind(&[Ctrl('c')], "", "Quit immediately", C::QuitNow),
    bind(&[Ctrl('z')], "", "Suspend (`fg` resumes)", C::Suspend),
    bind(&[Ctrl('l')], "", "Redraw the screen", C::Redraw),
];

#[rustfmt::skip]
pub(super) const NAVIGATION: &[Binding] = &[
    bind(&[Code(K::Up), Char('k')], "", "One row up", C::Up),
    bind(&[Code(K::Down), Char('j')], "", "One row down", C::Down),
    bind(&[Code(K::PageUp)], "", "One page up", C::PageUp),
    bind(&[Code(K::PageDown)], "", "One page down", C::PageDown),
    bind(&[Ctrl('u')], "", "Half a page up", C::HalfPageUp),
    bind(&[Ctrl('d')], "", "Half a page down", C::HalfPageDown),
    bind(&[Code(K::Home), Char('g')], "", "First row", C::First),
    bind(&[Code(K::End), Char('G')], "", "Last row", C::Last),
];

#[rustfmt::skip]
pub(super) const TOKENS: &[Binding] = &[
    bind(&[Code(K::Enter)], "details", "Show the token's details", C::Enter),
    bind(&[Char('n')], "new", "Create a token", C::Create),
    bind(&[Char('o')], "rotate", "Rotate: create a new token, revoke the old one", C::Rotate),
    bind(&[Char('x'), Code(K::Delete)], "revoke", "Revoke the marked tokens, or the selected one", C::Revoke),
    bind(&[Char('/')], "filter", "Filter as you type", C::Filter),
    bind(&[Char('s')], "sort", "Sort by the next column", C::Sort),
    bind(&[Char('S')], "", "Reverse the sort order", C::Reverse),
    bind(&[Char('t')], "expiries", "Show how many tokens expire when", C::Timeline),
    bind(&[Char(' ')], "mark", "Mark the token for the next action", C::Mark),
    bind(&[Char('*')], "", "Mark all visible tokens, or none", C::MarkAll),
    bind(&[Char('a')], "enable", "Enable the marked tokens, or the selected one", C::Activate),
    bind(&[Char('d')], "disable", "Disable the marked tokens, or the selected one", C::Deactivate),
    bind(&[Char('r')], "reload", "Reload the list", C::Reload),
    bind(&[Code(K::Esc)], "", "Clear the marks and the filter", C::ClearFilter),
];

#[rustfmt::skip]
pub(super) const FILTER: &[Binding] = &[
    bind(&[Code(K::Enter)], "keep", "Keep the filter and return to the table", C::Enter),
    bind(&[Code(K::Esc)], "clear", "Clear the filter", C::ClearFilter),
    bind(&[Code(K::Up)], "", "One row up", C::Up),
    bind(&[Code(K::Down)], "", "One row down", C::Down),
];

#[rustfmt::skip]
pub(super) const TIMELINE: &[Binding] = &[
    bind(&[Char('t'), Code(K::Esc)], "table", "Return to the table", C::Timeline),
    bind(&[Char('r')], "reload", "Reload the list", C::Reload),
];

#[rustfmt::skip]
pub(super) const SESSIONS: &[Binding] = &[
    bind(&[Code(K::Enter)], "switch", "Switch to this profile and show its tokens", C::Enter),
    bind(&[Char('f')], "refresh", "Refresh the session now", C::RefreshSession),
    bind(&[Char('x')], "sign out", "Sign out and revoke the session", C::LogOut),
    bind(&[Char('l')], "sign in", "Sign in to this profile", C::SignIn),
    bind(&[Char('u')], "default", "Make this the default profile", C::MakeDefault),
    bind(&[Char('r')], "reload", "Reload the list", C::Reload),
];

#[rustfmt::skip]
pub(super) const FINDINGS: &[Binding] = &[
    bind(&[Code(K::Enter)], "fix", "Rotate or revoke the token, whichever fixes the finding", C::Enter),
    bind(&[Char('o')], "rotate", "Rotate: create a new token, revoke the old one", C::Rotate),
    bind(&[Char('x'), Code(K::Delete)], "revoke", "Revoke the token", C::Revoke),
    bind(&[Char('r')], "reload", "Audit the tokens again", C::Reload),
];

#[rustfmt::skip]
pub(super) const LOGIN_PROFILES: &[Binding] = &[
    bind(&[Code(K::Enter)], "choose", "Sign in to this profile", C::Enter),
    bind(&[Char('r')], "reload", "Reload the list", C::Reload),
];

#[rustfmt::skip]
pub(super) const LOGIN_METHODS: &[Binding] = &[
    bind(&[Code(K::Enter)], "choose", "Sign in with this method", C::Enter),
    bind(&[Code(K::Esc)], "back", "Choose another profile", C::Close),
];

#[rustfmt::skip]
pub(super) const WAITING: &[Binding] = &[
    bind(&[Code(K::Esc)], "cancel", "Cancel", C::Close)];

#[rustfmt::skip]
pub(super) const IN_PROGRESS: &[Binding] = &[
    bind(&[Code(K::Esc), Char('q')], "cancel", "Cancel", C::Close)];

#[rustfmt::skip]
pub(super) const LOGIN_APPROVAL: &[Binding] = &[
    bind(&[Char('o')], "open", "Open the verification URL in a browser", C::OpenBrowser),
    bind(&[Code(K::Esc)], "cancel", "Cancel the sign-in", C::Close),
    bind(&[Char('c')], "copy URL", "Copy the verification URL", C::CopyUrl),
    bind(&[Char('y')], "copy code", "Copy the user code", C::CopyCode),
];

#[rustfmt::skip]
pub(super) const HELP: &[Binding] = &[
    bind(&[Code(K::Esc), Char('q'), Char('?')], "close", "Close", C::Close),
];

#[rustfmt::skip]
pub(super) const DETAILS: &[Binding] = &[
    bind(&[Code(K::Esc), Char('q'), Code(K::Enter)], "close", "Return to the table", C::Close),
    bind(&[Char('o')], "rotate", "Rotate: create a new token, revoke the old one", C::Rotate),
    bind(&[Char('x'), Code(K::Delete)], "revoke", "Revoke the token", C::Revoke),
    bind(&[Char('a')], "enable", "Enable the token", C::Activate),
    bind(&[Char('d')], "disable", "Disable the token", C::Deactivate),
];

#[rustfmt::skip]
pub(super) const FORM: &[Binding] = &[
    bind(&[Code(K::Enter)], "submit", "Next field; in the last field, submit", C::Submit),
    bind(&[Code(K::Tab), Code(K::Down)], "next", "Next field", C::NextField),
    bind(&[Code(K::BackTab), Code(K::Up)], "", "Previous field", C::PreviousField),
    bind(&[Code(K::Left)], "", "Previous option, or one character left", C::Left),
    bind(&[Code(K::Right)], "", "Next option, or one character right", C::Right),
    bind(&[Char(' ')], "", "Select or clear an option", C::Toggle),
    bind(&[Code(K::Esc)], "cancel", "Cancel", C::Close),
];

#[rustfmt::skip]
pub(super) const CONFIRM: &[Binding] = &[
    bind(&[Char('y')], "yes", "Yes", C::Yes),
    bind(&[Char('n'), Code(K::Esc), Char('q')], "no", "No, change nothing", C::No),
];

#[rustfmt::skip]
pub(super) const NEW_SECRET: &[Binding] = &[
    bind(&[Char('c')], "copy", "Copy the secret", C::CopySecret),
    bind(&[Char('s')], "save", "Save the secret to an env file", C::Save),
    bind(&[Char('v')], "reveal", "Show or hide the secret", C::Reveal),
    bind(&[Code(K::Esc), Char('q')], "close", "Close; the secret cannot be shown again", C::Close),
];

#[rustfmt::skip]
pub(super) const BULK_RESULTS: &[Binding] = &[
    bind(&[Code(K::Esc), Char('q'), Code(K::Enter)], "close", "Close", C::Close),
];
