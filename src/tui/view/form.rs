//! Draws forms, in dialogs and on the login screen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span as Piece, Text};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr as _;

use super::layout;
use super::styled_text::{line, sanitized_span, selection_style};
use crate::tui::model::{Field, FieldValue, Form, Model, TextInput};
use crate::ui::{Span, pad_or_truncate, tail};

/// More characters of hidden text are not drawn, so that its length does not show.
const MAX_MASK: usize = 12;

/// Draws a form, with the terminal's cursor in it if it receives the keys.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, form: &Form, area: Rect, has_keys: bool) {
    let label_widths = form.fields.iter().map(|field| field.label.width());
    let label_width = label_widths.max().unwrap_or(0) + 2;
    let mut text = Text::default();
    for (index, field) in form.fields.iter().enumerate() {
        let is_focused = index == form.focus;
        if is_focused && has_keys {
            let y = area.y + u16::try_from(text.lines.len()).unwrap_or(0);
            place_cursor(frame, field, area, y, label_width);
        }
        text.push_line(field_row(model, field, is_focused, label_width, area.width));
    }
    let lines = u16::try_from(text.lines.len()).unwrap_or(u16::MAX);
    frame.render_widget(Paragraph::new(text), area);
    let below = Rect {
        y: area.y.saturating_add(lines),
        height: area.height.saturating_sub(lines),
        ..area
    };
    let hint = Paragraph::new(hint_or_error(form)).wrap(Wrap { trim: true });
    frame.render_widget(hint, below);
}

/// Returns the height for the longest hint, so that the dialog does not jump from one field to the next.
pub(super) fn height(form: &Form, width: usize) -> usize {
    let hints = form.fields.iter().map(|field| field.hint.as_str());
    let hints = hints.chain(form.error.as_deref());
    let heights = hints.map(|hint| layout::wrapped_height(hint, width));
    form.fields.len() + heights.max().unwrap_or(1)
}

fn hint_or_error(form: &Form) -> Line<'static> {
    if let Some(error) = &form.error {
        return line([Span::bad(format!("✗ {error}"))]);
    }
    let focused = form.fields.get(form.focus);
    line([Span::dim(focused.map_or("", |field| &field.hint))])
}

fn field_row(
    model: &Model,
    field: &Field,
    is_focused: bool,
    label_width: usize,
    width: u16,
) -> Line<'static> {
    let label = pad_or_truncate(&field.label, label_width);
    let columns = usize::from(width).saturating_sub(label_width + 1);
    let mut text = line([if is_focused {
        Span::bold(label)
    } else {
        Span::plain(label)
    }]);
    match &field.value {
        FieldValue::Text(input) => {
            text.push_span(sanitized_span(&Span::plain(visible_text(input, columns))));
        }
        FieldValue::Hidden(input) => {
            text.push_span(sanitized_span(&Span::plain(masked_text(
                model, input, columns,
            ))));
        }
        FieldValue::SingleChoice { options, selected } => {
            let labels = options.iter().enumerate().map(|(index, option)| {
                let sign = if index == *selected { "(x)" } else { "( )" };
                format!("{sign} {option}")
            });
            text.extend(option_spans(labels, *selected, is_focused, columns));
        }
        FieldValue::MultipleChoice { options, cursor } => {
            let labels = options.iter().map(|(option, is_selected)| {
                let sign = if *is_selected { "[x]" } else { "[ ]" };
                format!("{sign} {option}")
            });
            text.extend(option_spans(labels, *cursor, is_focused, columns));
        }
    }
    text
}

/// Returns options side by side, scrolled so that the one at the cursor is visible.
fn option_spans(
    options: impl Iterator<Item = String>,
    cursor: usize,
    is_focused: bool,
    columns: usize,
) -> Vec<Piece<'static>> {
    let options: Vec<_> = options.collect();
    let width = |first: usize| -> usize {
        let visible = options.iter().take(cursor + 1).skip(first);
        visible.map(|option| option.width() + 2).sum()
    };
    let first = (0..=cursor)
        .find(|first| width(*first) <= columns)
        .unwrap_or(cursor);
    let visible = options.iter().enumerate().skip(first);
    let spans = visible.flat_map(|(index, option)| {
        let style = selection_style(is_focused && index == cursor);
        [
            sanitized_span(&Span::plain(option.as_str())).style(style),
            "  ".into(),
        ]
    });
    spans.collect()
}

/// Returns the text around the cursor: the end of what is before it, and what follows.
fn visible_text(input: &TextInput, columns: usize) -> String {
    let before = tail(input.before_cursor(), columns);
    let after = &input.text()[input.before_cursor().len()..];
    format!("{before}{after}")
}

fn masked_text(model: &Model, input: &TextInput, columns: usize) -> String {
    let sign = if model.stream_style.utf8 { "•" } else { "*" };
    let length = input.text().chars().count();
    sign.repeat(length.min(columns).min(MAX_MASK))
}

fn place_cursor(frame: &mut Frame<'_>, field: &Field, area: Rect, y: u16, label_width: usize) {
    let columns = usize::from(area.width).saturating_sub(label_width + 1);
    let column = match &field.value {
        FieldValue::Text(input) => input.before_cursor().width().min(columns),
        FieldValue::Hidden(input) => {
            let length = input.before_cursor().chars().count();
            length.min(columns).min(MAX_MASK)
        }
        FieldValue::SingleChoice { .. } | FieldValue::MultipleChoice { .. } => return,
    };
    let column = u16::try_from(label_width + column).unwrap_or(0);
    frame.set_cursor_position(Position::new(area.x + column, y));
}
