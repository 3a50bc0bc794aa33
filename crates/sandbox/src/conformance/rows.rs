//! The rules, and what became of each.

use serde::Serialize;

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was kept wherever it could be seen.
    Pass,
    /// It was broken at least once.
    Fail,
    /// It could not be seen.
    Unjudged,
}

/// What one case says about one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The rule.
    pub(super) row: &'static str,
    /// What became of it here.
    pub(super) verdict: Verdict,
    /// In which case, and why.
    pub(super) why: String,
}

/// A rule and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The RFC and its section.
    pub id: &'static str,
    /// What it asks of a client.
    pub rule: &'static str,
    /// What became of it.
    pub result: Verdict,
    /// Why it failed, or could not be judged.
    pub why: Vec<String>,
}

/// All rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many were kept.
    pub passed: usize,
    /// How many were broken.
    pub failed: usize,
    /// How many could not be seen.
    pub unjudged: usize,
    /// Each of them.
    pub rows: Vec<Row>,
}

/// What can be judged from the server's side or by what a client prints.
pub(super) static ROWS: [(&str, &str); 19] = [
    (
        "8628-3.1a",
        "a POST with a form and `client_id` to the device endpoint, no parameter empty or twice",
    ),
    (
        "8628-3.1b",
        "one device request for one start: none after a refusal or an expiry",
    ),
    (
        "8628-3.2a",
        "5 s between polls where no interval is named; no complete URI is no problem",
    ),
    (
        "8628-3.2b",
        "an answer without a required member ends it, and the error names the member",
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
    (
        "8628-3.5c",
        "less frequent polls after a connection that broke",
    ),
    (
        "8628-3.5d",
        "any other error ends the polling, and the user is told which",
    ),
    (
        "8628-3.5e",
        "polling ends when `expires_in` is over, and not before",
    ),
    ("8628-5.6", "`device_code` is never shown"),
    (
        "7636-4.1",
        "a verifier of 43 to 128 unreserved characters, new for each attempt",
    ),
    (
        "7636-4.2",
        "S256, and never anything less after it was refused",
    ),
    (
        "8414-3.1",
        "the well-known part stands between host and path of the issuer",
    ),
    ("8414-3.3", "metadata of another issuer is not used"),
    (
        "6749-5.1",
        "unknown members are ignored, and no lifetime is needed",
    ),
    (
        "9110-10.2.3",
        "`Retry-After` is honoured, in seconds and as a date",
    ),
    (
        "9700-4.9",
        "no code and no verifier is sent on to where a redirect leads",
    ),
];

impl Report {
    /// Sums up: a rule that was broken once is broken, one that was seen kept at least once is kept.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let rows: Vec<Row> = ROWS.iter().map(|row| Row::of(row, findings)).collect();
        let count = |verdict| rows.iter().filter(|row| row.result == verdict).count();
        Self {
            passed: count(Verdict::Pass),
            failed: count(Verdict::Fail),
            unjudged: count(Verdict::Unjudged),
            rows,
        }
    }
}

impl Row {
    fn of((id, rule): &(&'static str, &'static str), findings: &[Finding]) -> Self {
        let own = || findings.iter().filter(|it| it.row == *id);
        let any = |verdict| own().any(|it| it.verdict == verdict);
        let result = [Verdict::Fail, Verdict::Pass]
            .into_iter()
            .find(|verdict| any(*verdict))
            .unwrap_or(Verdict::Unjudged);
        let told = result != Verdict::Pass;
        let why = own().filter(|it| told && it.verdict == result);
        let mut why: Vec<String> = why.map(|it| it.why.clone()).collect();
        if told && why.is_empty() {
            why.push("no case came so far".to_owned());
        }
        Self {
            id,
            rule,
            result,
            why,
        }
    }
}
