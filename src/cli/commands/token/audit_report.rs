//! `token audit`: shows the result.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::actions::{Audit, AuditFinding, AuditPolicy, AuditReport, LocalUse, UnknownFact};
use crate::cli::app::CommandOutput;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::domain::{CommandLine, ProfileName, Severity, TokenId, format_count, sanitize_line};
use crate::ui::{Annotation, Column, OutputError, Shell, Span, Style, Table};

pub(super) struct AuditOutput {
    shell: Arc<Shell>,
    fail_on: Severity,
    has_all_profiles: bool,
    pub(super) has_annotations: bool,
    pub(super) audit: Audit,
    failed: Vec<(ProfileName, Failure)>,
}

impl AuditOutput {
    pub(super) fn new(shell: &Arc<Shell>, policy: &AuditPolicy, report: AuditReport) -> Self {
        let failed = report.failed.into_iter().map(|failed| {
            let failure = Failure::from(failed.error);
            let failure = if policy.all_profiles {
                failure.about_profile(&failed.profile)
            } else {
                failure
            };
            (failed.profile, failure)
        });
        Self {
            shell: Arc::clone(shell),
            fail_on: policy.fail_on,
            has_all_profiles: policy.all_profiles,
            has_annotations: false,
            audit: report.audit,
            failed: failed.collect(),
        }
    }

    /// Reports the profiles that could not be audited, with every option.
    pub(super) fn print_failures(&self) {
        for (profile, failure) in &self.failed {
            let text = format!("profile `{profile}` is not audited: {}", failure.to_line());
            self.shell.error(text);
        }
    }

    pub(super) fn print_annotations(&self, has_document: bool) -> Result<(), OutputError> {
        let findings = self.audit.findings.iter();
        let findings = findings.filter(|_| self.has_annotations);
        let annotations: Vec<Annotation> = findings.map(|it| self.annotation(it)).collect();
        self.shell.annotations(&annotations, has_document)
    }

    fn annotation(&self, finding: &AuditFinding) -> Annotation {
        let fix = self.fix_text(finding);
        let fix = if fix.is_empty() {
            fix
        } else {
            format!("; run {fix}")
        };
        let profile = finding.profile.as_ref().filter(|_| self.has_all_profiles);
        let profile = profile.map(|it| format!("profile {it}"));
        let token = Some(token_label(finding)).filter(|token| !token.is_empty());
        let subjects = profile.into_iter().chain(token);
        let subject: String = subjects.map(|subject| subject + ": ").collect();
        Annotation {
            severity: finding.severity,
            title: format!("token audit: {}", finding.rule.name()),
            message: format!("{subject}{}{fix}", finding.message),
            file: None,
            position: None,
        }
    }

    fn table(&self) -> Table {
        let mut columns = vec![Column::fixed("SEVERITY"), Column::fixed("RULE")];
        if self.has_all_profiles {
            columns.push(Column::flexible("PROFILE"));
        }
        columns.extend([
            Column::wrapped_between_words("TOKEN"),
            Column::wrapped_between_words("FINDING"),
            Column::wrapped_between_words("FIX"),
        ]);
        let mut table = Table::new(columns);
        for finding in &self.audit.findings {
            table.add_row(self.row(finding));
        }
        table
    }

    fn row(&self, finding: &AuditFinding) -> Vec<Span> {
        let mut cells = vec![
            severity_label(finding.severity),
            Span::plain(finding.rule.name()),
        ];
        if self.has_all_profiles {
            let profile = finding.profile.as_ref().map(ProfileName::as_str);
            cells.push(Span::plain(profile.unwrap_or_default()));
        }
        cells.extend([
            Span::bold(token_label(finding)),
            Span::plain(finding.message.as_str()),
            Span::plain(self.fix_text(finding)),
        ]);
        cells
    }

    fn fix_text(&self, finding: &AuditFinding) -> String {
        let next = finding.next.as_deref().map(|it| self.command(finding, it));
        let fix = self.fix(finding).unwrap_or_default();
        next.map_or(fix.clone(), |next| format!("{fix}, then {next}"))
    }

    fn fix(&self, finding: &AuditFinding) -> Option<String> {
        let arguments = finding.fix.as_deref()?;
        Some(self.command(finding, arguments))
    }

    fn command(&self, finding: &AuditFinding, arguments: &str) -> String {
        let command = match &finding.profile {
            Some(profile) if self.has_all_profiles => CommandLine::for_profile(profile, arguments),
            _ => CommandLine::from(arguments),
        };
        command.render(self.shell.repeated_options())
    }

    fn summary(&self) -> String {
        let findings = format_count(self.audit.findings.len(), "finding");
        let tokens = format_count(self.audit.checked, "token");
        let ignored = match self.audit.ignored {
            0 => String::new(),
            count => format!(", {count} ignored by the policy"),
        };
        format!("{findings} in {tokens}{ignored}")
    }

    fn document(&self, finding: &AuditFinding) -> Value {
        json!({
            "rule": finding.rule,
            "severity": finding.severity,
            "profile": finding.profile,
            "id": finding.token,
            "name": finding.name,
            "message": finding.message,
            "value": finding.value,
            "limit": finding.limit,
            "fix": self.fix(finding),
        })
    }
}

fn severity_label(severity: Severity) -> Span {
    let style = match severity {
        Severity::Info => Style::Dim,
        Severity::Warning => Style::Warn,
        Severity::Error => Style::Bad,
    };
    Span::new(severity.name(), style)
}

/// The name of the token, which people know, and its id.
pub(super) fn token_label(finding: &AuditFinding) -> String {
    let id = finding.token.as_ref().map(TokenId::to_string);
    let name = finding.name.as_deref().filter(|name| !name.is_empty());
    match (name.map(sanitize_line), id) {
        (Some(name), Some(id)) => format!("{name} ({id})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}

/// What could not be decided, and why.
fn unknown_text(unknown: &UnknownFact) -> String {
    let fact = match unknown.fact {
        "tokens" => return "tokens are not checked: the service does not list them".to_owned(),
        "created_at" => "creation time",
        "last_used_at" => "last use",
        "expires_at" => "expiry",
        "usage" => "use",
        "observed" => "longer use",
        "handed_out" => "use by the programs that got it",
        "used_elsewhere" => "use on other computers",
        "needs" => "rights that its requests need",
        other => other,
    };
    let (rule, count) = (unknown.rule.name(), unknown.count);
    let count = format_count(count, "credential");
    format!("\"{rule}\" is not checked for {count} ({fact} unknown)")
}

/// Other computers may have used it later.
fn local_use_text(used: &LocalUse) -> String {
    let name = used.name.as_deref().filter(|name| !name.is_empty());
    let token = match name {
        Some(name) => format!("{} ({})", sanitize_line(name), used.token),
        None => used.token.to_string(),
    };
    let date = used.at.strftime("%Y-%m-%d");
    format!("token {token} was last used from this computer on {date}")
}

impl CommandOutput for AuditOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        if self.has_annotations {
            self.print_annotations(false)?;
        } else {
            shell.table(&self.table())?;
        }
        for unknown in &self.audit.unknown {
            let text = unknown_text(unknown);
            shell.note(if self.has_all_profiles {
                format!("profile `{}`: {text}", unknown.profile)
            } else {
                text
            });
        }
        for used in &self.audit.local_use {
            shell.note(local_use_text(used));
        }
        shell.status(self.summary());
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        let is_failing = |finding: &AuditFinding| finding.severity >= self.fail_on;
        if self.audit.findings.iter().any(is_failing) {
            return Code::Findings.exit();
        }
        let failure = self.failed.first();
        failure.map_or(SUCCESS, |(_, failure)| failure.code.exit())
    }
}

impl Serialize for AuditOutput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.audit.findings.iter();
        let findings: Vec<Value> = findings.map(|finding| self.document(finding)).collect();
        let local_use = self.audit.local_use.iter().map(|used| {
            json!({ "profile": used.profile, "id": used.token, "name": used.name, "at": used.at })
        });
        let options = self.shell.repeated_options();
        let failed = self.failed.iter().map(
            |(profile, failure)| json!({ "profile": profile, "error": failure.to_json(options) }),
        );
        json!({
            "findings": findings,
            "checked": self.audit.checked,
            "ignored": self.audit.ignored,
            "unknown": self.audit.unknown,
            "local_use": local_use.collect::<Vec<Value>>(),
            "failed": failed.collect::<Vec<Value>>(),
        })
        .serialize(serializer)
    }
}
