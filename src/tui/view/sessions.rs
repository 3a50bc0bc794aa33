//! The sessions screen: all profiles, and the credential sources of the selected one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::layout;
use super::status_line::{format_expiry, short_status_label};
use super::styled_text::{draw_row, heading, line};
use crate::actions::Verdict;
use crate::tui::model::Model;
use crate::tui::msg::SessionRow;
use crate::ui::{Span, pad_or_truncate};

/// Returns the widths of the profile and the state. Expiry and source take the rest.
fn column_widths(model: &Model) -> (usize, usize) {
    if model.size.0 < 80 {
        (15, 14)
    } else {
        (20, 22)
    }
}

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    let title_area = Rect { height: 1, ..body };
    let (profile, state) = column_widths(model);
    let titles = [
        Span::bold(pad_or_truncate("  PROFILE", profile)),
        Span::bold(pad_or_truncate("STATE", state)),
        Span::bold("EXPIRES, SOURCE"),
    ];
    frame.render_widget(Paragraph::new(line(titles)), title_area);
    let (rows, below) = layout::session_areas(body, model.sessions.len());
    let top = layout::first_visible_row(model.sessions_cursor, rows.height.into());
    let visible = model.sessions.iter().enumerate().skip(top);
    for (y, (index, session)) in (rows.y..rows.bottom()).zip(visible) {
        let area = Rect::new(rows.x, y, rows.width, 1);
        let is_selected = index == model.sessions_cursor;
        draw_row(frame, session_row(model, session), area, is_selected);
    }
    if let Some(session) = model.selected_session() {
        let text = Paragraph::new(source_text(session)).wrap(Wrap { trim: false });
        frame.render_widget(text, below);
    }
}

/// `▶` marks the profile in use, `·` the default profile.
pub(super) fn session_row(model: &Model, session: &SessionRow) -> Line<'static> {
    let status = &session.status;
    let mark = match (status.profile == model.profile, session.is_default) {
        (true, _) => "▶",
        (false, true) => "·",
        (false, false) => " ",
    };
    let (label, style) = short_status_label(status.state);
    let (profile, state) = column_widths(model);
    let expiry = status.expires_at.map(|at| format_expiry(model, at));
    let details = expiry.into_iter().chain(status.source.clone());
    line([
        Span::plain(pad_or_truncate(
            &format!("{mark} {}", status.profile),
            profile,
        )),
        Span::new(pad_or_truncate(label, state - 1) + " ", style),
        Span::plain(details.collect::<Vec<_>>().join(" · ")),
    ])
}

fn source_text(session: &SessionRow) -> Text<'static> {
    let url = session.status.origin.as_deref().unwrap_or("not set");
    let title = format!(
        "{}: {}, API URL {url}",
        session.status.profile, session.provider_name
    );
    let lines = session.sources.iter().map(|source| {
        let verdict = match source.verdict {
            Verdict::Used => Span::good("✓ used     "),
            Verdict::Shadowed => Span::warn("· shadowed "),
            Verdict::Refused => Span::bad("✗ refused  "),
            Verdict::Routes => Span::plain("→ routes   "),
            Verdict::Absent => Span::dim("  absent   "),
        };
        let text = format!("{}: {}", source.source, source.reason);
        line([verdict, Span::plain(text)])
    });
    let head = [Line::default(), heading(&title)];
    head.into_iter().chain(lines).collect()
}
