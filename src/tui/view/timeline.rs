//! How many tokens end when.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use super::text::line;
use super::title;
use crate::tui::model::{Model, Period};
use crate::ui::{Span, Style, fitted, humane};

const LABEL: usize = 16;
const COUNT: usize = 7;
/// From this width on the first token to end has room, too.
const WITH_FIRST: u16 = 60;

/// Draws a bar for each period; where there is room, which token is the first to end in it.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let periods = model.tokens.timeline(model.now);
    let most = periods.iter().map(|period| period.count).max().unwrap_or(0);
    let room = usize::from(area.width).saturating_sub(LABEL + COUNT);
    let has_first = area.width >= WITH_FIRST;
    let bar = if has_first { room / 3 } else { room };
    let lines = periods.iter().map(|period| {
        let first = period.first.as_ref().filter(|_| has_first);
        row(model, period, first, (most, bar))
    });
    let has_title = usize::from(area.height) > periods.len();
    let head = has_title.then(|| title("When tokens end"));
    let text: Text<'_> = head.into_iter().chain(lines).collect();
    frame.render_widget(Paragraph::new(text), area);
}

fn row(
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
        let when = humane::relative(model.now, *end);
        format!(" {name}, {when}")
    });
    line([
        Span::new(fitted(period.label, LABEL), style),
        Span::plain(format!("{:>5}  ", period.count)),
        Span::new(fitted(&blocks, bar), style),
        Span::dim(first.unwrap_or_default()),
    ])
}
