//! The questions on a terminal.

use super::proof::{Deviation, Maps};
use crate::terminal::on_a_terminal;

#[test]
fn new_rights_are_shown_and_used_only_on_yes() {
    let maps = Maps::start(Deviation::None);
    #[rustfmt::skip]
    let rotate = ["--profile", "maps", "token", "rotate", "old", "--narrow", "--observed", "0d"];
    let refused = on_a_terminal(&maps.home, &rotate, "\r").wait().expect(3);
    assert!(
        refused
            .stdout
            .contains("scopes: maps:read maps:write -> maps:read"),
        "{refused}"
    );
    assert!(refused.stdout.contains("nothing was changed"), "{refused}");
    assert_eq!(maps.ids(), ["old"]);
    on_a_terminal(&maps.home, &rotate, "y\r").wait().expect(0);
    assert_eq!(maps.ids(), ["new"]);
}

#[test]
fn fix_of_an_audit_rotates_the_stored_key_to_fewer_rights() {
    let maps = Maps::start(Deviation::None);
    #[rustfmt::skip]
    let audit = ["--profile", "maps", "token", "audit", "--observed", "0d", "--fix"];
    let fixed = on_a_terminal(&maps.home, &audit, "y\r").wait().expect(0);
    assert!(
        fixed.stdout.contains("Narrow ci (old) of profile `maps`"),
        "{fixed}"
    );
    assert_eq!(maps.ids(), ["new"]);
    maps.home
        .run(&["--profile", "maps", "api", "/maps"])
        .expect(0);
}
