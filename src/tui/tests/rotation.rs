//! A rotation whose new token would be wider is asked about.

use crossterm::event::KeyCode;

use super::answers::press;
use super::stage;
use crate::domain::TokenFact;
use crate::service::RightsChange;
use crate::tui::model::{Dialog, Model};
use crate::tui::msg::{Done, Effect, Msg, Rotate, Rotation, Work};
use crate::tui::update::update;

fn rotation(effects: &[Effect]) -> (u64, Rotate) {
    let [Effect::Work(task, _, Work::Rotate(wanted))] = effects else {
        panic!("{effects:?}");
    };
    (*task, wanted.clone())
}

/// The service cannot create a token that expires.
fn wider(model: &mut Model, (task, wanted): (u64, Rotate)) {
    let change = RightsChange {
        fact: TokenFact::Expiry,
        old: "30 days".to_owned(),
        new: "never expires".to_owned(),
        is_wider: true,
    };
    let accepting = Rotate {
        accepted: vec![TokenFact::Expiry],
        ..wanted
    };
    let done = Done::Rotated(Ok(Rotation::Wider(accepting, vec![change])));
    update(model, Msg::Done(task, done));
}

#[test]
fn changes_of_a_rotation_are_shown_and_only_y_accepts_them() {
    let mut model = stage::with_tokens();
    press(&mut model, KeyCode::Char('o'));
    press(&mut model, KeyCode::Enter);
    let first = rotation(&press(&mut model, KeyCode::Char('y')));
    assert!(first.1.accepted.is_empty());
    wider(&mut model, first.clone());
    let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else {
        panic!("{:?}", model.dialogs);
    };
    assert_eq!(confirm.about, ["expiry (30 days -> never expires)"]);
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    let accepted = rotation(&press(&mut model, KeyCode::Char('y')));
    assert_eq!(accepted.1.accepted, [TokenFact::Expiry]);
    assert_eq!(accepted.1.id, first.1.id);

    let mut model = stage::with_tokens();
    press(&mut model, KeyCode::Char('o'));
    press(&mut model, KeyCode::Enter);
    let first = rotation(&press(&mut model, KeyCode::Char('y')));
    wider(&mut model, first);
    assert!(press(&mut model, KeyCode::Char('n')).is_empty());
    assert!(model.dialogs.is_empty(), "{:?}", model.dialogs);
}
