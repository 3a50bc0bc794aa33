//! Key bindings. One table serves the update, the bottom line, the help, the mouse and the manual, so that none of them
//! can disagree about a key.

mod availability;
mod binding;
mod input_context;
mod table;

pub(super) use availability::is_available;
pub(super) use binding::{Binding, Command};
pub(super) use input_context::InputContext;

use crossterm::event::KeyEvent;

/// Returns all bindings of a context, the most important first.
pub(super) fn bindings(context: InputContext) -> impl Iterator<Item = &'static Binding> {
    use InputContext as In;
    let (own, has_navigation, is_screen): (&[Binding], bool, bool) = match context {
        In::Tokens => (table::TOKENS, true, true),
        In::Filter => (table::FILTER, false, false),
        In::Timeline => (table::TIMELINE, false, true),
        In::Sessions => (table::SESSIONS, true, true),
        In::Findings => (table::FINDINGS, true, true),
        In::LoginProfiles => (table::LOGIN_PROFILES, true, true),
        In::LoginMethods => (table::LOGIN_METHODS, true, true),
        In::LoginWaiting => (table::WAITING, false, true),
        In::LoginApproval => (table::LOGIN_APPROVAL, false, true),
        In::LoginForm | In::Form => (table::FORM, false, false),
        In::Help => (table::HELP, true, false),
        In::Details => (table::DETAILS, true, false),
        In::Confirm => (table::CONFIRM, true, false),
        In::NewSecret => (table::NEW_SECRET, false, false),
        In::InProgress => (table::IN_PROGRESS, false, false),
        In::BulkResults => (table::BULK_RESULTS, true, false),
    };
    let navigation: &[Binding] = if has_navigation {
        table::NAVIGATION
    } else {
        &[]
    };
    let global: &[Binding] = if is_screen { table::GLOBAL } else { &[] };
    own.iter()
        .chain(navigation)
        .chain(global)
        .chain(table::ALWAYS)
}

pub(super) fn command_for(context: InputContext, event: KeyEvent) -> Option<Command> {
    bindings(context)
        .find(|binding| binding.matches(event))
        .map(|binding| binding.command)
}
