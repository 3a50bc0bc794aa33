//! The tokens screen: the list, its filter and order, and the commands that change tokens.

use crossterm::event::{
    Event as Input, KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::driver::{
    draw, lines, press, press_ctrl, screen_text, started_tasks, task_id, top_confirm, type_text,
};
use super::fixture;
use crate::actions::Event;
use crate::domain::ApiToken;
use crate::tui::keys::InputContext;
use crate::tui::model::{Dialog, Loading, Model, Notice, Screen};
use crate::tui::msg::{BulkAction, Effect, Msg, TaskKind, TaskResult};
use crate::tui::update::update;
use crate::tui::view::layout;

fn selected_name(model: &Model) -> Option<&str> {
    model.tokens.selected()?.name.as_deref()
}

/// Ten thousand tokens in pages of a hundred, sorted by name.
fn many_tokens() -> Model {
    let mut model = fixture::loading();
    let Loading::InProgress(task) = model.tokens.loading else {
        unreachable!()
    };
    press(&mut model, KeyCode::Char('s'));
    for page in 0..100 {
        let tokens = (0..100).map(|row| {
            let number = (page * 100 + row) * 7919 % 10_000;
            ApiToken {
                id: Some(fixture::id(&number.to_string())),
                name: Some(format!("{number:05}")),
                ..ApiToken::default()
            }
        });
        let page = TaskResult::TokenPage(tokens.collect());
        update(&mut model, Msg::Done(task, page));
    }
    update(
        &mut model,
        Msg::Done(task, TaskResult::TokensListed(Ok(Vec::new()))),
    );
    model
}

#[test]
fn ten_thousand_tokens_stay_sorted_with_the_cursor_visible() {
    let mut model = many_tokens();
    press(&mut model, KeyCode::End);
    assert_eq!(selected_name(&model), Some("09999"));
    let text = screen_text(&mut model, (80, 24));
    assert!(
        text.contains("09999") && text.contains("10000 of 10000"),
        "{text}"
    );
    press(&mut model, KeyCode::PageUp);
    press(&mut model, KeyCode::Home);
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("00000"), "{text}");
}

#[test]
fn vi_keys_move_the_cursor() {
    let mut model = many_tokens();
    draw(&mut model, (80, 24));
    let rows = layout::token_row_count(&model);
    press(&mut model, KeyCode::Char('G'));
    assert_eq!(model.tokens.cursor, 9_999);
    press_ctrl(&mut model, 'u');
    assert_eq!(model.tokens.cursor, 9_999 - rows / 2);
    press(&mut model, KeyCode::Char('g'));
    assert_eq!(model.tokens.cursor, 0);
    press_ctrl(&mut model, 'd');
    assert_eq!(model.tokens.cursor, rows / 2);
}

#[test]
fn sort_order_is_marked_at_its_column() {
    let mut model = fixture::with_tokens();
    type_text(&mut model, "ss");
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("CREATED ▲"), "{text}");
    press(&mut model, KeyCode::Char('S'));
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("CREATED ▼"), "{text}");
    // The column is not visible in a small terminal, but the order is.
    let text = screen_text(&mut model, (40, 12));
    assert!(text.contains("by created ▼"), "{text}");
}

#[test]
fn filter_applies_while_typing_and_the_cursor_stays_on_its_token() {
    let mut model = fixture::with_tokens();
    type_text(&mut model, "jj/PHO");
    assert_eq!(model.tokens.visible_count(), 1);
    assert_eq!(selected_name(&model), Some("phone"));
    press(&mut model, KeyCode::Enter);
    assert_eq!(InputContext::current(&model), InputContext::Tokens);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.tokens.visible_count(), model.tokens.total_count());
    assert_eq!(selected_name(&model), Some("phone"));
}

#[test]
fn pasted_text_never_triggers_commands() {
    let mut model = fixture::with_tokens();
    let effects = update(&mut model, Msg::Input(Input::Paste("xyq".to_owned())));
    assert!(effects.is_empty());
    assert!(model.dialogs.is_empty());
}

#[test]
fn revocation_is_confirmed_by_name_and_only_by_y() {
    for (key, revokes) in [('n', false), ('q', false), ('y', true)] {
        let mut model = fixture::with_tokens();
        press(&mut model, KeyCode::Char('x'));
        let question = &top_confirm(&model).question;
        assert!(question.contains("`nightly build` (1)"), "{question}");
        let effects = press(&mut model, KeyCode::Char(key));
        let expected = TaskKind::ApplyBulkAction(BulkAction::Revoke, vec![fixture::id("1")]);
        let is_started = started_tasks(&effects).contains(&&expected);
        assert_eq!(is_started, revokes, "{key}");
    }
}

#[test]
fn revoked_token_is_neither_rotated_nor_revoked_nor_are_they_offered() {
    let mut model = fixture::with_tokens();
    let revoked = ApiToken {
        active: Some(false),
        revoked: true,
        ..fixture::tokens().remove(0)
    };
    model.tokens.add_page(vec![revoked], true);
    model.tokens.finish_loading(true);
    let footer = |model: &mut Model| screen_text(model, (120, 40));
    let text = footer(&mut model);
    assert!(
        !text.contains("x revoke") && !text.contains("o rotate"),
        "{text}"
    );
    for key in ['x', 'o'] {
        assert!(press(&mut model, KeyCode::Char(key)).is_empty());
        assert!(model.dialogs.is_empty(), "{key}");
        assert!(matches!(model.notice, Some(Notice::Warning(_))), "{key}");
    }
    press(&mut model, KeyCode::Char('?'));
    let help = footer(&mut model);
    assert!(
        !help.contains("Revoke") && help.contains("Create a token"),
        "{help}"
    );
}

#[test]
fn calls_that_the_service_does_not_support_are_not_offered() {
    for (service, is_offered) in [("brainmaps", false), ("neuroio", true)] {
        let mut model = fixture::with_tokens();
        let state = fixture::profile_state(service, crate::actions::CredentialState::Valid);
        model.profile_state = Some(state);
        press(&mut model, KeyCode::Char('?'));
        let help = screen_text(&mut model, (120, 40));
        assert_eq!(help.contains("Disable"), is_offered, "{help}");
        press(&mut model, KeyCode::Char('q'));
        press(&mut model, KeyCode::Char('d'));
        let is_error = matches!(model.notice, Some(Notice::Error(_)));
        assert_eq!(is_error, !is_offered, "the key prints the reason");
    }
}

#[test]
fn command_in_scrolled_details_applies_to_their_token() {
    let mut model = fixture::with_tokens();
    type_text(&mut model, " ");
    let details = Dialog::Details(fixture::id("3"), 2);
    model.dialogs.push(details);
    model.size = (40, 12);
    press(&mut model, KeyCode::Char('x'));
    let question = &top_confirm(&model).question;
    assert!(question.contains("`phone` (3)"), "{question}");
}

#[test]
fn each_result_is_shown_and_failed_tokens_stay_marked() {
    let mut model = fixture::with_tokens();
    type_text(&mut model, "  x");
    let effects = press(&mut model, KeyCode::Char('y'));
    let task = task_id(&effects, |kind| {
        matches!(kind, TaskKind::ApplyBulkAction(..))
    });
    let step = Event::Progress { done: 1, of: 2 };
    update(&mut model, Msg::Progress(task, step));
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("1 of 2 done"), "{text}");
    let rows = vec![
        (fixture::id("1"), Ok(None)),
        (fixture::id("2"), Err(fixture::connection_error())),
    ];
    let result = TaskResult::BulkCompleted(Ok(rows));
    update(&mut model, Msg::Done(task, result));
    let text = screen_text(&mut model, (80, 24));
    assert!(
        text.contains("✓ nightly build") && text.contains("✗ laptop:"),
        "{text}"
    );
    assert!(model.tokens.find(&fixture::id("1")).is_none());
    assert!(model.tokens.marked.contains(&fixture::id("2")));
}

#[test]
fn form_checks_the_limits_of_the_service_before_a_request() {
    let mut model = fixture::create_form("brainpercent");
    let effects = press(&mut model, KeyCode::Enter);
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("the form is closed: {effects:?}")
    };
    assert!(form.error.is_some() || form.focus > 0);
    assert!(effects.is_empty());
}

#[test]
fn click_selects_a_row_and_a_second_click_opens_it_and_keys_and_tabs_are_clickable() {
    let mut model = fixture::with_tokens();
    let screen = lines(&draw(&mut model, (80, 24)));
    let click = |model: &mut Model, text: &str| -> Vec<Effect> {
        let row = screen.iter().position(|line| line.contains(text)).unwrap();
        let column = screen[row].find(text).unwrap();
        let event = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: u16::try_from(column).unwrap(),
            row: u16::try_from(row).unwrap(),
            modifiers: KeyModifiers::NONE,
        };
        update(model, Msg::Input(Input::Mouse(event)))
    };
    click(&mut model, "phone");
    assert_eq!(selected_name(&model), Some("phone"));
    click(&mut model, "phone");
    assert_eq!(InputContext::current(&model), InputContext::Details);
    model.dialogs.clear();
    click(&mut model, "n new");
    assert_eq!(InputContext::current(&model), InputContext::Form);
    model.dialogs.clear();
    click(&mut model, "Sessions");
    assert_eq!(model.screen, Screen::Sessions);
}
