//! The login screen: whose, how, and the code to type.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::text::{line, put_row};
use super::{code, form, sessions, title};
use crate::actions::WayName;
use crate::tui::layout;
use crate::tui::model::{Model, Step};
use crate::ui::Span;

/// Draws the screen.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    if let Step::Device(device) = &model.login.step {
        code::draw(frame, model, device, body);
        return;
    }
    let list = layout::login_list(model);
    let above = Rect {
        height: list.y - body.y,
        ..body
    };
    frame.render_widget(Paragraph::new(told(model)).wrap(Wrap { trim: true }), above);
    match &model.login.step {
        Step::Profiles => profiles(frame, model, list),
        Step::Ways(ways) => {
            let rows = ways
                .iter()
                .map(|way| line([Span::plain(format!("  {}", way_words(way)))]));
            rows_with_cursor(frame, rows.collect(), model.login.cursor, list);
        }
        Step::Form(shown) => form::draw(frame, model, shown, list, true),
        Step::Waiting(_) | Step::Device(_) => {
            let text = line([Span::dim("  asking the server…")]);
            frame.render_widget(Paragraph::new(text), list);
        }
    }
}

/// Why it is needed, and what is asked.
fn told(model: &Model) -> Text<'static> {
    let mut text = Text::default();
    if let Some(told) = &model.login.trouble {
        text.push_line(line([Span::bad(format!("✗ {}", told.message))]));
        for hint in &told.hints {
            text.push_line(line([Span::plain(format!("hint: {hint}"))]));
        }
        text.push_line(Line::default());
    }
    text.push_line(title(&question(model)));
    text
}

fn question(model: &Model) -> String {
    match (&model.login.step, &model.login.profile) {
        (Step::Profiles, _) | (_, None) => "Sign in to which profile?".to_owned(),
        (Step::Ways(_), Some(profile)) => {
            format!(
                "How to sign in to {} (profile {profile})?",
                model.login.service
            )
        }
        (Step::Form(form), Some(profile)) => format!("{} (profile {profile})", form.title),
        (_, Some(profile)) => format!("Profile {profile}"),
    }
}

fn profiles(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let rows = model.sessions.iter().map(|it| sessions::row(model, it));
    rows_with_cursor(frame, rows.collect(), model.login.cursor, area);
}

fn rows_with_cursor(frame: &mut Frame<'_>, rows: Vec<Line<'static>>, cursor: usize, area: Rect) {
    let top = layout::top(cursor, area.height.into());
    let seen = rows.into_iter().enumerate().skip(top);
    for (y, (place, row)) in (area.y..area.bottom()).zip(seen) {
        let line = Rect::new(area.x, y, area.width, 1);
        put_row(frame, row, line, place == cursor);
    }
}

/// A way in words.
fn way_words(way: &WayName) -> String {
    match way {
        WayName::Device => "in the browser, with a code (best)".to_owned(),
        WayName::Password(name) => format!("with {name} and password"),
        WayName::Cookie(_) => "with a cookie of the website".to_owned(),
        WayName::Token => "with an API key".to_owned(),
    }
}
