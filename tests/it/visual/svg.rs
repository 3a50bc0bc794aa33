//! Renders the emulator's cells as SVG, readable on light and dark pages.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// The size of a character and the height of its baseline above the lower edge, in pixels.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 18.0;
const FEET: f32 = 4.5;
/// The margin, and the height of the title bar.
const MARGIN: f32 = 12.0;
const BAR: f32 = 26.0;

/// The classes of the colours, for light and dark pages.
const COLOURS: &[(&str, &str, &str)] = &[
    ("b", "#ffffff", "#16191d"),
    ("f", "#24292f", "#d4d8dd"),
    ("n1", "#b3261e", "#ff8a80"),
    ("n2", "#1a7f37", "#7ee08a"),
    ("n3", "#8a5a00", "#f2c94c"),
    ("n0", "#000000", "#000000"),
    ("n15", "#ffffff", "#ffffff"),
    ("r", "#d0d7de", "#3a4048"),
];

/// The style of a run of cells.
#[derive(Clone, PartialEq, Eq)]
struct Style {
    front: String,
    back: Option<String>,
    is_bold: bool,
    is_dim: bool,
}

impl Style {
    fn of(cell: &Cell) -> Self {
        let (front, back) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
        let (front, back) = if cell.inverse() {
            let back = back.unwrap_or_else(|| "b".to_owned());
            (back, Some(front.unwrap_or_else(|| "f".to_owned())))
        } else {
            (front.unwrap_or_else(|| "f".to_owned()), back)
        };
        Self {
            front,
            back,
            is_bold: cell.bold(),
            is_dim: cell.dim(),
        }
    }

    fn classes(&self) -> String {
        let bold = if self.is_bold { " w" } else { "" };
        let dim = if self.is_dim { " d" } else { "" };
        format!("{}{bold}{dim}", self.front)
    }
}

fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Default => None,
        Color::Idx(number) => {
            let name = format!("n{number}");
            let is_known = COLOURS.iter().any(|(it, ..)| *it == name);
            assert!(is_known, "the picture has no colour for {number}");
            Some(name)
        }
        Color::Rgb(..) => panic!("the terminal's own colours are to be used"),
    }
}

/// Cells of one row with the same style.
struct Run {
    row: u16,
    column: u16,
    text: Vec<String>,
    style: Style,
}

fn runs(screen: &Screen) -> Vec<Run> {
    let (rows, columns) = screen.size();
    let mut runs: Vec<Run> = Vec::new();
    for row in 0..rows.get() {
        for column in 0..columns.get() {
            let cell = screen.cell(row, column).unwrap();
            if cell.is_wide_continuation() {
                continue;
            }
            let text = match cell.contents() {
                "" => " ".to_owned(),
                text => text.to_owned(),
            };
            let style = Style::of(cell);
            match runs.last_mut() {
                Some(run) if run.row == row && run.style == style => run.text.push(text),
                _ => runs.push(Run {
                    row,
                    column,
                    text: vec![text],
                    style,
                }),
            }
        }
    }
    runs
}

/// The quarters of a cell that a block character fills: upper left, upper right, lower left, lower right.
fn quarters(text: &str) -> Option<[bool; 4]> {
    const BLOCKS: &str = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";
    let place = BLOCKS.chars().position(|it| text == it.to_string())?;
    (place > 0).then(|| std::array::from_fn(|bit| place >> bit & 1 == 1))
}

/// Renders `screen` in a window with this title.
pub(super) fn picture(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let width = f32::from(columns.get()) * WIDTH + 2.0 * MARGIN;
    let height = f32::from(rows.get()) * HEIGHT + 2.0 * MARGIN + BAR;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{0}\">\n\
         <style>\n{1}</style>\n\
         <rect class=\"b\" stroke-width=\"1\" x=\".5\" y=\".5\" width=\"{2:.0}\" height=\"{3:.0}\" rx=\"8\"/>\n\
         <circle class=\"r\" cx=\"18\" cy=\"14\" r=\"5\"/><circle class=\"r\" cx=\"34\" cy=\"14\" r=\"5\"/>\
         <circle class=\"r\" cx=\"50\" cy=\"14\" r=\"5\"/>\n\
         <text class=\"f d\" x=\"{4:.0}\" y=\"19\" text-anchor=\"middle\">{0}</text>\n",
        escaped(title),
        styles(),
        width - 1.0,
        height - 1.0,
        width / 2.0,
    );
    for run in runs(screen) {
        draw(&mut svg, &run);
    }
    svg.push_str("</svg>\n");
    svg
}

fn styles() -> String {
    let rules = |of: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
        let rule = |it| format!(".{}{{fill:{}}}", it_name(it), of(it));
        COLOURS.iter().map(rule).collect::<String>()
    };
    let border = "rect.b:first-of-type{stroke:#8888;shape-rendering:auto}";
    format!(
        "text{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre}}\n\
         .w{{font-weight:700}}.d{{opacity:.65}}path,rect{{shape-rendering:crispEdges}}{border}\n{}\n@media(prefers-color-scheme:dark){{{}}}\n",
        rules(|it| it.1),
        rules(|it| it.2),
    )
}

fn it_name((name, ..): &(&'static str, &'static str, &'static str)) -> &'static str {
    name
}

fn draw(svg: &mut String, run: &Run) {
    let (x, y) = (
        MARGIN + f32::from(run.column) * WIDTH,
        MARGIN + BAR - 4.0 + f32::from(run.row) * HEIGHT,
    );
    let count = u16::try_from(run.text.len()).unwrap();
    let width = f32::from(count) * WIDTH;
    if let Some(back) = &run.style.back {
        let _ = writeln!(
            svg,
            "<rect class=\"{back}\" x=\"{x:.1}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"{HEIGHT:.0}\"/>"
        );
    }
    let blocks = blocks(run, (x, y));
    if !blocks.is_empty() {
        let class = run.style.classes();
        let _ = writeln!(svg, "<path class=\"{class}\" d=\"{blocks}\"/>");
    }
    let text: String = run.text.iter().map(|it| shown(it)).collect();
    for (at, word) in words(&text) {
        let left = x + f32::from(u16::try_from(at).unwrap()) * WIDTH;
        let length = f32::from(u16::try_from(word.chars().count()).unwrap()) * WIDTH;
        let feet = y + HEIGHT - FEET;
        let _ = writeln!(
            svg,
            "<text class=\"{}\" x=\"{left:.1}\" y=\"{feet:.1}\" textLength=\"{length:.1}\">{}</text>",
            run.style.classes(),
            escaped(word),
        );
    }
}

/// Block characters are drawn as shapes: in many fonts there are gaps between them.
fn shown(text: &str) -> &str {
    if quarters(text).is_some() { " " } else { text }
}

/// Words separated by single blanks, with the position of each.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in text.split("  ") {
        let trimmed = piece.trim_start();
        let blanks = piece.chars().count() - trimmed.chars().count();
        if !trimmed.trim_end().is_empty() {
            found.push((at + blanks, trimmed.trim_end()));
        }
        at += piece.chars().count() + 2;
    }
    found
}

/// The path of the quarters that block characters fill, merged with neighbours.
fn blocks(run: &Run, (x, y): (f32, f32)) -> String {
    let mut path = String::new();
    for half in 0..2_u8 {
        let filled: Vec<bool> = run
            .text
            .iter()
            .flat_map(|text| {
                let quarters = quarters(text).unwrap_or_default();
                let first = usize::from(half) * 2;
                [quarters[first], quarters[first + 1]]
            })
            .collect();
        let mut at = 0;
        while at < filled.len() {
            let length = filled[at..].iter().take_while(|it| **it).count();
            if length > 0 {
                let place = |count: usize| f32::from(u16::try_from(count).unwrap()) * WIDTH / 2.0;
                let (left, width) = (x + place(at), place(length));
                let top = y + f32::from(half) * HEIGHT / 2.0;
                let height = HEIGHT / 2.0;
                let _ = write!(
                    path,
                    "M{left:.1} {top:.0}h{width:.1}v{height:.0}h-{width:.1}z"
                );
            }
            at += length.max(1);
        }
    }
    path
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

#[test]
fn cells_become_text_and_blocks_become_shapes() {
    use std::num::NonZeroU16;
    let size = |count| NonZeroU16::new(count).unwrap();
    let mut parser = vt100::Parser::new(size(1), size(12), 0);
    parser.process("\x1b[1;38;5;2ma <b\x1b[0m  \x1b[7m▀\x1b[0m".as_bytes());
    let svg = picture(parser.screen(), "title");
    assert!(svg.contains("<text class=\"n2 w\" x=\"12.0\""), "{svg}");
    assert!(svg.contains(">a &lt;b</text>"), "{svg}");
    assert!(
        svg.contains("<path class=\"b\" d=\"M62.4 34h8.4v9h-8.4z\"/>"),
        "{svg}"
    );
}
