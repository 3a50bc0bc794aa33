//! Windows on top.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::styled_text::{centered, line};
use super::{form, tokens};
use crate::tui::keys::{self, InputContext};
use crate::tui::layout;
use crate::tui::model::{BulkResults, Confirm, Dialog, InProgress, Model, NewSecret, display_name};
use crate::ui::{Span, pad_or_truncate, token_key_values};

/// The widest window: longer lines are hard to read.
const MAX_WIDTH: u16 = 76;

/// Draws one window.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, dialog: &Dialog) {
    if let Dialog::Form(shown) = dialog {
        let width = usize::from(text_width(model));
        let lines = u16::try_from(form::height(shown, width)).unwrap_or(u16::MAX);
        let inner = draw_empty_dialog(frame, model, &shown.title, lines);
        let has_keys = matches!(model.dialogs.last(), Some(Dialog::Form(_)));
        form::draw(frame, model, shown, inner, has_keys);
        return;
    }
    let (title, text) = title_and_text(model, dialog);
    let text = Paragraph::new(text).wrap(Wrap { trim: false });
    let lines = u16::try_from(text.line_count(text_width(model))).unwrap_or(u16::MAX);
    let inner = draw_empty_dialog(frame, model, &title, lines);
    let top = scroll_offset(dialog).min(lines.saturating_sub(inner.height).into());
    let top = u16::try_from(top).unwrap_or(0);
    frame.render_widget(text.scroll((top, 0)), inner);
}

/// The title of a window, and what stands in it.
fn title_and_text(model: &Model, dialog: &Dialog) -> (String, Text<'static>) {
    match dialog {
        Dialog::Help(_) => ("Keys".to_owned(), help_text(model)),
        Dialog::Details(id, _) => {
            let token = model.tokens.find(id);
            let facts =
                token.map(|token| tokens::fact_text(&token_key_values(model.now, token, true)));
            (
                token.map(display_name).unwrap_or_default(),
                facts.unwrap_or_default(),
            )
        }
        Dialog::Form(shown) => (shown.title.clone(), Text::default()),
        Dialog::Confirm(confirm) => ("Sure?".to_owned(), confirm_text(confirm)),
        Dialog::NewSecret(made) => (made.title.clone(), secret_text(model, made)),
        Dialog::InProgress(underway) => (underway.title.clone(), progress_text(underway)),
        Dialog::BulkResults(outcomes) => (outcomes.title.clone(), bulk_result_text(outcomes)),
    }
}

/// The line that is at the top of a window.
fn scroll_offset(dialog: &Dialog) -> usize {
    match dialog {
        Dialog::Help(top) | Dialog::Details(_, top) => *top,
        Dialog::Confirm(confirm) => confirm.top,
        Dialog::BulkResults(outcomes) => outcomes.top,
        Dialog::Form(_) | Dialog::NewSecret(_) | Dialog::InProgress(_) => 0,
    }
}

/// A window is not scrolled beyond its end.
pub(in crate::tui) fn clamp_scroll(model: &mut Model) {
    let Some(dialog) = model
        .dialogs
        .last()
        .filter(|dialog| scroll_offset(dialog) > 0)
    else {
        return;
    };
    let (_, text) = title_and_text(model, dialog);
    let text = Paragraph::new(text).wrap(Wrap { trim: false });
    let lines = text.line_count(text_width(model));
    let areas = layout::areas(model);
    let height = areas.body.union(areas.status).height.saturating_sub(2);
    let last = lines.saturating_sub(height.into());
    match model.dialogs.last_mut() {
        Some(Dialog::Help(top) | Dialog::Details(_, top)) => *top = last.min(*top),
        Some(Dialog::Confirm(confirm)) => confirm.top = last.min(confirm.top),
        Some(Dialog::BulkResults(outcomes)) => outcomes.top = last.min(outcomes.top),
        _ => {}
    }
}

/// The columns for text in a window: its border and a blank stand on both sides.
fn text_width(model: &Model) -> u16 {
    MAX_WIDTH.min(model.size.0).saturating_sub(4)
}

fn draw_empty_dialog(frame: &mut Frame<'_>, model: &Model, title: &str, lines: u16) -> Rect {
    let areas = layout::areas(model);
    let room = areas.body.union(areas.status);
    let area = centered(room, MAX_WIDTH, lines.saturating_add(2));
    let title = line([Span::bold(format!(" {title} "))]);
    let block = Block::bordered().title(title);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// What a yes is comes before what it is about, which may be long.
fn confirm_text(confirm: &Confirm) -> Text<'static> {
    let about = confirm.details.iter();
    let mut text = Text::from(line([Span::plain(confirm.question.clone())]));
    text.push_line(line([
        Span::bold("y"),
        Span::plain(" yes, "),
        Span::bold("n"),
        Span::plain(" leaves it as it is"),
    ]));
    text.extend(about.map(|name| line([Span::plain(format!("  {name}"))])));
    text
}

/// The secret behind its reveal.
fn secret_text(model: &Model, made: &NewSecret) -> Text<'static> {
    let mut text = Text::default();
    if made.is_revealed {
        text.push_line(line([Span::bold(made.secret.expose())]));
    } else {
        let sign = if model.stream_style.utf8 { "•" } else { "*" };
        text.push_line(line([
            Span::plain(sign.repeat(12)),
            Span::dim("  v shows it"),
        ]));
    }
    text.push_line(Line::default());
    let told = match &made.env_file {
        Some(path) => format!("It is in {}.", path.display()),
        None if made.is_saved => "It is the stored key of this profile.".to_owned(),
        None if made.is_copied => {
            "It was sent to the clipboard: paste it where it is used before you close.".to_owned()
        }
        None => "This is the only time that it can be shown: copy it or save it now.".to_owned(),
    };
    text.push_line(line([Span::plain(told)]));
    text
}

fn progress_text(underway: &InProgress) -> Text<'static> {
    let steps = underway.completed_steps.iter();
    let mut text: Text<'_> = steps
        .map(|step| line([Span::good("✓ "), Span::plain(step.clone())]))
        .collect();
    let now = match underway.progress {
        _ if underway.is_cancelling => {
            "giving up; what must not be torn apart is finished…".to_owned()
        }
        Some((done, of)) => format!("{done} of {of} done…"),
        None => "under way…".to_owned(),
    };
    text.push_line(line([Span::dim(now)]));
    text
}

fn bulk_result_text(outcomes: &BulkResults) -> Text<'static> {
    let mut text = Text::default();
    for (name, outcome) in &outcomes.rows {
        match outcome {
            Ok(()) => text.push_line(line([Span::good("✓ "), Span::plain(name.clone())])),
            Err(told) => {
                let told = format!("{name}: {}", told.message);
                text.push_line(line([Span::bad("✗ "), Span::plain(told)]));
            }
        }
    }
    text
}

/// The keys of what is below the help.
fn help_text(model: &Model) -> Text<'static> {
    let mut text = Text::default();
    let below = InputContext::below_help(model);
    text.push_line(super::heading(below.title()));
    for binding in keys::bindings(below) {
        let name = Span::bold(pad_or_truncate(binding.name, 11));
        text.push_line(line([name, Span::plain(binding.help)]));
    }
    text.push_line(Line::default());
    let mouse = "The mouse works too: a click chooses, a second one is Enter; keys at the bottom can be clicked.";
    text.push_line(line([Span::dim(mouse)]));
    text
}
