//! docs/sandbox/conformance.md lists every RFC rule for a client with the tests that prove it: those whose names start
//! with the prefix of the rule.

use std::{fmt::Write as _, fs};

use super::source::{all_sources, expect_none, package, read};

const DOCUMENT: &str = "docs/sandbox/conformance.md";

/// The document is written from the test output in the file that this variable names.
const UPDATE: &str = "UPDATE_CONFORMANCE";

/// The rule, the prefix of its tests, and its requirement.
type Rule = (&'static str, &'static str, &'static str);

const RULES: &[Rule] = &[
    (
        "RFC 8628 3.1a",
        "rfc8628_3_1a_",
        "a POST with a form and `client_id` to the device endpoint, over TLS (loopback apart), no parameter empty or twice",
    ),
    (
        "RFC 8628 3.1b",
        "rfc8628_3_1b_",
        "started only by the user: not at start-up, not after an expiry, not by a helper",
    ),
    (
        "RFC 8628 3.2a",
        "rfc8628_3_2a_",
        "the interval defaults to 5 s; the interval and the complete URI are optional",
    ),
    (
        "RFC 8628 3.2b",
        "rfc8628_3_2b_",
        "`device_code`, `user_code`, `verification_uri`, `expires_in` are required; the error names the missing one",
    ),
    (
        "RFC 8628 3.3",
        "rfc8628_3_3_",
        "the code and the plain URI are always relative, even with a complete URI, a QR code or a browser",
    ),
    (
        "RFC 8628 3.4",
        "rfc8628_3_4_",
        "`grant_type`, `device_code`, `client_id` and the verifier in every poll",
    ),
    (
        "RFC 8628 3.5a",
        "rfc8628_3_5a_",
        "at least the interval between two polls, by the monotonic clock",
    ),
    (
        "RFC 8628 3.5b",
        "rfc8628_3_5b_",
        "`slow_down` adds 5 s for this and all later polls, any number of times",
    ),
    (
        "RFC 8628 3.5c",
        "rfc8628_3_5c_",
        "exponential backoff after a timeout, never below the current interval; the error names the real cause",
    ),
    (
        "RFC 8628 3.5d",
        "rfc8628_3_5d_",
        "any other error stops the polling and is relative to the user",
    ),
    (
        "RFC 8628 3.5e",
        "rfc8628_3_5e_",
        "polling stops when `expires_in` has passed, not before, and does not restart",
    ),
    (
        "RFC 8628 5.4",
        "rfc8628_5_4_",
        "`device_code` is never relative",
    ),
    (
        "RFC 7636 4.1",
        "rfc7636_4_1_",
        "a verifier of 43 to 128 unreserved characters from 32 random octets, new for each attempt",
    ),
    ("RFC 7636 4.2", "rfc7636_4_2_", "S256, without a downgrade"),
    (
        "RFC 8414 3.1",
        "rfc8414_3_1_",
        "the well-known path is inserted between host and path of the issuer; OpenID's form is tried second",
    ),
    (
        "RFC 8414 3.3",
        "rfc8414_3_3_",
        "the issuer in the response is identical to the requested issuer",
    ),
    (
        "RFC 6749 5.1",
        "rfc6749_5_1_",
        "unknown members are ignored, no lifetime is assumed, a lifetime may be a string",
    ),
    (
        "RFC 6749 6",
        "rfc6749_6_",
        "a new refresh token replaces the old one, which is kept if the response has none",
    ),
    (
        "RFC 6750 2",
        "rfc6750_2_",
        "a token is sent in the header, never in a URL",
    ),
    (
        "RFC 7009 2",
        "rfc7009_2_",
        "the refresh token is revoked first, nothing is used afterwards, and after a 503 the token is still valid",
    ),
    (
        "RFC 7662 2",
        "rfc7662_2_",
        "no response is cached past its expiry: this client does not introspect tokens",
    ),
    (
        "RFC 9700 2.1.1",
        "rfc9700_2_1_1_",
        "PKCE, with a separate challenge for each transaction",
    ),
    (
        "RFC 9700 2.2.2",
        "rfc9700_2_2_2_",
        "refresh tokens rotate, and this client never causes a reuse",
    ),
    (
        "RFC 9700 4.9",
        "rfc9700_4_9_",
        "no token leaves its origin, redirects included",
    ),
    (
        "RFC 9110 10.2.3",
        "rfc9110_10_2_3_",
        "`Retry-After` is honoured, in seconds and as a date, up to a documented limit",
    ),
    (
        "Cross-device BCP",
        "cross_device_bcp_",
        "the user sees which client requests which scopes, and is warned to approve only what they started",
    ),
];

/// Returns the name and the file of every test.
fn tests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in all_sources() {
        let mut marked = false;
        for line in source.uncommented.lines().map(str::trim) {
            let name = line.split_once("fn ").map(|(_, rest)| rest);
            if let Some(name) = name.filter(|_| marked) {
                let name = name.split('(').next().unwrap_or_default();
                found.push((name.to_owned(), source.path.clone()));
            }
            let is_mark = line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            marked = is_mark || (marked && line.starts_with("#["));
        }
    }
    found
}

/// Renders the document; `result` returns the outcome of a test.
fn document(result: impl Fn(&str) -> &'static str) -> String {
    let tests = tests();
    let mut text = "# RFC conformance of this client\n\n\
        `tests/conformance` writes this page from a test run; a test keeps it up to date. `brainmaps sandbox conformance`\n\
        ([Check a client](faults.md#check-a-client-with-every-case)) also judges a client from outside, and\n\
        with `--helper` a [credential helper](helpers.md); this program passes every case.\n\n\
        | rule | requirement | tests | result |\n|---|---|---|---|\n"
        .to_owned();
    for (rule, prefix, asks) in RULES {
        let own: Vec<_> = tests
            .iter()
            .filter(|(name, _)| name.starts_with(prefix))
            .collect();
        let names: Vec<String> = own
            .iter()
            .map(|(name, path)| format!("`{name}` (`{path}`)"))
            .collect();
        let results: Vec<&str> = own.iter().map(|(name, _)| result(name)).collect();
        let result = if results.iter().all(|it| *it == "passes") {
            "passes"
        } else {
            "FAILS"
        };
        let _ = writeln!(
            text,
            "| {rule} | {asks} | {} | {result} |",
            names.join("<br>")
        );
    }
    text
}

/// Returns the result of a test in the output of a test run.
fn result_of(run: &str, name: &str) -> &'static str {
    let ended = |line: &&str| {
        let rest = line.strip_prefix("test ");
        let name_and_end = rest.and_then(|it| it.split_once(" ... "));
        name_and_end
            .is_some_and(|(path, end)| path.rsplit("::").next() == Some(name) && end == "ok")
    };
    if run.lines().any(|line| ended(&line)) {
        "passes"
    } else {
        "FAILS"
    }
}

#[test]
fn every_rfc_rule_has_a_test_and_the_document_is_up_to_date() {
    let tests = tests();
    let unproved: Vec<String> = RULES
        .iter()
        .filter(|(_, prefix, _)| !tests.iter().any(|(name, _)| name.starts_with(prefix)))
        .map(|(rule, prefix, _)| format!("{rule}: no test name starts with {prefix}"))
        .collect();
    expect_none(&unproved, "write a test with this prefix");
    if let Some(path) = std::env::var_os(UPDATE) {
        let run = fs::read_to_string(path).unwrap();
        fs::write(
            package().join(DOCUMENT),
            document(|name| result_of(&run, name)),
        )
        .unwrap();
    }
    let stale = read(DOCUMENT) != document(|_| "passes");
    let stale: Vec<String> = stale
        .then(|| format!("{DOCUMENT} is out of date or contains a failure"))
        .into_iter()
        .collect();
    expect_none(&stale, "tests/conformance");
}

#[test]
fn results_are_matched_by_the_whole_test_name() {
    let run = "running 2 tests\ntest oauth::a::rfc1_x ... ok\ntest oauth::a::rfc1_xy ... FAILED\n";
    assert_eq!(result_of(run, "rfc1_x"), "passes");
    assert_eq!(result_of(run, "rfc1_xy"), "FAILS");
    assert_eq!(result_of(run, "rfc1"), "FAILS");
}
