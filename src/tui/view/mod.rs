//! The picture of a model: each view is a function of it. Only what is seen is drawn.

mod device_code;
mod dialog;
mod form;
mod login;
mod sessions;
mod styled_text;
mod timeline;
mod tokens;

pub(super) use dialog::clamp_scroll;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Paint};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::layout;
use super::model::{Model, Notice, Screen};
use super::update::format_expiry;
use crate::actions::CredentialState;
use crate::ui::{Span, Style, status_label};
use styled_text::{line, paint};

/// Draws everything.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model) {
    let (width, height) = layout::MIN_SIZE;
    if !layout::is_large_enough(model) {
        let told = format!("brainmaps needs a window of {width} columns and {height} lines");
        frame.render_widget(Paragraph::new(told).wrap(Wrap { trim: true }), frame.area());
        return;
    }
    let areas = layout::areas(model);
    draw_tabs(frame, model);
    frame.render_widget(Paragraph::new(status_line(model)), areas.status);
    match model.screen {
        Screen::Tokens => tokens::draw(frame, model),
        Screen::Sessions => sessions::draw(frame, model, areas.body),
        Screen::Login => login::draw(frame, model, areas.body),
    }
    draw_notice(frame, model, areas.notice);
    for dialog in &model.dialogs {
        dialog::draw(frame, model, dialog);
    }
    draw_footer(frame, model);
    styled_text::reduce_to_terminal(frame.buffer_mut(), &model.stream_style);
}

fn draw_tabs(frame: &mut Frame<'_>, model: &Model) {
    for (place, (area, screen)) in layout::tab_areas(model).into_iter().enumerate() {
        let style = if screen == model.screen {
            Paint::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
        } else {
            Paint::new()
        };
        let text = layout::tab_label(place, screen);
        frame.render_widget(Paragraph::new(text).style(style), area);
    }
    let area = layout::areas(model).tabs;
    let used = layout::tab_areas(model)
        .iter()
        .map(|(area, _)| area.width)
        .sum();
    let rest = Rect {
        x: used,
        width: area.width.saturating_sub(used),
        ..area
    };
    let name = line([Span::dim("brainmaps")]);
    if usize::from(rest.width) > name.width() {
        frame.render_widget(Paragraph::new(name.right_aligned()), rest);
    }
}

/// Which profile, where its credential comes from, how it stands.
fn status_line(model: &Model) -> Line<'static> {
    let mut spans = vec![Span::bold(model.profile.as_str())];
    let Some(standing) = &model.profile_state else {
        spans.push(Span::dim(if model.is_starting {
            " · verifying the credential…"
        } else {
            " · not known"
        }));
        return line(spans);
    };
    let (word, style) = status_label(standing.status.state);
    spans.push(Span::plain(" · "));
    spans.push(Span::new(short_state(standing.status.state, word), style));
    if let Some(source) = &standing.status.source {
        spans.push(Span::dim(format!(" · {source}")));
    }
    if let Some(end) = standing.status.expires_at {
        let renews = if standing.status.refreshable {
            ", renews itself"
        } else {
            ""
        };
        let verb = if end > model.now { "ends" } else { "ended" };
        spans.push(Span::plain(format!(
            " · {verb} {}{renews}",
            format_expiry(model, end)
        )));
    }
    line(spans)
}

/// There is little room.
fn short_state(state: CredentialState, word: &'static str) -> &'static str {
    match state {
        CredentialState::Unverified => "not verified",
        CredentialState::ExpiredRefreshable => "expired, renews",
        _ => word,
    }
}

fn draw_notice(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let style = match &model.notice {
        Some(Notice::Success(_)) => Style::Good,
        Some(Notice::Warning(_)) => Style::Warn,
        _ => Style::Bad,
    };
    let lines = layout::notice_texts(model)
        .into_iter()
        .enumerate()
        .map(|(place, text)| {
            let style = if place == 0 { style } else { Style::Plain };
            line([Span::new(text, style)])
        });
    let text: Text<'_> = lines.collect();
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
}

fn draw_footer(frame: &mut Frame<'_>, model: &Model) {
    for (area, binding) in layout::footer_keys(model) {
        let text = line([
            Span::bold(binding.name),
            Span::plain(" "),
            Span::dim(binding.label),
        ]);
        frame.render_widget(Paragraph::new(text), area);
    }
}

/// A title, inverted where there is no colour to tell it by.
fn heading(text: &str) -> Line<'static> {
    line([Span::bold(text)]).style(paint(Style::Bold))
}
