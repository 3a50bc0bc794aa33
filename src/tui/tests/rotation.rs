//! A rotation whose new token would be wider is asked about.

use crossterm::event::KeyCode;

use super::answers::press;
use super::fixture;
use crate::domain::TokenFact;
use crate::service::RightsChange;
use crate::tui::model::{Dialog, Model};
use crate::tui::msg::{Effect, Msg, RotateRequest, RotateResult, TaskKind, TaskResult};
use crate::tui::update::update;

fn rotation(effects: &[Effect]) -> (u64, RotateRequest) {
    let [Effect::StartTask(task, _, TaskKind::RotateToken(wanted))] = effects else {
        panic!("{effects:?}");
    };
    (*task, wanted.clone())
}

/// The service cannot create a token that expires.
fn wider(model: &mut Model, (task, wanted): (u64, RotateRequest)) {
    let change = RightsChange {
        fact: TokenFact::Expiry,
        old: "30 days".to_owned(),
        new: "never expires".to_owned(),
        is_wider: true,
    };
    let accepting = RotateRequest {
        accepted: vec![TokenFact::Expiry],
        ..wanted
    };
    let done = TaskResult::Rotated(Ok(RotateResult::WouldWiden(accepting, vec![change])));
    update(model, Msg::Done(task, done));
}

#[test]
fn changes_of_a_rotation_are_shown_and_only_y_accepts_them() {
    let mut model = fixture::with_tokens();
    press(&mut model, KeyCode::Char('o'));
    press(&mut model, KeyCode::Enter);
    let first = rotation(&press(&mut model, KeyCode::Char('y')));
    assert!(first.1.accepted.is_empty());
    wider(&mut model, first.clone());
    let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else {
        panic!("{:?}", model.dialogs);
    };
    assert_eq!(confirm.details, ["expiry (30 days -> never expires)"]);
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    let accepted = rotation(&press(&mut model, KeyCode::Char('y')));
    assert_eq!(accepted.1.accepted, [TokenFact::Expiry]);
    assert_eq!(accepted.1.id, first.1.id);

    let mut model = fixture::with_tokens();
    press(&mut model, KeyCode::Char('o'));
    press(&mut model, KeyCode::Enter);
    let first = rotation(&press(&mut model, KeyCode::Char('y')));
    wider(&mut model, first);
    assert!(press(&mut model, KeyCode::Char('n')).is_empty());
    assert!(model.dialogs.is_empty(), "{:?}", model.dialogs);
}
