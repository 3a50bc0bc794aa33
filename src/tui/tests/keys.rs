//! Every key in every place. What follows is told in words and compared with what was reviewed: a key that is missing, new
//! or does something else shows.

use std::fmt::Write as _;

use crossterm::event::Event as Input;

use super::fixture;
use crate::tui::keys::{InputContext, bindings};
use crate::tui::model::{Dialog, Form, LoginStep, Model, Notice};
use crate::tui::msg::{Effect, Msg};
use crate::tui::update::update;

type Make = fn() -> Model;

const PLACES: &[(&str, Make)] = &[
    ("tokens", fixture::with_tokens),
    ("filter", || {
        let mut model = fixture::with_tokens();
        model.tokens.is_filtering = true;
        model
    }),
    ("timeline", || {
        let mut model = fixture::with_tokens();
        model.tokens.is_timeline = true;
        model
    }),
    ("sessions", fixture::on_sessions),
    ("profiles", || fixture::on_login(LoginStep::ChooseProfile)),
    ("ways", || {
        fixture::on_login(LoginStep::ChooseMethod(fixture::login_methods()))
    }),
    ("login_form", || {
        fixture::on_login(LoginStep::Form(Form::password_login("BrainMaps", "e-mail")))
    }),
    ("waiting", || fixture::on_login(LoginStep::Waiting(7))),
    ("device", || fixture::on_login(fixture::device())),
    ("help", || fixture::with_dialog(Dialog::Help(1))),
    ("details", || {
        fixture::with_dialog(Dialog::Details(fixture::id("1"), 0))
    }),
    ("form", || fixture::create_form("neuroio")),
    ("confirm", || {
        fixture::with_dialog(Dialog::Confirm(fixture::confirm()))
    }),
    ("made", || {
        fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()))
    }),
    ("underway", || {
        fixture::with_dialog(Dialog::InProgress(fixture::in_progress()))
    }),
    ("outcomes", || {
        fixture::with_dialog(Dialog::BulkResults(fixture::bulk_results()))
    }),
];

/// What stands on top, in words.
fn top(model: &Model) -> String {
    match model.dialogs.last() {
        Some(Dialog::Help(top) | Dialog::Details(_, top)) => format!("line {top}"),
        Some(Dialog::Form(form)) => {
            let answer = form.fields.get(form.focus).map(|it| &it.value);
            format!("{}, field {}: {answer:?}", form.title, form.focus)
        }
        Some(Dialog::NewSecret(made)) => {
            format!("revealed {}, kept {}", made.is_revealed, made.is_saved)
        }
        Some(Dialog::BulkResults(outcomes)) => format!("line {}", outcomes.top),
        Some(Dialog::Confirm(confirm)) => confirm.question.clone(),
        Some(Dialog::InProgress(underway)) => underway.title.clone(),
        None => String::new(),
    }
}

/// What one would notice, in words.
fn seen(model: &Model) -> Vec<(&'static str, String)> {
    let tokens = &model.tokens;
    let login = match &model.login.step {
        LoginStep::Form(form) => format!("{} field {}", form.title, form.focus),
        _ => String::new(),
    };
    let notice = match &model.notice {
        None => String::new(),
        Some(Notice::Success(text) | Notice::Warning(text)) => text.clone(),
        Some(Notice::Error(told)) => format!("error: {}", told.message),
    };
    let reversed = if tokens.is_reversed { " reversed" } else { "" };
    vec![
        ("place", format!("{:?}", InputContext::current(model))),
        ("window", top(model)),
        ("login", login),
        ("row", tokens.cursor.to_string()),
        ("session", model.sessions_cursor.to_string()),
        ("choice", model.login.cursor.to_string()),
        ("order", format!("{:?}{reversed}", tokens.order)),
        ("marked", tokens.marked.len().to_string()),
        ("filter", tokens.filter.text().to_owned()),
        ("loading", format!("{:?}", tokens.loading)),
        ("told", notice),
    ]
}

fn told(effects: &[Effect]) -> String {
    let words = effects.iter().map(|effect| match effect {
        Effect::StartTask(_, profile, work) => {
            let work = format!("{work:?}");
            format!(
                "{} for {profile}",
                work.split(['(', '{']).next().unwrap_or_default().trim()
            )
        }
        other => format!("{other:?}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn every_key_in_every_place_does_what_was_reviewed() {
    for (name, make) in PLACES {
        let mut table = String::new();
        for binding in bindings(InputContext::current(&make())) {
            let mut model = make();
            let before = seen(&model);
            let effects = update(&mut model, Msg::Input(Input::Key(binding.key_event())));
            let after = seen(&model);
            let changes = before.iter().zip(&after).filter(|(old, new)| old != new);
            let mut words: Vec<_> = changes
                .map(|(_, (what, now))| format!("{what} = {now}"))
                .collect();
            if !effects.is_empty() {
                words.push(format!("-> {}", told(&effects)));
            }
            writeln!(
                table,
                "{:<10} {:<55} {}",
                binding.name,
                binding.help,
                words.join("; ")
            )
            .unwrap();
        }
        insta::assert_snapshot!(format!("keys_{name}"), table);
    }
}

#[test]
fn no_key_has_two_meanings_in_one_place() {
    for (name, make) in PLACES {
        let bindings = bindings(InputContext::current(&make()));
        for (place, one) in bindings.iter().enumerate() {
            let again = bindings[..place]
                .iter()
                .find(|other| other.matches(one.key_event()));
            assert!(again.is_none(), "{} in {name}", one.name);
        }
    }
}

#[test]
fn every_place_says_how_to_leave_it() {
    for (name, make) in PLACES {
        let model = make();
        let shown = crate::tui::layout::footer_keys(&model);
        let leaves =
            |label: &str| ["quit", "close", "cancel", "back", "no", "drop"].contains(&label);
        assert!(shown.iter().any(|(_, it)| leaves(it.label)), "{name}");
    }
}
