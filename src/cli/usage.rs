//! Reports invalid arguments. The message never contains a value, which may be a secret in the wrong position; it names
//! the option or the position of the argument.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::failure::{Code, ExitStatus, Failure, SUCCESS, closest, report_failure};
use super::reference::topic_names;
use super::whole_lines::{is_help, restore_spaces};
use crate::host::Terminal;
use crate::ui::{ColorWhen, Options, OutputError, Shell};

/// A longer argument is not repeated in a message as the name of an option: it may be a secret.
const MAX_OPTION_LENGTH: usize = 24;

const REDACTED_TIP: &str = "  tip: it is not printed because it may be a secret; secrets are read from a prompt, stdin, a file or a variable";

const LOGIN_TIP: &str = "  tip: keys are not arguments; your shell's history has it now: `brainmaps login --with-token < FILE`";

const LIST_COMMANDS_HINT: &str = "add `--help` to list the commands";

/// No secret, and examples in reasons contain them.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const EXEC_TIP: &str = "  tip: put `--` before the command: `brainmaps exec -- COMMAND`";

const NAME_TIP: &str = "  tip: one name is expected; quote a name with spaces: `brainmaps token create \"nightly build\"`";

const VALUE_TIP: &str =
    "  tip: one value is expected; quote a value with spaces: `brainmaps config set KEY \"a b\"`";

/// The tips for an unexpected argument, by the command in clap's usage line.
const TIPS: &[(&str, &str)] = &[
    ("brainmaps login", LOGIN_TIP),
    ("brainmaps exec", EXEC_TIP),
    ("brainmaps token create", NAME_TIP),
    ("brainmaps config set ", VALUE_TIP),
];

/// A longer argument is not repeated in a message as a mistyped command: it may be a secret.
const MAX_COMMAND_LENGTH: usize = 12;

/// Prints what clap reports. Help and version are results, everything else is a usage error.
pub(super) fn report_usage_error(
    error: clap::Error,
    arguments: &[OsString],
    terminal: Terminal,
    wants_json: bool,
) -> ExitStatus {
    let error = redact_values(error, arguments);
    if wants_json && error.use_stderr() {
        let shell = Shell::new(
            terminal,
            Options {
                json: true,
                color: ColorWhen::Never,
                ..Options::default()
            },
        );
        return report_failure(&shell, &to_failure(&error));
    }
    if is_help(&error) {
        return print_help(&error, terminal);
    }
    match error.print() {
        Err(write_error) if write_error.kind() != std::io::ErrorKind::BrokenPipe => {
            Code::Failed.exit()
        }
        _ if error.use_stderr() => Code::Usage.exit(),
        _ => SUCCESS,
    }
}

fn print_help(error: &clap::Error, terminal: Terminal) -> ExitStatus {
    let shell = Shell::new(terminal, Options::default());
    let stream = if error.use_stderr() {
        shell.stderr_style()
    } else {
        shell.stdout_style()
    };
    let help = error.render();
    let help = if stream.colour {
        help.ansi().to_string()
    } else {
        help.to_string()
    };
    let help = restore_spaces(&help);
    if error.use_stderr() {
        shell.script_to_stderr(&help);
        return Code::Usage.exit();
    }
    print_text(&shell, &help)
}

/// Prints what clap prints for `--version`.
pub(super) fn print_version(terminal: Terminal) -> ExitStatus {
    let shell = Shell::new(terminal, Options::default());
    print_text(
        &shell,
        concat!("brainmaps ", env!("CARGO_PKG_VERSION"), "\n"),
    )
}

fn print_text(shell: &Shell, text: &str) -> ExitStatus {
    match shell.script(text.as_bytes()) {
        Ok(()) | Err(OutputError::Closed) => SUCCESS,
        Err(error) => report_failure(shell, &error.into()),
    }
}

fn to_failure(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::new(Code::Usage, "a command is required").with_hints([LIST_COMMANDS_HINT]);
    }
    let text = error.render().to_string();
    let (message, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let message = message.trim_start_matches("error: ");
    let lines = rest.lines().map(str::trim);
    let is_hint = |line: &&str| !line.is_empty() && !line.starts_with("For more information");
    let hint: Vec<&str> = lines.filter(is_hint).collect();
    let hint = (!hint.is_empty()).then(|| hint.join("; "));
    Failure::new(Code::Usage, message).with_hints(hint)
}

/// Replaces clap's message if it contains a value.
fn redact_values(error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let Some((message, hint)) = redacted_message(&error, arguments) else {
        return error;
    };
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    let parts = [Some(message), hint, usage];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let text = parts.join("\n\n");
    let text = format!("{text}\n\nFor more information, try '--help'.\n");
    clap::Error::raw(error.kind(), text)
}

/// Returns a message and a tip without values, or `None` if clap's message has none.
fn redacted_message(
    error: &clap::Error,
    arguments: &[OsString],
) -> Option<(String, Option<String>)> {
    let option = context_text(error, ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => describe_unknown_argument(error, &option, arguments),
        ErrorKind::InvalidSubcommand => describe_unknown_command(error, arguments),
        ErrorKind::InvalidValue => describe_invalid_value(error, &option),
        ErrorKind::ValueValidation => {
            let value = context_text(error, ContextKind::InvalidValue);
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let reason = reason.and_then(|reason| redact_reason(&reason, &value));
            let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
            (format!("invalid value for '{option}'{reason}"), None)
        }
        ErrorKind::TooManyValues => (
            format!("unexpected value for '{option}' found"),
            Some(REDACTED_TIP.to_owned()),
        ),
        ErrorKind::MissingRequiredArgument => {
            let names = context_strings(error, ContextKind::InvalidArg).join(", ");
            (format!("missing required argument: {names}"), None)
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::NoEquals => {
            (format!("wrong number of values for '{option}'"), None)
        }
        _ => return None,
    })
}

fn describe_unknown_argument(
    error: &clap::Error,
    given: &str,
    arguments: &[OsString],
) -> (String, Option<String>) {
    if let Some(name) = option_name(given) {
        let similar = find_suggestion(error, ContextKind::SuggestedArg, "argument");
        return (format!("unexpected argument '{name}' found"), similar);
    }
    let problem = with_position("unexpected argument", given, arguments);
    let usage = context_text(error, ContextKind::Usage);
    let tip = TIPS.iter().find(|(command, _)| usage.contains(command));
    let tip = tip.map_or(REDACTED_TIP, |(_, tip)| *tip);
    (problem, Some(tip.to_owned()))
}

fn describe_unknown_command(
    error: &clap::Error,
    arguments: &[OsString],
) -> (String, Option<String>) {
    let given = context_text(error, ContextKind::InvalidSubcommand);
    let known = context_strings(error, ContextKind::SuggestedSubcommand);
    let similar = closest(&given, &known).map(|name| similar_tip("command", name));
    let similar = similar.or_else(|| topics_tip(arguments));
    if is_command_like(&given) {
        return (format!("unrecognized command '{given}'"), similar);
    }
    let problem = with_position("unrecognized command", &given, arguments);
    (problem, similar.or_else(|| Some(REDACTED_TIP.to_owned())))
}

fn describe_invalid_value(error: &clap::Error, option: &str) -> (String, Option<String>) {
    let valid_values = context_strings(error, ContextKind::ValidValue).join(", ");
    let valid_values =
        (!valid_values.is_empty()).then(|| format!("  [possible values: {valid_values}]"));
    let problem = if context_text(error, ContextKind::InvalidValue).is_empty() {
        "a value is required"
    } else {
        "invalid value"
    };
    (format!("{problem} for '{option}'"), valid_values)
}

fn context_text(error: &clap::Error, kind: ContextKind) -> String {
    error.get(kind).map(ToString::to_string).unwrap_or_default()
}

/// Appends the position of `given` among the arguments.
fn with_position(problem: &str, given: &str, arguments: &[OsString]) -> String {
    let is_given = |argument: &OsString| argument.to_string_lossy() == given;
    // An equal argument further left was accepted.
    match arguments.iter().skip(1).rposition(is_given) {
        Some(position) => format!("{problem} at position {}", position + 1),
        None => problem.to_owned(),
    }
}

/// Returns the name in `--name=value` if it looks like one of our options.
fn option_name(text: &str) -> Option<&str> {
    let name = text.split('=').next().unwrap_or_default();
    let is_ours = |c: char| c.is_ascii_lowercase() || c == '-';
    let is_short = name.len() == 2 && name.starts_with('-') && name != "--";
    let is_long = name.starts_with("--")
        && !name.starts_with("---")
        && (3..=MAX_OPTION_LENGTH).contains(&name.len())
        && name.chars().all(is_ours);
    (is_short || is_long).then_some(name)
}

/// Returns true if the text looks like one of our commands, which no key and hardly a password does.
fn is_command_like(text: &str) -> bool {
    text.len() <= MAX_COMMAND_LENGTH && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// Returns a tip with the topics after `help`, whose argument may be meant as a topic.
fn topics_tip(arguments: &[OsString]) -> Option<String> {
    let has_help = arguments.iter().skip(1).any(|argument| argument == "help");
    has_help.then(|| format!("  tip: topics: {}", topic_names().join(", ")))
}

fn find_suggestion(error: &clap::Error, kind: ContextKind, what: &str) -> Option<String> {
    let names = context_strings(error, kind);
    names.first().map(|first| similar_tip(what, first))
}

fn similar_tip(what: &str, name: &str) -> String {
    format!("  tip: a similar {what} exists: '{name}'")
}

fn context_strings(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(words)) => words.clone(),
        Some(ContextValue::String(word)) => vec![word.clone()],
        _ => Vec::new(),
    }
}

/// Returns why a value is invalid, with "the value" for a quoted value. Returns `None` if the reason still contains it, unless it
/// is a method.
fn redact_reason(reason: &str, value: &str) -> Option<String> {
    if METHODS.contains(&value) {
        return Some(reason.to_owned());
    }
    let sanitized = crate::domain::sanitize_line(value);
    let has_value = |text: &str| {
        [value, &sanitized]
            .into_iter()
            .any(|form| contains_word(text, form))
    };
    let mut parts: Vec<String> = reason.split('`').map(str::to_owned).collect();
    for at in (1..parts.len()).step_by(2) {
        if has_value(&parts[at]) {
            "the value".clone_into(&mut parts[at]);
        } else {
            parts[at] = format!("`{}`", parts[at]);
        }
    }
    let reason = parts.concat();
    (!has_value(&reason)).then_some(reason)
}

/// Returns true if `text` contains `word` and not only as a part of a longer word: `30` is not in "such as 30d".
fn contains_word(text: &str, word: &str) -> bool {
    let is_end = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            is_end(before.chars().next_back()) && is_end(after.chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_option_like_names_are_repeated() {
        for (text, name) in [
            ("--frobnicate", Some("--frobnicate")),
            ("--passwrd=hunter2", Some("--passwrd")),
            ("-x", Some("-x")),
            ("hunter2", None),
            ("--Hunter_2", None),
            ("-----BEGIN", None),
            ("--", None),
        ] {
            assert_eq!(option_name(text), name, "{text}");
        }
    }

    #[test]
    fn a_reason_does_not_repeat_the_value() {
        let reason = redact_reason("`hunter2` is not a whole number of days", "hunter2");
        assert_eq!(reason.unwrap(), "the value is not a whole number of days");
        let reason = redact_reason("`ftp://x/` is neither, see `help`", "ftp://x").unwrap();
        assert_eq!(reason, "the value is neither, see `help`");
        let reason = redact_reason("such as `GET /x`", "GET").unwrap();
        assert_eq!(reason, "such as `GET /x`");
        assert_eq!(redact_reason("such as HUNTER", "HUNTER"), None);
        assert_eq!(redact_reason("hunter2!", "hunter2"), None);
        assert_eq!(redact_reason("no value", "hunter2").unwrap(), "no value");
        assert_eq!(redact_reason("such as 90d", "90").unwrap(), "such as 90d");
        assert_eq!(redact_reason("http://hunter2/ is not", "hunter2"), None);
    }
}
