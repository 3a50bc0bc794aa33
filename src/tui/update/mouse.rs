//! The mouse: the wheel moves, a click chooses, a click on a key at the bottom is that key.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::{obey, typed};
use crate::tui::keys::{Command, Place};
use crate::tui::layout::{self, Hit};
use crate::tui::model::Model;
use crate::tui::msg::Effect;

pub(super) fn update(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    let place = Place::of(model);
    match event.kind {
        MouseEventKind::ScrollUp => obey(model, place, Command::Up),
        MouseEventKind::ScrollDown => obey(model, place, Command::Down),
        MouseEventKind::Down(MouseButton::Left) => click(model, place, event.column, event.row),
        _ => Vec::new(),
    }
}

/// A click on a row looks at it; on the row that is looked at already, it is as Enter.
fn click(model: &mut Model, place: Place, column: u16, line: u16) -> Vec<Effect> {
    match layout::hit(model, column, line) {
        Some(Hit::Key(key)) => typed(model, key),
        Some(Hit::Screen(screen)) => obey(model, place, Command::GoTo(screen)),
        Some(Hit::Row(row)) => {
            let Some(cursor) = cursor(model, place) else {
                return Vec::new();
            };
            if *cursor == row {
                return obey(model, place, Command::Enter);
            }
            *cursor = row;
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn cursor(model: &mut Model, place: Place) -> Option<&mut usize> {
    match place {
        Place::Tokens | Place::Filter => Some(&mut model.tokens.cursor),
        Place::Sessions => Some(&mut model.sessions_cursor),
        Place::Profiles | Place::Ways => Some(&mut model.login.cursor),
        _ => None,
    }
}
