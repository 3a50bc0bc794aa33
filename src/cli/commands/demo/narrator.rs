//! How the demo is told: to people as it happens, to programs as one document at the end.

use serde::Serialize;
use tokio::time::Instant;

use crate::cli::{Code, DONE, Exit, Failure, reader_is_gone};
use crate::ui::{OutputError, Shell, Span};

/// Where text begins: behind `1/8  ` and behind the mark of what came back.
const INDENT: usize = 5;

/// What to try next, and why.
const NEXT: [(&str, &str); 3] = [
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
struct Told {
    title: &'static str,
    command: String,
    outcome: String,
    ok: bool,
    milliseconds: u64,
}

/// What programs read.
#[derive(Debug, Serialize)]
struct Document<'t> {
    steps: &'t [Told],
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'t Failure>,
}

/// A step that has begun.
struct Begun {
    title: &'static str,
    command: String,
    at: Instant,
}

/// Tells the steps and remembers them.
pub(super) struct Narrator<'s> {
    shell: &'s Shell,
    steps: usize,
    started: Instant,
    begun: Option<Begun>,
    told: Vec<Told>,
}

impl<'s> Narrator<'s> {
    pub(super) fn new(shell: &'s Shell, steps: usize) -> Self {
        Self {
            shell,
            steps,
            started: Instant::now(),
            begun: None,
            told: Vec::new(),
        }
    }

    /// What this is.
    pub(super) fn open(&self) -> Result<(), OutputError> {
        self.print(
            "",
            0,
            Span::bold("The whole job, on a stand-in for BrainMaps inside this program."),
        )?;
        self.print(
            "",
            0,
            Span::dim(
                "No account, no network; the demo's home is a temporary folder, removed at the end.",
            ),
        )
    }

    /// A step begins: its name, why it matters, and what a person would type.
    pub(super) fn begin(
        &mut self,
        title: &'static str,
        why: &'static str,
        command: String,
    ) -> Result<(), OutputError> {
        let number = format!("{}/{}  ", self.told.len() + 1, self.steps);
        self.print("", 0, "")?;
        self.print(Span::bold(number), INDENT, Span::bold(title))?;
        self.print("", INDENT, Span::dim(why))?;
        self.print("     $ ", INDENT + 2, command.as_str())?;
        self.begun = Some(Begun {
            title,
            command,
            at: Instant::now(),
        });
        Ok(())
    }

    /// Something on the way.
    pub(super) fn say(&self, text: &str) -> Result<(), OutputError> {
        self.print("", INDENT, text)
    }

    /// The step did what it should; `outcome` is what came back.
    pub(super) fn end(&mut self, outcome: impl Into<String>) -> Result<(), OutputError> {
        let outcome = outcome.into();
        let mark = format!("{:>4}", self.shell.stdout_look().fit("✓"));
        self.print(Span::good(mark), INDENT, outcome.as_str())?;
        self.remember(outcome, true);
        Ok(())
    }

    fn remember(&mut self, outcome: String, ok: bool) {
        if let Some(Begun { title, command, at }) = self.begun.take() {
            self.told.push(Told {
                title,
                command,
                outcome,
                ok,
                milliseconds: at.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
            });
        }
    }

    /// The end, good or bad.
    pub(super) fn close(mut self, ended: Result<(), Failure>) -> Result<Exit, Failure> {
        let ended = ended.map_err(|failure| self.at_this_step(failure));
        if self.shell.options().json {
            self.shell.document(&Document {
                steps: &self.told,
                ok: ended.is_ok(),
                error: ended.as_ref().err(),
            })?;
            return Ok(ended.map_or_else(|failure| failure.code.exit(), |()| DONE));
        }
        ended?;
        self.conclude()?;
        Ok(DONE)
    }

    /// The failure with the step that it belongs to. Ctrl-C and a reader that went away are nobody's fault.
    fn at_this_step(&mut self, failure: Failure) -> Failure {
        let Some(begun) = &self.begun else {
            return failure;
        };
        let blameless = failure.code == Code::Interrupted || reader_is_gone(&failure);
        let (number, title) = (self.told.len() + 1, begun.title);
        self.remember(failure.message.clone(), false);
        if blameless {
            return failure;
        }
        let message = format!(
            "step {number} of {}, \"{title}\": {}",
            self.steps, failure.message
        );
        Failure { message, ..failure }
    }

    fn conclude(&self) -> Result<(), OutputError> {
        let verdict = format!(
            "all {} steps went as they should, in {:.1} s; nothing is left behind",
            self.told.len(),
            self.started.elapsed().as_secs_f64()
        );
        let mark = self.shell.stdout_look().fit("✓").into_owned() + " ";
        let indent = mark.chars().count();
        self.print("", 0, "")?;
        self.write(Span::good(mark), indent, verdict)?;
        self.print("", 0, "")?;
        self.print("", 0, Span::bold("Now yours:"))?;
        NEXT.iter()
            .try_for_each(|(command, why)| self.print("  $ ", 4, format!("{command}  # {why}")))
    }

    /// [`Narrator::write`] for people who want to hear it all.
    fn print(
        &self,
        lead: impl Into<Span>,
        indent: usize,
        text: impl Into<Span>,
    ) -> Result<(), OutputError> {
        if self.shell.options().json || self.shell.options().quiet {
            return Ok(());
        }
        self.write(lead, indent, text)
    }

    /// `text` in lines that fit behind `indent` columns, the first of which `lead` stands in. A word too long for that,
    /// such as an id, moves to the left as far as it must.
    fn write(
        &self,
        lead: impl Into<Span>,
        indent: usize,
        text: impl Into<Span>,
    ) -> Result<(), OutputError> {
        let (mut lead, text) = (lead.into(), text.into());
        let look = self.shell.stdout_look();
        for line in look.lines(&text.text, indent) {
            let room = look.width.saturating_sub(line.chars().count());
            let indent = if look.terminal {
                indent.min(room)
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
    use crate::ui::{Captured, Options};

    fn told(
        options: Options,
        ended: impl FnOnce(&mut Narrator<'_>) -> Result<(), Failure>,
    ) -> (Result<Exit, Failure>, Captured) {
        let (shell, stdout, _) = Shell::captured(Terminal::absent(), options);
        let mut narrator = Narrator::new(&shell, 2);
        let ended = ended(&mut narrator);
        (narrator.close(ended), stdout)
    }

    fn second_step_fails(narrator: &mut Narrator<'_>) -> Result<(), Failure> {
        narrator.begin("Sign in", "why", "brainmaps login".to_owned())?;
        narrator.end("signed in")?;
        narrator.begin("Log out", "why", "brainmaps logout".to_owned())?;
        Err(Failure::new(Code::Busy, "the profile is locked"))
    }

    #[test]
    fn a_failure_says_which_step_it_belongs_to_and_keeps_its_exit_status() {
        let (ended, stdout) = told(Options::default(), second_step_fails);
        let failure = ended.unwrap_err();
        assert_eq!(failure.code, Code::Busy);
        assert_eq!(
            failure.message,
            "step 2 of 2, \"Log out\": the profile is locked"
        );
        assert!(!stdout.text().contains("all"), "{}", stdout.text());
    }

    #[test]
    fn programs_get_the_failure_in_the_same_document() {
        let options = Options {
            json: true,
            ..Options::default()
        };
        let (ended, stdout) = told(options, second_step_fails);
        assert_eq!(ended.unwrap(), Code::Busy.exit());
        let document: serde_json::Value = serde_json::from_str(&stdout.text()).unwrap();
        assert_eq!(document["ok"], false);
        assert_eq!(document["steps"][0]["ok"], true);
        assert_eq!(document["steps"][1]["ok"], false);
        assert_eq!(document["steps"][1]["outcome"], "the profile is locked");
        assert_eq!(document["error"]["code"], "BUSY");
    }

    #[test]
    fn ctrl_c_is_no_failure_of_a_step() {
        let (ended, _) = told(Options::default(), |narrator| {
            narrator.begin("Sign in", "why", "brainmaps login".to_owned())?;
            Err(Failure::interrupted())
        });
        assert_eq!(ended.unwrap_err().message, "interrupted");
    }
}
