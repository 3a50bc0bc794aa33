//! The timeline: how many tokens expire in each period.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use super::styled_text::{heading, line};
use crate::domain::time_format;
use crate::tui::model::{Model, Period};
use crate::ui::{Span, Style, pad_or_truncate};

const LABEL_WIDTH: usize = 16;
const COUNT_WIDTH: usize = 7;
/// From this width on, each period names the token that expires first.
const NAMES_FROM_WIDTH: u16 = 60;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let periods = model.tokens.timeline(model.now);
    let max = periods.iter().map(|period| period.count).max().unwrap_or(0);
    let columns = usize::from(area.width).saturating_sub(LABEL_WIDTH + COUNT_WIDTH);
    let has_names = area.width >= NAMES_FROM_WIDTH;
    let bar_width = if has_names { columns / 3 } else { columns };
    let lines = periods.iter().map(|period| {
        let first = period.first.as_ref().filter(|_| has_names);
        period_row(model, period, first, max, bar_width)
    });
    let has_title = usize::from(area.height) > periods.len();
    let title = has_title.then(|| heading("Tokens by expiry"));
    let text: Text<'_> = title.into_iter().chain(lines).collect();
    frame.render_widget(Paragraph::new(text), area);
}

fn period_row(
    model: &Model,
    period: &Period,
    first: Option<&(Timestamp, String)>,
    max: usize,
    bar_width: usize,
) -> Line<'static> {
    let style = match period.label {
        "expired" if period.count > 0 => Style::Bad,
        "within a day" | "within a week" if period.count > 0 => Style::Warn,
        _ => Style::Plain,
    };
    // Rounded up: a single token among thousands is visible.
    let length = (period.count * bar_width).div_ceil(max.max(1));
    let bar = "█".repeat(length);
    let first = first.map(|(expiry, name)| {
        let expiry = time_format::format_relative(model.now, *expiry);
        format!(" {name}, {expiry}")
    });
    line([
        Span::new(pad_or_truncate(period.label, LABEL_WIDTH), style),
        Span::plain(format!("{:>5}  ", period.count)),
        Span::new(pad_or_truncate(&bar, bar_width), style),
        Span::dim(first.unwrap_or_default()),
    ])
}
