//! The table of tokens: as many columns as there is room for, the rows that are seen, and beside it one token's facts.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Text;
use ratatui::widgets::{Block, Borders, Paragraph, Wrap};

use super::styled_text::{draw_row, line, sanitized_span};
use super::{heading, timeline};
use crate::domain::{ApiToken, TokenKind};
use crate::tui::layout;
use crate::tui::model::{Loading, Model};
use crate::ui::{
    KeyValues, Span, TokenState, pad_or_truncate, tail, time_format, token_key_values, token_state,
};

/// A column: its title, how wide, and what stands in it.
struct Column {
    title: &'static str,
    width: u16,
    cell: fn(&Model, &ApiToken) -> Span,
}

/// In the order in which they give way where there is no room, the first to stay; the name takes the rest.
const COLUMNS: [Column; 6] = [
    Column {
        title: "STATE",
        width: 15,
        cell: state_cell,
    },
    Column {
        title: "EXPIRES",
        width: 15,
        cell: |model, token| relative_time(model, token.expires_at, "never"),
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

/// The least room for the name, with the mark before it.
const MIN_NAME_WIDTH: u16 = 20;

/// A time as seen from now; `otherwise` where there is none.
fn relative_time(model: &Model, time: Option<Timestamp>, otherwise: &str) -> Span {
    let told = time.map(|time| time_format::format_relative(model.now, time));
    Span::plain(told.unwrap_or_else(|| otherwise.to_owned()))
}

/// What ends soon is marked by a word and a sign, and by colour besides.
fn state_cell(model: &Model, token: &ApiToken) -> Span {
    let life = token_state(model.now, token);
    let span = life.label();
    if life == TokenState::ExpiresSoon {
        return Span::new(format!("! {}", span.text), span.style);
    }
    span
}

/// Draws the screen.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model) {
    let (area, aside) = layout::token_panes(model);
    if model.tokens.is_timeline && aside.is_none() {
        timeline::draw(frame, model, area);
        return;
    }
    draw_table(frame, model, area);
    if let Some(aside) = aside {
        draw_side_pane(frame, model, aside);
    }
}

fn draw_table(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let width = area.width;
    let mut left = width.saturating_sub(MIN_NAME_WIDTH);
    let mut columns = Vec::new();
    for column in &COLUMNS {
        if column.width > left {
            break;
        }
        left -= column.width;
        columns.push(column);
    }
    let name = MIN_NAME_WIDTH + left;
    let titles = columns
        .iter()
        .map(|it| Span::bold(pad_or_truncate(it.title, it.width.into())));
    let first = Span::bold(pad_or_truncate("  NAME", name.into()));
    let titles = line(std::iter::once(first).chain(titles));
    frame.render_widget(Paragraph::new(titles), Rect { height: 1, ..area });
    let rows = layout::list_rows(area);
    let count = usize::from(rows.height.saturating_sub(1));
    for (y, (place, token)) in (rows.y..).zip(model.tokens.visible_rows(count)) {
        let cells = columns
            .iter()
            .map(|it| fit_cell(&(it.cell)(model, token), it.width));
        let text = line(std::iter::once(name_cell(model, token, name)).chain(cells));
        let line = Rect::new(rows.x, y, width, 1);
        draw_row(frame, text, line, place == model.tokens.cursor);
    }
    let last = Rect::new(area.x, area.bottom().saturating_sub(1), width, 1);
    frame.render_widget(Paragraph::new(line(summary_spans(model))), last);
    if model.tokens.visible_count() == 0 {
        draw_empty_message(frame, model, rows);
    }
}

fn fit_cell(span: &Span, width: u16) -> Span {
    Span::new(
        pad_or_truncate(&span.text, usize::from(width) - 1) + " ",
        span.style,
    )
}

fn name_cell(model: &Model, token: &ApiToken, width: u16) -> Span {
    let is_marked = token
        .id
        .as_ref()
        .is_some_and(|id| model.tokens.marked.contains(id));
    let mark = if is_marked { "●" } else { " " };
    let name = token.name.as_deref().unwrap_or("(no name)");
    fit_cell(&Span::plain(format!("{mark} {name}")), width)
}

fn draw_empty_message(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let text = match model.tokens.loading {
        Loading::NotStarted => "",
        Loading::InProgress(_) => "asking for the tokens…",
        Loading::Failed => "the tokens could not be loaded; r tries again",
        Loading::Done if model.tokens.total_count() > 0 => {
            "no token matches the filter; Esc drops it"
        }
        Loading::Done => "no tokens; n makes one",
    };
    let text = Paragraph::new(line([Span::dim(format!("  {text}"))]));
    frame.render_widget(
        text,
        Rect {
            height: area.height.min(1),
            ..area
        },
    );
}

/// How many, in which order, through which filter.
fn summary_spans(model: &Model) -> Vec<Span> {
    let tokens = &model.tokens;
    let mut spans = Vec::new();
    if tokens.is_filtering || !tokens.filter.text().is_empty() {
        spans.push(Span::bold("filter: "));
        spans.push(Span::plain(tail(tokens.filter.text(), 24)));
        spans.push(Span::plain(if tokens.is_filtering {
            "_ · "
        } else {
            " · "
        }));
    }
    let row = if tokens.visible_count() == 0 {
        0
    } else {
        tokens.cursor + 1
    };
    let mut count = match (tokens.visible_count(), tokens.total_count()) {
        (shown, all) if shown == all => format!("{row} of {all}"),
        (shown, all) => format!("{row} of {shown} ({all} in all)"),
    };
    match tokens.loading {
        Loading::InProgress(_) if tokens.total_count() > 0 => count.push_str(", loading…"),
        Loading::Failed if tokens.total_count() > 0 => count.push_str(", not all"),
        _ => {}
    }
    spans.push(Span::plain(count));
    if !tokens.marked.is_empty() {
        spans.push(Span::bold(format!(" · {} marked", tokens.marked.len())));
    }
    let reversed = if tokens.is_reversed { ", reversed" } else { "" };
    spans.push(Span::dim(format!(" · {}{reversed}", tokens.order.label())));
    spans
}

/// One token's facts, as `token get` tells them.
pub(super) fn fact_text(facts: &KeyValues) -> Text<'static> {
    let names = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    let lines = facts.iter().map(|(name, value)| {
        let mut text = line([Span::dim(pad_or_truncate(name, names))]);
        text.push_span(sanitized_span(value));
        text
    });
    lines.collect()
}

fn draw_side_pane(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let block = Block::new().borders(Borders::LEFT);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let half = Rect {
        height: inner.height.saturating_sub(10).max(inner.height / 2),
        ..inner
    };
    let mut text = Text::from(heading("This token"));
    if let Some(token) = model.tokens.selected() {
        text.extend(fact_text(&token_key_values(model.now, token, true)));
    }
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), half);
    let rest = Rect {
        y: half.bottom(),
        height: inner.height - half.height,
        ..inner
    };
    timeline::draw(frame, model, rest);
}
