//! What goes where, and what a failing stream does.

use super::*;

/// Fails as the operating system would.
struct Failing(i32);

impl Write for Failing {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(self.0))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const BAD_DESCRIPTOR: i32 = 9;
const NO_SPACE: i32 = 28;
const BROKEN_PIPE: i32 = 32;

fn write_all_kinds(options: Options) -> (String, String) {
    let TestShell {
        shell,
        stdout,
        stderr,
    } = Shell::with_test_buffers(Terminal::absent(), options);
    shell.result("result").unwrap();
    shell.status("status");
    shell.note("note");
    shell.announce("announce");
    shell.diagnostic("wire");
    shell.event(&serde_json::json!({"event": "x"}));
    shell.warning("w");
    shell.error("e");
    shell.hint("h");
    (stdout.text(), stderr.text())
}

#[test]
fn the_result_goes_to_stdout_and_everything_else_to_stderr() {
    let (stdout, stderr) = write_all_kinds(Options::default());
    assert_eq!(stdout, "result\n");
    assert_eq!(
        stderr,
        "status\nnote: note\nannounce\nwarning: w\nerror: e\nhint: h\n"
    );
}

#[test]
fn quiet_json_and_verbose_filter_stderr() {
    let end = "warning: w\nerror: e\nhint: h\n";
    for (options, beginning) in [
        (
            Options {
                quiet: true,
                ..Options::default()
            },
            "announce\n",
        ),
        (
            Options {
                json: true,
                ..Options::default()
            },
            "{\"event\":\"x\"}\n",
        ),
        (
            Options {
                verbose: 1,
                ..Options::default()
            },
            "status\nnote: note\nannounce\nwire\n",
        ),
    ] {
        let (stdout, stderr) = write_all_kinds(options);
        assert_eq!(stdout, "result\n");
        assert_eq!(stderr, format!("{beginning}{end}"));
    }
}

#[test]
fn broken_pipe_and_full_disk_are_different_errors() {
    let shell = |error| {
        let options = Options::default();
        Shell::with_writers(
            Terminal::absent(),
            options,
            Box::new(Failing(error)),
            Box::new(Failing(error)),
        )
    };
    let result = |error| shell(error).result("x");
    assert!(matches!(result(BROKEN_PIPE), Err(OutputError::Closed)));
    assert!(matches!(result(NO_SPACE), Err(OutputError::Failed(_))));
    assert!(matches!(
        result(BAD_DESCRIPTOR),
        Err(OutputError::Failed(_))
    ));
    shell(BAD_DESCRIPTOR).error("lost, without a panic");
}

#[test]
fn each_stream_has_its_own_colour() {
    let terminal = Terminal {
        stderr: true,
        ..Terminal::absent()
    };
    let TestShell {
        shell,
        stdout,
        stderr,
    } = Shell::with_test_buffers(terminal, Options::default());
    shell.result(Span::good("fine")).unwrap();
    shell.error("bad");
    assert_eq!(stdout.text(), "fine\n");
    assert_eq!(stderr.text(), "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m bad\n");
}

#[test]
fn a_document_is_one_line_for_a_program_and_ascii_where_the_terminal_is() {
    let value = serde_json::json!({"a": "é"});
    let ascii = Terminal {
        stdout: true,
        utf8: false,
        ..Terminal::absent()
    };
    let documents = |terminal| {
        let TestShell { shell, stdout, .. } =
            Shell::with_test_buffers(terminal, Options::default());
        shell.document(&value).unwrap();
        stdout.text()
    };
    assert_eq!(documents(Terminal::absent()), "{\"a\":\"é\"}\n");
    assert_eq!(documents(ascii), "{\n  \"a\": \"\\u00e9\"\n}\n");
}

#[test]
fn a_secret_is_written_alone_on_its_line() {
    let TestShell {
        shell,
        stdout,
        stderr,
    } = Shell::with_test_buffers(Terminal::absent(), Options::default());
    shell.secret(&Secret::new("key")).unwrap();
    assert_eq!(
        (stdout.text(), stderr.text()),
        ("key\n".into(), String::new())
    );
}
