//! What `provider check` reads, and what it prints besides errors.

use std::fs;

use rustix::fs::{CWD, FileType, Mode, OFlags};
use rustix::process::Signal;
use serde_json::json;

use super::description;
use crate::support::process::wait_until;
use crate::support::test_home::TestHome;

#[test]
fn offers_and_gaps_are_listed_with_the_member_to_add() {
    let home = TestHome::new();
    let text = description("https://maps.example");
    let text = text.replace("[whoami]\ncall = \"GET /me\"\naccount = \"/login\"\n", "");
    fs::write(home.work().join("maps.toml"), text).unwrap();
    let checked = home.run(&["provider", "check", "maps.toml"]).expect(0);
    for line in [
        "offers login --with-token, token create, token list, token get, token revoke\n",
        "lacks whoami, for whoami, status --check, token rotate\n",
        "lacks tokens.update, for token update\n",
    ] {
        assert!(checked.stdout.contains(line), "{line}: {checked}");
    }
    let document = home.run(&["provider", "check", "maps.toml", "--json"]);
    let document = document.expect(0).json();
    assert_eq!(
        document["lacks"][0]["member"],
        json!("whoami"),
        "{document}"
    );
}

#[test]
fn errors_and_summary_are_on_stdout() {
    let home = TestHome::new();
    fs::write(
        home.work().join("maps.toml"),
        "id = \"maps\"\nnmae = \"x\"\n",
    )
    .unwrap();
    let checked = home.run(&["provider", "check", "maps.toml"]).expect(2);
    for part in [
        "maps.toml:2:1: nmae: unknown member",
        "missing field `headers`",
        "✗ maps.toml has 2 errors\n",
    ] {
        assert!(checked.stdout.contains(part), "{part}: {checked}");
    }
    assert!(!checked.stderr.contains("error"), "{checked}");
    assert!(checked.stderr.contains("provider explain"), "{checked}");
    // A syntax error concerns no member.
    let input = ["provider", "check", "-"];
    let checked = home.run_with_input(&input, "id = \n").expect(2);
    assert!(!checked.stderr.contains("provider explain"), "{checked}");
}

#[test]
fn a_draft_may_have_any_name_and_an_added_file_may_not() {
    let home = TestHome::new();
    let text = description("https://maps.example");
    fs::write(home.work().join("draft.toml"), &text).unwrap();
    let checked = home.run(&["provider", "check", "draft.toml"]).expect(0);
    assert!(
        checked.stderr.contains("stores it as maps.toml"),
        "{checked}"
    );
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("other.toml");
    fs::write(&file, &text).unwrap();
    let checked = home
        .run(&["provider", "check", file.to_str().unwrap()])
        .expect(2);
    assert!(
        checked.stdout.contains("rename the file to maps.toml"),
        "{checked}"
    );
}

#[test]
fn ids_and_stdin_are_checked() {
    let home = TestHome::new();
    let text = description("https://maps.example");
    home.run_with_input(&["provider", "check", "-"], &text)
        .expect(0);
    let wrong = text.replace("https:", "ftp:");
    let wrong = home
        .run_with_input(&["provider", "check", "-"], &wrong)
        .expect(2);
    assert!(wrong.stdout.starts_with("-:3:11: api_url: "), "{wrong}");
    home.run(&["provider", "check", "brainmaps"]).expect(0);
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("maps.toml"), &text).unwrap();
    let own = home.run(&["provider", "check", "maps"]).expect(0);
    let shown = folder.join("maps.toml");
    assert!(own.stdout.contains(shown.to_str().unwrap()), "{own}");
    let unknown = home.run(&["provider", "check", "mapz"]).expect(2);
    assert!(unknown.stderr.contains("did you mean `maps`?"), "{unknown}");
}

#[test]
fn pipe_without_a_writer_is_interrupted_by_a_signal() {
    let home = TestHome::new();
    let pipe = home.work().join("maps.toml");
    let mode = Mode::RUSR | Mode::WUSR;
    rustix::fs::mknodat(CWD, &pipe, FileType::Fifo, mode, 0).unwrap();
    let check = home.start(&["provider", "check", "maps.toml"]);
    let mut writer = None;
    wait_until("the program opens the pipe", || {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK;
        writer = rustix::fs::openat(CWD, &pipe, flags, Mode::empty()).ok();
        writer.is_some()
    });
    check.running.signal(Signal::TERM);
    check.wait().expect(130);
    drop(writer);
}
