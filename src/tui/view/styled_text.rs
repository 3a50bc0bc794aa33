//! Styled text. Maps meanings to terminal styles, removes control characters, and reduces the frame to what the terminal can
//! show. No other module chooses colours.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Paint};
use ratatui::text::{Line, Span as Piece};
use ratatui::widgets::Paragraph;

use crate::domain::{sanitize_line, sanitize_text};
use crate::ui::{Span, StreamStyle, Style};

/// Uses the terminal's own 16 colours, which its user has chosen for its background.
fn paint(style: Style) -> Paint {
    match style {
        Style::Plain => Paint::new(),
        Style::Bold => Paint::new().add_modifier(Modifier::BOLD),
        Style::Dim => Paint::new().add_modifier(Modifier::DIM),
        Style::Good => Paint::new().fg(Color::Green),
        Style::Warn => Paint::new().fg(Color::Yellow),
        Style::Bad => Paint::new().fg(Color::Red).add_modifier(Modifier::BOLD),
    }
}

/// Inverts the selection, which is visible without colours.
pub(super) fn selection_style(is_selected: bool) -> Paint {
    if is_selected {
        return Paint::new().add_modifier(Modifier::REVERSED);
    }
    Paint::new()
}

/// Draws a row of a list. The selected row is inverted as a whole, without colours that would break it up.
pub(super) fn draw_row(frame: &mut Frame<'_>, row: Line<'static>, area: Rect, is_selected: bool) {
    frame.render_widget(Paragraph::new(row), area);
    if is_selected {
        let style = selection_style(true)
            .fg(Color::Reset)
            .remove_modifier(Modifier::DIM);
        frame.buffer_mut().set_style(area, style);
    }
}

/// Returns text of any origin as one line without control characters and outer spaces.
pub(super) fn sanitized_span(span: &Span) -> Piece<'static> {
    Piece::styled(sanitize_line(&span.text), paint(span.style))
}

/// Returns a line of spans without control characters.
pub(super) fn line(spans: impl IntoIterator<Item = Span>) -> Line<'static> {
    spans
        .into_iter()
        .map(|span| sanitized_span_with_spaces(&span))
        .collect()
}

pub(super) fn heading(text: &str) -> Line<'static> {
    line([Span::bold(text)])
}

fn sanitized_span_with_spaces(span: &Span) -> Piece<'static> {
    let text = sanitize_text(&span.text).replace('\n', " ");
    Piece::styled(text, paint(span.style))
}

/// Removes colours and non-ASCII characters from the frame if the terminal does not support them.
pub(super) fn reduce_to_terminal(buffer: &mut Buffer, stream_style: &StreamStyle) {
    if stream_style.colour && stream_style.utf8 {
        return;
    }
    for cell in &mut buffer.content {
        if !stream_style.colour {
            (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
        }
        if !stream_style.utf8 && !cell.symbol().is_ascii() {
            let replacement = ascii_replacement(cell.symbol());
            cell.set_symbol(replacement);
        }
    }
}

/// Replaces one character by one, so that the cells keep their positions.
const ASCII_REPLACEMENTS: &[(&str, &str)] = &[
    ("─━–—", "-"),
    ("│┃", "|"),
    ("┌┐└┘├┤┬┴┼✓", "+"),
    ("█", "#"),
    ("…·•", "."),
    ("✗", "x"),
    ("→▶", ">"),
    ("▲↑", "^"),
    ("▼↓", "v"),
    ("●", "*"),
];

fn ascii_replacement(symbol: &str) -> &'static str {
    let replacement = ASCII_REPLACEMENTS
        .iter()
        .find(|(symbols, _)| symbols.contains(symbol));
    replacement.map_or("?", |(_, replacement)| replacement)
}

/// Returns an area of at most this size in the middle of `area`.
pub(super) fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
