//! Reports what a machine cannot run. `./tests/run` lists these lines.

use std::io::Write as _;

/// `tests/run` sets it to `required`: a missing program is then a failure.
const REQUIRED: &str = "BRAINMAPS_TEST_INTEROP";

/// Prints a line starting with `SKIPPED`, for what `tests/run` cannot set up, such as root.
pub(crate) fn report_skipped(test: &str, reason: &str) {
    // Not eprint!, which the test runner captures if the test passes.
    let line = format!("SKIPPED {test}: {reason}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Returns whether nothing is missing. Otherwise reports the test as skipped, or fails if `tests/run` requires the programs.
pub(crate) fn has_programs(test: &str, missing: &[&str]) -> bool {
    if missing.is_empty() {
        return true;
    }
    let reason = format!("missing {}. `./tests/run` sets it up.", missing.join(", "));
    assert!(
        std::env::var(REQUIRED).as_deref() != Ok("required"),
        "{test}: {reason}"
    );
    report_skipped(test, &reason);
    false
}
