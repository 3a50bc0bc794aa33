//! Questions that are answered together.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::text::{chosen, line, piece};
use super::title;
use crate::tui::model::{Answer, Field, Form, Input, Model};
use crate::ui::{Span, fitted, tail};

/// Draws a form, with the cursor where one types if `has_keys`.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, form: &Form, area: Rect, has_keys: bool) {
    let labels = form.fields.iter().map(|field| field.label.width()).max();
    let labels = labels.unwrap_or(0) + 2;
    let mut text = Text::from(title(&form.title));
    for (place, field) in form.fields.iter().enumerate() {
        let is_focus = place == form.focus;
        if is_focus && has_keys {
            let y = area.y + u16::try_from(text.lines.len()).unwrap_or(0);
            place_cursor(frame, field, (area, y), labels);
        }
        text.push_line(row(model, field, is_focus, labels, area.width));
    }
    let focused = form.fields.get(form.focus);
    let note = focused.map_or("", |field| field.note.as_str());
    match &form.wrong {
        Some(wrong) => text.push_line(line([Span::bad(format!("✗ {wrong}"))])),
        None => text.push_line(line([Span::dim(note.to_owned())])),
    }
    frame.render_widget(Paragraph::new(text), area);
}

fn row(model: &Model, field: &Field, is_focus: bool, labels: usize, width: u16) -> Line<'static> {
    let label = fitted(&field.label, labels);
    let room = usize::from(width).saturating_sub(labels + 1);
    let mut text = line([if is_focus {
        Span::bold(label)
    } else {
        Span::plain(label)
    }]);
    match &field.answer {
        Answer::Text(input) => text.push_span(piece(&Span::plain(shown(input, room)))),
        Answer::Hidden(input) => text.push_span(piece(&Span::plain(hidden(model, input, room)))),
        Answer::One { words, chosen: at } => {
            for (place, word) in words.iter().enumerate() {
                let sign = if place == *at { "(x) " } else { "( ) " };
                let word = line([Span::plain(format!("{sign}{word}  "))]);
                let style = chosen(is_focus && place == *at);
                text.extend(word.spans.into_iter().map(|it| it.style(style)));
            }
        }
        Answer::Some { words, cursor } => {
            for (place, (word, on)) in words.iter().enumerate() {
                let sign = if *on { "[x] " } else { "[ ] " };
                let word = line([Span::plain(format!("{sign}{word}"))]);
                let style = chosen(is_focus && place == *cursor);
                text.extend(word.spans.into_iter().map(|it| it.style(style)));
                text.push_span("  ");
            }
        }
    }
    text
}

/// The end of what stands before the cursor and the beginning of the rest.
fn shown(input: &Input, room: usize) -> String {
    let before = tail(input.before(), room);
    let after = &input.text()[input.before().len()..];
    format!("{before}{after}")
}

/// That something was typed, and not what: not even how long it is, beyond the first few characters.
fn hidden(model: &Model, input: &Input, room: usize) -> String {
    let sign = if model.look.utf8 { "•" } else { "*" };
    sign.repeat(input.text().chars().count().min(room).min(12))
}

fn place_cursor(frame: &mut Frame<'_>, field: &Field, (area, y): (Rect, u16), labels: usize) {
    let room = usize::from(area.width).saturating_sub(labels + 1);
    let column = match &field.answer {
        Answer::Text(input) => input.before().width().min(room),
        Answer::Hidden(input) => input.before().chars().count().min(room).min(12),
        Answer::One { .. } | Answer::Some { .. } => return,
    };
    let column = u16::try_from(labels + column).unwrap_or(0);
    frame.set_cursor_position(Position::new(area.x + column, y));
}
