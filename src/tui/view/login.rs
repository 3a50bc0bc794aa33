//! The login screen: choose a profile, then a login method, then fill in its form or approve a user code.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::styled_text::{draw_row, heading, line};
use super::{approval, form, layout, sessions};
use crate::actions::{LoginMethod, TypedLogin};
use crate::domain::InteractiveMethod;
use crate::tui::model::{LoginStep, Model};
use crate::ui::Span;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    if let LoginStep::Approve(approval) = &model.login.step {
        approval::draw(frame, model, approval, body);
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
        LoginStep::ChooseProfile => {
            let rows = model.sessions.iter();
            let rows = rows.map(|session| sessions::session_row(model, session));
            draw_rows(frame, rows.collect(), model.login.cursor, list);
        }
        LoginStep::ChooseMethod(methods) => {
            let rows = methods.iter();
            let rows = rows.map(|it| line([Span::plain(format!("  {}", method_label(it)))]));
            draw_rows(frame, rows.collect(), model.login.cursor, list);
        }
        LoginStep::Form(shown) => form::draw(frame, model, shown, list, true),
        LoginStep::Waiting(_) | LoginStep::Approve(_) => {
            let text = line([Span::dim("  Waiting for the server…")]);
            frame.render_widget(Paragraph::new(text), list);
        }
    }
}

/// Why a login is required, and what to enter.
fn header(model: &Model) -> Text<'static> {
    let mut text = Text::default();
    if let Some(error) = &model.login.error {
        text.push_line(line([Span::bad(format!("✗ {}", error.message))]));
        for hint in error.hint_lines(&model.login_options()) {
            text.push_line(line([Span::plain(hint)]));
        }
        text.push_line(Line::default());
    }
    text.push_line(heading(&prompt(model)));
    text
}

fn prompt(model: &Model) -> String {
    let provider = &model.login.provider_name;
    match (&model.login.step, &model.login.profile) {
        (LoginStep::ChooseProfile, _) | (_, None) => "Choose a profile to sign in to".to_owned(),
        (LoginStep::ChooseMethod(_), Some(profile)) => {
            format!("Choose a login method for {provider} (profile {profile})")
        }
        (LoginStep::Form(form), Some(profile)) => format!("{} (profile {profile})", form.title),
        (_, Some(profile)) => format!("Profile {profile}"),
    }
}

fn draw_rows(frame: &mut Frame<'_>, rows: Vec<Line<'static>>, cursor: usize, area: Rect) {
    let top = layout::first_visible_row(cursor, area.height.into());
    let visible = rows.into_iter().enumerate().skip(top);
    for (y, (index, row)) in (area.y..area.bottom()).zip(visible) {
        let row_area = Rect::new(area.x, y, area.width, 1);
        draw_row(frame, row, row_area, index == cursor);
    }
}

fn method_label(method: &LoginMethod) -> String {
    let text = match method {
        LoginMethod::Page(InteractiveMethod::Device) => "Browser, with a user code (recommended)",
        LoginMethod::Page(InteractiveMethod::Browser) => "Browser on this machine",
        LoginMethod::Typed(TypedLogin::Password(name)) => return format!("Password, with {name}"),
        LoginMethod::Typed(TypedLogin::Cookie(_)) => "Cookie of the website",
        LoginMethod::Typed(TypedLogin::ApiKey) => "API key",
    };
    text.to_owned()
}
