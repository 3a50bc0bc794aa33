//! The mouse: the wheel moves, a click chooses, a click on a key at the bottom is that key.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::{handle_command, on_key};
use crate::tui::keys::{Command, InputContext};
use crate::tui::layout::{self, Hit};
use crate::tui::model::Model;
use crate::tui::msg::Effect;

pub(super) fn on_mouse(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    let place = InputContext::current(model);
    match event.kind {
        MouseEventKind::ScrollUp => handle_command(model, place, Command::Up),
        MouseEventKind::ScrollDown => handle_command(model, place, Command::Down),
        MouseEventKind::Down(MouseButton::Left) => click(model, place, event.column, event.row),
        _ => Vec::new(),
    }
}

/// A click on a row looks at it; on the row that is looked at already, it is as Enter.
fn click(model: &mut Model, place: InputContext, column: u16, line: u16) -> Vec<Effect> {
    match layout::hit_test(model, column, line) {
        Some(Hit::Key(key)) => on_key(model, key),
        Some(Hit::Screen(screen)) => handle_command(model, place, Command::GoTo(screen)),
        Some(Hit::Row(row)) => {
            let Some(cursor) = cursor_in(model, place) else {
                return Vec::new();
            };
            if *cursor == row {
                return handle_command(model, place, Command::Enter);
            }
            *cursor = row;
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn cursor_in(model: &mut Model, place: InputContext) -> Option<&mut usize> {
    match place {
        InputContext::Tokens | InputContext::Filter => Some(&mut model.tokens.cursor),
        InputContext::Sessions => Some(&mut model.sessions_cursor),
        InputContext::LoginProfiles | InputContext::LoginMethods => Some(&mut model.login.cursor),
        _ => None,
    }
}
