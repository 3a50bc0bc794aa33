//! Every screen and state, as it looks in three sizes.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use super::stage;
use crate::actions::State;
use crate::tui::model::{Dialog, Form, Input, Loading, Model, Notice, Step};
use crate::tui::view;

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

type Make = fn() -> Model;

const STATES: &[(&str, Make)] = &[
    ("starting", stage::starting),
    ("tokens_loading", stage::loading),
    ("tokens", stage::with_tokens),
    ("tokens_marked_and_filtered", || {
        let mut model = stage::with_tokens();
        model.tokens.marked.insert(stage::id("3"));
        model.tokens.is_filtering = true;
        model.tokens.filter = Input::of("o");
        model.tokens.refresh();
        model
    }),
    ("tokens_none", || {
        let mut model = stage::loading();
        model.tokens.finish(false);
        model
    }),
    ("tokens_no_match", || {
        let mut model = stage::with_tokens();
        model.tokens.filter = Input::of("zebra");
        model.tokens.refresh();
        model
    }),
    ("tokens_server_gone", || {
        let mut model = stage::loading();
        model.tokens.loading = Loading::Failed;
        model.notice = Some(Notice::Trouble(stage::told()));
        model
    }),
    ("timeline", || {
        let mut model = stage::with_tokens();
        model.tokens.is_timeline = true;
        model
    }),
    ("details", || {
        stage::under(Dialog::Details(stage::id("1"), 0))
    }),
    ("create_brainmaps", || stage::create_form("brainmaps")),
    ("create_neuroio", || stage::create_form("neuroio")),
    ("create_basira", || stage::create_form("basira")),
    ("create_refused", || {
        let mut model = stage::create_form("neuroio");
        if let Some(Dialog::Form(form)) = model.dialogs.last_mut() {
            form.wrong = Some("NeuroIO tokens have names of at most 100 characters".to_owned());
        }
        model
    }),
    ("made", || stage::under(Dialog::Made(stage::made()))),
    ("made_revealed", || {
        let made = stage::made();
        stage::under(Dialog::Made(crate::tui::model::Made {
            is_revealed: true,
            ..made
        }))
    }),
    ("save", || {
        stage::under(Dialog::Form(Form::save(stage::made())))
    }),
    ("rotate", || {
        let form = Form::rotate(stage::id("2"), "laptop", Some("BRAINMAPS_API_KEY"), None);
        stage::under(Dialog::Form(form))
    }),
    ("confirm", || {
        stage::under(Dialog::Confirm(stage::confirm()))
    }),
    ("underway", || {
        stage::under(Dialog::Underway(stage::underway()))
    }),
    ("outcomes", || {
        stage::under(Dialog::Outcomes(stage::outcomes()))
    }),
    ("help", || stage::under(Dialog::Help(0))),
    ("sessions", || {
        let mut model = stage::on_sessions();
        model.sessions_cursor = 0;
        model
    }),
    ("login_profiles", || stage::on_login(Step::Profiles)),
    ("login_ways", || stage::on_login(Step::Ways(stage::ways()))),
    ("login_ways_after_trouble", || {
        let mut model = stage::on_login(Step::Ways(stage::ways()));
        model.login.trouble = Some(stage::told());
        model.standing = Some(stage::standing("brainmaps", State::Rejected));
        model
    }),
    ("login_password", || {
        let mut form = Form::password("BrainMaps", "e-mail");
        form.fields[0].answer = crate::tui::model::Answer::Text(Input::of("demo@brainmaps.test"));
        form.fields[1].answer = crate::tui::model::Answer::Hidden(Input::of("hunter2"));
        form.focus = 1;
        stage::on_login(Step::Form(form))
    }),
    ("login_waiting", || stage::on_login(Step::Waiting(7))),
    ("login_code", || stage::on_login(stage::device())),
];

/// The picture of `model`.
pub(super) fn drawn(model: &mut Model, size: (u16, u16)) -> Buffer {
    model.size = size;
    let rows = crate::tui::layout::table_rows(model);
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
        model.look.utf8 = false;
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
        model.look.colour = false;
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
        lines.contains(stage::SECRET)
    };
    let mut model = stage::under(Dialog::Made(stage::made()));
    assert!(!shows(&mut model));
    if let Some(Dialog::Made(made)) = model.dialogs.last_mut() {
        made.is_revealed = true;
    }
    assert!(shows(&mut model));
    model.dialogs.clear();
    assert!(!shows(&mut model));
    assert!(!format!("{:?}", stage::made()).contains(stage::SECRET));
}

#[test]
fn a_token_that_ends_soon_is_marked_by_more_than_colour_and_no_name_can_draw() {
    let lines = lines(&drawn(&mut stage::with_tokens(), (80, 24))).join("\n");
    assert!(lines.contains("! expires soon"), "{lines}");
    assert!(!lines.contains('\u{1b}'));
}
