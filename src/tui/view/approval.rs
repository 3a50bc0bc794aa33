//! The approval of a login: the URL of the page, and for a device authorization the user code in large letters and a QR code
//! if it fits (RFC 8628 section 3.3).

use font8x8::{BASIC_FONTS, UnicodeFonts as _};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style as Paint};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr as _;

use super::styled_text::{heading, line};
use crate::domain::time_format;
use crate::tui::model::{Approval, Model};
use crate::ui::{Span, qr};

/// The dots of a glyph, in both directions. A character shows two by two of them.
const GLYPH_SIZE: usize = 8;
/// Below this height, only the required lines are drawn.
const COMPACT_HEIGHT: u16 = 10;
/// The lines around the large user code.
const OTHER_LINES: u16 = 7;
const MIN_TEXT_WIDTH: u16 = 44;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, approval: &Approval, body: Rect) {
    // A phone could not lead its browser back to this machine.
    let has_code = approval.user_code.is_some();
    let code = qr_code(model, approval.uri_to_open(), body).filter(|_| has_code);
    let text_area = Rect {
        width: body.width - code.as_ref().map_or(0, |(width, _)| *width),
        ..body
    };
    let user_code = approval.user_code.as_deref().unwrap_or_default();
    let large = large_code(model, user_code, text_area);
    let is_compact = body.height < COMPACT_HEIGHT;
    let text = instructions(model, approval, large, is_compact);
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), text_area);
    if let Some((width, code)) = code {
        let area = Rect {
            x: text_area.right(),
            width,
            ..body
        };
        draw_qr_code(frame, &code, area);
    }
}

fn draw_qr_code(frame: &mut Frame<'_>, code: &str, area: Rect) {
    let count = code.lines().count();
    let lines = code.lines().enumerate().map(|(index, line)| {
        // The lower half of the last line is outside of the code.
        let background = if index + 1 < count {
            Color::Black
        } else {
            Color::Reset
        };
        Line::styled(
            line.to_owned(),
            Paint::new().fg(Color::White).bg(background),
        )
    });
    frame.render_widget(Paragraph::new(lines.collect::<Text<'_>>()), area);
}

/// Returns the QR code and its width, if it fits beside the text.
fn qr_code(model: &Model, uri: &str, body: Rect) -> Option<(u16, String)> {
    let columns = body.width.checked_sub(MIN_TEXT_WIDTH)?;
    let code = qr(uri, columns.into(), model.stream_style.utf8)?;
    let width = u16::try_from(code.lines().next()?.width()).ok()?;
    let is_fitting = code.lines().count() <= usize::from(body.height);
    is_fitting.then_some((width, code))
}

fn instructions(
    model: &Model,
    approval: &Approval,
    large: Vec<Line<'static>>,
    is_compact: bool,
) -> Text<'static> {
    let mut text = Text::default();
    let uri = Span::bold(&*approval.verification_uri);
    let first = if approval.user_code.is_some() {
        "1. Open  "
    } else {
        "Open  "
    };
    text.push_line(line([Span::plain(first), uri]));
    if let Some((page, server)) = &approval.differing_hosts {
        let note = format!("The page is on {page}, not on {server}, the server you sign in to.");
        text.push_line(line([Span::plain(note)]));
    }
    if let Some(user_code) = &approval.user_code {
        let user_code = Span::bold(&**user_code);
        text.push_line(line([Span::plain("2. Enter the code "), user_code]));
        text.extend(large);
    }
    let complete = approval.verification_uri_complete.as_ref();
    if let Some(complete) = complete.filter(|_| !is_compact) {
        text.push_line(line([Span::dim(format!("Or open {complete}"))]));
    }
    text.push_line(waiting_line(model, approval));
    text.push_line(line([Span::dim(client_note(approval))]));
    text.push_line(line([Span::dim(
        "Approve only a sign-in that you started.",
    )]));
    if let Some(message) = &approval.status_message {
        text.push_line(heading(message));
    }
    text
}

fn waiting_line(model: &Model, approval: &Approval) -> Line<'static> {
    let remaining = time_format::format_countdown(approval.remaining(model.now));
    let waiting = if approval.user_code.is_some() {
        "Waiting for your approval. The code expires in "
    } else {
        "Waiting for the browser on this machine. The sign-in ends in "
    };
    line([
        Span::plain(waiting),
        Span::bold(remaining),
        Span::plain("."),
    ])
}

fn client_note(approval: &Approval) -> String {
    let scopes = if approval.scopes.is_empty() {
        String::new()
    } else {
        format!(" (scopes: {})", approval.scopes)
    };
    format!(
        "You will be asked to authorize `{}`{scopes}.",
        approval.client_id
    )
}

/// Returns the user code in letters of four lines, if they fit and the terminal has the block characters.
fn large_code(model: &Model, code: &str, area: Rect) -> Vec<Line<'static>> {
    let width = code.chars().count() * GLYPH_SIZE / 2;
    let is_fitting =
        !code.is_empty() && width <= area.width.into() && area.height >= OTHER_LINES + 4;
    let glyphs: Option<Vec<[u8; 8]>> = code.chars().map(|c| BASIC_FONTS.get(c)).collect();
    let Some(glyphs) = glyphs.filter(|_| is_fitting && model.stream_style.utf8) else {
        return Vec::new();
    };
    let row = |row: usize| {
        let cells = glyphs.iter().flat_map(|glyph| {
            let cells = 0..GLYPH_SIZE / 2;
            cells.map(move |cell| quadrant_char(glyph[2 * row], glyph[2 * row + 1], 2 * cell))
        });
        line([Span::bold(cells.collect::<String>())])
    };
    (0..GLYPH_SIZE / 2).map(row).collect()
}

/// Returns the character with the dots `at` and `at + 1` of two rows.
fn quadrant_char(upper: u8, lower: u8, at: usize) -> char {
    const QUADRANTS: [char; 16] = [
        ' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█',
    ];
    let pair = |row: u8| usize::from(row >> at & 0b11);
    QUADRANTS[pair(upper) | pair(lower) << 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_letter_is_drawn_in_quadrant_characters() {
        let glyph = BASIC_FONTS.get('L').unwrap();
        let row = |row: usize| -> String {
            let cells = 0..4;
            let cells =
                cells.map(|cell| quadrant_char(glyph[2 * row], glyph[2 * row + 1], 2 * cell));
            cells.collect()
        };
        assert_eq!(
            [row(0), row(1), row(2), row(3)].join("\n"),
            "▜▛  \n▐▌  \n▐▌▗▌\n▀▀▀▘"
        );
    }
}
