//! The table in docs/guide/tui.md lists exactly the key bindings of the program.

use std::fmt::Write as _;
use std::fs;

use crate::tui::keys::{Binding, Command, InputContext, bindings};

/// If this variable is set, the table is written instead of compared.
const UPDATE: &str = "UPDATE_MANUAL";

const BEGIN: &str = "<!-- Key bindings, written by tests/pictures. -->\n";
const END: &str = "<!-- End of the key bindings. -->\n";

/// Without the contexts that have the bindings of another one.
const CONTEXTS: &[InputContext] = &[
    InputContext::Tokens,
    InputContext::Filter,
    InputContext::Timeline,
    InputContext::Details,
    InputContext::Form,
    InputContext::Confirm,
    InputContext::NewSecret,
    InputContext::InProgress,
    InputContext::BulkResults,
    InputContext::Sessions,
    InputContext::LoginProfiles,
    InputContext::LoginMethods,
    InputContext::LoginApproval,
    InputContext::Findings,
    InputContext::Help,
];

fn is_always(command: Command) -> bool {
    matches!(
        command,
        Command::QuitNow | Command::Suspend | Command::Redraw
    )
}

fn is_global(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Help | C::Quit | C::NextScreen | C::PreviousScreen | C::GoTo(_)
    )
}

fn is_navigation(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Up
            | C::Down
            | C::PageUp
            | C::PageDown
            | C::HalfPageUp
            | C::HalfPageDown
            | C::First
            | C::Last
    )
}

fn add_rows(
    table: &mut String,
    title: &str,
    context: InputContext,
    is_included: impl Fn(&Binding) -> bool,
) {
    let rows = bindings(context).filter(|it| is_included(it));
    for (index, binding) in rows.enumerate() {
        let title = if index == 0 { title } else { "" };
        let keys = binding.keys.iter().map(|key| format!("`{}`", key.name()));
        let keys = keys.collect::<Vec<_>>().join(", ");
        let _ = writeln!(table, "| {title} | {keys} | {} |", binding.help);
    }
}

fn table() -> String {
    let mut table = String::from("\n| Context | Key | Action |\n|---|---|---|\n");
    let tokens = InputContext::Tokens;
    add_rows(&mut table, "Always", tokens, |it| is_always(it.command));
    add_rows(&mut table, "Screens", tokens, |it| is_global(it.command));
    let title = "Lists and dialogs";
    add_rows(&mut table, title, tokens, |it| is_navigation(it.command));
    for context in CONTEXTS {
        let is_own = |it: &Binding| {
            let is_listed = is_always(it.command) || is_global(it.command);
            // Where text is entered, the letters of the navigation are text.
            !is_listed && (context.accepts_text() || !is_navigation(it.command))
        };
        add_rows(&mut table, context.title(), *context, is_own);
    }
    table.push('\n');
    table
}

#[test]
fn manual_lists_the_key_bindings_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide/tui.md");
    let manual = fs::read_to_string(path).unwrap();
    let (before, rest) = manual.split_once(BEGIN).unwrap();
    let (current, after) = rest.split_once(END).unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "only a developer sets the variable, and the manual is a file of the repository"
    )]
    if std::env::var_os(UPDATE).is_some() {
        let manual = [before, BEGIN, &table(), END, after].concat();
        fs::write(path, manual).unwrap();
        return;
    }
    assert_eq!(current, table(), "run tests/pictures");
}
