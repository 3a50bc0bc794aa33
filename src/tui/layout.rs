//! Where things stand: the same for the views, which draw there, and for the mouse, which clicks there.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::keys::{self, Binding, Command, InputContext};
use super::model::{LoginStep, Model, Notice, Screen};
use crate::provider::TokenVerb;

/// Below this nothing can be shown.
pub(super) const MIN_SIZE: (u16, u16) = (40, 12);
/// From here on the facts of the token and the expiries stand beside the table.
const TWO_PANE_WIDTH: u16 = 110;
/// How wide they are.
const SIDE_PANE_WIDTH: u16 = 40;

/// The parts of the screen, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Areas {
    pub(super) tabs: Rect,
    pub(super) status: Rect,
    pub(super) body: Rect,
    pub(super) notice: Rect,
    pub(super) keys: Rect,
}

/// What stands at a place of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    Key(KeyEvent),
    Screen(Screen),
    Row(usize),
}

/// Whether anything can be shown.
pub(super) fn is_large_enough(model: &Model) -> bool {
    model.size.0 >= MIN_SIZE.0 && model.size.1 >= MIN_SIZE.1
}

/// The parts of the screen.
pub(super) fn areas(model: &Model) -> Areas {
    let (width, height) = model.size;
    let line = |y, height| Rect::new(0, y, width, height);
    let keys = if height >= 20 { 2 } else { 1 };
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

/// The lines of what is told at the bottom, one after the other.
pub(super) fn notice_texts(model: &Model) -> Vec<String> {
    match &model.notice {
        None => Vec::new(),
        Some(Notice::Success(text) | Notice::Warning(text)) => vec![text.clone()],
        Some(Notice::Error(told)) => {
            let hints = told.hints.iter().map(|hint| format!("hint: {hint}"));
            std::iter::once(format!("error: {}", told.message))
                .chain(hints)
                .collect()
        }
    }
}

/// One line is always there, so that the picture does not jump.
fn notice_height(model: &Model) -> u16 {
    let width = usize::from(model.size.0.max(1));
    let lines = notice_texts(model);
    let count: usize = lines
        .iter()
        .map(|line| line.width().div_ceil(width).max(1))
        .sum();
    // Words are not cut: a line may need one more.
    let count = count + lines.iter().filter(|line| line.width() > width).count();
    u16::try_from(count).unwrap_or(u16::MAX).clamp(1, 8)
}

/// The table, and what stands beside it where there is room.
pub(super) fn token_panes(model: &Model) -> (Rect, Option<Rect>) {
    let body = areas(model).body;
    if body.width < TWO_PANE_WIDTH {
        return (body, None);
    }
    let table = Rect {
        width: body.width - SIDE_PANE_WIDTH,
        ..body
    };
    let aside = Rect {
        x: table.right(),
        width: SIDE_PANE_WIDTH,
        ..body
    };
    (table, Some(aside))
}

/// How many tokens the table has room for, below its titles.
pub(super) fn token_row_count(model: &Model) -> usize {
    usize::from(areas(model).body.height.saturating_sub(2))
}

/// The first row of a list with a cursor that has to be among `height` rows.
pub(super) fn first_visible_row(cursor: usize, height: usize) -> usize {
    (cursor + 1).saturating_sub(height.max(1))
}

/// The lines of a list of rows, below its title.
pub(super) fn list_rows(body: Rect) -> Rect {
    Rect {
        y: body.y + 1,
        height: body.height.saturating_sub(1),
        ..body
    }
}

/// The lines of the sessions; their facts stand below.
pub(super) fn session_areas(body: Rect, count: usize) -> (Rect, Rect) {
    let rows = list_rows(body);
    let wanted = u16::try_from(count).unwrap_or(u16::MAX);
    let height = wanted.min(rows.height.saturating_sub(4).max(rows.height / 2));
    let facts = Rect {
        y: rows.y + height,
        height: rows.height - height,
        ..rows
    };
    (Rect { height, ..rows }, facts)
}

/// The lines of the list of the login screen, below what is told there.
pub(super) fn login_list_area(model: &Model) -> Rect {
    let body = areas(model).body;
    let told = login_error_height(model).min(body.height / 2);
    Rect {
        y: body.y + told + 1,
        height: body.height.saturating_sub(told + 1),
        ..body
    }
}

/// How many lines the trouble of the login screen takes.
pub(super) fn login_error_height(model: &Model) -> u16 {
    let width = usize::from(model.size.0.saturating_sub(2).max(1));
    let Some(told) = &model.login.error else {
        return 0;
    };
    let texts = std::iter::once(&told.message).chain(&told.hints);
    let lines: usize = texts
        .map(|text| (text.width() + 8).div_ceil(width) + usize::from(text.width() + 8 > width))
        .sum();
    u16::try_from(lines).unwrap_or(u16::MAX) + 1
}

/// The names of the screens.
pub(super) fn tab_areas(model: &Model) -> Vec<(Rect, Screen)> {
    let mut x = 0;
    let mut places = Vec::new();
    for (place, screen) in Screen::ALL.into_iter().enumerate() {
        let width = tab_label(place, screen).width();
        let width = u16::try_from(width).unwrap_or(0);
        places.push((Rect::new(x, areas(model).tabs.y, width, 1), screen));
        x += width;
    }
    places
}

/// The name of a screen as it is shown.
pub(super) fn tab_label(place: usize, screen: Screen) -> String {
    format!(" {} {} ", place + 1, screen.title())
}

/// The keys at the bottom, as many as there is room for; help and quit are always among them.
pub(super) fn footer_keys(model: &Model) -> Vec<(Rect, &'static Binding)> {
    let place = InputContext::current(model);
    let bindings = keys::bindings(place);
    let is_last = |it: &&'static Binding| matches!(it.command, Command::Help | Command::Quit);
    let shown = bindings
        .into_iter()
        .filter(|it| !it.label.is_empty() && is_supported(model, it.command));
    let (last, first): (Vec<_>, Vec<_>) = shown.partition(is_last);
    let area = areas(model).keys;
    let kept: u16 = last.iter().map(|it| key_width(it)).sum();
    let mut placed = Vec::new();
    let (mut x, mut y) = (area.x, area.y);
    let mut place = |it: &'static Binding, kept: u16| {
        let width = key_width(it);
        if x + width > area.right() && y + 1 < area.bottom() {
            (x, y) = (area.x, y + 1);
        }
        let kept = if y + 1 < area.bottom() { 0 } else { kept };
        if x + width + kept <= area.right() + 2 {
            placed.push((Rect::new(x, y, width, 1), it));
            x += width;
        }
    };
    for binding in first {
        place(binding, kept);
    }
    for binding in last {
        place(binding, 0);
    }
    placed
}

/// Key, blank, word, and two blanks to the next.
fn key_width(binding: &Binding) -> u16 {
    u16::try_from(binding.name.width() + binding.label.width() + 3).unwrap_or(0)
}

/// Whether the service can do it at all.
fn is_supported(model: &Model, command: Command) -> bool {
    let verb = match command {
        Command::Create => TokenVerb::Create,
        Command::Rotate => TokenVerb::Rotate,
        Command::Revoke => TokenVerb::Revoke,
        Command::Activate | Command::Deactivate => TokenVerb::Update,
        _ => return true,
    };
    let standing = model.profile_state.as_ref();
    standing.is_none_or(|it| it.provider.tokens.supports(verb))
}

/// What stands at a place of the screen.
pub(super) fn hit_test(model: &Model, column: u16, line: u16) -> Option<Hit> {
    let at = |area: &Rect| area.contains((column, line).into());
    if let Some((_, binding)) = footer_keys(model).into_iter().find(|(area, _)| at(area)) {
        return Some(Hit::Key(binding.key_event()));
    }
    if !model.dialogs.is_empty() {
        return None;
    }
    if let Some((_, screen)) = tab_areas(model).into_iter().find(|(area, _)| at(area)) {
        return Some(Hit::Screen(screen));
    }
    let (area, top, count) = selectable_rows(model)?;
    let row = top + usize::from(line.checked_sub(area.y)?);
    (at(&area) && row < count).then_some(Hit::Row(row))
}

/// The rows that can be chosen: where, which one is first, how many there are.
fn selectable_rows(model: &Model) -> Option<(Rect, usize, usize)> {
    let body = areas(model).body;
    match (model.screen, &model.login.step) {
        (Screen::Tokens, _) if !model.tokens.is_timeline => {
            let (table, _) = token_panes(model);
            Some((
                list_rows(table),
                model.tokens.top,
                model.tokens.visible_count(),
            ))
        }
        (Screen::Sessions, _) => {
            let count = model.sessions.len();
            let (area, _) = session_areas(body, count);
            Some((
                area,
                first_visible_row(model.sessions_cursor, usize::from(area.height)),
                count,
            ))
        }
        (Screen::Login, step) => {
            let area = login_list_area(model);
            let count = match step {
                LoginStep::ChooseProfile => model.sessions.len(),
                LoginStep::ChooseMethod(ways) => ways.len(),
                _ => return None,
            };
            Some((
                area,
                first_visible_row(model.login.cursor, usize::from(area.height)),
                count,
            ))
        }
        _ => None,
    }
}
