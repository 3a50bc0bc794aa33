//! QR codes for a terminal (ISO/IEC 18004), so that a phone can open the verification page.

use fast_qr::{ECL, QRBuilder, QRCode};

use super::StreamStyle;

/// The empty border that readers need, in modules (ISO/IEC 18004 §5.3.8).
const QUIET_ZONE: usize = 4;

/// Draws `text` as a QR code of at most `width` columns, or returns `None` if it does not fit. Light modules are drawn and
/// dark ones are blank, as for a dark background: two modules per character in half blocks, or two characters per module
/// in ASCII.
pub fn qr(text: &str, width: usize, utf8: bool) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
    let side = code.size + 2 * QUIET_ZONE;
    let columns = if utf8 { side } else { 2 * side };
    if columns > width {
        return None;
    }
    let line = |row: usize| {
        let modules = (0..side).map(|column| glyph(&code, row, column, utf8));
        modules.collect::<String>() + "\n"
    };
    let rows_per_line = if utf8 { 2 } else { 1 };
    Some((0..side).step_by(rows_per_line).map(line).collect())
}

fn glyph(code: &QRCode, row: usize, column: usize, utf8: bool) -> &'static str {
    let top = is_light(code, row, column);
    if !utf8 {
        return if top { "##" } else { "  " };
    }
    // Below the last row there is nothing to be light.
    let has_bottom = row + 1 < code.size + 2 * QUIET_ZONE;
    match (top, has_bottom && is_light(code, row + 1, column)) {
        (true, true) => "█",
        (true, false) => "▀",
        (false, true) => "▄",
        (false, false) => " ",
    }
}

fn is_light(code: &QRCode, row: usize, column: usize) -> bool {
    let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|at| *at < code.size);
    match (inside(row), inside(column)) {
        (Some(row), Some(column)) => !code[row][column].value(),
        _ => true,
    }
}

/// Draws a line of a code in white on black if the stream has colour. On a bright terminal it would otherwise be inverted,
/// which not every scanner supports.
pub(super) fn paint(line: &str, stream: &StreamStyle) -> String {
    if !stream.colour || !stream.utf8 {
        return line.to_owned();
    }
    let style = anstyle::Style::new()
        .fg_color(Some(anstyle::Ansi256Color(231).into()))
        .bg_color(Some(anstyle::Ansi256Color(16).into()));
    format!("{style}{line}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://brainmaps.example/device?user_code=ABCD-EFGH";

    /// The modules of a half-block drawing, `true` for light.
    fn modules(drawing: &str) -> Vec<Vec<bool>> {
        let half =
            |line: &str, lights: [char; 2]| line.chars().map(|c| lights.contains(&c)).collect();
        let rows = drawing
            .lines()
            .map(|line| [half(line, ['█', '▀']), half(line, ['█', '▄'])]);
        // The lower half of the last line lies below the code.
        rows.flatten()
            .take(drawing.lines().count() * 2 - 1)
            .collect()
    }

    #[test]
    fn both_drawings_show_the_same_code_within_its_quiet_zone() {
        let blocks = modules(&qr(URL, 80, true).unwrap());
        let ascii = qr(URL, 200, false).unwrap();
        for (row, line) in ascii.lines().enumerate() {
            let lights: Vec<_> = line
                .as_bytes()
                .chunks(2)
                .map(|pair| pair == b"##")
                .collect();
            assert_eq!(lights, blocks[row], "row {row}");
        }
        let side = blocks[0].len();
        let is_border = |at: usize| at < QUIET_ZONE || at >= side - QUIET_ZONE;
        for (row, lights) in blocks.iter().enumerate() {
            let has_border = |(column, _): &(usize, &bool)| is_border(row) || is_border(*column);
            assert!(
                lights
                    .iter()
                    .enumerate()
                    .filter(has_border)
                    .all(|(_, light)| *light)
            );
        }
        assert!(
            !blocks[QUIET_ZONE][QUIET_ZONE],
            "the finder pattern begins dark"
        );
    }

    #[test]
    fn a_code_that_does_not_fit_is_not_drawn() {
        assert_eq!(qr(URL, 20, true), None);
        assert!(qr(URL, 45, true).is_some());
        assert_eq!(qr(&"x".repeat(5000), 10_000, true), None);
    }
}
