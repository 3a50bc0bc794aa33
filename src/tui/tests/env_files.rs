//! Env files: what is asked before a key is replaced or a token rotated.

use crossterm::event::KeyCode;

use super::answers::press;
use super::fixture;
use crate::actions::SecretTarget;
use crate::tui::model::{Dialog, FieldValue, Model, NewSecret, OnConfirm};
use crate::tui::msg::{Effect, Msg, SaveResult, TaskKind, TaskResult};
use crate::tui::update::update;

fn work(effects: &[Effect]) -> Option<&TaskKind> {
    effects.iter().find_map(|effect| match effect {
        Effect::StartTask(_, _, work) => Some(work),
        _ => None,
    })
}

fn question(model: &Model) -> &str {
    match model.dialogs.last() {
        Some(Dialog::Confirm(confirm)) => &confirm.question,
        other => panic!("no question: {other:?}"),
    }
}

#[test]
fn rotation_is_confirmed_and_the_file_of_the_credential_is_filled_in() {
    let mut model = fixture::with_tokens();
    let standing = model.profile_state.as_mut().unwrap();
    standing.status.source = Some("dotenv:/work/.env".to_owned());
    press(&mut model, KeyCode::Char('o'));
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("no form");
    };
    assert!(
        matches!(&form.fields[0].value, FieldValue::Text(input) if input.text() == "/work/.env")
    );
    let effects = press(&mut model, KeyCode::Enter);
    assert_eq!(work(&effects), None, "Enter alone rotates nothing");
    assert!(question(&model).contains("/work/.env"));
    let effects = press(&mut model, KeyCode::Char('y'));
    let rotates = |work: &TaskKind| matches!(work, TaskKind::RotateToken(it) if it.env_file.as_ref().is_some_and(|path| path.ends_with(".env")));
    assert!(work(&effects).is_some_and(rotates), "{effects:?}");
}

#[test]
fn key_in_an_env_file_is_replaced_only_after_a_yes() {
    let mut model = fixture::with_dialog(Dialog::NewSecret(NewSecret {
        save_task: Some(7),
        ..fixture::new_secret()
    }));
    let target = SecretTarget::env_file("job.env");
    let exists = SaveResult::KeyExists(target.clone(), "A_KEY".to_owned());
    let effects = update(&mut model, Msg::Done(7, TaskResult::Saved(Ok(exists))));
    assert_eq!(work(&effects), None);
    assert!(question(&model).contains("job.env already sets A_KEY"));
    let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else {
        unreachable!()
    };
    assert_eq!(confirm.on_confirm, OnConfirm::ReplaceKey(target.clone()));
    let effects = press(&mut model, KeyCode::Char('y'));
    let saves = |work: &TaskKind| matches!(work, TaskKind::SaveSecret(wanted, _) if *wanted == target.clone().allow_replacing());
    assert!(work(&effects).is_some_and(saves), "{effects:?}");
}
