//! Env files: confirmations before a key is replaced or a token is rotated.

use crossterm::event::KeyCode;

use super::driver::{press, screen_text, started_tasks, top_confirm};
use super::fixture;
use crate::actions::{SecretTarget, TokenTargets};
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
fn rotation_names_the_remembered_targets() {
    let mut model = fixture::with_tokens();
    let state = model.profile_state.as_mut().unwrap();
    state.status.source = Some("dotenv:/work/.env".to_owned());
    let entry = |id: &str, target: &str| TokenTargets {
        id: fixture::id(id),
        targets: vec![target.to_owned()],
    };
    model.tokens.targets = vec![entry("1", "/work/c.json (k)"), entry("2", "/work/.env")];
    press(&mut model, KeyCode::Char('o'));
    let shown = screen_text(&mut model, (80, 24));
    assert!(
        shown.contains("remembered targets: /work/c.json (k)"),
        "{shown}"
    );
    press(&mut model, KeyCode::Enter);
    let question = &top_confirm(&model).question;
    assert!(
        question.contains("replaces the key in /work/c.json (k)"),
        "{question}"
    );
    // The key in the file is known to be another token's.
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('o'));
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("no form");
    };
    assert!(matches!(&form.fields[0].value, FieldValue::Text(input) if input.text().is_empty()));
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
