//! Every key in every context. Its effects are compared with reviewed snapshots, so that a key that is missing, new or changed
//! is noticed.

use std::fmt::Write as _;

use crossterm::event::{Event as Input, KeyEvent};

use super::fixture;
use crate::tui::keys::{InputContext, bindings};
use crate::tui::model::{Dialog, Form, LoginStep, Model, Notice};
use crate::tui::msg::{Effect, Msg};
use crate::tui::update::update;
use crate::tui::view::layout;

type Make = fn() -> Model;

const CONTEXTS: &[(&str, Make)] = &[
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
    ("findings", fixture::on_findings),
    ("login_profiles", || {
        fixture::on_login(LoginStep::ChooseProfile)
    }),
    ("login_methods", || {
        fixture::on_login(LoginStep::ChooseMethod(fixture::login_methods()))
    }),
    ("login_form", || {
        fixture::on_login(LoginStep::Form(Form::password_login("BrainMaps", "e-mail")))
    }),
    ("login_waiting", || fixture::on_login(LoginStep::Waiting(7))),
    ("login_device", || fixture::on_login(fixture::device())),
    ("help", || fixture::with_dialog(Dialog::Help(1))),
    ("details", || {
        fixture::with_dialog(Dialog::Details(fixture::id("1"), 0))
    }),
    ("form", || fixture::create_form("neuroio")),
    ("confirm", || {
        fixture::with_dialog(Dialog::Confirm(fixture::confirm()))
    }),
    ("new_secret", || {
        fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()))
    }),
    ("in_progress", || {
        fixture::with_dialog(Dialog::InProgress(fixture::in_progress()))
    }),
    ("bulk_results", || {
        fixture::with_dialog(Dialog::BulkResults(fixture::bulk_results()))
    }),
];

/// Describes the top dialog.
fn describe_dialog(model: &Model) -> String {
    match model.dialogs.last() {
        Some(Dialog::Help(top) | Dialog::Details(_, top)) => format!("line {top}"),
        Some(Dialog::Form(form)) => {
            let value = form.fields.get(form.focus).map(|it| &it.value);
            format!("{}, field {}: {value:?}", form.title, form.focus)
        }
        Some(Dialog::NewSecret(new_secret)) => format!(
            "revealed {}, saved {}",
            new_secret.is_revealed, new_secret.is_saved
        ),
        Some(Dialog::BulkResults(results)) => format!("line {}", results.top),
        Some(Dialog::Confirm(confirm)) => confirm.question.clone(),
        Some(Dialog::InProgress(in_progress)) => in_progress.title.clone(),
        None => String::new(),
    }
}

/// Describes what a key can change.
fn describe(model: &Model) -> Vec<(&'static str, String)> {
    let tokens = &model.tokens;
    let login = match &model.login.step {
        LoginStep::Form(form) => format!("{} field {}", form.title, form.focus),
        _ => String::new(),
    };
    let notice = match &model.notice {
        None => String::new(),
        Some(Notice::Success(text) | Notice::Warning(text)) => text.clone(),
        Some(Notice::Error(error)) => format!("error: {}", error.message),
    };
    let reversed = if tokens.is_reversed { " reversed" } else { "" };
    vec![
        ("context", format!("{:?}", InputContext::current(model))),
        ("dialog", describe_dialog(model)),
        ("login", login),
        ("row", tokens.cursor.to_string()),
        ("session", model.sessions_cursor.to_string()),
        ("choice", model.login.cursor.to_string()),
        ("order", format!("{:?}{reversed}", tokens.order)),
        ("marked", tokens.marked.len().to_string()),
        ("filter", tokens.filter.text().to_owned()),
        ("loading", format!("{:?}", tokens.loading)),
        ("notice", notice),
    ]
}

fn describe_effects(effects: &[Effect]) -> String {
    let effects = effects.iter().map(|effect| match effect {
        Effect::StartTask(_, profile, kind) => {
            let kind = format!("{kind:?}");
            let name = kind.split(['(', '{']).next().unwrap_or_default().trim();
            format!("{name} for {profile}")
        }
        other => format!("{other:?}"),
    });
    effects.collect::<Vec<_>>().join(", ")
}

/// Presses a key and returns what it changes.
fn describe_key(mut model: Model, event: KeyEvent) -> String {
    let before = describe(&model);
    let effects = update(&mut model, Msg::Input(Input::Key(event)));
    let after = describe(&model);
    let changes = before.iter().zip(&after).filter(|(old, new)| old != new);
    let mut texts: Vec<_> = changes
        .map(|(_, (what, now))| format!("{what} = {now}"))
        .collect();
    if !effects.is_empty() {
        texts.push(format!("-> {}", describe_effects(&effects)));
    }
    texts.join("; ")
}

#[test]
fn effects_of_all_keys_match_their_snapshots() {
    for (name, make) in CONTEXTS {
        let mut table = String::new();
        for binding in bindings(InputContext::current(&make())) {
            let effects: Vec<_> = binding
                .keys
                .iter()
                .map(|key| describe_key(make(), key.event()))
                .collect();
            let is_same = effects.iter().all(|it| *it == effects[0]);
            assert!(is_same, "{}: {effects:?}", binding.key_names());
            let (names, help) = (binding.key_names(), binding.help);
            writeln!(table, "{names:<12} {help:<46} {}", effects[0]).unwrap();
        }
        insta::assert_snapshot!(format!("keys_{name}"), table);
    }
}

#[test]
fn no_key_has_two_bindings_in_one_context() {
    for (name, make) in CONTEXTS {
        let bindings: Vec<_> = bindings(InputContext::current(&make())).collect();
        for binding in &bindings {
            for key in binding.keys {
                let matches = bindings.iter().filter(|it| it.matches(key.event()));
                assert_eq!(matches.count(), 1, "{} in {name}", key.name());
            }
        }
    }
}

#[test]
fn every_context_shows_how_to_leave_it() {
    for (name, make) in CONTEXTS {
        let footer = layout::footer_keys(&make());
        let leaves =
            |label: &str| ["quit", "close", "cancel", "back", "no", "clear"].contains(&label);
        assert!(footer.iter().any(|(_, it)| leaves(it.label)), "{name}");
    }
}
