//! Env files: what is asked before a key is replaced or a token rotated.

use crossterm::event::KeyCode;

use super::answers::press;
use super::stage;
use crate::actions::SecretTarget;
use crate::tui::model::{Answer, Dialog, Made, Model, Then};
use crate::tui::msg::{Done, Effect, Msg, Saved, Work};
use crate::tui::update::update;

fn work(effects: &[Effect]) -> Option<&Work> {
    effects.iter().find_map(|effect| match effect {
        Effect::Work(_, _, work) => Some(work),
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
    let mut model = stage::with_tokens();
    let standing = model.standing.as_mut().unwrap();
    standing.status.source = Some("dotenv:/work/.env".to_owned());
    press(&mut model, KeyCode::Char('o'));
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("no form");
    };
    assert!(matches!(&form.fields[0].answer, Answer::Text(input) if input.text() == "/work/.env"));
    let effects = press(&mut model, KeyCode::Enter);
    assert_eq!(work(&effects), None, "Enter alone rotates nothing");
    assert!(question(&model).contains("/work/.env"));
    let effects = press(&mut model, KeyCode::Char('y'));
    let rotates = |work: &Work| matches!(work, Work::Rotate(it) if it.env_file.as_ref().is_some_and(|path| path.ends_with(".env")));
    assert!(work(&effects).is_some_and(rotates), "{effects:?}");
}

#[test]
fn key_in_an_env_file_is_replaced_only_after_a_yes() {
    let mut model = stage::under(Dialog::Made(Made {
        saving: Some(7),
        ..stage::made()
    }));
    let target = SecretTarget::env_file("job.env");
    let exists = Saved::KeyExists(target.clone(), "A_KEY".to_owned());
    let effects = update(&mut model, Msg::Done(7, Done::Saved(Ok(exists))));
    assert_eq!(work(&effects), None);
    assert!(question(&model).contains("job.env already sets A_KEY"));
    let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else {
        unreachable!()
    };
    assert_eq!(confirm.then, Then::Replace(target.clone()));
    let effects = press(&mut model, KeyCode::Char('y'));
    let saves = |work: &Work| matches!(work, Work::Save(wanted, _) if *wanted == target.clone().replacing());
    assert!(work(&effects).is_some_and(saves), "{effects:?}");
}
