//! The key table in docs/guide/tui.md lists exactly the key bindings of the program.

use std::fmt::Write as _;
use std::fs;

use crate::tui::keys::{Binding, Command, InputContext, bindings};

/// Set, the table is written instead of compared.
const UPDATE: &str = "UPDATE_MANUAL";

const BEGIN: &str = "<!-- The keys, as the program has them: tests/pictures writes them. -->\n";
const END: &str = "<!-- The end of the keys. -->\n";

/// Each with the name that the help has for it; those of a form and of waiting are the same in two places.
const PLACES: &[InputContext] = &[
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
    InputContext::LoginDevice,
    InputContext::Help,
];

fn is_always(command: Command) -> bool {
    matches!(
        command,
        Command::QuitNow | Command::Suspend | Command::Redraw
    )
}

fn is_everywhere(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Help | C::Quit | C::NextScreen | C::PreviousScreen | C::GoTo(_)
    )
}

fn is_move(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Up | C::Down | C::PageUp | C::PageDown | C::First | C::Last
    )
}

fn rows(table: &mut String, title: &str, place: InputContext, belongs: impl Fn(&Binding) -> bool) {
    let own = bindings(place).into_iter().filter(|it| belongs(it));
    for (at, binding) in own.enumerate() {
        let title = if at == 0 { title } else { "" };
        let (key, does) = (binding.name, binding.help);
        let _ = writeln!(table, "| {title} | `{key}` | {does} |");
    }
}

fn table() -> String {
    let mut table = String::from("\n| where | key | does |\n|---|---|---|\n");
    rows(&mut table, "Always", InputContext::Tokens, |it| {
        is_always(it.command)
    });
    let title = "Where nothing is typed or asked";
    rows(&mut table, title, InputContext::Tokens, |it| {
        is_everywhere(it.command)
    });
    rows(&mut table, "Lists", InputContext::Tokens, |it| {
        is_move(it.command)
    });
    for place in PLACES {
        let is_own = |it: &Binding| {
            let is_listed = is_always(it.command) || is_everywhere(it.command);
            // A filter and a form have arrows of their own.
            let is_typed = place.accepts_text();
            !is_listed && (is_typed || !is_move(it.command))
        };
        rows(&mut table, place.title(), *place, is_own);
    }
    table.push('\n');
    table
}

#[test]
fn the_manual_names_the_keys_that_there_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide/tui.md");
    let manual = fs::read_to_string(path).unwrap();
    let (before, rest) = manual.split_once(BEGIN).unwrap();
    let (kept, after) = rest.split_once(END).unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "who runs the tests asks for it, and the manual is a file of the repository"
    )]
    if std::env::var_os(UPDATE).is_some() {
        let manual = [before, BEGIN, &table(), END, after].concat();
        fs::write(path, manual).unwrap();
        return;
    }
    assert_eq!(kept, table(), "run tests/pictures");
}
