//! Maps keys to commands, and passes commands on to the screen or dialog that they are for.

use crossterm::event::KeyEvent;

use super::screens::{open_screen, screen_at_offset};
use super::{dialogs, findings, forms, login, sessions, tokens};
use crate::tui::keys::{self, Command, InputContext};
use crate::tui::model::{Dialog, Model, NewSecret, Screen};
use crate::tui::msg::Effect;
use crate::tui::view::layout;

pub(super) fn on_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let context = InputContext::current(model);
    if !layout::is_large_enough(model) {
        return on_key_when_too_small(model, context, key);
    }
    model.notice = None;
    if context.accepts_text() && forms::on_key(model, key) {
        return Vec::new();
    }
    let command = keys::command_for(context, key);
    command.map_or_else(Vec::new, |command| handle_command(model, context, command))
}

/// While nothing is visible, only the commands that concern the terminal work.
fn on_key_when_too_small(model: &mut Model, context: InputContext, key: KeyEvent) -> Vec<Effect> {
    match keys::command_for(context, key) {
        Some(command @ (Command::Quit | Command::QuitNow | Command::Suspend | Command::Redraw)) => {
            handle_command(model, context, command)
        }
        _ => Vec::new(),
    }
}

pub(super) fn handle_command(
    model: &mut Model,
    context: InputContext,
    command: Command,
) -> Vec<Effect> {
    match command {
        Command::Quit => vec![Effect::Quit(false)],
        Command::QuitNow => vec![Effect::Quit(true)],
        Command::Suspend => suspend(model),
        Command::Redraw => vec![Effect::Redraw],
        Command::Help => {
            model.dialogs.push(Dialog::Help(0));
            Vec::new()
        }
        Command::GoTo(screen) => open_screen(model, screen),
        Command::NextScreen => open_screen(model, screen_at_offset(model.screen, 1)),
        Command::PreviousScreen => {
            let previous = screen_at_offset(model.screen, Screen::ALL.len() - 1);
            open_screen(model, previous)
        }
        _ => handle_context_command(model, context, command),
    }
}

fn handle_context_command(
    model: &mut Model,
    context: InputContext,
    command: Command,
) -> Vec<Effect> {
    use InputContext as In;
    match context {
        In::Tokens | In::Filter | In::Timeline | In::Details => {
            tokens::handle_command(model, context, command)
        }
        In::Sessions => sessions::handle_command(model, command),
        In::Findings => findings::handle_command(model, command),
        In::LoginProfiles | In::LoginMethods | In::LoginWaiting | In::LoginApproval => {
            login::handle_command(model, command)
        }
        In::Form | In::LoginForm => forms::handle_command(model, command),
        In::Help | In::Confirm | In::NewSecret | In::InProgress | In::BulkResults => {
            dialogs::handle_command(model, command)
        }
    }
}

/// Hides a revealed secret: others may see the screen when the program resumes.
fn suspend(model: &mut Model) -> Vec<Effect> {
    for dialog in &mut model.dialogs {
        if let Dialog::NewSecret(NewSecret { is_revealed, .. }) = dialog {
            *is_revealed = false;
        }
    }
    vec![Effect::Suspend]
}
