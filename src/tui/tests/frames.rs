//! Every screen and dialog, as it is drawn in three sizes.

use ratatui::style::{Color, Modifier};

use super::driver::{draw, lines, screen_text};
use super::fixture;
use crate::actions::{Audit, CredentialState};
use crate::tui::model::{
    Dialog, FieldValue, Form, Loading, LoginStep, Model, NewSecret, Notice, Screen, TextInput,
};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

type Make = fn() -> Model;

const STATES: &[(&str, Make)] = &[
    ("starting", fixture::starting),
    ("tokens_loading", fixture::loading),
    ("tokens", fixture::with_tokens),
    ("tokens_marked_and_filtered", || {
        let mut model = fixture::with_tokens();
        model.tokens.marked.insert(fixture::id("3"));
        model.tokens.is_filtering = true;
        model.tokens.filter = TextInput::from_text("o");
        model.tokens.apply_filter_and_order();
        model
    }),
    ("tokens_none", || {
        let mut model = fixture::loading();
        model.tokens.finish_loading(false);
        model
    }),
    ("tokens_no_match", || {
        let mut model = fixture::with_tokens();
        model.tokens.filter = TextInput::from_text("zebra");
        model.tokens.apply_filter_and_order();
        model
    }),
    ("tokens_server_unreachable", || {
        let mut model = fixture::loading();
        model.tokens.loading = Loading::Failed;
        model.notice = Some(Notice::Error(fixture::connection_error()));
        model
    }),
    ("findings", fixture::on_findings),
    ("findings_loading", || {
        let mut model = fixture::with_tokens();
        model.screen = Screen::Findings;
        model.findings.loading = Loading::InProgress(4);
        model
    }),
    ("findings_none", || {
        let mut model = fixture::with_tokens();
        model.screen = Screen::Findings;
        model.findings.replace(Audit {
            checked: 6,
            ..Audit::default()
        });
        model
    }),
    ("findings_server_unreachable", || {
        let mut model = fixture::with_tokens();
        model.screen = Screen::Findings;
        model.findings.loading = Loading::Failed;
        model.notice = Some(Notice::Error(fixture::connection_error()));
        model
    }),
    ("timeline", || {
        let mut model = fixture::with_tokens();
        model.tokens.is_timeline = true;
        model
    }),
    ("details", || {
        fixture::with_dialog(Dialog::Details(fixture::id("1"), 0))
    }),
    ("create_brainmaps", || fixture::create_form("brainmaps")),
    ("create_neuroio", || fixture::create_form("neuroio")),
    ("create_basira", || fixture::create_form("basira")),
    ("create_error", || {
        let mut model = fixture::create_form("neuroio");
        if let Some(Dialog::Form(form)) = model.dialogs.last_mut() {
            form.error = Some("NeuroIO tokens have names of at most 100 characters".to_owned());
        }
        model
    }),
    ("new_secret", || {
        fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()))
    }),
    ("new_secret_revealed", || {
        fixture::with_dialog(Dialog::NewSecret(NewSecret {
            is_revealed: true,
            ..fixture::new_secret()
        }))
    }),
    ("save", || {
        fixture::with_dialog(Dialog::Form(Form::save_secret(fixture::new_secret())))
    }),
    ("rotate", || {
        let form = Form::rotate_token(
            fixture::id("2"),
            "laptop",
            Some("BRAINMAPS_API_KEY"),
            None,
            &[],
        );
        fixture::with_dialog(Dialog::Form(form))
    }),
    ("confirm", || {
        fixture::with_dialog(Dialog::Confirm(fixture::confirm()))
    }),
    ("in_progress", || {
        fixture::with_dialog(Dialog::InProgress(fixture::in_progress()))
    }),
    ("bulk_results", || {
        fixture::with_dialog(Dialog::BulkResults(fixture::bulk_results()))
    }),
    ("help", || fixture::with_dialog(Dialog::Help(0))),
    ("sessions", || {
        let mut model = fixture::on_sessions();
        model.sessions_cursor = 0;
        model
    }),
    ("login_profiles", || {
        fixture::on_login(LoginStep::ChooseProfile)
    }),
    ("login_methods", || {
        fixture::on_login(LoginStep::ChooseMethod(fixture::login_methods()))
    }),
    ("login_methods_after_error", || {
        let mut model = fixture::on_login(LoginStep::ChooseMethod(fixture::login_methods()));
        model.login.error = Some(fixture::connection_error());
        model.profile_state = Some(fixture::profile_state(
            "brainmaps",
            CredentialState::Rejected,
        ));
        model
    }),
    ("login_password", || {
        let mut form = Form::password_login("BrainMaps", "e-mail");
        form.fields[0].value = FieldValue::Text(TextInput::from_text("demo@brainmaps.test"));
        form.fields[1].value = FieldValue::Hidden(TextInput::from_text("hunter2"));
        form.focus = 1;
        fixture::on_login(LoginStep::Form(form))
    }),
    ("login_waiting", || fixture::on_login(LoginStep::Waiting(7))),
    ("login_code", || fixture::on_login(fixture::device())),
];

#[test]
fn screens_match_their_snapshots_in_three_sizes() {
    for (name, make) in STATES {
        let frames = SIZES.map(|(columns, rows)| {
            let lines = lines(&draw(&mut make(), (columns, rows)));
            format!("{columns} x {rows}\n|{}\n", lines.join("\n|"))
        });
        insta::assert_snapshot!(*name, frames.join("\n"));
    }
}

#[test]
fn drawing_works_in_any_size() {
    for (_, make) in STATES {
        for width in [0, 39, 41, 110] {
            for height in [1, 13, 19] {
                draw(&mut make(), (width, height));
            }
        }
    }
}

#[test]
fn narrow_screens_keep_the_expiry_and_the_most_important_keys() {
    let mut model = fixture::with_tokens();
    let screen = lines(&draw(&mut model, (40, 12)));
    assert!(screen[1].ends_with("expires in 42:00"), "{}", screen[1]);
    let keys = screen[10..].join("  ");
    for key in [
        "n new", "o rotate", "x revoke", "/ filter", "? help", "q quit",
    ] {
        assert!(keys.contains(key), "{key} in {keys}");
    }
    let state = model.profile_state.as_mut().unwrap();
    state.status.source = Some("environment variable BRAINMAPS_API_KEY".to_owned());
    let screen = lines(&draw(&mut model, (80, 24)));
    assert!(
        screen[1].ends_with("expires in 42:00, auto-refresh"),
        "{}",
        screen[1]
    );
    assert!(screen[1].contains("environment"), "{}", screen[1]);
}

#[test]
fn ascii_locales_get_only_ascii() {
    for (name, make) in STATES {
        let mut model = make();
        model.stream_style.utf8 = false;
        for size in SIZES {
            let lines = lines(&draw(&mut model, size));
            let non_ascii = lines.iter().find(|line| !line.is_ascii());
            assert_eq!(non_ascii, None, "{name}");
        }
    }
}

#[test]
fn without_colours_the_selection_is_still_visible() {
    for (_, make) in STATES {
        let mut model = make();
        model.stream_style.colour = false;
        let buffer = draw(&mut model, (80, 24));
        let is_reset =
            |cell: &ratatui::buffer::Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(buffer.content.iter().all(is_reset));
        let is_inverted = |cell: &ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
        assert!(buffer.content.iter().any(is_inverted));
    }
}

#[test]
fn secret_is_on_the_screen_only_while_it_is_revealed() {
    let shows = |model: &mut Model| screen_text(model, (80, 24)).contains(fixture::SECRET);
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    assert!(!shows(&mut model));
    if let Some(Dialog::NewSecret(new_secret)) = model.dialogs.last_mut() {
        new_secret.is_revealed = true;
    }
    assert!(shows(&mut model));
    model.dialogs.clear();
    assert!(!shows(&mut model));
    assert!(!format!("{:?}", fixture::new_secret()).contains(fixture::SECRET));
}

#[test]
fn expiring_token_has_a_sign_and_names_cannot_send_escape_sequences() {
    let text = screen_text(&mut fixture::with_tokens(), (80, 24));
    assert!(text.contains("! expires soon"), "{text}");
    assert!(!text.contains('\u{1b}'));
}
