//! Draws dialogs above the screen.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::styled_text::{centered, heading, line};
use super::{form, layout, tokens};
use crate::tui::keys::{self, InputContext};
use crate::tui::model::{BulkResults, Confirm, Dialog, InProgress, Model, NewSecret, display_name};
use crate::ui::{Span, pad_or_truncate, token_key_values};

/// Longer lines are hard to read.
const MAX_WIDTH: u16 = 76;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, dialog: &Dialog) {
    if let Dialog::Form(shown) = dialog {
        let height = form::height(shown, usize::from(text_width(model)));
        let block = titled_block(&shown.title);
        let inner = draw_empty_dialog(frame, model, block, height);
        let has_keys = matches!(model.dialogs.last(), Some(Dialog::Form(_)));
        form::draw(frame, model, shown, inner, has_keys);
        return;
    }
    let (title, text) = title_and_text(model, dialog);
    let text = Paragraph::new(text).wrap(Wrap { trim: false });
    let total = text.line_count(text_width(model));
    let visible = total.min(page_height(model));
    let top = dialog.scroll_offset().unwrap_or(0).min(total - visible);
    let mut block = titled_block(&title);
    if visible < total {
        let position = format!(" {}-{} of {total} lines ", top + 1, top + visible);
        let position = line([Span::dim(position)]).alignment(Alignment::Right);
        block = block.title_bottom(position);
    }
    let inner = draw_empty_dialog(frame, model, block, visible);
    let top = u16::try_from(top).unwrap_or(u16::MAX);
    frame.render_widget(text.scroll((top, 0)), inner);
}

fn title_and_text(model: &Model, dialog: &Dialog) -> (String, Text<'static>) {
    match dialog {
        Dialog::Help(_) => ("Keys".to_owned(), help_text(model)),
        Dialog::Details(id, _) => {
            let token = model.tokens.find(id);
            let details =
                token.map(|token| tokens::details_text(&token_key_values(model.now, token, true)));
            (
                token.map(display_name).unwrap_or_default(),
                details.unwrap_or_default(),
            )
        }
        Dialog::Form(shown) => (shown.title.clone(), Text::default()),
        Dialog::Confirm(confirm) => ("Confirm".to_owned(), confirm_text(confirm)),
        Dialog::NewSecret(new_secret) => (new_secret.title.clone(), secret_text(model, new_secret)),
        Dialog::InProgress(task) => (task.title.clone(), progress_text(task)),
        Dialog::BulkResults(results) => (results.title.clone(), bulk_result_text(results)),
    }
}

/// Limits the scroll position of the top dialog to its text.
pub(in crate::tui) fn clamp_scroll(model: &mut Model) {
    let Some(dialog) = model.dialogs.last() else {
        return;
    };
    // Most dialogs are not scrolled, and counting their lines is not free.
    if dialog.scroll_offset().unwrap_or(0) == 0 {
        return;
    }
    let (_, text) = title_and_text(model, dialog);
    let text = Paragraph::new(text).wrap(Wrap { trim: false });
    let total = text.line_count(text_width(model));
    let last = total.saturating_sub(page_height(model));
    if let Some(top) = model.dialogs.last_mut().and_then(Dialog::scroll_offset_mut) {
        *top = last.min(*top);
    }
}

/// Returns the lines of text that the largest dialog shows.
pub(in crate::tui) fn page_height(model: &Model) -> usize {
    let height = layout::areas(model).dialogs().height;
    usize::from(height.saturating_sub(2))
}

/// The border and a blank are on both sides of the text.
fn text_width(model: &Model) -> u16 {
    MAX_WIDTH.min(model.size.0).saturating_sub(4)
}

fn titled_block(title: &str) -> Block<'static> {
    Block::bordered().title(line([Span::bold(format!(" {title} "))]))
}

/// Draws the border and returns the area of the text.
fn draw_empty_dialog(
    frame: &mut Frame<'_>,
    model: &Model,
    block: Block<'static>,
    lines: usize,
) -> Rect {
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let area = centered(layout::areas(model).dialogs(), MAX_WIDTH, height);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// The choices are above the details, which can be longer than the dialog.
fn confirm_text(confirm: &Confirm) -> Text<'static> {
    let mut text = Text::from(line([Span::plain(confirm.question.clone())]));
    text.push_line(line([
        Span::bold("y"),
        Span::plain(" yes, "),
        Span::bold("n"),
        Span::plain(" no"),
    ]));
    let details = confirm.details.iter();
    text.extend(details.map(|item| line([Span::plain(format!("  {item}"))])));
    text
}

fn secret_text(model: &Model, new_secret: &NewSecret) -> Text<'static> {
    let mut text = Text::default();
    if new_secret.is_revealed {
        text.push_line(line([Span::bold(new_secret.secret.expose())]));
    } else {
        let sign = if model.stream_style.utf8 { "•" } else { "*" };
        text.push_line(line([
            Span::plain(sign.repeat(12)),
            Span::dim("  Press v to show it."),
        ]));
    }
    text.push_line(Line::default());
    let note = match &new_secret.saved_in {
        Some(place) => format!("Saved in {place}."),
        None if new_secret.is_saved => "Stored as the API key of this profile.".to_owned(),
        None if new_secret.is_copied => {
            "Sent to the clipboard. Paste it where it is needed before you close this.".to_owned()
        }
        None => "The secret can be shown only now. Copy or save it.".to_owned(),
    };
    text.push_line(line([Span::plain(note)]));
    text
}

fn progress_text(task: &InProgress) -> Text<'static> {
    let steps = task.completed_steps.iter();
    let mut text: Text<'_> = steps
        .map(|step| line([Span::good("✓ "), Span::plain(step.clone())]))
        .collect();
    let status = match task.progress {
        _ if task.is_cancelling => "Cancelling, after the step in progress…".to_owned(),
        Some((done, total)) => format!("{done} of {total} done…"),
        None => "In progress…".to_owned(),
    };
    text.push_line(line([Span::dim(status)]));
    text
}

fn bulk_result_text(results: &BulkResults) -> Text<'static> {
    let rows = results.rows.iter().map(|(name, result)| match result {
        Ok(()) => line([Span::good("✓ "), Span::plain(name.clone())]),
        Err(error) => {
            let text = format!("{name}: {}", error.message);
            line([Span::bad("✗ "), Span::plain(text)])
        }
    });
    rows.collect()
}

/// Lists the keys of the context below the help.
fn help_text(model: &Model) -> Text<'static> {
    let context = InputContext::below_help(model);
    let mut text = Text::from(heading(context.title()));
    let bindings = keys::bindings(context).filter(|it| keys::is_available(model, it.command));
    text.extend(bindings.map(|binding| {
        let names = pad_or_truncate(&binding.key_names(), 13);
        line([Span::bold(names), Span::plain(binding.help)])
    }));
    text.push_line(Line::default());
    let mouse = "Mouse: a click selects, a second click is Enter; tabs and keys can be clicked.";
    text.push_line(line([Span::dim(mouse)]));
    text
}
