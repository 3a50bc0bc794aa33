//! Terminal capabilities: colours or none, Unicode or ASCII.

use super::{Fixture, terminal::ExitedProgram};

/// The numbers of all colours that were set (ECMA-48, SGR), without resets.
fn colours(exited: &ExitedProgram) -> Vec<u16> {
    let pieces = exited.written.split("\u{1b}[").skip(1);
    let styles = pieces.filter_map(|piece| {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        piece[end..].starts_with('m').then_some(&piece[..end])
    });
    let numbers = styles.flat_map(|style| style.split(';'));
    let numbers = numbers.filter_map(|number| number.parse().ok());
    numbers
        .filter(|it| matches!(it, 30..=38 | 40..=48 | 90..=107))
        .collect()
}

/// Visits the tokens and the sessions, and quits.
fn tour(fixture: &Fixture) -> ExitedProgram {
    let mut visual = fixture.visual(&[]);
    visual.wait_for("1 of 1");
    visual.keys("2");
    visual.wait_for("API URL");
    visual.keys("x");
    visual.wait_for("Sign out of profile");
    visual.keys("n");
    visual.wait_until_gone("Sign out of profile");
    visual.quit()
}

#[test]
fn no_color_disables_colours() {
    let mut fixture = Fixture::signed_in(&[]);
    fixture.create_token("nightly");
    assert_ne!(colours(&tour(&fixture)), [0; 0]);
    fixture.home.set("NO_COLOR", "1");
    assert_eq!(colours(&tour(&fixture)), [0; 0]);
}

#[test]
fn output_is_ascii_in_a_locale_without_utf8() {
    let mut fixture = Fixture::signed_in(&[]);
    fixture.create_token("Zürich");
    fixture.home.set("LANG", "C");
    let mut visual = fixture.visual(&[]);
    visual.wait_for("Z?rich");
    visual.keys("?");
    visual.wait_for("+ Keys -");
    visual.keys("?");
    visual.wait_until_gone("+ Keys -");
    let exited = visual.quit();
    let foreign: String = exited.written.chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(foreign, "");
    assert!(!exited.written.contains('\u{fffd}'));
}
