//! The rules and their results.

use serde::Serialize;

/// The result of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Followed in every case that shows it.
    Pass,
    /// Broken at least once.
    Fail,
    /// No case could show it.
    #[serde(rename = "unjudged")]
    Inconclusive,
}

/// The result of one rule in one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The id of the rule.
    pub(super) rule: &'static str,
    pub(super) verdict: Verdict,
    /// The case and the reason.
    pub(super) why: String,
}

/// A rule and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleResult {
    /// The RFC and its section.
    pub id: &'static str,
    /// What it requires of a client.
    pub rule: &'static str,
    /// The result over all cases.
    pub result: Verdict,
    /// Why it failed or is inconclusive.
    pub why: Vec<String>,
}

/// The results of all rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Number of rules followed.
    pub passed: usize,
    /// Number of rules broken.
    pub failed: usize,
    /// Number of rules that no case could show.
    pub unjudged: usize,
    /// One entry per rule.
    pub rows: Vec<RuleResult>,
}

/// The rules that can be checked from the server's side or from the client's output.
pub(super) static RULES: [(&str, &str); 19] = [
    (
        "8628-3.1a",
        "a POST with a form and `client_id` to the device endpoint, no parameter empty or twice",
    ),
    (
        "8628-3.1b",
        "one device request per start: none after a rejection or expiry",
    ),
    (
        "8628-3.2a",
        "5 s between polls if no interval is given; the complete URI is optional",
    ),
    (
        "8628-3.2b",
        "a response without a required member is an error that names the member",
    ),
    (
        "8628-3.3",
        "the user code and the plain verification URI are shown, also beside a complete URI",
    ),
    (
        "8628-3.4",
        "`grant_type`, `device_code` and `client_id` in every poll; the tokens are accepted",
    ),
    ("8628-3.5a", "at least the interval between two polls"),
    (
        "8628-3.5b",
        "`slow_down` adds 5 s for this and all later polls, each time",
    ),
    ("8628-3.5c", "less frequent polls after a broken connection"),
    (
        "8628-3.5d",
        "any other error ends polling and is shown to the user",
    ),
    (
        "8628-3.5e",
        "polling ends when `expires_in` has passed, and not before",
    ),
    ("8628-5.6", "`device_code` is never shown"),
    (
        "7636-4.1",
        "a verifier of 43 to 128 unreserved characters, new for each attempt",
    ),
    ("7636-4.2", "S256, and no weaker method after a rejection"),
    (
        "8414-3.1",
        "the well-known part is between the host and the path of the issuer",
    ),
    ("8414-3.3", "metadata of another issuer is not used"),
    (
        "6749-5.1",
        "unknown members are ignored, and `expires_in` is optional",
    ),
    (
        "9110-10.2.3",
        "`Retry-After` is honoured, in seconds and as a date",
    ),
    (
        "9700-4.9",
        "no code and no verifier follows a redirect to another origin",
    ),
];

impl Report {
    /// One failure fails a rule; otherwise one pass is enough.
    pub(super) fn of(
        rules: impl IntoIterator<Item = &'static (&'static str, &'static str)>,
        findings: &[Finding],
    ) -> Self {
        let rows: Vec<RuleResult> = rules
            .into_iter()
            .map(|row| RuleResult::of(row, findings))
            .collect();
        let count = |verdict| rows.iter().filter(|row| row.result == verdict).count();
        Self {
            passed: count(Verdict::Pass),
            failed: count(Verdict::Fail),
            unjudged: count(Verdict::Inconclusive),
            rows,
        }
    }
}

impl RuleResult {
    fn of((id, rule): &(&'static str, &'static str), findings: &[Finding]) -> Self {
        let own = || findings.iter().filter(|it| it.rule == *id);
        let any = |verdict| own().any(|it| it.verdict == verdict);
        let result = [Verdict::Fail, Verdict::Pass]
            .into_iter()
            .find(|verdict| any(*verdict))
            .unwrap_or(Verdict::Inconclusive);
        let needs_reason = result != Verdict::Pass;
        let why = own().filter(|it| needs_reason && it.verdict == result);
        let mut why: Vec<String> = why.map(|it| it.why.clone()).collect();
        if needs_reason && why.is_empty() {
            why.push("no case reached it".to_owned());
        }
        Self {
            id,
            rule,
            result,
            why,
        }
    }
}
