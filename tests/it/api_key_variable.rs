//! An API key variable with an invalid value.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

use crate::support::test_home::{CommandResult, TestHome};

const NAME: &str = "BRAINMAPS_API_KEY";
const STORED: &str = "key-c4n4ry-that-is-stored";

fn run(home: &TestHome, value: &[u8], arguments: &[&str]) -> CommandResult {
    let mut command = home.command(arguments);
    command.env(NAME, OsStr::from_bytes(value));
    home.start_command(&mut command, arguments, "").wait()
}

#[test]
fn an_invalid_key_variable_is_an_error_and_no_other_source_is_used() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], STORED)
        .expect(0);
    for value in [b"hidden\xff".as_slice(), b"hidden\x1b[2J", b"hid\nden"] {
        for command in [
            ["credential", "print", "--json"].as_slice(),
            &["whoami", "--json"],
        ] {
            let refused = run(&home, value, command).expect(2);
            assert_eq!(refused.error_code(), "CONFIG", "{refused}");
            assert!(refused.stdout.contains(NAME), "{refused}");
            assert!(!refused.stdout.contains("hid"), "{refused}");
        }
        let standing = run(&home, value, &["status", "--json"]).expect(2);
        let profile = &standing.json()["profiles"][0];
        assert_eq!(profile["state"], "none", "{standing}");
        assert_eq!(profile["source"], format!("environment:{NAME}"));
        assert!(profile["problem"].as_str().unwrap().contains("not UTF-8"));
        let explained = run(&home, value, &["credential", "explain"]).expect(0);
        assert!(explained.stdout.contains("refused"), "{explained}");
    }
    // Surrounding white space and quotes copied from a file are trimmed.
    for value in ["a-key-of-mine\n", " a-key-of-mine\r\n"] {
        let printed = run(&home, value.as_bytes(), &["credential", "print"]).expect(0);
        assert_eq!(printed.stdout.trim_end(), "a-key-of-mine");
    }
    run(&home, b"\xff", &["login", "--help"]).expect(0);
    run(&home, b"\xff", &["logout", "--local"]).expect(0);
}
