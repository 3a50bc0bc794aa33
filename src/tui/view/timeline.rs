//! How many tokens end when.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use super::heading;
use super::styled_text::line;
use crate::tui::model::{Model, Period};
use crate::ui::{Span, Style, pad_or_truncate, time_format};

const LABEL_WIDTH: usize = 16;
const COUNT_WIDTH: usize = 7;
/// From this width on the first token to end has room, too.
const NAMES_FROM_WIDTH: u16 = 60;

/// Draws a bar for each period; where there is room, which token is the first to end in it.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let periods = model.tokens.timeline(model.now);
    let most = periods.iter().map(|period| period.count).max().unwrap_or(0);
    let room = usize::from(area.width).saturating_sub(LABEL_WIDTH + COUNT_WIDTH);
    let has_first = area.width >= NAMES_FROM_WIDTH;
    let bar = if has_first { room / 3 } else { room };
    let lines = periods.iter().map(|period| {
        let first = period.first.as_ref().filter(|_| has_first);
        period_row(model, period, first, (most, bar))
    });
    let has_title = usize::from(area.height) > periods.len();
    let head = has_title.then(|| heading("When tokens end"));
    let text: Text<'_> = head.into_iter().chain(lines).collect();
    frame.render_widget(Paragraph::new(text), area);
}

fn period_row(
    model: &Model,
    period: &Period,
    first: Option<&(Timestamp, String)>,
    (most, bar): (usize, usize),
) -> Line<'static> {
    let style = match period.label {
        "over" if period.count > 0 => Style::Bad,
        "within a day" | "within a week" if period.count > 0 => Style::Warn,
        _ => Style::Plain,
    };
    // Whatever is there can be seen.
    let length = (period.count * bar).div_ceil(most.max(1));
    let blocks = "█".repeat(length);
    let first = first.map(|(end, name)| {
        let when = time_format::format_relative(model.now, *end);
        format!(" {name}, {when}")
    });
    line([
        Span::new(pad_or_truncate(period.label, LABEL_WIDTH), style),
        Span::plain(format!("{:>5}  ", period.count)),
        Span::new(pad_or_truncate(&blocks, bar), style),
        Span::dim(first.unwrap_or_default()),
    ])
}
