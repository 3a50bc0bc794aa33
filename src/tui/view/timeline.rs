//! How many tokens end when.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Text;
use ratatui::widgets::Paragraph;

use super::text::line;
use super::title;
use crate::tui::model::{Model, Period};
use crate::ui::{Span, Style, fitted, humane};

const LABEL: usize = 17;
const COUNT: usize = 7;

/// Draws a bar for each period; where there is room, which token is the first to end in it.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let periods = model.tokens.timeline(model.now);
    let most = periods.iter().map(|period| period.count).max().unwrap_or(0);
    let bar = (usize::from(area.width).saturating_sub(LABEL + COUNT) / 2).min(30);
    let lines = periods.iter().map(|period| row(model, period, most, bar));
    let text: Text<'_> = std::iter::once(title("When tokens end"))
        .chain(lines)
        .collect();
    frame.render_widget(Paragraph::new(text), area);
}

fn row(model: &Model, period: &Period, most: usize, bar: usize) -> ratatui::text::Line<'static> {
    let style = match period.label {
        "over" if period.count > 0 => Style::Bad,
        "within a day" | "within a week" if period.count > 0 => Style::Warn,
        _ => Style::Plain,
    };
    // Whatever is there can be seen.
    let length = (period.count * bar).div_ceil(most.max(1));
    let blocks = "█".repeat(length);
    let first = period.first.as_ref().map(|(end, name)| {
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
