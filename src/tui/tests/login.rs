//! The login screen.

use crossterm::event::KeyCode;

use super::driver::{press, screen_text, started_tasks, task_id, top_confirm, type_text};
use super::fixture;
use crate::actions::Replacement;
use crate::tui::model::{Form, LoginStep, Model, Screen};
use crate::tui::msg::{Effect, Msg, SignInRequest, SignInResult, TaskKind, TaskResult};
use crate::tui::update::update;

#[test]
fn late_result_of_a_cancelled_login_is_ignored() {
    let mut model = fixture::on_login(fixture::device());
    let effects = press(&mut model, KeyCode::Esc);
    assert!(effects.contains(&Effect::Cancel(7)));
    let result = TaskResult::SignedIn(Err(fixture::connection_error()));
    update(&mut model, Msg::Done(7, result));
    assert!(matches!(model.login.step, LoginStep::ChooseProfile));
    assert_eq!(model.login.error, None);
}

#[test]
fn login_error_is_shown_above_the_login_methods() {
    let form = Form::password_login("BrainMaps", "e-mail");
    let mut model = fixture::on_login(LoginStep::Form(form));
    type_text(&mut model, "me@lab.org");
    press(&mut model, KeyCode::Enter);
    type_text(&mut model, "hunter2 ");
    let effects = press(&mut model, KeyCode::Enter);
    let sign_in = task_id(&effects, |kind| matches!(kind, TaskKind::SignIn(_)));
    let result = TaskResult::SignedIn(Err(fixture::connection_error()));
    let effects = update(&mut model, Msg::Done(sign_in, result));
    let task = task_id(&effects, |kind| *kind == TaskKind::ListLoginMethods);
    let methods = ("BrainMaps".to_owned(), fixture::login_methods());
    update(
        &mut model,
        Msg::Done(task, TaskResult::LoginMethods(Ok(methods))),
    );
    let text = screen_text(&mut model, (80, 24));
    assert!(
        text.contains("connection refused") && text.contains("hint:"),
        "{text}"
    );
    assert!(text.contains("Password, with e-mail"), "{text}");
}

/// Submits a key for a profile that holds a session of another server.
fn would_replace(model: &mut Model) -> SignInRequest {
    type_text(model, "bm_pat_c4n4ry");
    let effects = press(model, KeyCode::Enter);
    let [TaskKind::SignIn(request)] = started_tasks(&effects).as_slice() else {
        panic!("{effects:?}");
    };
    assert!(!request.replaces_session);
    let replacing = SignInRequest {
        replaces_session: true,
        ..(*request).clone()
    };
    let found = Replacement {
        profile: "brainmaps".parse().unwrap(),
        old: "https://old.example".parse().unwrap(),
        new: "https://new.example".parse().unwrap(),
        provider: "brainmaps".parse().unwrap(),
    };
    let task = task_id(&effects, |kind| matches!(kind, TaskKind::SignIn(_)));
    let result = SignInResult::WouldReplace(replacing.clone(), found);
    update(model, Msg::Done(task, TaskResult::SignedIn(Ok(result))));
    replacing
}

#[test]
fn session_of_another_server_is_replaced_only_after_confirmation() {
    let form = || LoginStep::Form(Form::api_key_login("BrainMaps"));
    let mut model = fixture::on_login(form());
    let replacing = would_replace(&mut model);
    let question = &top_confirm(&model).question;
    assert!(
        question.contains("https://old.example") && question.contains("https://new.example"),
        "{question}"
    );
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    let effects = press(&mut model, KeyCode::Char('y'));
    assert_eq!(started_tasks(&effects), [&TaskKind::SignIn(replacing)]);

    let mut model = fixture::on_login(form());
    would_replace(&mut model);
    assert!(press(&mut model, KeyCode::Char('n')).is_empty());
    assert!(model.dialogs.is_empty() && model.screen == Screen::Login);
}

#[test]
fn empty_form_is_not_submitted() {
    let form = Form::password_login("BrainMaps", "e-mail");
    let mut model = fixture::on_login(LoginStep::Form(form));
    press(&mut model, KeyCode::Enter);
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("All fields are required."), "{text}");
}
