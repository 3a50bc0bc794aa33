//! The login screen.

use crossterm::event::KeyCode;

use super::driver::{press, screen_text, task_id, type_text};
use super::fixture;
use crate::tui::model::{Form, LoginStep};
use crate::tui::msg::{Effect, Msg, TaskKind, TaskResult};
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

#[test]
fn empty_form_is_not_submitted() {
    let form = Form::password_login("BrainMaps", "e-mail");
    let mut model = fixture::on_login(LoginStep::Form(form));
    press(&mut model, KeyCode::Enter);
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("All fields are required."), "{text}");
}
