//! `token scan`: runs the search and shows its result.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::scan::{HookCommand, ScanArgs};
use super::scan_finding::{annotation, document, kind_label, location_text, providers};
use super::scan_keys::{FoundKeys, quoted_profiles};
use super::scan_unreadable::unreadable_text;
use crate::actions::{
    Context, FirstStep, HookOutcome, KeyState, KeyStates, PlannedRevocation, RevocationPlan,
    RevocationStep, ScanOptions, ScanReport, ScanSource, install_hook, scan, uninstall_hook,
    write_baseline,
};
use crate::cli::app::{App, CommandOutput, Message};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS, report_on_stderr, with_error};
use crate::domain::{Hint, RepeatedOptions, format_count, plural, sanitize_line, time_format};
use crate::scan::{Finding, sarif_log};
use crate::ui::{Annotation, Column, Line, OutputError, Shell, Span, Table};

/// The length of a commit's name in the table.
const SHORT_COMMIT: usize = 12;

pub(super) fn run(app: &App, args: &ScanArgs) -> Result<ExitStatus, Failure> {
    match args.command {
        None => scan_for_keys(app, args),
        Some(command) => run_hook(app, command),
    }
}

fn scan_for_keys(app: &App, args: &ScanArgs) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    let options = ScanOptions {
        baseline: args.baseline.baseline.clone(),
        update_baseline: args.baseline.update_baseline,
    };
    let mut report = scan(&context, &to_scan_source(args), &options)?;
    if let Some(path) = written_baseline(args) {
        write_baseline(path, &report)?;
        report.accepted.append(&mut report.findings);
        report.baselined = report.accepted.len() as u64;
    }
    let keys = FoundKeys::of(app, args, &context, &report)?;
    let outcome = keys.verify_and_revoke(app, args, &context)?;
    let output = ScanOutput {
        states: outcome.states,
        plan: keys.plan(args, &context),
        report: &report,
        written_baseline: written_baseline(args),
        context: &context,
        has_annotations: args.annotations.is_requested(),
        exit_code: args.exit_code.unwrap_or(Code::Findings.exit()),
        declined: outcome.is_revocation_declined.then(revocation_declined),
        options: app.shell.repeated_options(),
    };
    output.print_notes(&app.shell);
    let status = print_result(app, args, &output)?;
    match &output.declined {
        Some(declined) if args.sarif || !app.shell.writes_json() => {
            Ok(report_on_stderr(&app.shell, declined))
        }
        _ => Ok(status),
    }
}

fn print_result(
    app: &App,
    args: &ScanArgs,
    output: &ScanOutput<'_>,
) -> Result<ExitStatus, Failure> {
    if args.sarif || app.shell.options().json {
        output.print_annotations(&app.shell, true)?;
    }
    if args.sarif {
        let version = env!("CARGO_PKG_VERSION");
        let tally = &output.report.tally;
        let log = sarif_log(&output.report.findings, &tally.unreadable, version);
        app.shell.document(&log)?;
        return Ok(output.exit());
    }
    app.print(output)
}

fn revocation_declined() -> Failure {
    Failure::new(Code::Denied, "nothing was revoked")
}

/// Returns the file that `--update-baseline` writes.
fn written_baseline(args: &ScanArgs) -> Option<&Path> {
    let path = args.baseline.baseline.as_deref();
    path.filter(|_| args.baseline.update_baseline)
}

fn to_scan_source(args: &ScanArgs) -> ScanSource {
    if args.source.staged {
        return ScanSource::Staged;
    }
    if args.source.stdin {
        return ScanSource::Stdin;
    }
    match &args.source.history {
        Some(range) => ScanSource::History(Some(range.clone()).filter(|range| !range.is_empty())),
        None => ScanSource::Tree {
            paths: args.paths.clone(),
            no_ignore: args.tree.no_ignore,
            recurse_submodules: args.tree.recurse_submodules,
        },
    }
}

fn run_hook(app: &App, command: HookCommand) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    let (outcome, done, unchanged) = match command {
        HookCommand::InstallHook => (install_hook(&context)?, "Installed", "already installed"),
        HookCommand::UninstallHook => (uninstall_hook(&context)?, "Removed", "not installed"),
    };
    app.print(&hook_message(&outcome, done, unchanged)?)
}

fn hook_message(outcome: &HookOutcome, done: &str, unchanged: &str) -> Result<Message, Failure> {
    let path = sanitize_line(&outcome.hook.to_string_lossy());
    let line = if outcome.changed {
        Line::success(format!("{done} the hook {path}"))
    } else {
        Line::from(format!("the hook is {unchanged}: {path}"))
    };
    let document = serde_json::to_value(outcome);
    let document = document.map_err(|error| Failure::from_error(Code::Failed, error))?;
    Ok(Message::new(line, document))
}

struct ScanOutput<'a> {
    /// Empty without `--verify` and `--revoke`.
    states: KeyStates,
    /// Empty without `--dry-run`.
    plan: RevocationPlan,
    report: &'a ScanReport,
    written_baseline: Option<&'a Path>,
    context: &'a Context,
    has_annotations: bool,
    /// The exit status if there is a key.
    exit_code: ExitStatus,
    /// The failure of the command if the user declined the revocation. The keys are printed all the same.
    declined: Option<Failure>,
    options: &'a RepeatedOptions,
}

impl ScanOutput<'_> {
    fn print_annotations(&self, shell: &Shell, has_document: bool) -> Result<(), OutputError> {
        let findings = self.report.findings.iter().filter(|_| self.has_annotations);
        let annotations: Vec<Annotation> = findings.map(annotation).collect();
        shell.annotations(&annotations, has_document)
    }

    /// Prints notes about what was not searched.
    fn print_notes(&self, shell: &Shell) {
        let report = self.report;
        if report.shallow {
            let text = "this clone is shallow: the history before it was not searched; run ";
            shell.note(Hint::from(format!("{text}`git fetch --unshallow`")));
        }
        if report.partial {
            let text = "this clone is partial: the objects it lacks were not searched; run ";
            shell.note(Hint::from(format!(
                "{text}`git fetch --refetch --no-filter`"
            )));
        }
        let in_keyring = &report.keyring_profiles;
        if !in_keyring.is_empty() {
            let profiles = quoted_profiles(in_keyring);
            shell.note(format!(
                "the keyring is not read: the credentials of {profiles} are not searched for"
            ));
        }
        let unreadable = report.tally.unreadable.as_slice();
        if !unreadable.is_empty() {
            shell.warning(unreadable_text(unreadable));
        }
    }

    fn summary(&self) -> String {
        let (report, tally) = (self.report, &self.report.tally);
        let scanned = plural(tally.scanned, "file or object", "files and objects");
        let exclusions = [
            (report.baselined, "in the baseline", "in the baseline"),
            (tally.allowed, "allowed by a comment", "allowed by comments"),
            (report.ignored, "ignored by git", "ignored by git"),
            (
                tally.submodules,
                "submodule not scanned",
                "submodules not scanned",
            ),
            (tally.lfs_pointers, "LFS pointer", "LFS pointers"),
            (tally.special, "device or pipe", "devices and pipes"),
            (
                tally.other_jwts,
                "JWT of another issuer",
                "JWTs of other issuers",
            ),
        ];
        let counts = exclusions.into_iter().filter(|(count, ..)| *count > 0);
        let exclusions: Vec<String> = counts
            .map(|(count, one, many)| format!(", {count} {}", plural(count, one, many)))
            .collect();
        let exclusions = exclusions.concat();
        let found = format_count(report.findings.len(), "key");
        format!("found {found} in {} {scanned}{exclusions}", tally.scanned)
    }

    fn baseline_summary(&self, path: &Path) -> String {
        let accepted = self.report.accepted.iter();
        let fingerprints: BTreeSet<String> = accepted.map(Finding::fingerprint).collect();
        let count = format_count(fingerprints.len(), "fingerprint");
        let path = sanitize_line(&path.to_string_lossy());
        format!("Wrote {count} to {path}")
    }
}

impl CommandOutput for ScanOutput<'_> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let findings = &self.report.findings;
        if self.has_annotations {
            self.print_annotations(shell, false)?;
        } else if !findings.is_empty() {
            let mut table = Table::new(self.columns());
            for finding in findings {
                table.add_row(self.row(finding));
            }
            shell.table(&table)?;
        }
        match self.written_baseline {
            Some(path) => shell.status(Line::success(self.baseline_summary(path))),
            None => shell.status(self.summary()),
        }
        Ok(())
    }

    fn exit(&self) -> ExitStatus {
        if let Some(declined) = &self.declined {
            return declined.code.exit();
        }
        let has_findings = !self.report.findings.is_empty();
        let found = if has_findings {
            self.exit_code
        } else {
            SUCCESS
        };
        if found == SUCCESS && !self.report.tally.unreadable.is_empty() {
            return Code::Storage.exit();
        }
        found
    }
}

impl ScanOutput<'_> {
    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![
            Column::fixed("PROVIDER"),
            Column::fixed("KIND"),
            Column::fixed("PLACE"),
            Column::optional("COMMIT"),
            Column::optional("PREFIX"),
            Column::fixed("FINGERPRINT"),
            Column::optional("EXPIRES"),
        ];
        if !self.states.is_empty() {
            columns.push(Column::fixed("STATE"));
        }
        if !self.plan.is_empty() {
            columns.push(Column::fixed("REVOCATION"));
        }
        columns
    }

    fn row(&self, finding: &Finding) -> Vec<Span> {
        let commit = finding.location.commit.as_deref().unwrap_or_default();
        let commit = commit.get(..SHORT_COMMIT).unwrap_or(commit);
        let now = self.context.now();
        let expiry = finding
            .expires_at
            .map(|time| time_format::format_relative(now, time));
        let mut row = vec![
            Span::bold(providers(finding).join(" or ")),
            Span::plain(kind_label(finding)),
            Span::plain(location_text(finding)),
            Span::plain(commit),
            Span::plain(finding.shown_prefix()),
            Span::plain(finding.fingerprint()),
            Span::plain(expiry.unwrap_or_default()),
        ];
        row.extend(self.state_label(finding));
        row.extend(self.plan_label(finding).map(Span::plain));
        row
    }
}

impl ScanOutput<'_> {
    fn state(&self, finding: &Finding) -> Option<KeyState> {
        self.states.get(&finding.fingerprint()).copied()
    }

    /// Returns the cell of the column, which exists if any key has a state.
    fn state_label(&self, finding: &Finding) -> Option<Span> {
        if self.states.is_empty() {
            return None;
        }
        Some(match self.state(finding) {
            None => Span::plain(""),
            Some(KeyState::Live) => Span::bad("live"),
            Some(KeyState::Revoked) => Span::good("revoked"),
            Some(KeyState::Expired) => Span::good("expired"),
            Some(KeyState::Rejected) => Span::good("rejected"),
            Some(KeyState::Unknown) => Span::warn("unknown"),
        })
    }

    /// Returns the cell of the column, which exists with `--dry-run`.
    fn plan_label(&self, finding: &Finding) -> Option<String> {
        if self.plan.is_empty() {
            return None;
        }
        Some(match self.plan.get(&finding.fingerprint()) {
            None => "none".to_owned(),
            Some(planned) => step_label(planned),
        })
    }

    fn document(&self, finding: &Finding) -> Value {
        let mut document = document(finding);
        document["state"] = json!(self.state(finding));
        let planned = self.plan.get(&finding.fingerprint());
        document["revocation"] = json!(planned.map(|it| it.step));
        document["profiles"] = json!(planned.map(|it| &it.profiles));
        document
    }
}

fn step_label(planned: &PlannedRevocation) -> String {
    let label = match planned.step {
        FirstStep::Logout => {
            let profiles = quoted_profiles(planned.profiles.iter());
            return format!("by logout of {profiles}");
        }
        FirstStep::Request(RevocationStep::Id) => "by the id of the token",
        FirstStep::Request(RevocationStep::List) => "by the list of tokens",
        FirstStep::Request(RevocationStep::Key) => "with the key itself",
        FirstStep::Request(RevocationStep::Issuer) => "at the issuer",
        FirstStep::Manual => "on the website",
    };
    label.to_owned()
}

impl Serialize for ScanOutput<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (report, tally) = (self.report, &self.report.tally);
        let findings: Vec<Value> = report.findings.iter().map(|it| self.document(it)).collect();
        let document = json!({
            "findings": findings,
            "scanned": tally.scanned,
            "bytes": tally.bytes,
            "baselined": report.baselined,
            "allowed": tally.allowed,
            "ignored": report.ignored,
            "submodules": tally.submodules,
            "lfs_pointers": tally.lfs_pointers,
            "special": tally.special,
            "unreadable": tally.unreadable.len(),
            "unreadable_files": tally.unreadable,
            "other_jwts": tally.other_jwts,
            "shallow": report.shallow,
            "partial": report.partial,
        });
        with_error(document, self.declined.as_ref(), self.options).serialize(serializer)
    }
}
