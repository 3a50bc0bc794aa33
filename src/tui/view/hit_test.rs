//! Resolves clicks by the layout.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::findings;
use super::layout::{
    areas, first_visible_row, footer_keys, list_rows, login_list_area, session_areas, tab_areas,
    token_panes,
};
use crate::tui::model::{LoginStep, Model, Screen};

/// What a click at a position means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Hit {
    Key(KeyEvent),
    Screen(Screen),
    Row(usize),
}

pub(in crate::tui) fn hit_test(model: &Model, column: u16, line: u16) -> Option<Hit> {
    let is_inside = |area: &Rect| area.contains((column, line).into());
    let mut footer = footer_keys(model).into_iter();
    if let Some((_, binding)) = footer.find(|(area, _)| is_inside(area)) {
        return Some(Hit::Key(binding.key_event()));
    }
    if !model.dialogs.is_empty() {
        return None;
    }
    let mut tabs = tab_areas(model).into_iter();
    if let Some((_, screen)) = tabs.find(|(area, _)| is_inside(area)) {
        return Some(Hit::Screen(screen));
    }
    let rows = selectable_rows(model)?;
    let row = rows.top + usize::from(line.checked_sub(rows.area.y)?);
    (is_inside(&rows.area) && row < rows.count).then_some(Hit::Row(row))
}

/// The list on the screen.
struct SelectableRows {
    area: Rect,
    /// The first visible row.
    top: usize,
    /// The number of all rows.
    count: usize,
}

fn selectable_rows(model: &Model) -> Option<SelectableRows> {
    let body = areas(model).body;
    let (area, cursor, count) = match (model.screen, &model.login.step) {
        (Screen::Tokens, _) if model.tokens.is_timeline => return None,
        (Screen::Tokens, _) => {
            let (table, _) = token_panes(model);
            let count = model.tokens.visible_count();
            let (area, top) = (list_rows(table), model.tokens.top);
            return Some(SelectableRows { area, top, count });
        }
        (Screen::Sessions, _) => {
            let count = model.sessions.len();
            let (area, _) = session_areas(body, count);
            (area, model.sessions_cursor, count)
        }
        (Screen::Findings, _) => {
            let count = model.findings.audit.findings.len();
            let (area, _) = findings::areas(model, body);
            (area, model.findings.cursor, count)
        }
        (Screen::Login, LoginStep::ChooseProfile) => {
            let count = model.sessions.len();
            (login_list_area(model), model.login.cursor, count)
        }
        (Screen::Login, LoginStep::ChooseMethod(methods)) => {
            (login_list_area(model), model.login.cursor, methods.len())
        }
        (Screen::Login, _) => return None,
    };
    let top = first_visible_row(cursor, usize::from(area.height));
    Some(SelectableRows { area, top, count })
}
