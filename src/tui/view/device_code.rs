//! The code of a device authorization, large; the address; a QR code where there is room (RFC 8628 §3.3).

use font8x8::{BASIC_FONTS, UnicodeFonts as _};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style as Paint};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr as _;

use super::heading;
use super::styled_text::line;
use crate::tui::model::{DeviceApproval, Model};
use crate::ui::{Span, qr, time_format};

/// A letter is eight dots wide and high, a character is two by two of them.
const GLYPH_SIZE: usize = 8;
/// With fewer lines than this only what must be said is.
const COMPACT_HEIGHT: u16 = 10;

/// Draws the step.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, device: &DeviceApproval, body: Rect) {
    let code = qr_code(model, device.uri_to_open(), body);
    let words = Rect {
        width: body.width - code.as_ref().map_or(0, |(width, _)| *width),
        ..body
    };
    let large = large_code(model, &device.user_code, words);
    let is_low = body.height < COMPACT_HEIGHT;
    let text =
        Paragraph::new(instructions(model, device, large, is_low)).wrap(Wrap { trim: false });
    frame.render_widget(text, words);
    if let Some((width, picture)) = code {
        let area = Rect {
            x: words.right(),
            width,
            ..body
        };
        let rows = picture.lines().count();
        let lines = picture.lines().enumerate().map(|(place, line)| {
            // Below the code nothing is dark.
            let below = if place + 1 < rows {
                Color::Black
            } else {
                Color::Reset
            };
            Line::styled(line.to_owned(), Paint::new().fg(Color::White).bg(below))
        });
        frame.render_widget(Paragraph::new(lines.collect::<Text<'_>>()), area);
    }
}

/// The QR code beside the text, where both have room.
fn qr_code(model: &Model, address: &str, body: Rect) -> Option<(u16, String)> {
    const LEAST_TEXT: u16 = 44;
    let room = body.width.checked_sub(LEAST_TEXT)?;
    let code = qr(address, room.into(), model.stream_style.utf8)?;
    let width = u16::try_from(code.lines().next()?.width()).ok()?;
    let fits = code.lines().count() <= usize::from(body.height);
    fits.then_some((width, code))
}

fn instructions(
    model: &Model,
    device: &DeviceApproval,
    large: Vec<Line<'static>>,
    is_low: bool,
) -> Text<'static> {
    let mut text = Text::default();
    text.push_line(line([
        Span::plain("1. Open  "),
        Span::bold(&*device.verification_uri),
    ]));
    if let Some((page, server)) = &device.differing_hosts {
        let note =
            format!("The page is on {page}, not on {server}, the server that you sign in to.");
        text.push_line(line([Span::plain(note)]));
    }
    text.push_line(line([
        Span::plain("2. Enter the code "),
        Span::bold(&*device.user_code),
    ]));
    text.extend(large);
    if let Some(complete) = device
        .verification_uri_complete
        .as_ref()
        .filter(|_| !is_low)
    {
        text.push_line(line([Span::dim(format!("or open {complete}"))]));
    }
    let left = time_format::format_countdown(device.remaining(model.now));
    text.push_line(line([
        Span::plain("Waiting for your approval, "),
        Span::bold(left),
        Span::plain(" left."),
    ]));
    let scopes = if device.scopes.is_empty() {
        String::new()
    } else {
        format!(" for {}", device.scopes)
    };
    let asked = format!("You will be asked about `{}`{scopes}.", device.client_id);
    text.push_line(line([Span::dim(asked)]));
    text.push_line(line([Span::dim("Approve only what you started yourself.")]));
    if let Some(remark) = &device.status_message {
        text.push_line(heading(remark));
    }
    text
}

/// The code in letters of four lines, where it fits; the terminal must know more than ASCII for it.
fn large_code(model: &Model, code: &str, area: Rect) -> Vec<Line<'static>> {
    const OTHERS: u16 = 7;
    let width = code.chars().count() * GLYPH_SIZE / 2;
    let fits = width <= area.width.into() && area.height >= OTHERS + 4;
    let glyphs: Option<Vec<[u8; 8]>> = code.chars().map(|c| BASIC_FONTS.get(c)).collect();
    let Some(glyphs) = glyphs.filter(|_| fits && model.stream_style.utf8) else {
        return Vec::new();
    };
    let row = |row: usize| {
        let cells = glyphs.iter().flat_map(|glyph| {
            (0..GLYPH_SIZE / 2)
                .map(move |cell| quadrant_char(glyph[2 * row], glyph[2 * row + 1], 2 * cell))
        });
        line([Span::bold(cells.collect::<String>())])
    };
    (0..GLYPH_SIZE / 2).map(row).collect()
}

/// The character with the dots at `at` and right of it of two rows.
fn quadrant_char(upper: u8, lower: u8, at: usize) -> char {
    const QUARTERS: [char; 16] = [
        ' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█',
    ];
    let pair = |row: u8| usize::from(row >> at & 0b11);
    QUARTERS[pair(upper) | pair(lower) << 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_letter_is_drawn_in_quadrant_characters() {
        let glyph = BASIC_FONTS.get('L').unwrap();
        let row = |row: usize| -> String {
            let cells =
                (0..4).map(|cell| quadrant_char(glyph[2 * row], glyph[2 * row + 1], 2 * cell));
            cells.collect()
        };
        assert_eq!(
            [row(0), row(1), row(2), row(3)].join("\n"),
            "▜▛  \n▐▌  \n▐▌▗▌\n▀▀▀▘"
        );
    }
}
