//! Windows on top, and windows that are too small.

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};

use super::answers::press;
use super::fixture;
use super::pictures::{drawn, lines};
use crate::tui::keys::InputContext;
use crate::tui::model::Dialog;
use crate::tui::msg::{Effect, Msg};
use crate::tui::update::update;

#[test]
fn a_window_that_shows_nothing_takes_no_keys_but_those_that_end_it() {
    let mut model = fixture::create_form("neuroio");
    update(&mut model, Msg::Input(Input::Resize(39, 11)));
    assert!(press(&mut model, KeyCode::Enter).is_empty());
    assert_eq!(InputContext::current(&model), InputContext::Form);
    let give_up = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    let effects = update(&mut model, Msg::Input(Input::Key(give_up)));
    assert_eq!(effects, [Effect::Quit(true)]);
}

#[test]
fn no_window_is_scrolled_beyond_its_end_and_a_long_question_shows_all_it_is_about() {
    let mut model = fixture::with_dialog(Dialog::Help(0));
    model.size = (40, 12);
    press(&mut model, KeyCode::End);
    let at_end = lines(&drawn(&mut model, (40, 12))).join("\n");
    assert!(at_end.contains("can be clicked"), "{at_end}");
    press(&mut model, KeyCode::Up);
    assert_ne!(lines(&drawn(&mut model, (40, 12))).join("\n"), at_end);

    let mut confirm = fixture::confirm();
    confirm.details = (0..30).map(|number| format!("`token {number}`")).collect();
    let mut model = fixture::with_dialog(Dialog::Confirm(confirm));
    model.size = (40, 12);
    let picture = lines(&drawn(&mut model, (40, 12))).join("\n");
    assert!(picture.contains("y yes"), "{picture}");
    press(&mut model, KeyCode::End);
    let picture = lines(&drawn(&mut model, (40, 12))).join("\n");
    assert!(picture.contains("`token 29`"), "{picture}");
}

#[test]
fn a_revealed_secret_is_hidden_when_the_program_is_suspended() {
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    press(&mut model, KeyCode::Char('v'));
    let suspend = KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL);
    update(&mut model, Msg::Input(Input::Key(suspend)));
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(!picture.contains(fixture::SECRET));
}
