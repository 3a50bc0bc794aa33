//! Questions that are answered together.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr as _;

use super::styled_text::{line, sanitized_span, selection_style};
use crate::tui::model::{Field, FieldValue, Form, Model, TextInput};
use crate::ui::{Span, pad_or_truncate, tail};

/// Draws a form, with the cursor where one types if `has_keys`.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, form: &Form, area: Rect, has_keys: bool) {
    let labels = form.fields.iter().map(|field| field.label.width()).max();
    let labels = labels.unwrap_or(0) + 2;
    let mut text = Text::default();
    for (place, field) in form.fields.iter().enumerate() {
        let is_focus = place == form.focus;
        if is_focus && has_keys {
            let y = area.y + u16::try_from(text.lines.len()).unwrap_or(0);
            place_cursor(frame, field, (area, y), labels);
        }
        text.push_line(field_row(model, field, is_focus, labels, area.width));
    }
    let lines = u16::try_from(text.lines.len()).unwrap_or(u16::MAX);
    frame.render_widget(Paragraph::new(text), area);
    let below = Rect {
        y: area.y.saturating_add(lines),
        height: area.height.saturating_sub(lines),
        ..area
    };
    let note = Paragraph::new(hint_or_error(form)).wrap(Wrap { trim: true });
    frame.render_widget(note, below);
}

/// How many lines a form takes, so that its window does not jump from one question to the next.
pub(super) fn height(form: &Form, width: usize) -> usize {
    let notes = form.fields.iter().map(|field| field.hint.as_str());
    let notes = notes.chain(form.error.as_deref());
    let lines =
        |text: &str| text.width().div_ceil(width.max(1)) + usize::from(text.width() > width);
    form.fields.len() + notes.map(lines).max().unwrap_or(0).max(1)
}

/// Why the answers were not taken, else what helps to answer.
fn hint_or_error(form: &Form) -> Line<'static> {
    if let Some(wrong) = &form.error {
        return line([Span::bad(format!("✗ {wrong}"))]);
    }
    let focused = form.fields.get(form.focus);
    line([Span::dim(focused.map_or("", |field| &field.hint))])
}

fn field_row(
    model: &Model,
    field: &Field,
    is_focus: bool,
    labels: usize,
    width: u16,
) -> Line<'static> {
    let label = pad_or_truncate(&field.label, labels);
    let room = usize::from(width).saturating_sub(labels + 1);
    let mut text = line([if is_focus {
        Span::bold(label)
    } else {
        Span::plain(label)
    }]);
    match &field.value {
        FieldValue::Text(input) => {
            text.push_span(sanitized_span(&Span::plain(visible_text(input, room))))
        }
        FieldValue::Hidden(input) => text.push_span(sanitized_span(&Span::plain(masked_text(
            model, input, room,
        )))),
        FieldValue::SingleChoice {
            options: words,
            selected: at,
        } => {
            let signed = words.iter().enumerate().map(|(place, word)| {
                let sign = if place == *at { "(x)" } else { "( )" };
                format!("{sign} {word}")
            });
            text.extend(option_spans(
                &signed.collect::<Vec<_>>(),
                (*at, is_focus),
                room,
            ));
        }
        FieldValue::MultipleChoice {
            options: words,
            cursor,
        } => {
            let signed = words.iter().map(|(word, on)| {
                let sign = if *on { "[x]" } else { "[ ]" };
                format!("{sign} {word}")
            });
            text.extend(option_spans(
                &signed.collect::<Vec<_>>(),
                (*cursor, is_focus),
                room,
            ));
        }
    }
    text
}

/// Words side by side, as many as there is room for, the one at the cursor among them.
fn option_spans(
    words: &[String],
    (cursor, is_focus): (usize, bool),
    room: usize,
) -> Vec<ratatui::text::Span<'static>> {
    let width = |from: usize| -> usize {
        let shown = words.iter().take(cursor + 1).skip(from);
        shown.map(|word| word.width() + 2).sum()
    };
    let from = (0..=cursor)
        .find(|from| width(*from) <= room)
        .unwrap_or(cursor);
    let shown = words.iter().enumerate().skip(from);
    let pieces = shown.flat_map(|(place, word)| {
        let word = sanitized_span(&Span::plain(word.as_str()))
            .style(selection_style(is_focus && place == cursor));
        [word, "  ".into()]
    });
    pieces.collect()
}

/// The end of what stands before the cursor and the beginning of the rest.
fn visible_text(input: &TextInput, room: usize) -> String {
    let before = tail(input.before_cursor(), room);
    let after = &input.text()[input.before_cursor().len()..];
    format!("{before}{after}")
}

/// That something was typed, and not what: not even how long it is, beyond the first few characters.
fn masked_text(model: &Model, input: &TextInput, room: usize) -> String {
    let sign = if model.stream_style.utf8 { "•" } else { "*" };
    sign.repeat(input.text().chars().count().min(room).min(12))
}

fn place_cursor(frame: &mut Frame<'_>, field: &Field, (area, y): (Rect, u16), labels: usize) {
    let room = usize::from(area.width).saturating_sub(labels + 1);
    let column = match &field.value {
        FieldValue::Text(input) => input.before_cursor().width().min(room),
        FieldValue::Hidden(input) => input.before_cursor().chars().count().min(room).min(12),
        FieldValue::SingleChoice { .. } | FieldValue::MultipleChoice { .. } => return,
    };
    let column = u16::try_from(labels + column).unwrap_or(0);
    frame.set_cursor_position(Position::new(area.x + column, y));
}
