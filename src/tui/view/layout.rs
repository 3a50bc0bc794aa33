//! The positions of everything on the screen. The views and `hit_test` use the same ones, so that a click hits what is drawn.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::tui::keys::{self, Binding, Command, InputContext};
use crate::tui::model::{Model, Notice, Screen};

/// The smallest terminal that the interface fits into.
pub(super) const MIN_SIZE: (u16, u16) = (40, 12);
/// From this width on, the details and the timeline are drawn beside the table.
const TWO_PANE_WIDTH: u16 = 110;
const SIDE_PANE_WIDTH: u16 = 40;
/// Below this width, one line is too short for the most important keys.
const ONE_LINE_KEYS_WIDTH: u16 = 60;

/// The parts of the screen, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Areas {
    pub(super) tabs: Rect,
    pub(super) status: Rect,
    pub(super) body: Rect,
    pub(super) notice: Rect,
    pub(super) keys: Rect,
}

impl Areas {
    /// The part that dialogs may cover.
    pub(super) fn dialogs(&self) -> Rect {
        self.body.union(self.status)
    }
}

pub(in crate::tui) fn is_large_enough(model: &Model) -> bool {
    model.size.0 >= MIN_SIZE.0 && model.size.1 >= MIN_SIZE.1
}

pub(super) fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    let line = |y, height| Rect::new(0, y, width, height);
    let has_two_key_lines = height >= 20 || width < ONE_LINE_KEYS_WIDTH;
    let keys = if has_two_key_lines { 2 } else { 1 };
    let notice = notice_height(model).min(height.saturating_sub(keys + 5));
    let body = height.saturating_sub(2 + notice + keys);
    Areas {
        tabs: line(0, 1),
        status: line(1, 1),
        body: line(2, body),
        notice: line(2 + body, notice),
        keys: line(2 + body + notice, keys),
    }
}

pub(super) fn notice_texts(model: &Model) -> Vec<String> {
    match &model.notice {
        None => Vec::new(),
        Some(Notice::Success(text)) => vec![format!("✓ {text}")],
        Some(Notice::Warning(text)) => vec![format!("warning: {text}")],
        Some(Notice::Error(error)) => {
            let hints = error.hint_lines(&model.command_options());
            std::iter::once(format!("error: {}", error.message))
                .chain(hints)
                .collect()
        }
    }
}

/// At least one line, so that the screen does not jump when a notice appears.
fn notice_height(model: &Model) -> u16 {
    let width = usize::from(model.size.0);
    let lines = notice_texts(model);
    let count: usize = lines.iter().map(|line| wrapped_height(line, width)).sum();
    u16::try_from(count).unwrap_or(u16::MAX).clamp(1, 8)
}

/// Returns an upper limit for the lines of wrapped text: wrapping at words can take one line more than filling them.
pub(super) fn wrapped_height(text: &str, width: usize) -> usize {
    let text_width = text.width();
    text_width.div_ceil(width.max(1)).max(1) + usize::from(text_width > width)
}

/// Returns the area of the table, and the one beside it if the terminal is wide enough.
pub(super) fn token_panes(model: &Model) -> (Rect, Option<Rect>) {
    let body = areas(model).body;
    if body.width < TWO_PANE_WIDTH {
        return (body, None);
    }
    let table = Rect {
        width: body.width - SIDE_PANE_WIDTH,
        ..body
    };
    let side = Rect {
        x: table.right(),
        width: SIDE_PANE_WIDTH,
        ..body
    };
    (table, Some(side))
}

/// Returns the number of token rows between the titles and the summary.
pub(in crate::tui) fn token_row_count(model: &Model) -> usize {
    usize::from(areas(model).body.height.saturating_sub(2))
}

/// Returns the first row to draw so that the cursor is among `height` rows.
pub(super) fn first_visible_row(cursor: usize, height: usize) -> usize {
    (cursor + 1).saturating_sub(height.max(1))
}

/// Returns the rows of a list below its title.
pub(super) fn list_rows(body: Rect) -> Rect {
    Rect {
        y: body.y + 1,
        height: body.height.saturating_sub(1),
        ..body
    }
}

/// Returns the rows of the sessions or findings, and the area of the details below them.
pub(super) fn session_areas(body: Rect, count: usize) -> (Rect, Rect) {
    let rows = list_rows(body);
    let wanted = u16::try_from(count).unwrap_or(u16::MAX);
    let height = wanted.min(rows.height.saturating_sub(4).max(rows.height / 2));
    let details = Rect {
        y: rows.y + height,
        height: rows.height - height,
        ..rows
    };
    (Rect { height, ..rows }, details)
}

/// Returns the rows of the login screen below its error and heading.
pub(super) fn login_list_area(model: &Model) -> Rect {
    let body = areas(model).body;
    let error = login_error_height(model).min(body.height / 2);
    Rect {
        y: body.y + error + 1,
        height: body.height.saturating_sub(error + 1),
        ..body
    }
}

fn login_error_height(model: &Model) -> u16 {
    /// Of `✗ `, and the width of one more column on each side.
    const PREFIX: usize = 4;
    let Some(error) = &model.login.error else {
        return 0;
    };
    let width = usize::from(model.size.0.saturating_sub(2)).saturating_sub(PREFIX);
    let hints = error.hint_lines(&model.login_options());
    let texts = std::iter::once(&error.message).chain(&hints);
    let lines: usize = texts.map(|text| wrapped_height(text, width)).sum();
    u16::try_from(lines).unwrap_or(u16::MAX) + 1
}

pub(super) fn tab_areas(model: &Model) -> Vec<(Rect, Screen)> {
    let mut x = 0;
    let mut tabs = Vec::new();
    for (index, screen) in Screen::ALL.into_iter().enumerate() {
        let width = tab_label(model, index, screen).width();
        let width = u16::try_from(width).unwrap_or(0);
        tabs.push((Rect::new(x, areas(model).tabs.y, width, 1), screen));
        x += width;
    }
    tabs
}

/// Returns the number and the title of a screen, and where there is space the number of findings.
pub(super) fn tab_label(model: &Model, index: usize, screen: Screen) -> String {
    let (number, title) = (index + 1, screen.title());
    if model.size.0 < ONE_LINE_KEYS_WIDTH {
        return format!("{number} {title} ");
    }
    match model.findings.audit.findings.len() {
        count if count > 0 && screen == Screen::Findings => format!(" {number} {title} ({count}) "),
        _ => format!(" {number} {title} "),
    }
}

/// Returns as many bindings as fit into the bottom lines. Help and quit are always among them.
pub(in crate::tui) fn footer_keys(model: &Model) -> Vec<(Rect, &'static Binding)> {
    let is_last = |it: &&'static Binding| matches!(it.command, Command::Help | Command::Quit);
    let labelled = keys::bindings(InputContext::current(model))
        .filter(|it| !it.label.is_empty() && keys::is_available(model, it.command));
    let (last, first): (Vec<_>, Vec<_>) = labelled.partition(is_last);
    let area = areas(model).keys;
    let reserved: u16 = last.iter().map(|it| key_width(it)).sum();
    let mut placed = Vec::new();
    let (mut x, mut y) = (area.x, area.y);
    let mut place = |binding: &'static Binding, reserved: u16| {
        let width = key_width(binding);
        if x + width > area.right() + KEY_GAP && y + 1 < area.bottom() {
            (x, y) = (area.x, y + 1);
        }
        let reserved = if y + 1 < area.bottom() { 0 } else { reserved };
        if x + width + reserved <= area.right() + KEY_GAP {
            placed.push((Rect::new(x, y, width - KEY_GAP, 1), binding));
            x += width;
        }
    };
    for binding in first {
        place(binding, reserved);
    }
    for binding in last {
        place(binding, 0);
    }
    placed
}

/// The blanks between two keys of the bottom line.
const KEY_GAP: u16 = 2;

/// Returns the columns of a key, its label and the gap after it.
fn key_width(binding: &Binding) -> u16 {
    let text = binding.first_key_name().width() + 1 + binding.label.width();
    u16::try_from(text).unwrap_or(0) + KEY_GAP
}
