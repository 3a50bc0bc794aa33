//! Env files: confirmations before a key is replaced or a token is rotated.

use crossterm::event::KeyCode;

use super::driver::{press, started_tasks, top_confirm};
use super::fixture;
use crate::actions::SecretTarget;
use crate::tui::model::{Dialog, FieldValue, NewSecret, OnConfirm};
use crate::tui::msg::{Msg, SaveResult, TaskKind, TaskResult};
use crate::tui::update::update;

#[test]
fn rotation_is_confirmed_and_the_file_of_the_credential_is_prefilled() {
    let mut model = fixture::with_tokens();
    let state = model.profile_state.as_mut().unwrap();
    state.status.source = Some("dotenv:/work/.env".to_owned());
    press(&mut model, KeyCode::Char('o'));
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("no form");
    };
    let value = &form.fields[0].value;
    assert!(matches!(value, FieldValue::Text(input) if input.text() == "/work/.env"));
    let effects = press(&mut model, KeyCode::Enter);
    assert!(
        started_tasks(&effects).is_empty(),
        "Enter alone rotates nothing"
    );
    assert!(top_confirm(&model).question.contains("/work/.env"));
    let effects = press(&mut model, KeyCode::Char('y'));
    let [TaskKind::RotateToken(request)] = started_tasks(&effects).as_slice() else {
        panic!("{effects:?}");
    };
    let path = request.env_file.as_ref().unwrap();
    assert!(path.ends_with(".env"), "{effects:?}");
}

#[test]
fn key_in_an_env_file_is_replaced_only_after_confirmation() {
    let mut model = fixture::with_dialog(Dialog::NewSecret(NewSecret {
        save_task: Some(7),
        ..fixture::new_secret()
    }));
    let target = SecretTarget::env_file("job.env");
    let exists = SaveResult::KeyExists(target.clone(), "A_KEY".to_owned());
    let effects = update(&mut model, Msg::Done(7, TaskResult::Saved(Ok(exists))));
    assert!(started_tasks(&effects).is_empty());
    let confirm = top_confirm(&model);
    assert!(confirm.question.contains("job.env already sets A_KEY"));
    assert_eq!(confirm.action, OnConfirm::ReplaceKey(target.clone()));
    let effects = press(&mut model, KeyCode::Char('y'));
    let [TaskKind::SaveSecret(used, _)] = started_tasks(&effects).as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(*used, target.allow_replacing());
}
