//! Every screen and state, as it looks in three sizes.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use super::fixture;
use crate::actions::CredentialState;
use crate::tui::model::{Dialog, Form, Loading, LoginStep, Model, Notice, TextInput};
use crate::tui::view;

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
    ("tokens_server_gone", || {
        let mut model = fixture::loading();
        model.tokens.loading = Loading::Failed;
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
    ("create_refused", || {
        let mut model = fixture::create_form("neuroio");
        if let Some(Dialog::Form(form)) = model.dialogs.last_mut() {
            form.error = Some("NeuroIO tokens have names of at most 100 characters".to_owned());
        }
        model
    }),
    ("made", || {
        fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()))
    }),
    ("made_revealed", || {
        let made = fixture::new_secret();
        fixture::with_dialog(Dialog::NewSecret(crate::tui::model::NewSecret {
            is_revealed: true,
            ..made
        }))
    }),
    ("save", || {
        fixture::with_dialog(Dialog::Form(Form::save_secret(fixture::new_secret())))
    }),
    ("rotate", || {
        let form = Form::rotate_token(fixture::id("2"), "laptop", Some("BRAINMAPS_API_KEY"), None);
        fixture::with_dialog(Dialog::Form(form))
    }),
    ("confirm", || {
        fixture::with_dialog(Dialog::Confirm(fixture::confirm()))
    }),
    ("underway", || {
        fixture::with_dialog(Dialog::InProgress(fixture::in_progress()))
    }),
    ("outcomes", || {
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
    ("login_ways", || {
        fixture::on_login(LoginStep::ChooseMethod(fixture::login_methods()))
    }),
    ("login_ways_after_trouble", || {
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
        form.fields[0].value =
            crate::tui::model::FieldValue::Text(TextInput::from_text("demo@brainmaps.test"));
        form.fields[1].value =
            crate::tui::model::FieldValue::Hidden(TextInput::from_text("hunter2"));
        form.focus = 1;
        fixture::on_login(LoginStep::Form(form))
    }),
    ("login_waiting", || fixture::on_login(LoginStep::Waiting(7))),
    ("login_code", || fixture::on_login(fixture::device())),
];

/// The picture of `model`.
pub(super) fn drawn(model: &mut Model, size: (u16, u16)) -> Buffer {
    model.size = size;
    let rows = crate::tui::layout::token_row_count(model);
    model.tokens.scroll_to_cursor(rows);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::draw(frame, model)).unwrap();
    terminal.backend().buffer().clone()
}

/// Its lines.
pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width);
    rows.map(|row| {
        let mut text = String::new();
        let mut covered = 0;
        for cell in row {
            if covered == 0 {
                text.push_str(cell.symbol());
                covered = cell.symbol().width().max(1);
            }
            // A wide character covers the cell after it.
            covered -= 1;
        }
        text.trim_end().to_owned()
    })
    .collect()
}

#[test]
fn every_screen_looks_as_it_was_reviewed_in_three_sizes() {
    for (name, make) in STATES {
        let pictures = SIZES.map(|size| {
            let lines = lines(&drawn(&mut make(), size));
            format!(
                "{} x {}
|{}
",
                size.0,
                size.1,
                lines.join(
                    "
|"
                )
            )
        });
        insta::assert_snapshot!(*name, pictures.join("\n"));
    }
}

#[test]
fn nothing_breaks_in_any_size() {
    for (_, make) in STATES {
        for width in [0, 39, 41, 110] {
            for height in [1, 13, 19] {
                drawn(&mut make(), (width, height));
            }
        }
    }
}

#[test]
fn where_the_locale_is_ascii_everything_is() {
    for (name, make) in STATES {
        let mut model = make();
        model.stream_style.utf8 = false;
        for size in SIZES {
            let lines = lines(&drawn(&mut model, size));
            let strange = lines.iter().find(|line| !line.is_ascii());
            assert_eq!(strange, None, "{name}");
        }
    }
}

#[test]
fn without_colour_there_is_none_and_what_has_the_keys_still_shows() {
    for (_, make) in STATES {
        let mut model = make();
        model.stream_style.colour = false;
        let buffer = drawn(&mut model, (80, 24));
        let reset =
            |cell: &ratatui::buffer::Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(buffer.content.iter().all(reset));
        let marked = buffer
            .content
            .iter()
            .any(|it| it.modifier.contains(Modifier::REVERSED));
        assert!(marked);
    }
}

#[test]
fn a_hidden_secret_is_nowhere_in_the_picture_and_a_revealed_one_is_and_goes_again() {
    let shows = |model: &mut Model| {
        let lines = lines(&drawn(model, (80, 24))).join("\n");
        lines.contains(fixture::SECRET)
    };
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    assert!(!shows(&mut model));
    if let Some(Dialog::NewSecret(made)) = model.dialogs.last_mut() {
        made.is_revealed = true;
    }
    assert!(shows(&mut model));
    model.dialogs.clear();
    assert!(!shows(&mut model));
    assert!(!format!("{:?}", fixture::new_secret()).contains(fixture::SECRET));
}

#[test]
fn a_token_that_ends_soon_is_marked_by_more_than_colour_and_no_name_can_draw() {
    let lines = lines(&drawn(&mut fixture::with_tokens(), (80, 24))).join("\n");
    assert!(lines.contains("! expires soon"), "{lines}");
    assert!(!lines.contains('\u{1b}'));
}
