//! Checks the calls of each named kind of token like those of the unnamed kind.

use toml::de::{DeTable, DeValue};

use super::spans::{Findings, Path, path_from};
use super::{calls, templates};
use crate::provider::{Descriptor, TokenCalls};

const TOKENS: &str = "tokens";

pub(super) fn check(service: &Descriptor, document: &DeTable<'_>, findings: &mut Findings) {
    for (name, calls) in &service.tokens.kinds {
        let mut report = |text: &str| {
            let path = path_from(&format!("tokens.kinds.{name}"));
            findings.push((path, text.to_owned()));
        };
        if !TokenCalls::is_valid_kind_name(name) {
            report(
                "expected a name of a-z, 0-9, `-` and `_`, other than `permanent` and `temporary`",
            );
        }
        if !calls.kinds.is_empty() {
            report("unexpected `kinds`: a kind has no kinds of its own");
        }
        if calls.fields.id_is_secret {
            report("unexpected `id_is_secret`: only [tokens] itself can have it");
        }
        findings.extend(check_calls(service, document, name));
    }
}

/// Returns the errors in the calls of one kind.
fn check_calls(service: &Descriptor, document: &DeTable<'_>, name: &str) -> Findings {
    let selected = service.with_token_kind(name);
    let section = section(document, &[TOKENS, "kinds", name]);
    let (Some(selected), Some(section)) = (selected, section) else {
        return Findings::new();
    };
    let mut found = Findings::new();
    calls::check(&selected, &mut found);
    let mut document = document.clone();
    if let Some(tokens) = document.get_mut(TOKENS) {
        *tokens.get_mut() = DeValue::Table(section.clone());
    }
    templates::check(&selected, &document, &mut found);
    let of_tokens = found.into_iter().filter(|(path, _)| path[0] == TOKENS);
    of_tokens
        .map(|(path, text)| {
            let start: Path = path_from(&format!("tokens.kinds.{name}"));
            ([&start, &path[1..]].concat(), text)
        })
        .collect()
}

fn section<'a, 'd>(document: &'a DeTable<'d>, path: &[&str]) -> Option<&'a DeTable<'d>> {
    let mut table = document;
    for step in path {
        match table.get(*step)?.get_ref() {
            DeValue::Table(below) => table = below,
            _ => return None,
        }
    }
    Some(table)
}
