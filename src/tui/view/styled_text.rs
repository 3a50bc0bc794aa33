//! Text on the picture: words with a meaning get its style here, and nowhere else.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Paint};
use ratatui::text::{Line, Span as Piece};
use ratatui::widgets::Paragraph;

use crate::domain::sanitize_line;
use crate::ui::{Span, StreamStyle, Style};

/// How a meaning looks: the terminal's own colours, which suit its background, light or dark.
pub(super) fn paint(style: Style) -> Paint {
    match style {
        Style::Plain => Paint::new(),
        Style::Bold => Paint::new().add_modifier(Modifier::BOLD),
        Style::Dim => Paint::new().add_modifier(Modifier::DIM),
        Style::Good => Paint::new().fg(Color::Green),
        Style::Warn => Paint::new().fg(Color::Yellow),
        Style::Bad => Paint::new().fg(Color::Red).add_modifier(Modifier::BOLD),
    }
}

/// What has the keys is inverted, which needs no colour.
pub(super) fn selection_style(is_chosen: bool) -> Paint {
    if is_chosen {
        return Paint::new().add_modifier(Modifier::REVERSED);
    }
    Paint::new()
}

/// Draws a row of a list; the chosen one is inverted as a whole, without the colours that would break it up.
pub(super) fn draw_row(frame: &mut Frame<'_>, row: Line<'static>, area: Rect, is_chosen: bool) {
    frame.render_widget(Paragraph::new(row), area);
    if is_chosen {
        let style = selection_style(true)
            .fg(Color::Reset)
            .remove_modifier(Modifier::DIM);
        frame.buffer_mut().set_style(area, style);
    }
}

/// A piece of text that came from anywhere.
pub(super) fn sanitized_span(span: &Span) -> Piece<'static> {
    Piece::styled(sanitize_line(&span.text), paint(span.style))
}

/// A line of pieces.
pub(super) fn line(spans: impl IntoIterator<Item = Span>) -> Line<'static> {
    spans
        .into_iter()
        .map(|span| sanitized_span_with_spaces(&span))
        .collect()
}

/// As [`sanitized_span`], with the blanks at its ends.
fn sanitized_span_with_spaces(span: &Span) -> Piece<'static> {
    let text = crate::domain::sanitize_text(&span.text).replace('\n', " ");
    Piece::styled(text, paint(span.style))
}

/// The picture in what the terminal can show: no colour where none is wanted, ASCII where it knows no more.
pub(super) fn reduce_to_terminal(buffer: &mut Buffer, stream_style: &StreamStyle) {
    if stream_style.colour && stream_style.utf8 {
        return;
    }
    for cell in &mut buffer.content {
        if !stream_style.colour {
            (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
        }
        if !stream_style.utf8 && !cell.symbol().is_ascii() {
            let plain = ascii_replacement(cell.symbol());
            cell.set_symbol(plain);
        }
    }
}

/// What stands for a character where there is ASCII alone.
const ASCII_REPLACEMENTS: &[(&str, &str)] = &[
    ("─━–—", "-"),
    ("│┃", "|"),
    ("┌┐└┘├┤┬┴┼✓", "+"),
    ("█", "#"),
    ("…·•", "."),
    ("✗", "x"),
    ("→▶", ">"),
    ("●", "*"),
];

/// One character for one character: the cells stay where they are.
fn ascii_replacement(symbol: &str) -> &'static str {
    let known = ASCII_REPLACEMENTS
        .iter()
        .find(|(symbols, _)| symbols.contains(symbol));
    known.map_or("?", |(_, plain)| plain)
}

/// A window of at most this size in the middle of `area`.
pub(super) fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
