//! Windows on top.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::text::{line, middle};
use super::{form, tokens};
use crate::tui::keys::{self, Place};
use crate::tui::layout;
use crate::tui::model::{Confirm, Dialog, Made, Model, Outcomes, Underway, called};
use crate::ui::{Span, fitted, token_facts};

/// The widest window: longer lines are hard to read.
const WIDEST: u16 = 76;

/// Draws one window.
pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, dialog: &Dialog) {
    match dialog {
        Dialog::Help(top) => help(frame, model, *top),
        Dialog::Details(id, top) => {
            if let Some(token) = model.tokens.find(id) {
                let facts = tokens::facts(&token_facts(model.now, token, true));
                let _inner = window(frame, model, &called(token), facts, *top);
            }
        }
        Dialog::Form(shown) => {
            let width = usize::from(WIDEST.min(model.size.0).saturating_sub(4));
            let lines = u16::try_from(form::height(shown, width)).unwrap_or(u16::MAX);
            let inner = empty_window(frame, model, &shown.title, lines);
            let has_keys = matches!(model.dialogs.last(), Some(Dialog::Form(_)));
            form::draw(frame, model, shown, inner, has_keys);
        }
        Dialog::Confirm(confirm) => {
            let _inner = window(frame, model, "Sure?", question(confirm), 0);
        }
        Dialog::Made(made) => {
            let _inner = window(frame, model, &made.title, secret(model, made), 0);
        }
        Dialog::Underway(underway) => {
            let _inner = window(frame, model, &underway.title, steps(underway), 0);
        }
        Dialog::Outcomes(outcomes) => {
            let _inner = window(frame, model, &outcomes.title, rows(outcomes), outcomes.top);
        }
    }
}

/// A window with `text`, as high as it needs to be; the lines from `top` on where there is too little room.
fn window(
    frame: &mut Frame<'_>,
    model: &Model,
    title: &str,
    text: Text<'static>,
    top: usize,
) -> Rect {
    let width = usize::from(WIDEST.min(model.size.0).saturating_sub(4)).max(1);
    let lines: usize = text.lines.iter().map(|line| wrapped(line, width)).sum();
    let inner = empty_window(
        frame,
        model,
        title,
        u16::try_from(lines).unwrap_or(u16::MAX),
    );
    let last = lines.saturating_sub(inner.height.into());
    let top = u16::try_from(top.min(last)).unwrap_or(0);
    frame.render_widget(
        Paragraph::new(text)
            .wrap(Wrap { trim: false })
            .scroll((top, 0)),
        inner,
    );
    inner
}

/// How many lines `line` takes; words are not cut, so that it may be one more.
fn wrapped(line: &Line<'_>, width: usize) -> usize {
    let columns = line.width();
    columns.div_ceil(width).max(1) + usize::from(columns > width)
}

fn empty_window(frame: &mut Frame<'_>, model: &Model, title: &str, lines: u16) -> Rect {
    let areas = layout::areas(model);
    let room = areas.body.union(areas.account);
    let area = middle(room, WIDEST, lines.saturating_add(2));
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

fn question(confirm: &Confirm) -> Text<'static> {
    let about = confirm
        .about
        .iter()
        .map(|name| line([Span::plain(format!("  {name}"))]));
    let mut text = Text::from(line([Span::plain(confirm.question.clone())]));
    text.extend(about);
    text.push_line(line([
        Span::bold("y"),
        Span::plain(" yes, anything else leaves it as it is"),
    ]));
    text
}

/// The secret behind its reveal.
fn secret(model: &Model, made: &Made) -> Text<'static> {
    let mut text = Text::default();
    if made.is_revealed {
        text.push_line(line([Span::bold(made.secret.expose())]));
    } else {
        let sign = if model.look.utf8 { "•" } else { "*" };
        text.push_line(line([
            Span::plain(sign.repeat(12)),
            Span::dim("  v shows it"),
        ]));
    }
    text.push_line(Line::default());
    let told = match &made.place {
        Some(path) => format!("It is in {} (mode 0600).", path.display()),
        None if made.is_kept => "It is the stored key of this profile.".to_owned(),
        None if made.is_copied => {
            "It was sent to the clipboard: paste it where it is used before you close.".to_owned()
        }
        None => "This is the only time that it can be shown: copy it or save it now.".to_owned(),
    };
    text.push_line(line([Span::plain(told)]));
    text
}

fn steps(underway: &Underway) -> Text<'static> {
    let steps = underway.steps.iter();
    let mut text: Text<'_> = steps
        .map(|step| line([Span::good("✓ "), Span::plain(step.clone())]))
        .collect();
    let now = match underway.done {
        Some((done, of)) => format!("{done} of {of} done…"),
        None => "under way…".to_owned(),
    };
    text.push_line(line([Span::dim(now)]));
    text
}

fn rows(outcomes: &Outcomes) -> Text<'static> {
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
fn help(frame: &mut Frame<'_>, model: &Model, top: usize) {
    let mut text = Text::default();
    let below = Place::below_help(model);
    text.push_line(super::title(below.title()));
    for binding in keys::bindings(below) {
        let name = Span::bold(fitted(binding.name, 11));
        text.push_line(line([name, Span::plain(binding.help)]));
    }
    text.push_line(Line::default());
    let mouse = "The mouse works too: a click chooses, a second one is Enter; keys at the bottom can be clicked.";
    text.push_line(line([Span::dim(mouse)]));
    let _inner = window(frame, model, "Keys", text, top);
}
