//! All profiles, and of one what shadows what.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::heading;
use super::styled_text::{draw_row, line};
use crate::actions::{CredentialState, Verdict};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::msg::SessionRow;
use crate::tui::update::format_expiry;
use crate::ui::{Span, pad_or_truncate, status_label};

/// The columns of name and state; the rest is for end and source.
fn column_widths(model: &Model) -> (usize, usize) {
    if model.size.0 < 80 {
        (15, 16)
    } else {
        (20, 18)
    }
}

/// Draws the screen.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    let head = Rect { height: 1, ..body };
    let (profile, state) = column_widths(model);
    let titles = [
        Span::bold(pad_or_truncate("  PROFILE", profile)),
        Span::bold(pad_or_truncate("STATE", state)),
        Span::bold("ENDS, SOURCE"),
    ];
    frame.render_widget(Paragraph::new(line(titles)), head);
    let (rows, below) = layout::session_areas(body, model.sessions.len());
    let top = layout::first_visible_row(model.sessions_cursor, rows.height.into());
    let seen = model.sessions.iter().enumerate().skip(top);
    for (y, (place, session)) in (rows.y..rows.bottom()).zip(seen) {
        let area = Rect::new(rows.x, y, rows.width, 1);
        let is_chosen = place == model.sessions_cursor;
        draw_row(frame, session_row(model, session), area, is_chosen);
    }
    if let Some(session) = model.selected_session() {
        let text = Paragraph::new(source_text(session)).wrap(Wrap { trim: false });
        frame.render_widget(text, below);
    }
}

/// One profile in a list.
pub(super) fn session_row(model: &Model, session: &SessionRow) -> Line<'static> {
    let status = &session.status;
    let mark = match (status.profile == model.profile, session.is_default) {
        (true, _) => "▶",
        (false, true) => "·",
        (false, false) => " ",
    };
    let (word, style) = status_label(status.state);
    let word = match status.state {
        CredentialState::Unverified => "not verified",
        CredentialState::ExpiredRefreshable => "expired, renews",
        CredentialState::Local => "local",
        CredentialState::Rejected => "rejected",
        _ => word,
    };
    let (profile, state) = column_widths(model);
    let ends = status.expires_at.map(|end| format_expiry(model, end));
    let facts = ends.into_iter().chain(status.source.clone());
    line([
        Span::plain(pad_or_truncate(
            &format!("{mark} {}", status.profile),
            profile,
        )),
        Span::new(pad_or_truncate(word, state), style),
        Span::plain(facts.collect::<Vec<_>>().join(" · ")),
    ])
}

/// Every source of a credential, which one won and why.
fn source_text(session: &SessionRow) -> Text<'static> {
    let origin = session.status.origin.as_deref().unwrap_or("nowhere yet");
    let about = format!(
        "{}: {}, used at {origin}",
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
        let told = format!("{}: {}", source.source, source.reason);
        line([verdict, Span::plain(told)])
    });
    let head = [Line::default(), heading(&about)];
    head.into_iter().chain(lines).collect()
}
