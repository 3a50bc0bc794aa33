//! The audit screen: the commands that it shows, and small terminals.

use super::driver::screen_text;
use super::fixture;
use crate::actions::Event;
use crate::domain::{Hint, RepeatedOptions, Warning};
use crate::tui::model::LoginStep;
use crate::tui::msg::{ErrorView, Msg, TaskResult};
use crate::tui::update::update;

#[test]
fn commands_repeat_the_options_and_name_another_profile() {
    let mut model = fixture::on_findings();
    model.repeated_options = RepeatedOptions {
        sandbox: true,
        ..RepeatedOptions::default()
    };
    let shown = screen_text(&mut model, (80, 24));
    assert!(
        shown.contains("fix: brainmaps --sandbox token rotate 1"),
        "{shown}"
    );
    let warning = Warning::with_hint("old", Hint::run("token list"));
    update(&mut model, Msg::Progress(0, Event::Warning(warning)));
    let shown = screen_text(&mut model, (80, 24));
    assert!(
        shown.contains("`brainmaps --sandbox token list`"),
        "{shown}"
    );
    model.profile = "work".parse().unwrap();
    let shown = screen_text(&mut model, (80, 24));
    assert!(
        shown.contains("fix: brainmaps --sandbox --profile work token rotate 1"),
        "{shown}"
    );
}

#[test]
fn hints_of_errors_name_the_profile_on_the_screen() {
    let mut model = fixture::with_tokens();
    model.repeated_options = RepeatedOptions {
        profile: Some(model.profile.clone()),
        api_url: Some("https://start.example".parse().unwrap()),
        ..RepeatedOptions::default()
    };
    model.profile = "work".parse().unwrap();
    let error = || ErrorView::new("no answer", vec![Hint::run("doctor")]);
    update(&mut model, Msg::Done(9, TaskResult::Rotated(Err(error()))));
    let shown = screen_text(&mut model, (80, 24));
    assert!(
        shown.contains("`brainmaps --profile work doctor`"),
        "{shown}"
    );
    // A login can be for another profile than the one on the screen.
    let mut model = fixture::on_login(LoginStep::Waiting(7));
    model.login.profile = Some("other".parse().unwrap());
    update(&mut model, Msg::Done(7, TaskResult::SignedIn(Err(error()))));
    let shown = screen_text(&mut model, (80, 24));
    assert!(
        shown.contains("`brainmaps --profile other doctor`"),
        "{shown}"
    );
}

#[test]
fn smallest_terminal_shows_the_whole_finding_and_its_fix() {
    let mut model = fixture::on_findings();
    let message = "has rights that it did not use: permission write, scope social; \
        it needs permissions read, scopes articles";
    let finding = &mut model.findings.audit.findings[2];
    message.clone_into(&mut finding.message);
    finding.fix = Some("token rotate b2744c85-0a5f-4f0e-9d5c-9d3f6a1c7e21 --narrow".to_owned());
    model.findings.cursor = 2;
    let shown = screen_text(&mut model, (40, 12));
    let words: Vec<&str> = shown.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains(message), "{shown}");
    assert!(text.contains("9d3f6a1c7e21 --narrow"), "{shown}");
    assert!(text.contains("near-limit"), "{shown}");
}
