//! The login screen: whose, how, and the code to type.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::styled_text::{draw_row, line};
use super::{device_code, form, heading, sessions};
use crate::actions::LoginMethod;
use crate::tui::layout;
use crate::tui::model::{LoginStep, Model};
use crate::ui::Span;

/// Draws the screen.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    if let LoginStep::ApproveDevice(device) = &model.login.step {
        device_code::draw(frame, model, device, body);
        return;
    }
    let list = layout::login_list_area(model);
    let above = Rect {
        height: list.y - body.y,
        ..body
    };
    frame.render_widget(
        Paragraph::new(header(model)).wrap(Wrap { trim: true }),
        above,
    );
    match &model.login.step {
        LoginStep::ChooseProfile => draw_profiles(frame, model, list),
        LoginStep::ChooseMethod(ways) => {
            let rows = ways
                .iter()
                .map(|way| line([Span::plain(format!("  {}", method_label(way)))]));
            draw_rows(frame, rows.collect(), model.login.cursor, list);
        }
        LoginStep::Form(shown) => form::draw(frame, model, shown, list, true),
        LoginStep::Waiting(_) | LoginStep::ApproveDevice(_) => {
            let text = line([Span::dim("  asking the server…")]);
            frame.render_widget(Paragraph::new(text), list);
        }
    }
}

/// Why it is needed, and what is asked.
fn header(model: &Model) -> Text<'static> {
    let mut text = Text::default();
    if let Some(told) = &model.login.error {
        text.push_line(line([Span::bad(format!("✗ {}", told.message))]));
        for hint in &told.hints {
            text.push_line(line([Span::plain(format!("hint: {hint}"))]));
        }
        text.push_line(Line::default());
    }
    text.push_line(heading(&prompt(model)));
    text
}

fn prompt(model: &Model) -> String {
    match (&model.login.step, &model.login.profile) {
        (LoginStep::ChooseProfile, _) | (_, None) => "Sign in to which profile?".to_owned(),
        (LoginStep::ChooseMethod(_), Some(profile)) => {
            format!(
                "How to sign in to {} (profile {profile})?",
                model.login.provider_name
            )
        }
        (LoginStep::Form(form), Some(profile)) => format!("{} (profile {profile})", form.title),
        (_, Some(profile)) => format!("Profile {profile}"),
    }
}

fn draw_profiles(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let rows = model
        .sessions
        .iter()
        .map(|it| sessions::session_row(model, it));
    draw_rows(frame, rows.collect(), model.login.cursor, area);
}

fn draw_rows(frame: &mut Frame<'_>, rows: Vec<Line<'static>>, cursor: usize, area: Rect) {
    let top = layout::first_visible_row(cursor, area.height.into());
    let seen = rows.into_iter().enumerate().skip(top);
    for (y, (place, row)) in (area.y..area.bottom()).zip(seen) {
        let line = Rect::new(area.x, y, area.width, 1);
        draw_row(frame, row, line, place == cursor);
    }
}

/// A way in words.
fn method_label(way: &LoginMethod) -> String {
    match way {
        LoginMethod::Device => "in the browser, with a code (best)".to_owned(),
        LoginMethod::Password(name) => format!("with {name} and password"),
        LoginMethod::Cookie(_) => "with a cookie of the website".to_owned(),
        LoginMethod::ApiKey => "with an API key".to_owned(),
    }
}
