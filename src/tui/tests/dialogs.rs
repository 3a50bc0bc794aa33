//! Dialogs, and terminals that are too small.

use crossterm::event::{Event as Input, KeyCode};

use super::driver::{press, press_ctrl, screen_text, top_confirm};
use super::fixture;
use crate::tui::keys::InputContext;
use crate::tui::model::Dialog;
use crate::tui::msg::{Effect, Msg};
use crate::tui::update::update;

#[test]
fn too_small_terminal_accepts_only_keys_that_concern_the_terminal_and_says_how_to_quit() {
    let mut model = fixture::create_form("neuroio");
    update(&mut model, Msg::Input(Input::Resize(39, 11)));
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    assert_eq!(InputContext::current(&model), InputContext::Form);
    let text = screen_text(&mut model, (39, 11));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("39x11, at least 40x12"), "{text}");
    assert!(text.contains("Ctrl-C quits"), "{text}");
    assert_eq!(press_ctrl(&mut model, 'c'), [Effect::Quit(true)]);
}

#[test]
fn help_shows_its_position_and_stops_at_its_end() {
    let mut model = fixture::with_dialog(Dialog::Help(0));
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains(" 1-18 of "), "{text}");
    model.size = (40, 12);
    press(&mut model, KeyCode::End);
    let at_end = screen_text(&mut model, (40, 12));
    assert!(at_end.contains("clicked"), "{at_end}");
    press(&mut model, KeyCode::Up);
    assert_ne!(screen_text(&mut model, (40, 12)), at_end);
    let text = screen_text(&mut model, (120, 60));
    assert!(!text.contains(" lines "), "everything is visible: {text}");
}

#[test]
fn q_closes_dialogs_that_ask_nothing() {
    for dialog in [
        Dialog::Help(0),
        Dialog::Details(fixture::id("1"), 0),
        Dialog::BulkResults(fixture::bulk_results()),
    ] {
        let mut model = fixture::with_dialog(dialog);
        assert!(press(&mut model, KeyCode::Char('q')).is_empty());
        assert!(model.dialogs.is_empty());
    }
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    press(&mut model, KeyCode::Char('q'));
    assert_eq!(InputContext::current(&model), InputContext::Confirm);
}

#[test]
fn long_confirmation_shows_the_answers_first_and_scrolls_to_all_details() {
    let mut confirm = fixture::confirm();
    confirm.details = (0..30).map(|number| format!("`token {number}`")).collect();
    let mut model = fixture::with_dialog(Dialog::Confirm(confirm));
    model.size = (40, 12);
    let text = screen_text(&mut model, (40, 12));
    assert!(text.contains("y yes"), "{text}");
    press(&mut model, KeyCode::End);
    let text = screen_text(&mut model, (40, 12));
    assert!(text.contains("`token 29`"), "{text}");
}

#[test]
fn unsaved_secret_is_discarded_only_after_confirmation() {
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    press(&mut model, KeyCode::Esc);
    assert_eq!(InputContext::current(&model), InputContext::Confirm);
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(InputContext::current(&model), InputContext::NewSecret);
    let effects = press(&mut model, KeyCode::Char('c'));
    assert!(matches!(effects.as_slice(), [Effect::Copy(_)]));
    // Not every terminal supports copying.
    press(&mut model, KeyCode::Esc);
    let question = &top_confirm(&model).question;
    assert!(question.contains("clipboard"), "{question}");
    press(&mut model, KeyCode::Char('y'));
    assert_eq!(InputContext::current(&model), InputContext::Tokens);
}

#[test]
fn revealed_secret_is_hidden_when_the_program_is_suspended() {
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    press(&mut model, KeyCode::Char('v'));
    press_ctrl(&mut model, 'z');
    let text = screen_text(&mut model, (80, 24));
    assert!(!text.contains(fixture::SECRET));
}
