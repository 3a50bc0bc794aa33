//! `help`: the help of a command, or a topic from the reference documents.

use clap::Args;

use crate::cli::app::App;
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::reference::{TOPICS, print_document};
use crate::ui::{Line, Span};

#[derive(Debug, Args)]
#[command(
    before_help = "Topics: global (options of every command), environment (variables), credential-sources (which credential is used), exit-codes, json (output), files, provider-format (files that describe a service). `help topics` lists them.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
        examples: ["brainmaps help token create", "brainmaps help environment", "brainmaps help topics"],
        see: "brainmaps man"
    }
)]
pub struct HelpArgs {
    /// Command or topic
    #[arg(value_name = "COMMAND")]
    path: Vec<String>,
}

impl HelpArgs {
    /// The document of the topic that is named.
    fn topic(&self) -> Option<&'static str> {
        let [name] = self.path.as_slice() else {
            return None;
        };
        let topic = TOPICS.iter().find(|topic| topic.name == name);
        topic.map(|topic| topic.document)
    }

    fn is_topic_list(&self) -> bool {
        self.path == ["topics"]
    }

    /// The command whose help is requested, unless it is a topic.
    pub(crate) fn command(&self) -> Option<&[String]> {
        (self.topic().is_none() && !self.is_topic_list()).then_some(&self.path)
    }
}

/// Prints a topic. The help of commands is printed by the parser.
pub(crate) fn run(app: &App, args: &HelpArgs) -> Result<ExitStatus, Failure> {
    if args.is_topic_list() {
        return list_topics(app);
    }
    let document = args.topic().unwrap_or_default();
    print_document(&app.shell, document)?;
    Ok(SUCCESS)
}

fn list_topics(app: &App) -> Result<ExitStatus, Failure> {
    let width = TOPICS.iter().map(|topic| topic.name.len()).max();
    let width = width.unwrap_or_default();
    for topic in TOPICS {
        let name = Span::bold(format!("{:width$}", topic.name));
        app.shell.result(Line::from([
            name,
            Span::plain(format!("  {}", topic.summary)),
        ]))?;
    }
    Ok(SUCCESS)
}
