//! Rotations whose new token would be wider.

use crossterm::event::KeyCode;

use super::driver::{press, top_confirm};
use super::fixture;
use crate::domain::TokenFact;
use crate::service::RightsChange;
use crate::tui::model::Model;
use crate::tui::msg::{Effect, Msg, RotateRequest, RotateResult, TaskKind, TaskResult};
use crate::tui::update::update;

/// Confirms a rotation of the selected token.
fn start_rotation(model: &mut Model) -> (u64, RotateRequest) {
    press(model, KeyCode::Char('o'));
    press(model, KeyCode::Enter);
    rotation(&press(model, KeyCode::Char('y')))
}

fn rotation(effects: &[Effect]) -> (u64, RotateRequest) {
    let [Effect::StartTask(task, _, TaskKind::RotateToken(request))] = effects else {
        panic!("{effects:?}");
    };
    (*task, request.clone())
}

/// Responds that the service cannot create a token that expires.
fn would_widen(model: &mut Model, (task, request): (u64, RotateRequest)) {
    let change = RightsChange {
        fact: TokenFact::Expiry,
        old: "30 days".to_owned(),
        new: "never expires".to_owned(),
        is_wider: true,
    };
    let accepting = RotateRequest {
        accepted: vec![TokenFact::Expiry],
        ..request
    };
    let result = RotateResult::WouldWiden(accepting, vec![change]);
    update(model, Msg::Done(task, TaskResult::Rotated(Ok(result))));
}

#[test]
fn key_that_may_be_another_tokens_is_replaced_only_after_confirmation() {
    let mut model = fixture::with_tokens();
    let (task, request) = start_rotation(&mut model);
    assert!(!request.replaces_unknown);
    let replacing = RotateRequest {
        env_file: Some("app.env".into()),
        replaces_unknown: true,
        ..request
    };
    let result = RotateResult::UnknownKey(replacing.clone(), vec!["7".to_owned()]);
    let result = TaskResult::Rotated(Ok(result));
    assert!(update(&mut model, Msg::Done(task, result)).is_empty());
    let confirm = top_confirm(&model);
    assert!(confirm.question.contains("app.env"), "{confirm:?}");
    assert_eq!(confirm.details, ["it may be the key of token 7"]);
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    assert_eq!(
        rotation(&press(&mut model, KeyCode::Char('y'))).1,
        replacing
    );
}

#[test]
fn wider_token_is_created_only_after_its_changes_are_confirmed() {
    let mut model = fixture::with_tokens();
    let first = start_rotation(&mut model);
    assert!(first.1.accepted.is_empty());
    would_widen(&mut model, first.clone());
    let details = &top_confirm(&model).details;
    assert_eq!(*details, ["expiry (30 days -> never expires)"]);
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    let (_, accepted) = rotation(&press(&mut model, KeyCode::Char('y')));
    assert_eq!(accepted.accepted, [TokenFact::Expiry]);
    assert_eq!(accepted.id, first.1.id);

    let mut model = fixture::with_tokens();
    let first = start_rotation(&mut model);
    would_widen(&mut model, first);
    assert!(press(&mut model, KeyCode::Char('n')).is_empty());
    assert!(model.dialogs.is_empty(), "{:?}", model.dialogs);
}
