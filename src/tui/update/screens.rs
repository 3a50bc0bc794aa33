//! Opens screens and loads what they show.

use super::start_task::start_task;
use super::{findings, tokens};
use crate::tui::model::{LoginStep, Model, Screen};
use crate::tui::msg::{Effect, TaskKind};

pub(super) fn open_screen(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    if matches!(model.login.step, LoginStep::ChooseProfile) {
        model.login.cursor = model.session_index(&model.profile);
    }
    match screen {
        Screen::Tokens => tokens::load_if_needed(model),
        Screen::Findings => findings::load_if_needed(model),
        Screen::Sessions | Screen::Login => vec![start_task(model, TaskKind::ListSessions)],
    }
}

/// Returns the screen `offset` positions after this one, in a circle.
pub(super) fn screen_at_offset(screen: Screen, offset: usize) -> Screen {
    let index = Screen::ALL.iter().position(|it| *it == screen).unwrap_or(0);
    Screen::ALL[(index + offset) % Screen::ALL.len()]
}
