//! Evaluates what the helper printed. Pure.

use jiff::Timestamp;
use serde_json::Value;

use super::super::common::{Finding, Verdict};
use super::cases::{Case, Expect};
use super::docker::TOKEN_USER;
use super::exchange::{FoundCredential, HelperResponse};
use super::process::{End, Outcome};
use super::protocol::HelperProtocol;

/// The result of a check; the text says what is wrong.
type Check = Result<(), String>;

/// A run with its response.
struct Run<'a> {
    case: &'a Case,
    outcome: &'a Outcome,
    response: HelperResponse,
}

pub(super) fn findings(
    protocol: HelperProtocol,
    outcomes: &[(&Case, Outcome)],
    now: Timestamp,
) -> Vec<Finding> {
    let runs: Vec<Run<'_>> = outcomes
        .iter()
        .map(|(case, outcome)| Run::new(protocol, case, outcome))
        .collect();
    let bound = runs
        .first()
        .and_then(|run| run.response.credential.as_ref());
    let mut findings = Vec::new();
    for run in &runs {
        findings.extend(run.findings(bound));
    }
    if let (Some(bound), Some(run)) = (bound, runs.first()) {
        findings.push(finding(run.case, "exit", run.exits_with_zero()));
        findings.push(expiry(run.case, bound, now));
        findings.push(user(run.case, bound));
    }
    findings
}

fn finding(case: &Case, rule: &'static str, check: Check) -> Finding {
    let (verdict, why) = match check {
        Ok(()) => (Verdict::Pass, String::new()),
        Err(why) => (Verdict::Fail, why),
    };
    let why = format!("{}: {why}", case.name);
    Finding { rule, verdict, why }
}

fn inconclusive(case: &Case, rule: &'static str, why: &str) -> Finding {
    let why = format!("{}: {why}", case.name);
    Finding {
        rule,
        verdict: Verdict::Inconclusive,
        why,
    }
}

/// Returns a finding whose text is the same for every rule and case, so that it is reported once.
fn no_credential(rule: &'static str) -> Finding {
    Finding {
        rule,
        verdict: Verdict::Inconclusive,
        why: "the bound server got no credential".to_owned(),
    }
}

fn expiry(case: &Case, bound: &FoundCredential, now: Timestamp) -> Finding {
    match bound.expires_at {
        None => inconclusive(case, "expiry", "the credential has no expiry"),
        Some(end) if end > now => finding(case, "expiry", Ok(())),
        Some(_) => finding(case, "expiry", Err("the credential has expired".to_owned())),
    }
}

/// Only an access token in the format of RFC 9068 differs visibly from a refresh token.
fn user(case: &Case, bound: &FoundCredential) -> Finding {
    if bound.user.as_deref() != Some(TOKEN_USER) {
        return finding(case, "user", Ok(()));
    }
    if is_access_token(&bound.secret) {
        let why = "the secret is an access token (RFC 9068)";
        return finding(case, "user", Err(why.to_owned()));
    }
    let why =
        "the secret must be a refresh token of the registry, which cannot be seen from outside";
    inconclusive(case, "user", why)
}

fn is_access_token(secret: &str) -> bool {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let header = secret.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let header: Value = serde_json::from_slice(&header).unwrap_or_default();
    let kind = header["typ"].as_str().unwrap_or_default();
    kind.eq_ignore_ascii_case("at+jwt")
}

impl<'a> Run<'a> {
    fn new(protocol: HelperProtocol, case: &'a Case, outcome: &'a Outcome) -> Self {
        let is_get = !matches!(
            case.expect,
            Expect::Object | Expect::Silence | Expect::Error(_)
        ) && case.rule != "operation";
        let response = match outcome.end {
            End::Status(status) if is_get => protocol.read(&outcome.stdout, status == 0),
            _ => HelperResponse::default(),
        };
        Self {
            case,
            outcome,
            response,
        }
    }

    /// Returns the findings of this run, given the credential of the bound server.
    fn findings(&self, bound: Option<&FoundCredential>) -> Vec<Finding> {
        let rule = self.case.rule;
        let check = self
            .has_exited()
            .and_then(|()| self.meets_expectation(bound));
        // A helper that never prints a credential shows nothing by printing none.
        let is_shown = bound.is_some() || check.is_err() || rule == "answer";
        let own = if is_shown {
            finding(self.case, rule, check)
        } else {
            no_credential(rule)
        };
        let stderr = match bound {
            Some(bound) if self.outcome.stderr.contains(&bound.secret) => finding(
                self.case,
                "stderr",
                Err("it shows the credential".to_owned()),
            ),
            Some(_) => finding(self.case, "stderr", Ok(())),
            None => no_credential("stderr"),
        };
        let protocol = self.response.fault.clone().map_or(Ok(()), Err);
        let mut findings = vec![own, stderr];
        // The output of a run that was killed may be incomplete.
        if matches!(self.outcome.end, End::Status(_)) {
            findings.push(finding(self.case, "protocol", protocol));
        }
        findings
    }

    fn has_exited(&self) -> Check {
        match self.outcome.end {
            End::Status(_) => Ok(()),
            End::Signal => Err("it was killed by a signal".to_owned()),
            End::TimedOut => Err("it did not exit within the time limit".to_owned()),
        }
    }

    fn exits_with_zero(&self) -> Check {
        match self.outcome.end {
            End::Status(0) => Ok(()),
            _ => Err(format!("it exited with {}, expected 0", self.status())),
        }
    }

    fn exits_with_failure(&self) -> Check {
        match self.outcome.end {
            End::Status(0) => Err("it exited with 0, expected another status".to_owned()),
            _ => Ok(()),
        }
    }

    fn status(&self) -> String {
        match self.outcome.end {
            End::Status(status) => status.to_string(),
            End::Signal | End::TimedOut => "a signal".to_owned(),
        }
    }

    fn meets_expectation(&self, bound: Option<&FoundCredential>) -> Check {
        let stdout = self.outcome.stdout.as_str();
        let has_credential = self.response.credential.is_some();
        let must = |is_true: bool, why: &str| is_true.then_some(()).ok_or(why.to_owned());
        match &self.case.expect {
            Expect::Credential(text) => {
                must(has_credential, "it printed no credential")?;
                must(stdout.contains(text), "the response is for another server")
            }
            Expect::With(text) => must(
                !has_credential || stdout.contains(text),
                &format!("the response is not of {text}"),
            ),
            Expect::Without(text) => must(
                !has_credential || !stdout.contains(text),
                &format!("the response contains {text}"),
            ),
            Expect::Nothing => self.prints_no_credential(bound),
            Expect::Failure => self
                .prints_no_credential(bound)
                .and_then(|()| self.exits_with_failure()),
            Expect::Exit => Ok(()),
            Expect::Silence => {
                must(stdout.is_empty(), "it printed something on stdout")?;
                self.exits_with_zero()
            }
            Expect::Error(text) => {
                must(
                    stdout.trim() == *text,
                    &format!("expected `{text}` on stdout"),
                )?;
                self.exits_with_failure()
            }
            Expect::Object => {
                let document: Option<Value> = serde_json::from_str(stdout).ok();
                let values = document.as_ref().and_then(Value::as_object);
                let is_list = values.is_some_and(|it| it.values().all(Value::is_string));
                must(is_list, "it printed no object of user names")?;
                self.exits_with_zero()
            }
        }
    }

    fn prints_no_credential(&self, bound: Option<&FoundCredential>) -> Check {
        let is_disclosed = bound.is_some_and(|it| self.outcome.stdout.contains(&it.secret));
        if self.response.credential.is_some() || is_disclosed {
            return Err("it printed a credential".to_owned());
        }
        Ok(())
    }
}
