//! `.env` files as editors, shells and secret managers write them.

use std::io::Write as _;
use std::path::Path;
use std::thread::{self, JoinHandle};

use super::{NAME, write};
use crate::support::test_home::{CommandResult, TestHome};

const PRINT: [&str; 2] = ["credential", "print"];

fn print(home: &TestHome, content: &[u8]) -> CommandResult {
    write(&home.work().join(".env"), content, 0o600);
    home.run(&PRINT)
}

fn utf16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(encode).collect()
}

#[test]
fn encodings_and_agreed_forms_are_read() {
    let home = TestHome::new();
    let line = format!("A=1\r\n{NAME}=abc-123\r\n");
    for content in [
        utf16(&line, u16::to_le_bytes),
        utf16(&line, u16::to_be_bytes),
        format!("\u{feff}{NAME}=abc-123").into_bytes(),
        format!("A=1\r{NAME}=abc-123\rB=2\r").into_bytes(),
        [b"A=caf\xe9\n# \xff\n", line.as_bytes()].concat(),
        format!("export {NAME} = \"abc-123\"# why").into_bytes(),
        format!("{NAME}='abc-123' # it's why").into_bytes(),
        format!("{NAME}: other\n{NAME}=abc-123\n").into_bytes(),
    ] {
        let outcome = print(&home, &content).expect(0);
        let shown = String::from_utf8_lossy(&content).into_owned();
        assert_eq!(outcome.stdout.trim(), "abc-123", "{shown}: {outcome}");
    }
}

#[test]
fn forms_that_readers_disagree_about_are_errors_that_name_the_line() {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], "stored-c4n4ry")
        .expect(0);
    for form in [
        "NAME: hidden",
        "NAME=`hidden`",
        "NAME=hid#den",
        "NAME=\"hidden\";",
        "NAME='hidden'tail",
        "NAME=\"hidden",
        "export A=1 NAME=hidden",
        "declare -x NAME=hidden",
        "\"NAME\": \"hidden\"",
    ] {
        let text = format!("A=1\nB=2\n{}\n", form.replace("NAME", NAME));
        let outcome = print(&home, text.as_bytes()).expect(2);
        assert!(outcome.stderr.contains("line 3"), "{form}: {outcome}");
        assert!(outcome.stderr.contains("/.env"), "{form}: {outcome}");
        assert!(!outcome.stderr.contains("hidden"), "{form}: {outcome}");
    }
    let latin1 = [b"A=1\n", NAME.as_bytes(), b"=hid\xe9den\n"].concat();
    let outcome = print(&home, &latin1).expect(2);
    assert!(outcome.stderr.contains("line 2"), "{outcome}");
    for other in ["# NAME: a", "NOTE='set NAME=a'", "OTHER_NAME=a"] {
        let outcome = print(&home, other.replace("NAME", NAME).as_bytes()).expect(0);
        assert_eq!(outcome.stdout.trim(), "stored-c4n4ry", "{other}");
    }
}

/// Serves one reader, as `doppler run --mount --mount-max-reads 1` does.
fn serve_once(pipe: &Path, text: String) -> JoinHandle<()> {
    let pipe = pipe.to_owned();
    thread::spawn(move || {
        let mut pipe = std::fs::File::options().write(true).open(pipe).unwrap();
        pipe.write_all(text.as_bytes()).unwrap();
    })
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_pipe_is_read_once_per_command() {
    let home = TestHome::new();
    let pipe = home.work().join(".env");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    for command in [
        &PRINT[..],
        &["credential", "explain"],
        &["status", "--json"],
        &["doctor", "--offline"],
    ] {
        let writer = serve_once(&pipe, format!("{NAME}=abc-123\n"));
        let outcome = home.run(command).expect(0);
        assert!(
            outcome.stdout.contains("abc-123")
                || outcome.stdout.contains(NAME)
                || outcome.stdout.contains("dotenv:"),
            "{outcome}"
        );
        writer.join().unwrap();
    }
    let outcome = home.run(&PRINT).expect(2);
    assert!(outcome.stderr.contains("is a pipe"), "{outcome}");
    let outcome = home
        .run(&["token", "create", "ci", "--env-file", ".env"])
        .expect(2);
    assert!(outcome.stderr.contains("not a regular file"), "{outcome}");
}
