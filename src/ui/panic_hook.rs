//! Reports a panic, which is a bug of this program, by its location only: its message may quote a value (a slice of a text
//! quotes the text), which may be a secret.

#[cfg(debug_assertions)]
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write as _};
use std::panic;

/// Installs a hook that prints the location of a panic and how to report it, with `RUST_BACKTRACE` also the functions
/// in a build for debugging, but never a value.
pub fn install_panic_hook() {
    panic::set_hook(Box::new(|panic| {
        let location = panic.location();
        let place = location.map_or_else(String::new, |place| format!(" ({place})"));
        let text = format!(
            "error: brainmaps has a defect and stopped{place}; what it was about is not shown, it may be a secret\n\
             hint: please report it with this place, the version and the command without its secrets\n{}",
            backtrace()
        );
        // There is no place left to say that this was lost.
        let _lost = io::stderr().write_all(text.as_bytes());
    }));
}

/// Returns the functions if `RUST_BACKTRACE` requests them. A release has no symbols, and no tables to find its functions.
#[cfg(debug_assertions)]
#[expect(
    clippy::disallowed_methods,
    reason = "a build with debug assertions has unwinding tables"
)]
fn backtrace() -> String {
    let trace = Backtrace::capture();
    match trace.status() {
        BacktraceStatus::Captured => format!("{trace}\n"),
        _ => String::new(),
    }
}

#[cfg(not(debug_assertions))]
fn backtrace() -> &'static str {
    ""
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    #[test]
    #[ignore = "run as a child by panic_report_names_the_location_only"]
    fn child() {
        super::install_panic_hook();
        let secret = "hunter2";
        panic!("{secret}");
    }

    #[test]
    fn panic_report_names_the_location_only() {
        for backtrace in ["0", "full"] {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child
                .args([
                    "--exact",
                    "ui::panic_hook::tests::child",
                    "--ignored",
                    "--nocapture",
                ])
                .env("RUST_BACKTRACE", backtrace);
            let ended = child.output().unwrap();
            let output = [ended.stdout, ended.stderr].concat();
            let output = String::from_utf8_lossy(&output);
            assert!(!ended.status.success(), "{output}");
            assert!(
                output.contains("has a defect") && output.contains("panic_hook.rs:"),
                "{output}"
            );
            assert!(!output.contains("hunter2"), "{output}");
            assert_eq!(output.contains("   0: "), backtrace == "full", "{output}");
        }
    }
}
