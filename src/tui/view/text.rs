//! Text on the picture: words with a meaning get its style here, and nowhere else.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Paint};
use ratatui::text::{Line, Span as Piece};
use ratatui::widgets::Paragraph;

use crate::domain::one_line;
use crate::ui::{Look, Span, Style};

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
pub(super) fn chosen(is_chosen: bool) -> Paint {
    if is_chosen {
        return Paint::new().add_modifier(Modifier::REVERSED);
    }
    Paint::new()
}

/// Draws a row of a list; the chosen one is inverted as a whole, without the colours that would break it up.
pub(super) fn put_row(frame: &mut Frame<'_>, row: Line<'static>, area: Rect, is_chosen: bool) {
    frame.render_widget(Paragraph::new(row), area);
    if is_chosen {
        let style = chosen(true).fg(Color::Reset).remove_modifier(Modifier::DIM);
        frame.buffer_mut().set_style(area, style);
    }
}

/// A piece of text that came from anywhere.
pub(super) fn piece(span: &Span) -> Piece<'static> {
    Piece::styled(one_line(&span.text), paint(span.style))
}

/// A line of pieces.
pub(super) fn line(spans: impl IntoIterator<Item = Span>) -> Line<'static> {
    spans.into_iter().map(|span| keep_blanks(&span)).collect()
}

/// As [`piece`], with the blanks at its ends.
fn keep_blanks(span: &Span) -> Piece<'static> {
    let text = crate::domain::printable(&span.text).replace('\n', " ");
    Piece::styled(text, paint(span.style))
}

/// The picture in what the terminal can show: no colour where none is wanted, ASCII where it knows no more.
pub(super) fn fit(buffer: &mut Buffer, look: &Look) {
    if look.colour && look.utf8 {
        return;
    }
    for cell in &mut buffer.content {
        if !look.colour {
            (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
        }
        if !look.utf8 && !cell.symbol().is_ascii() {
            let plain = plain(cell.symbol());
            cell.set_symbol(plain);
        }
    }
}

/// What stands for a character where there is ASCII alone.
const PLAIN: &[(&str, &str)] = &[
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
fn plain(symbol: &str) -> &'static str {
    let known = PLAIN.iter().find(|(symbols, _)| symbols.contains(symbol));
    known.map_or("?", |(_, plain)| plain)
}

/// A window of at most this size in the middle of `area`.
pub(super) fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
