//! Draws the model. Every view is a function of the model and draws only what is visible. Also holds the layout, since
//! scrolling and clicks depend on where things are drawn.

mod approval;
mod dialog;
mod findings;
mod form;
pub(super) mod hit_test;
pub(super) mod layout;
mod login;
mod sessions;
mod status_line;
mod styled_text;
mod timeline;
mod tokens;

pub(super) use dialog::{clamp_scroll, page_height};

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Paint};
use ratatui::text::Text;
use ratatui::widgets::{Paragraph, Wrap};

use super::model::{Model, Notice, Screen};
use crate::ui::{Span, Style, pad_or_truncate};
use styled_text::line;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model) {
    if !layout::is_large_enough(model) {
        draw_too_small(frame, model);
        return;
    }
    let areas = layout::areas(model);
    draw_tabs(frame, model);
    let status = status_line::status_line(model, usize::from(areas.status.width));
    frame.render_widget(Paragraph::new(status), areas.status);
    match model.screen {
        Screen::Tokens => tokens::draw(frame, model),
        Screen::Sessions => sessions::draw(frame, model, areas.body),
        Screen::Login => login::draw(frame, model, areas.body),
        Screen::Findings => findings::draw(frame, model, areas.body),
    }
    draw_notice(frame, model, areas.notice);
    for dialog in &model.dialogs {
        dialog::draw(frame, model, dialog);
    }
    draw_footer(frame, model);
    styled_text::reduce_to_terminal(frame.buffer_mut(), &model.stream_style);
}

fn draw_too_small(frame: &mut Frame<'_>, model: &Model) {
    let ((width, height), (columns, lines)) = (layout::MIN_SIZE, model.size);
    let text = format!(
        "The terminal is too small: {columns}x{lines}, at least {width}x{height} is required. Ctrl-C quits."
    );
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), frame.area());
}

/// A shorter beginning of an account says nothing.
const MIN_ACCOUNT_WIDTH: usize = 12;

/// The screens, and the account at the right.
fn draw_tabs(frame: &mut Frame<'_>, model: &Model) {
    let tabs = layout::tab_areas(model);
    for (index, (area, screen)) in tabs.iter().enumerate() {
        let style = if *screen == model.screen {
            Paint::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
        } else {
            Paint::new()
        };
        let text = layout::tab_label(model, index, *screen);
        frame.render_widget(Paragraph::new(text).style(style), *area);
    }
    let area = layout::areas(model).tabs;
    let used = tabs.iter().map(|(area, _)| area.width).sum();
    let rest = Rect {
        x: used,
        width: area.width.saturating_sub(used),
        ..area
    };
    let account = model.profile_state.as_ref();
    let account = account.and_then(|state| state.status.account.as_deref());
    let width = usize::from(rest.width.saturating_sub(1));
    if width >= MIN_ACCOUNT_WIDTH {
        let name = pad_or_truncate(account.unwrap_or("brainmaps"), width);
        let name = line([Span::dim(name.trim_end())]);
        frame.render_widget(Paragraph::new(name.right_aligned()), rest);
    }
}

fn draw_notice(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let style = match &model.notice {
        Some(Notice::Success(_)) => Style::Good,
        Some(Notice::Warning(_)) => Style::Warn,
        _ => Style::Bad,
    };
    let texts = layout::notice_texts(model).into_iter().enumerate();
    let lines = texts.map(|(index, text)| {
        let style = if index == 0 { style } else { Style::Plain };
        line([Span::new(text, style)])
    });
    let text: Text<'_> = lines.collect();
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
}

fn draw_footer(frame: &mut Frame<'_>, model: &Model) {
    for (area, binding) in layout::footer_keys(model) {
        let text = line([
            Span::bold(binding.first_key_name()),
            Span::plain(" "),
            Span::dim(binding.label),
        ]);
        frame.render_widget(Paragraph::new(text), area);
    }
}
