//! All profiles, and of one what shadows what.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::text::{line, put_row};
use super::title;
use crate::actions::{State, Verdict};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::msg::Session;
use crate::tui::update::ends;
use crate::ui::{Span, fitted, session_words};

/// The columns of name and state; the rest is for end and source.
fn columns(model: &Model) -> (usize, usize) {
    if model.size.0 < 80 {
        (15, 16)
    } else {
        (20, 18)
    }
}

/// Draws the screen.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    let head = Rect { height: 1, ..body };
    let (profile, state) = columns(model);
    let titles = [
        Span::bold(fitted("  PROFILE", profile)),
        Span::bold(fitted("STATE", state)),
        Span::bold("ENDS, SOURCE"),
    ];
    frame.render_widget(Paragraph::new(line(titles)), head);
    let (rows, below) = layout::sessions(body, model.sessions.len());
    let top = layout::top(model.sessions_cursor, rows.height.into());
    let seen = model.sessions.iter().enumerate().skip(top);
    for (y, (place, session)) in (rows.y..rows.bottom()).zip(seen) {
        let area = Rect::new(rows.x, y, rows.width, 1);
        let is_chosen = place == model.sessions_cursor;
        put_row(frame, row(model, session), area, is_chosen);
    }
    if let Some(session) = model.session() {
        let text = Paragraph::new(sources(session)).wrap(Wrap { trim: false });
        frame.render_widget(text, below);
    }
}

/// One profile in a list.
pub(super) fn row(model: &Model, session: &Session) -> Line<'static> {
    let status = &session.status;
    let mark = match (status.profile == model.profile, session.is_default) {
        (true, _) => "▶",
        (false, true) => "·",
        (false, false) => " ",
    };
    let (word, style) = session_words(status.state);
    let word = match status.state {
        State::Unverified => "not verified",
        State::ExpiredRefreshable => "expired, renews",
        State::Local => "local",
        State::Rejected => "rejected",
        _ => word,
    };
    let (profile, state) = columns(model);
    let ends = status.expires_at.map(|end| ends(model, end));
    let facts = ends.into_iter().chain(status.source.clone());
    line([
        Span::plain(fitted(&format!("{mark} {}", status.profile), profile)),
        Span::new(fitted(word, state), style),
        Span::plain(facts.collect::<Vec<_>>().join(" · ")),
    ])
}

/// Every source of a credential, which one won and why.
fn sources(session: &Session) -> Text<'static> {
    let origin = session.status.origin.as_deref().unwrap_or("nowhere yet");
    let about = format!(
        "{}: {}, used at {origin}",
        session.status.profile, session.service_name
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
    let head = [Line::default(), title(&about)];
    head.into_iter().chain(lines).collect()
}
