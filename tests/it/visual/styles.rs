//! What terminals can show: colours or none, Unicode or ASCII alone.

use super::{Fixture, terminal::Left};

/// The numbers of every colour that was set (ECMA-48, SGR); those that take a colour back are none.
fn colours(left: &Left) -> Vec<u16> {
    let pieces = left.written.split("\u{1b}[").skip(1);
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

/// The tokens and the sessions, seen and left.
fn tour(fixture: &Fixture) -> Left {
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
fn no_color_takes_the_colours_and_leaves_the_words() {
    let mut fixture = Fixture::signed_in(&[]);
    fixture.make_token("nightly");
    assert_ne!(colours(&tour(&fixture)), [0; 0]);
    fixture.home.set("NO_COLOR", "1");
    assert_eq!(colours(&tour(&fixture)), [0; 0]);
}

#[test]
fn where_the_locale_is_not_utf_8_nothing_but_ascii_is_written() {
    let mut fixture = Fixture::signed_in(&[]);
    fixture.make_token("Zürich");
    fixture.home.set("LANG", "C");
    let mut visual = fixture.visual(&[]);
    visual.wait_for("Z?rich");
    visual.keys("?");
    visual.wait_for("+ Keys -");
    visual.keys("?");
    visual.wait_until_gone("+ Keys -");
    let left = visual.quit();
    let foreign: String = left.written.chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(foreign, "");
    assert!(!left.written.contains('\u{fffd}'));
}
