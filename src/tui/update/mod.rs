//! Applies messages to the model and returns the effects to carry out. Does not read the clock, the terminal or the network:
//! those arrive as messages, so that every behaviour can be tested without them.

mod bulk_action;
mod commands;
mod cursor;
mod dialogs;
mod findings;
mod forms;
mod login;
mod mouse;
mod open_dialog;
mod screens;
mod sessions;
mod start_task;
mod task_results;
mod tick;
mod tokens;

pub(super) use start_task::verify_credential;

use crossterm::event::{Event as Input, KeyEventKind};

use super::model::Model;
use super::msg::{Effect, Msg};
use super::view::{self, layout};

pub(super) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let effects = match msg {
        Msg::Input(input) => on_input(model, input),
        Msg::Tick(now) => tick::on_tick(model, now),
        Msg::Stop => vec![Effect::Quit(true)],
        Msg::Progress(task, event) => task_results::on_progress(model, task, event),
        Msg::Done(task, result) => task_results::on_task_result(model, task, result),
    };
    let height = layout::token_row_count(model);
    model.tokens.scroll_to_cursor(height);
    view::clamp_scroll(model);
    effects
}

fn on_input(model: &mut Model, input: Input) -> Vec<Effect> {
    match input {
        Input::Key(key) if key.kind != KeyEventKind::Release => commands::on_key(model, key),
        Input::Paste(_) | Input::Mouse(_) if !layout::is_large_enough(model) => Vec::new(),
        Input::Paste(text) => forms::on_paste(model, &text),
        Input::Mouse(event) => mouse::on_mouse(model, event),
        Input::Resize(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
