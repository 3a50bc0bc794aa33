//! The tokens screen: the table with as many columns as fit, and on wide terminals the details of the selected token and
//! the timeline beside it.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Text;
use ratatui::widgets::{Block, Borders, Paragraph, Wrap};

use super::styled_text::{draw_row, heading, line, sanitized_span};
use super::{layout, timeline};
use crate::domain::{ApiToken, TokenKind, TokenState, time_format, token_state};
use crate::tui::model::{Loading, Model};
use crate::ui::{
    KeyValues, Span, format_expiry, pad_or_truncate, tail, token_key_values, token_state_label,
};

struct Column {
    title: &'static str,
    width: u16,
    cell: fn(&Model, &ApiToken) -> Span,
}

/// Narrow terminals drop columns from the end. The name takes the remaining width.
const COLUMNS: [Column; 6] = [
    Column {
        title: "STATE",
        width: 15,
        cell: state_cell,
    },
    Column {
        title: "EXPIRES",
        width: 15,
        cell: |model, token| {
            let relative = |time| time_format::format_relative(model.now, time);
            Span::plain(format_expiry(token, relative).unwrap_or_default())
        },
    },
    Column {
        title: "ID",
        width: 14,
        cell: |_, token| Span::plain(token.id.as_ref().map_or("", |id| id.as_str())),
    },
    Column {
        title: "CREATED",
        width: 15,
        cell: |model, token| relative_time(model, token.created_at, ""),
    },
    Column {
        title: "KIND",
        width: 11,
        cell: |_, token| Span::plain(token.kind.map_or("", TokenKind::label)),
    },
    Column {
        title: "LAST USED",
        width: 15,
        cell: |model, token| relative_time(model, token.last_used_at, ""),
    },
];

/// With the mark before the name.
const MIN_NAME_WIDTH: u16 = 20;

fn relative_time(model: &Model, time: Option<Timestamp>, otherwise: &str) -> Span {
    let text = time.map(|time| time_format::format_relative(model.now, time));
    Span::plain(text.unwrap_or_else(|| otherwise.to_owned()))
}

/// A token that expires soon is marked by a sign too, for terminals without colours.
fn state_cell(model: &Model, token: &ApiToken) -> Span {
    let state = token_state(model.now, token);
    let label = token_state_label(state);
    if state == TokenState::ExpiresSoon {
        return Span::new(format!("! {}", label.text), label.style);
    }
    label
}

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model) {
    let (area, side) = layout::token_panes(model);
    if model.tokens.is_timeline && side.is_none() {
        timeline::draw(frame, model, area);
        return;
    }
    draw_table(frame, model, area);
    if let Some(side) = side {
        draw_side_pane(frame, model, side);
    }
}

fn draw_table(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let width = area.width;
    let mut remaining = width.saturating_sub(MIN_NAME_WIDTH);
    let mut columns = Vec::new();
    for column in &COLUMNS {
        if column.width > remaining {
            break;
        }
        remaining -= column.width;
        columns.push(column);
    }
    let name_width = MIN_NAME_WIDTH + remaining;
    let titles = columns
        .iter()
        .map(|it| title_cell(model, it.title, it.width));
    let mut titles: Vec<_> = titles.collect();
    titles.insert(0, Span::bold("  "));
    titles.insert(1, title_cell(model, "NAME", name_width - 2));
    frame.render_widget(Paragraph::new(line(titles)), Rect { height: 1, ..area });
    let rows = layout::list_rows(area);
    let count = usize::from(rows.height.saturating_sub(1));
    for (y, (row, token)) in (rows.y..).zip(model.tokens.visible_rows(count)) {
        let cells = columns
            .iter()
            .map(|it| fit_cell(&(it.cell)(model, token), it.width));
        let text = line(std::iter::once(name_cell(model, token, name_width)).chain(cells));
        let row_area = Rect::new(rows.x, y, width, 1);
        draw_row(frame, text, row_area, row == model.tokens.cursor);
    }
    let last = Rect::new(area.x, area.bottom().saturating_sub(1), width, 1);
    frame.render_widget(Paragraph::new(line(summary_spans(model))), last);
    if model.tokens.visible_count() == 0 {
        draw_empty_message(frame, model, rows);
    }
}

/// Returns a column title, with a mark if the table is sorted by the column.
fn title_cell(model: &Model, title: &str, width: u16) -> Span {
    let is_sorted = model.tokens.order.column() == Some(title);
    let text = if is_sorted {
        format!("{title} {}", direction_mark(model))
    } else {
        title.to_owned()
    };
    Span::bold(pad_or_truncate(&text, width.into()))
}

fn direction_mark(model: &Model) -> &'static str {
    if model.tokens.is_reversed {
        "▼"
    } else {
        "▲"
    }
}

fn fit_cell(span: &Span, width: u16) -> Span {
    let text = pad_or_truncate(&span.text, usize::from(width) - 1);
    Span::new(text + " ", span.style)
}

fn name_cell(model: &Model, token: &ApiToken, width: u16) -> Span {
    let id = token.id.as_ref();
    let is_marked = id.is_some_and(|id| model.tokens.marked.contains(id));
    let mark = if is_marked { "●" } else { " " };
    let name = token.name.as_deref().unwrap_or("(no name)");
    fit_cell(&Span::plain(format!("{mark} {name}")), width)
}

fn draw_empty_message(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let text = match model.tokens.loading {
        Loading::NotStarted => "",
        Loading::InProgress(_) => "Loading tokens…",
        Loading::Failed => "Cannot load the tokens. Press r to retry.",
        Loading::Done if model.tokens.total_count() > 0 => {
            "No match. Press Esc to clear the filter."
        }
        Loading::Done => "No tokens. Press n to create one.",
    };
    let text = Paragraph::new(line([Span::dim(format!("  {text}"))]));
    let area = Rect {
        height: area.height.min(1),
        ..area
    };
    frame.render_widget(text, area);
}

/// The filter, the row and the number of rows, the marks and the order.
fn summary_spans(model: &Model) -> Vec<Span> {
    let tokens = &model.tokens;
    let mut spans = Vec::new();
    if tokens.is_filtering || !tokens.filter.text().is_empty() {
        let cursor = if tokens.is_filtering { "_" } else { "" };
        spans.push(Span::bold("filter: "));
        spans.push(Span::plain(tail(tokens.filter.text(), 24)));
        spans.push(Span::plain(format!("{cursor} · ")));
    }
    let (visible, total) = (tokens.visible_count(), tokens.total_count());
    let row = visible.min(tokens.cursor + 1);
    let mut count = if visible == total {
        format!("{row} of {total}")
    } else {
        format!("{row} of {visible} ({total} in all)")
    };
    match tokens.loading {
        Loading::InProgress(_) if total > 0 => count.push_str(", loading…"),
        Loading::Failed if total > 0 => count.push_str(", incomplete"),
        _ => {}
    }
    spans.push(Span::plain(count));
    if !tokens.marked.is_empty() {
        spans.push(Span::bold(format!(" · {} marked", tokens.marked.len())));
    }
    let order = match tokens.order.column() {
        Some(column) => format!("by {} {}", column.to_lowercase(), direction_mark(model)),
        None if tokens.is_reversed => "in reverse order of the service".to_owned(),
        None => "in the order of the service".to_owned(),
    };
    spans.push(Span::dim(format!(" · {order}")));
    spans
}

/// Returns the same properties as `token get`.
pub(super) fn details_text(details: &KeyValues) -> Text<'static> {
    let keys = details.iter().map(|(key, _)| key.len());
    let width = keys.max().unwrap_or(0) + 2;
    let lines = details.iter().map(|(key, value)| {
        let mut text = line([Span::dim(pad_or_truncate(key, width))]);
        text.push_span(sanitized_span(value));
        text
    });
    lines.collect()
}

fn draw_side_pane(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let block = Block::new().borders(Borders::LEFT);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let upper = Rect {
        height: inner.height.saturating_sub(10).max(inner.height / 2),
        ..inner
    };
    let mut text = Text::from(heading("Details"));
    if let Some(token) = model.tokens.selected() {
        text.extend(details_text(&token_key_values(model.now, token, true)));
    }
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), upper);
    let lower = Rect {
        y: upper.bottom(),
        height: inner.height - upper.height,
        ..inner
    };
    timeline::draw(frame, model, lower);
}
