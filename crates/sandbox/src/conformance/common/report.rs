//! The results of the rules.

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
pub(crate) struct Finding {
    /// The id of the rule.
    pub(crate) rule: &'static str,
    pub(crate) verdict: Verdict,
    /// The case and the reason.
    pub(crate) why: String,
}

impl Finding {
    /// Returns the finding that `rule` is broken.
    pub(crate) fn broken(rule: &'static str, why: &str) -> Self {
        Self {
            rule,
            verdict: Verdict::Fail,
            why: why.to_owned(),
        }
    }
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

/// The id of a rule and what it requires.
pub(crate) type Rule = (&'static str, &'static str);

impl Report {
    /// Combines the findings of all cases: one failure fails a rule; otherwise one pass is enough.
    pub(crate) fn of(rules: impl IntoIterator<Item = &'static Rule>, findings: &[Finding]) -> Self {
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

    /// Returns the reasons, each once with the ids of its rules.
    pub fn reasons(&self) -> Vec<(Vec<&'static str>, &str)> {
        let mut reasons: Vec<(Vec<&'static str>, &str)> = Vec::new();
        for (row, why) in self
            .rows
            .iter()
            .flat_map(|row| row.why.iter().map(move |why| (row, why)))
        {
            match reasons.iter_mut().find(|(_, known)| known == why) {
                Some((ids, _)) if !ids.contains(&row.id) => ids.push(row.id),
                Some(_) => {}
                None => reasons.push((vec![row.id], why)),
            }
        }
        reasons
    }
}

impl RuleResult {
    fn of(row: &Rule, findings: &[Finding]) -> Self {
        let (id, rule) = row;
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
