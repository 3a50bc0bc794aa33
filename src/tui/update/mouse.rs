//! The mouse: the wheel moves the cursor, a click selects a row, and a click on a key in the bottom line presses it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::commands::{handle_command, on_key};
use crate::tui::keys::{Command, InputContext};
use crate::tui::model::Model;
use crate::tui::msg::Effect;
use crate::tui::view::hit_test::{Hit, hit_test};

pub(super) fn on_mouse(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    let context = InputContext::current(model);
    match event.kind {
        MouseEventKind::ScrollUp => handle_command(model, context, Command::Up),
        MouseEventKind::ScrollDown => handle_command(model, context, Command::Down),
        MouseEventKind::Down(MouseButton::Left) => {
            on_click(model, context, event.column, event.row)
        }
        _ => Vec::new(),
    }
}

/// A click on the selected row is Enter.
fn on_click(model: &mut Model, context: InputContext, column: u16, line: u16) -> Vec<Effect> {
    match hit_test(model, column, line) {
        Some(Hit::Key(key)) => on_key(model, key),
        Some(Hit::Screen(screen)) => handle_command(model, context, Command::GoTo(screen)),
        Some(Hit::Row(row)) => {
            let Some(cursor) = cursor_in(model, context) else {
                return Vec::new();
            };
            if *cursor == row {
                return handle_command(model, context, Command::Enter);
            }
            *cursor = row;
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn cursor_in(model: &mut Model, context: InputContext) -> Option<&mut usize> {
    match context {
        InputContext::Tokens | InputContext::Filter => Some(&mut model.tokens.cursor),
        InputContext::Sessions => Some(&mut model.sessions_cursor),
        InputContext::Findings => Some(&mut model.findings.cursor),
        InputContext::LoginProfiles | InputContext::LoginMethods => Some(&mut model.login.cursor),
        _ => None,
    }
}
