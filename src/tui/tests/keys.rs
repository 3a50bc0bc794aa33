//! Every key in every place. What follows is told in words and compared with what was reviewed: a key that is missing, new
//! or does something else shows.

use std::fmt::Write as _;

use crossterm::event::Event as Input;

use super::stage;
use crate::tui::keys::{Place, bindings};
use crate::tui::model::{Dialog, Form, Model, Notice, Step};
use crate::tui::msg::{Effect, Msg};
use crate::tui::update::update;

type Make = fn() -> Model;

const PLACES: &[(&str, Make)] = &[
    ("tokens", stage::with_tokens),
    ("filter", || {
        let mut model = stage::with_tokens();
        model.tokens.is_filtering = true;
        model
    }),
    ("timeline", || {
        let mut model = stage::with_tokens();
        model.tokens.is_timeline = true;
        model
    }),
    ("sessions", stage::on_sessions),
    ("profiles", || stage::on_login(Step::Profiles)),
    ("ways", || stage::on_login(Step::Ways(stage::ways()))),
    ("login_form", || {
        stage::on_login(Step::Form(Form::password("BrainMaps", "e-mail")))
    }),
    ("waiting", || stage::on_login(Step::Waiting(7))),
    ("device", || stage::on_login(stage::device())),
    ("help", || stage::under(Dialog::Help(1))),
    ("details", || {
        stage::under(Dialog::Details(stage::id("1"), 0))
    }),
    ("form", || stage::create_form("neuroio")),
    ("confirm", || {
        stage::under(Dialog::Confirm(stage::confirm()))
    }),
    ("made", || stage::under(Dialog::Made(stage::made()))),
    ("underway", || {
        stage::under(Dialog::Underway(stage::underway()))
    }),
    ("outcomes", || {
        stage::under(Dialog::Outcomes(stage::outcomes()))
    }),
];

/// What stands on top, in words.
fn top(model: &Model) -> String {
    match model.dialogs.last() {
        Some(Dialog::Help(top) | Dialog::Details(_, top)) => format!("line {top}"),
        Some(Dialog::Form(form)) => {
            let answer = form.fields.get(form.focus).map(|it| &it.answer);
            format!("{}, field {}: {answer:?}", form.title, form.focus)
        }
        Some(Dialog::Made(made)) => {
            format!("revealed {}, kept {}", made.is_revealed, made.is_kept)
        }
        Some(Dialog::Outcomes(outcomes)) => format!("line {}", outcomes.top),
        Some(Dialog::Confirm(confirm)) => confirm.question.clone(),
        Some(Dialog::Underway(underway)) => underway.title.clone(),
        None => String::new(),
    }
}

/// What one would notice, in words.
fn seen(model: &Model) -> Vec<(&'static str, String)> {
    let tokens = &model.tokens;
    let login = match &model.login.step {
        Step::Form(form) => format!("{} field {}", form.title, form.focus),
        _ => String::new(),
    };
    let notice = match &model.notice {
        None => String::new(),
        Some(Notice::Good(text) | Notice::Warning(text)) => text.clone(),
        Some(Notice::Trouble(told)) => format!("error: {}", told.message),
    };
    let reversed = if tokens.is_reversed { " reversed" } else { "" };
    vec![
        ("place", format!("{:?}", Place::of(model))),
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
        Effect::Work(_, profile, work) => {
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
        for binding in bindings(Place::of(&make())) {
            let mut model = make();
            let before = seen(&model);
            let effects = update(&mut model, Msg::Input(Input::Key(binding.event())));
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
        let bindings = bindings(Place::of(&make()));
        for (place, one) in bindings.iter().enumerate() {
            let again = bindings[..place].iter().find(|other| other.is(one.event()));
            assert!(again.is_none(), "{} in {name}", one.name);
        }
    }
}

#[test]
fn every_place_says_how_to_leave_it() {
    for (name, make) in PLACES {
        let model = make();
        let shown = crate::tui::layout::footer(&model);
        let leaves =
            |label: &str| ["quit", "close", "cancel", "back", "no", "drop"].contains(&label);
        assert!(shown.iter().any(|(_, it)| leaves(it.label)), "{name}");
    }
}
