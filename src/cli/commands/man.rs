//! `man`: manual pages, generated from the command line's definition and the reference documents.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use anyhow::Context as _;
use clap::{Arg, ArgAction, Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use crate::cli::app::App;
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::reference::{
    Block, CREDENTIAL_SOURCES, ENVIRONMENT, EXIT_CODES, FILES, JSON, TOPICS, Topic, blocks,
};

#[derive(Debug, Args)]
#[command(
    before_help = "On a terminal the page is shown by man(1), in a pipe it is printed in roff format.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
        examples: ["brainmaps man", "brainmaps man --out ~/.local/share/man/man1"],
        see: "brainmaps help, brainmaps completions"
    }
)]
pub struct ManArgs {
    /// Write one page per command and per help topic into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const CANNOT_WRITE: &str = "cannot write the manual page";

/// Shows the manual page on a terminal, prints it in a pipe, or writes every page.
pub(crate) fn run(app: &App, args: &ManArgs, mut root: Command) -> Result<ExitStatus, Failure> {
    root.build();
    if let Some(directory) = &args.out {
        let written = write_pages(&root, directory).and_then(|()| write_topics(directory));
        written.context(CANNOT_WRITE)?;
        app.shell
            .status(format!("wrote the manual pages to {}", directory.display()));
        return Ok(SUCCESS);
    }
    let page = page(&root).context(CANNOT_WRITE)?;
    if app.shell.terminal().stdout && view(&page) {
        return Ok(SUCCESS);
    }
    app.shell.script(&page)?;
    Ok(SUCCESS)
}

/// Hands the page to `man`, which formats and pages it. Returns false if that is not possible.
fn view(page: &[u8]) -> bool {
    let started = Process::new("man")
        .args(["-l", "-"])
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut viewer) = started else {
        return false;
    };
    let stdin = viewer.stdin.take();
    // A user who quits the pager early closes the pipe.
    let _closed = stdin.map(|mut stdin| stdin.write_all(page));
    viewer.wait().is_ok_and(|status| status.success())
}

fn write_pages(command: &Command, directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    write_file(&directory.join(format!("{name}.1")), &page(command)?)?;
    let mut below = visible_subcommands(command);
    below.try_for_each(|command| write_pages(command, directory))
}

/// Writes `brainmaps-help-TOPIC.1` for each topic of `help`.
fn write_topics(directory: &Path) -> io::Result<()> {
    TOPICS.iter().try_for_each(|topic| {
        let path = directory.join(format!("brainmaps-help-{}.1", topic.name));
        write_file(&path, &topic_page(topic)?)
    })
}

fn topic_page(topic: &Topic) -> io::Result<Vec<u8>> {
    let name = format!("brainmaps-help-{}", topic.name);
    let mut page = Roff::new();
    page.control("TH", [name.as_str(), "1"]);
    page.control("SH", ["NAME"]);
    page.text([roman(format!("{name} - {}", topic.summary))]);
    document(&mut page, "DESCRIPTION", topic.document);
    let mut out = Vec::new();
    page.to_writer(&mut out)?;
    Ok(out)
}

fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(content)
}

fn visible_subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
}

/// Renders the page of a command that is built.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    // The help of a command hides the global options; the first page explains them.
    let is_root = command.get_display_name().is_none();
    let command = command.clone().mut_args(|arg| {
        let is_hidden = arg.is_hide_set() && !is_root;
        arg.hide(is_hidden)
    });
    let man = Man::new(command.clone()).source(concat!("brainmaps ", env!("CARGO_PKG_VERSION")));
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    let mut text = Roff::new();
    synopsis(&mut text, &command);
    description(&mut text, &command);
    text.to_writer(&mut out)?;
    man.render_options_section(&mut out)?;
    if visible_subcommands(&command).next().is_some() {
        man.render_subcommands_section(&mut out)?;
    }
    let mut text = Roff::new();
    if is_root {
        document(&mut text, "CREDENTIAL SOURCES", CREDENTIAL_SOURCES);
        document(&mut text, "ENVIRONMENT", ENVIRONMENT);
        document(&mut text, "FILES", FILES);
        document(&mut text, "EXIT STATUS", EXIT_CODES);
        document(&mut text, "JSON OUTPUT", JSON);
    } else {
        reference(&mut text, "EXIT STATUS", "0 on success.");
        reference(&mut text, "GLOBAL OPTIONS", "Every command accepts them.");
    }
    after_help(&mut text, &command);
    text.to_writer(&mut out)?;
    // Markdown of the help texts.
    out.retain(|byte| *byte != b'`');
    Ok(out)
}

fn reference(page: &mut Roff, title: &str, text: &str) {
    page.control("SH", [title]);
    page.text([
        roman(format!("{text} See ")),
        bold("brainmaps"),
        roman("(1)."),
    ]);
}

fn synopsis(page: &mut Roff, command: &Command) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut line = vec![bold(name)];
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    let own = options.filter(|arg| !arg.is_global_set());
    for arg in own.chain(command.get_positionals()) {
        if !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version) {
            line.push(roman(" "));
            line.extend(usage(arg));
        }
    }
    line.push(italic(" [GLOBAL OPTIONS]"));
    if visible_subcommands(command).next().is_some() {
        line.push(italic(" COMMAND"));
    }
    page.control("SH", ["SYNOPSIS"]);
    page.text(line);
}

/// `[--limit N]`, `ID...`
fn usage(arg: &Arg) -> Vec<Inline> {
    let mut usage = Vec::new();
    if let Some(name) = arg.get_long() {
        usage.push(bold(format!("--{name}")));
    }
    for value in arg.get_value_names().into_iter().flatten() {
        let takes_value = arg.get_num_args().is_some_and(|count| count.takes_values());
        if takes_value {
            usage.extend([
                roman(if usage.is_empty() { "" } else { " " }),
                italic(value.as_str()),
            ]);
        }
    }
    if matches!(arg.get_action(), ArgAction::Append) {
        usage.push(roman("..."));
    }
    if !arg.is_required_set() {
        usage.insert(0, roman("["));
        usage.push(roman("]"));
    }
    usage
}

fn description(page: &mut Roff, command: &Command) {
    page.control("SH", ["DESCRIPTION"]);
    let texts = [command.get_about(), command.get_before_help()];
    for text in texts.into_iter().flatten() {
        page.control("PP", []);
        page.text([roman(text.to_string().replace('\n', " "))]);
    }
}

/// Renders a reference document as one section.
fn document(page: &mut Roff, title: &str, markdown: &str) {
    page.control("SH", [title]);
    for block in blocks(markdown).into_iter().skip(1) {
        match block {
            Block::Heading(text) => page.control("SS", [text.as_str()]),
            Block::Paragraph(text) => page.control("PP", []).text([roman(text)]),
            Block::Item(text) => page.control("IP", ["\\(bu", "2"]).text([roman(text)]),
            Block::Row(term, meaning) => page
                .control("TP", [])
                .text([bold(term)])
                .text([roman(meaning)]),
            Block::Code(lines) => verbatim(page, &lines),
        };
    }
}

fn verbatim<'p>(page: &'p mut Roff, lines: &[impl AsRef<str>]) -> &'p mut Roff {
    page.control("PP", []).control("nf", []);
    for line in lines {
        page.text([roman(line.as_ref())]);
    }
    page.control("fi", [])
}

/// The parts of the text after the options: `Examples:` line by line, `See also: …` as a paragraph.
fn after_help(page: &mut Roff, command: &Command) {
    let text = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    for part in text
        .split("\n\n")
        .filter(|part| !part.starts_with("Global options"))
    {
        let (title, body) = part.split_once(':').unwrap_or_default();
        page.control("SH", [title.to_uppercase().as_str()]);
        let lines: Vec<_> = body.trim_matches('\n').lines().map(str::trim).collect();
        verbatim(page, &lines);
    }
}
