//! Uses the interface as a user does: presses keys, and reads the screen and the started tasks.

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr as _;

use crate::tui::model::{Confirm, Dialog, Model};
use crate::tui::msg::{Effect, Msg, TaskId, TaskKind};
use crate::tui::update::update;
use crate::tui::view::{self, layout};

pub(super) fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    update(model, Msg::Input(Input::Key(key)))
}

pub(super) fn press_ctrl(model: &mut Model, letter: char) -> Vec<Effect> {
    let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    update(model, Msg::Input(Input::Key(key)))
}

pub(super) fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        press(model, KeyCode::Char(c));
    }
}

pub(super) fn started_tasks(effects: &[Effect]) -> Vec<&TaskKind> {
    let tasks = effects.iter().filter_map(|effect| match effect {
        Effect::StartTask(_, _, kind) => Some(kind),
        _ => None,
    });
    tasks.collect()
}

/// Returns the number of the first started task that matches.
pub(super) fn task_id(effects: &[Effect], matches: impl Fn(&TaskKind) -> bool) -> TaskId {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::StartTask(task, _, kind) if matches(kind) => Some(*task),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no such task: {effects:?}"))
}

pub(super) fn top_confirm(model: &Model) -> &Confirm {
    match model.dialogs.last() {
        Some(Dialog::Confirm(confirm)) => confirm,
        other => panic!("no confirmation: {other:?}"),
    }
}

pub(super) fn draw(model: &mut Model, size: (u16, u16)) -> Buffer {
    model.size = size;
    let rows = layout::token_row_count(model);
    model.tokens.scroll_to_cursor(rows);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::draw(frame, model)).unwrap();
    terminal.backend().buffer().clone()
}

pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
    rows.map(|row| {
        let (mut text, mut covered) = (String::new(), 0);
        for cell in row {
            if covered == 0 {
                text.push_str(cell.symbol());
                covered = cell.symbol().width().max(1);
            }
            // A wide character covers the cell after it.
            covered -= 1;
        }
        text.trim_end().to_owned()
    })
    .collect()
}

pub(super) fn screen_text(model: &mut Model, size: (u16, u16)) -> String {
    lines(&draw(model, size)).join("\n")
}
