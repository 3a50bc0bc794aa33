//! How the demo is told: to people as it happens, to programs as one document at the end.

use serde::Serialize;
use tokio::time::Instant;

use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::report::is_broken_pipe;
use crate::ui::{OutputError, Shell, Span};

/// Where text begins: behind `1/8  ` and behind the mark of what came back.
const INDENT: usize = 5;

/// What to try next, and why.
const NEXT_COMMANDS: [(&str, &str); 3] = [
    ("brainmaps login", "sign in to your own account"),
    (
        "brainmaps token create ci --env-file .env",
        "a key for a script, never shown",
    ),
    (
        "brainmaps sandbox serve",
        "this stand-in on a port, to try things by hand",
    ),
];

/// A step that is over.
#[derive(Debug, Serialize)]
struct StepReport {
    title: &'static str,
    command: String,
    outcome: String,
    ok: bool,
    milliseconds: u64,
}

/// What programs read.
#[derive(Debug, Serialize)]
struct Document<'t> {
    steps: &'t [StepReport],
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'t Failure>,
}

/// A step that has begun.
struct CurrentStep {
    title: &'static str,
    command: String,
    started_at: Instant,
}

/// Tells the steps and remembers them.
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

    /// What this is.
    pub(super) fn print_introduction(&self) -> Result<(), OutputError> {
        self.write_unless_quiet(
            "",
            0,
            Span::bold("The whole job, on a stand-in for BrainMaps inside this program."),
        )?;
        self.write_unless_quiet(
            "",
            0,
            Span::dim(
                "No account, no network; the demo's home is a temporary folder, removed at the end.",
            ),
        )
    }

    /// A step begins: its name, why it matters, and what a person would type.
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

    /// Something on the way.
    pub(super) fn detail(&self, text: &str) -> Result<(), OutputError> {
        self.write_unless_quiet("", INDENT, text)
    }

    /// The step did what it should; `outcome` is what came back.
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
            started_at: at,
        }) = self.current.take()
        {
            self.reports.push(StepReport {
                title,
                command,
                outcome,
                ok,
                milliseconds: at.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
            });
        }
    }

    /// The end, good or bad.
    pub(super) fn finish(mut self, result: Result<(), Failure>) -> Result<ExitStatus, Failure> {
        let ended = result.map_err(|failure| self.with_step(failure));
        if self.shell.options().json {
            self.shell.document(&Document {
                steps: &self.reports,
                ok: ended.is_ok(),
                error: ended.as_ref().err(),
            })?;
            return Ok(ended.map_or_else(|failure| failure.code.exit(), |()| SUCCESS));
        }
        ended?;
        self.print_summary()?;
        Ok(SUCCESS)
    }

    /// The failure with the step that it belongs to. Ctrl-C and a reader that went away are nobody's fault.
    fn with_step(&mut self, failure: Failure) -> Failure {
        let Some(begun) = &self.current else {
            return failure;
        };
        let is_expected = failure.code == Code::Interrupted || is_broken_pipe(&failure);
        let (number, title) = (self.reports.len() + 1, begun.title);
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
            "all {} steps went as they should, in {:.1} s; nothing is left behind",
            self.reports.len(),
            self.started.elapsed().as_secs_f64()
        );
        let mark = self.shell.stdout_style().to_charset("✓").into_owned() + " ";
        let indent = mark.chars().count();
        self.write_unless_quiet("", 0, "")?;
        self.write_wrapped(Span::good(mark), indent, verdict)?;
        self.write_unless_quiet("", 0, "")?;
        self.write_unless_quiet("", 0, Span::bold("Now yours:"))?;
        NEXT_COMMANDS.iter().try_for_each(|(command, why)| {
            self.write_unless_quiet("  $ ", 4, format!("{command}  # {why}"))
        })
    }

    /// [`Reporter::write_wrapped`] for people who want to hear it all.
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

    /// `text` in lines that fit behind `indent` columns, the first of which `lead` stands in. A word too long for that,
    /// such as an id, moves to the left as far as it must.
    fn write_wrapped(
        &self,
        lead: impl Into<Span>,
        indent: usize,
        text: impl Into<Span>,
    ) -> Result<(), OutputError> {
        let (mut lead, text) = (lead.into(), text.into());
        let look = self.shell.stdout_style();
        for line in look.wrap_text(&text.text, indent) {
            let available = look.width.saturating_sub(line.chars().count());
            let indent = if look.terminal {
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
    use crate::ui::{Options, TestBuffer};

    fn report(
        options: Options,
        ended: impl FnOnce(&mut Reporter<'_>) -> Result<(), Failure>,
    ) -> (Result<ExitStatus, Failure>, TestBuffer) {
        let (shell, stdout, _) = Shell::with_test_buffers(Terminal::absent(), options);
        let mut narrator = Reporter::new(&shell, 2);
        let ended = ended(&mut narrator);
        (narrator.finish(ended), stdout)
    }

    fn second_step_fails(narrator: &mut Reporter<'_>) -> Result<(), Failure> {
        narrator.start_step("Sign in", "why", "brainmaps login".to_owned())?;
        narrator.finish_step("signed in")?;
        narrator.start_step("Log out", "why", "brainmaps logout".to_owned())?;
        Err(Failure::new(Code::Busy, "the profile is locked"))
    }

    #[test]
    fn failure_names_its_step_and_keeps_its_exit_status() {
        let (ended, stdout) = report(Options::default(), second_step_fails);
        let failure = ended.unwrap_err();
        assert_eq!(failure.code, Code::Busy);
        assert_eq!(
            failure.message,
            "step 2 of 2, \"Log out\": the profile is locked"
        );
        assert!(!stdout.text().contains("all"), "{}", stdout.text());
    }

    #[test]
    fn json_document_contains_the_failure() {
        let options = Options {
            json: true,
            ..Options::default()
        };
        let (ended, stdout) = report(options, second_step_fails);
        assert_eq!(ended.unwrap(), Code::Busy.exit());
        let document: serde_json::Value = serde_json::from_str(&stdout.text()).unwrap();
        assert_eq!(document["ok"], false);
        assert_eq!(document["steps"][0]["ok"], true);
        assert_eq!(document["steps"][1]["ok"], false);
        assert_eq!(document["steps"][1]["outcome"], "the profile is locked");
        assert_eq!(document["error"]["code"], "BUSY");
    }

    #[test]
    fn ctrl_c_is_not_a_step_failure() {
        let (ended, _) = report(Options::default(), |narrator| {
            narrator.start_step("Sign in", "why", "brainmaps login".to_owned())?;
            Err(Failure::interrupted())
        });
        assert_eq!(ended.unwrap_err().message, "interrupted");
    }
}
