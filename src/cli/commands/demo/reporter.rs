//! The output of the demo: text while it runs, or one JSON document at the end.

use serde::Serialize;
use tokio::time::Instant;

use crate::cli::failure::{Code, ExitStatus, Failure, JsonFailure, SUCCESS, is_broken_pipe};
use crate::ui::{OutputError, Shell, Span};

/// The column of the text, after `1/8  ` and after the mark of the result.
const INDENT: usize = 5;

/// Commands to try next, with their purpose.
const NEXT_COMMANDS: [(&str, &str); 3] = [
    ("brainmaps login", "sign in to your own account"),
    (
        "brainmaps token create ci --env-file .env",
        "create a key for a script",
    ),
    ("brainmaps sandbox serve", "serve the sandbox on a port"),
];

#[derive(Debug, Serialize)]
struct StepReport {
    title: &'static str,
    command: String,
    outcome: String,
    ok: bool,
    milliseconds: u64,
}

#[derive(Debug, Serialize)]
struct Document<'t> {
    steps: &'t [StepReport],
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JsonFailure<'t>>,
}

struct CurrentStep {
    title: &'static str,
    command: String,
    started_at: Instant,
}

/// Prints the steps, and keeps their results for the JSON document.
pub(super) struct Reporter<'s> {
    shell: &'s Shell,
    step_count: usize,
    started: Instant,
    current: Option<CurrentStep>,
    reports: Vec<StepReport>,
}

impl<'s> Reporter<'s> {
    pub(super) fn new(shell: &'s Shell, step_count: usize) -> Self {
        Self {
            shell,
            step_count,
            started: Instant::now(),
            current: None,
            reports: Vec::new(),
        }
    }

    pub(super) fn print_introduction(&self) -> Result<(), OutputError> {
        self.write_unless_quiet(
            "",
            0,
            Span::bold(
                "Signs in, creates, rotates and revokes a token, on a sandbox inside this program.",
            ),
        )?;
        self.write_unless_quiet(
            "",
            0,
            Span::dim(
                "Needs no account and no network. All files are in a temporary directory, which is removed at the end.",
            ),
        )
    }

    /// Prints the title of a step, its reason, and the command that does the same.
    pub(super) fn start_step(
        &mut self,
        title: &'static str,
        why: &'static str,
        command: String,
    ) -> Result<(), OutputError> {
        let number = format!("{}/{}  ", self.reports.len() + 1, self.step_count);
        self.write_unless_quiet("", 0, "")?;
        self.write_unless_quiet(Span::bold(number), INDENT, Span::bold(title))?;
        self.write_unless_quiet("", INDENT, Span::dim(why))?;
        self.write_unless_quiet("     $ ", INDENT + 2, command.as_str())?;
        self.current = Some(CurrentStep {
            title,
            command,
            started_at: Instant::now(),
        });
        Ok(())
    }

    /// Prints an intermediate result.
    pub(super) fn detail(&self, text: &str) -> Result<(), OutputError> {
        self.write_unless_quiet("", INDENT, text)
    }

    /// Prints the result of a successful step.
    pub(super) fn finish_step(&mut self, outcome: impl Into<String>) -> Result<(), OutputError> {
        let outcome = outcome.into();
        let mark = format!("{:>4}", self.shell.stdout_style().to_charset("✓"));
        self.write_unless_quiet(Span::good(mark), INDENT, outcome.as_str())?;
        self.record(outcome, true);
        Ok(())
    }

    fn record(&mut self, outcome: String, ok: bool) {
        if let Some(CurrentStep {
            title,
            command,
            started_at,
        }) = self.current.take()
        {
            self.reports.push(StepReport {
                title,
                command,
                outcome,
                ok,
                milliseconds: started_at
                    .elapsed()
                    .as_millis()
                    .try_into()
                    .unwrap_or(u64::MAX),
            });
        }
    }

    /// Prints the summary or the JSON document.
    pub(super) fn finish(mut self, result: Result<(), Failure>) -> Result<ExitStatus, Failure> {
        let result = result.map_err(|failure| self.with_step(failure));
        if self.shell.options().json {
            self.shell.document(&Document {
                steps: &self.reports,
                ok: result.is_ok(),
                error: result
                    .as_ref()
                    .err()
                    .map(|failure| failure.to_json(self.shell.repeated_options())),
            })?;
            return Ok(result.map_or_else(|failure| failure.code.exit(), |()| SUCCESS));
        }
        result?;
        self.print_summary()?;
        Ok(SUCCESS)
    }

    /// Names the step in the failure, unless Ctrl-C or a closed pipe has interrupted it.
    fn with_step(&mut self, failure: Failure) -> Failure {
        let Some(current) = &self.current else {
            return failure;
        };
        let is_expected = failure.code == Code::Interrupted || is_broken_pipe(&failure);
        let (number, title) = (self.reports.len() + 1, current.title);
        self.record(failure.message.clone(), false);
        if is_expected {
            return failure;
        }
        let message = format!(
            "step {number} of {}, \"{title}\": {}",
            self.step_count, failure.message
        );
        Failure { message, ..failure }
    }

    fn print_summary(&self) -> Result<(), OutputError> {
        let verdict = format!(
            "All {} steps succeeded in {:.1} s. No files are left.",
            self.reports.len(),
            self.started.elapsed().as_secs_f64()
        );
        let mark = self.shell.stdout_style().to_charset("✓").into_owned() + " ";
        let indent = mark.chars().count();
        self.write_unless_quiet("", 0, "")?;
        self.write_wrapped(Span::good(mark), indent, verdict)?;
        self.write_unless_quiet("", 0, "")?;
        self.write_unless_quiet("", 0, Span::bold("Next:"))?;
        NEXT_COMMANDS.iter().try_for_each(|(command, why)| {
            self.write_unless_quiet("  $ ", 4, format!("{command}  # {why}"))
        })
    }

    fn write_unless_quiet(
        &self,
        lead: impl Into<Span>,
        indent: usize,
        text: impl Into<Span>,
    ) -> Result<(), OutputError> {
        if self.shell.options().json || self.shell.options().quiet {
            return Ok(());
        }
        self.write_wrapped(lead, indent, text)
    }

    /// Wraps `text` and indents it, with `lead` before the first line. A word that is too long, such as an ID, is indented
    /// less.
    fn write_wrapped(
        &self,
        lead: impl Into<Span>,
        indent: usize,
        text: impl Into<Span>,
    ) -> Result<(), OutputError> {
        let (mut lead, text) = (lead.into(), text.into());
        let style = self.shell.stdout_style();
        for line in style.wrap_text(&text.text, indent) {
            let available = style.width.saturating_sub(line.chars().count());
            let indent = if style.terminal {
                indent.min(available)
            } else {
                indent
            };
            lead.text = format!("{:indent$}", lead.text);
            self.shell
                .result([lead.clone(), Span::new(line, text.style)])?;
            lead.text.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::host::Terminal;
    use crate::ui::{Options, TestBuffer, TestShell};

    fn report(
        options: Options,
        run_steps: impl FnOnce(&mut Reporter<'_>) -> Result<(), Failure>,
    ) -> (Result<ExitStatus, Failure>, TestBuffer) {
        let TestShell { shell, stdout, .. } = Shell::with_test_buffers(Terminal::absent(), options);
        let mut reporter = Reporter::new(&shell, 2);
        let result = run_steps(&mut reporter);
        (reporter.finish(result), stdout)
    }

    fn second_step_fails(reporter: &mut Reporter<'_>) -> Result<(), Failure> {
        reporter.start_step("Sign in", "why", "brainmaps login".to_owned())?;
        reporter.finish_step("signed in")?;
        reporter.start_step("Sign out", "why", "brainmaps logout".to_owned())?;
        Err(Failure::new(Code::Busy, "the profile is locked"))
    }

    #[test]
    fn failure_names_its_step_and_keeps_its_exit_status() {
        let (result, stdout) = report(Options::default(), second_step_fails);
        let failure = result.unwrap_err();
        assert_eq!(failure.code, Code::Busy);
        assert_eq!(
            failure.message,
            "step 2 of 2, \"Sign out\": the profile is locked"
        );
        assert!(!stdout.text().contains("succeeded"), "{}", stdout.text());
    }

    #[test]
    fn json_document_contains_the_failure() {
        let options = Options {
            json: true,
            ..Options::default()
        };
        let (result, stdout) = report(options, second_step_fails);
        assert_eq!(result.unwrap(), Code::Busy.exit());
        let document: serde_json::Value = serde_json::from_str(&stdout.text()).unwrap();
        assert_eq!(document["ok"], false);
        assert_eq!(document["steps"][0]["ok"], true);
        assert_eq!(document["steps"][1]["ok"], false);
        assert_eq!(document["steps"][1]["outcome"], "the profile is locked");
        assert_eq!(document["error"]["code"], "BUSY");
    }

    #[test]
    fn ctrl_c_is_not_a_step_failure() {
        let (result, _) = report(Options::default(), |reporter| {
            reporter.start_step("Sign in", "why", "brainmaps login".to_owned())?;
            Err(Failure::interrupted())
        });
        assert_eq!(result.unwrap_err().message, "interrupted");
    }
}
