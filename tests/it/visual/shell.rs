//! The terminal: restored at every exit, resized, with a mouse, or missing.

use std::process::Command;

use rustix::process::Signal;

use super::{
    Fixture,
    terminal::{CTRL_C, CTRL_L, CTRL_Z, ENTER, ESCAPE, Terminal},
};
use crate::support::test_home::TestHome;

const NO_TOKENS: &str = "No tokens. Press n to create one.";

#[test]
fn ctrl_c_exits_with_130_and_restores_the_terminal() {
    let fixture = Fixture::signed_in(&[]);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(NO_TOKENS);
    visual.keys("n");
    visual.wait_for("New BrainMaps token");
    visual.keys(CTRL_C);
    let exited = visual.wait_for_exit();
    assert_eq!((exited.code, exited.printed.as_str()), (Some(130), ""));
}

#[test]
fn a_signal_exits_with_130_and_restores_the_terminal() {
    let fixture = Fixture::signed_in(&[]);
    for signal in [
        Signal::TERM,
        Signal::HUP,
        Signal::INT,
        Signal::QUIT,
        Signal::USR1,
    ] {
        let mut visual = fixture.visual(&[]);
        visual.wait_for(NO_TOKENS);
        visual.signal(signal);
        let exited = visual.wait_for_exit();
        let printed = (exited.code, exited.printed.as_str());
        assert_eq!(printed, (Some(130), ""), "{signal:?}");
    }
}

#[test]
fn ctrl_z_returns_to_the_shell_and_fg_to_the_screen() {
    let fixture = Fixture::signed_in(&[]);
    let program = fixture.home.command(&["--visual"]);
    let script = r#""$0" --visual; echo the shell; read go; fg; echo status $?"#;
    let mut shell = Command::new("/bin/sh");
    shell.arg("-mc").arg(script).arg(program.get_program());
    shell.env_clear().current_dir(fixture.home.work());
    let variables = program.get_envs();
    shell.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    let mut visual = Terminal::start(&fixture.home, &shell, super::SIZE);
    visual.wait_for(NO_TOKENS);
    visual.keys(CTRL_Z);
    let screen = visual.wait_for("the shell");
    assert!(!screen.contains(NO_TOKENS), "{screen}");
    visual.expect_restored();
    visual.keys("typed in the shell");
    visual.wait_for("typed in the shell");
    visual.keys(ENTER);
    let screen = visual.wait_for(NO_TOKENS);
    assert!(!screen.contains("the shell"), "{screen}");
    visual.keys("q");
    visual.wait_for("status 0");
    let exited = visual.wait_for_exit();
    assert!(!exited.printed.contains(NO_TOKENS), "{}", exited.printed);
}

#[test]
fn ctrl_z_suspends_a_prompt_and_fg_continues_it() {
    let home = TestHome::new();
    let program = home.command(&[]);
    let script =
        r#""$0" login --with-token --no-verify; echo the shell; read go; fg; echo status $?"#;
    let mut shell = Command::new("/bin/sh");
    shell.arg("-mc").arg(script).arg(program.get_program());
    shell.env_clear().current_dir(home.work());
    let variables = program.get_envs();
    shell.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    let mut terminal = Terminal::start(&home, &shell, super::SIZE);
    terminal.wait_for("API key:");
    terminal.keys("key-c4n4ry");
    terminal.keys(CTRL_Z);
    terminal.wait_for("the shell");
    terminal.keys("typed in the shell");
    terminal.wait_for("typed in the shell");
    terminal.keys(ENTER);
    terminal.wait("a second prompt", |screen| {
        screen.matches("API key:").count() == 2
    });
    terminal.keys("-of-a-test\r");
    terminal.wait_for("status 0");
    terminal.wait_for_exit();
    let stored = home.run(&["credential", "print"]).expect(0);
    assert_eq!(stored.stdout, "key-c4n4ry-of-a-test\n");
}

#[test]
fn the_screen_follows_the_window_size_down_to_40_by_12() {
    let fixture = Fixture::signed_in(&[]);
    fixture.create_token("nightly");
    let mut visual = fixture.visual(&[]);
    visual.wait_for("1 of 1");
    visual.resize((40, 12));
    let screen = visual.wait("picture of 12 lines", |screen| {
        screen.lines().count() <= 12 && screen.contains("q quit") && screen.contains("nightly")
    });
    assert!(screen.contains("? help"), "{screen}");
    visual.resize((39, 11));
    visual.wait_for("The terminal is too small");
    visual.resize((120, 40));
    let screen = visual.wait_for("Tokens by expiry");
    assert!(screen.contains("nightly"), "{screen}");
    visual.quit();
}

#[test]
fn mouse_clicks_select_and_the_wheel_scrolls() {
    let fixture = Fixture::signed_in(&[]);
    for name in ["first", "second", "third"] {
        fixture.create_token(name);
    }
    let mut visual = fixture.visual(&[]);
    visual.wait_for("1 of 3");
    visual.wheel_down();
    visual.wait_for("2 of 3");
    visual.click("third");
    let row = visual.wait(" third row", |screen| {
        ["1 of 3", "3 of 3"].iter().any(|row| screen.contains(row))
    });
    assert!(row.contains("third"));
    visual.click("third");
    visual.wait_for("Esc close");
    visual.click("Esc close");
    visual.wait_until_gone("Esc close");
    visual.click("Sessions");
    visual.wait_for("PROFILE");
    visual.click("Tokens");
    visual.wait_for("of 3");
    visual.click("n new");
    visual.wait_for("New BrainMaps token");
    visual.keys(ESCAPE);
    visual.wait_until_gone("New BrainMaps token");
    visual.click("q quit");
    let exited = visual.wait_for_exit();
    assert_eq!((exited.code, exited.printed.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_l_removes_output_of_other_programs() {
    let fixture = Fixture::signed_in(&[]);
    let mut visual = fixture.visual(&[]);
    visual.wait_for(NO_TOKENS);
    visual.write_as_another_program("\x1b[5;5Hmail for you");
    visual.wait_for("mail for you");
    visual.keys(CTRL_L);
    visual.wait_until_gone("mail for you");
    visual.wait_for(NO_TOKENS);
    visual.quit();
}

#[test]
fn without_a_terminal_it_exits_with_2_and_a_hint() {
    let mut home = TestHome::new();
    let piped = home.run(&["--visual"]).expect(2);
    assert!(piped.stderr.contains("needs a terminal"), "{piped}");
    assert!(piped.stderr.contains("brainmaps token list"), "{piped}");
    let json = home.run(&["--visual", "--json"]).expect(2);
    assert_eq!(json.error_code(), "USAGE");
    for (name, value, printed) in [
        ("TERM", "dumb", "needs a terminal"),
        ("CI", "true", "disabled by --no-input or CI"),
    ] {
        let mut command = home.command(&["--visual"]);
        command.env(name, value);
        let exited = Terminal::start(&home, &command, super::SIZE).wait_for_exit();
        assert_eq!(exited.code, Some(2), "{name}: {}", exited.printed);
        assert!(
            exited.printed.contains(printed),
            "{name}: {}",
            exited.printed
        );
        assert!(
            exited.printed.contains("hint: "),
            "{name}: {}",
            exited.printed
        );
    }
    home.set("TERM", "xterm-256color");
    let json = home.command(&["--visual", "--json"]);
    let exited = Terminal::start(&home, &json, super::SIZE).wait_for_exit();
    assert_eq!(exited.code, Some(2), "{}", exited.printed);
}
