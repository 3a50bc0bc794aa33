//! Damaged, oversized and open journals of rotations.

use std::fs;

use crate::{
    contract::text,
    crash_recovery::Fixture,
    support::{sandbox::write_private, test_home::CommandResult},
};

fn with_key() -> (Fixture, String) {
    let fixture = Fixture::signed_in_by_password();
    let create = ["token", "create", "ci", "--json"];
    let made = fixture.home.run(&create).expect(0).json();
    let line = format!("BRAINMAPS_API_KEY={}\n", text(&made, "secret"));
    write_private(&fixture.home.work().join("app.env"), &line);
    let id = text(&made, "id").to_owned();
    (fixture, id)
}

fn rotate(fixture: &Fixture, id: &str) -> CommandResult {
    let rotate = ["token", "rotate", id, "--env-file", "app.env", "--json"];
    fixture.home.run(&rotate)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_damaged_or_oversized_journal_is_quarantined_and_the_rotation_continues() {
    for content in ["", "{", "{\"old\": 7}", &" ".repeat(2 * 1024 * 1024)] {
        let (fixture, id) = with_key();
        let folder = fixture.home.data().join("rotations");
        fs::create_dir_all(&folder).unwrap();
        let journal = folder.join("brainmaps.json");
        write_private(&journal, content);
        for command in [&["doctor", "--offline"][..], &["status"]] {
            let printed = fixture.home.run(command);
            let printed = printed.stdout.clone() + &printed.stderr;
            assert!(printed.contains("journal"), "{command:?}: {printed}");
        }
        let rotated = rotate(&fixture, &id).expect(0);
        assert!(rotated.stderr.contains("corrupt-1"), "{rotated}");
        assert!(!journal.exists());
        assert!(folder.join("brainmaps.json.corrupt-1").exists());
    }
}
