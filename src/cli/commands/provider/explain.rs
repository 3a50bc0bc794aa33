//! `provider explain`: prints what the members of descriptions mean, from the reference document.

use clap::Args;
use serde::Serialize;

use crate::cli::app::CommandOutput;
use crate::cli::failure::{Code, Failure, closest};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::reference::{indented, plain, print_document, section};
use crate::domain::{Hint, sanitize_line};
use crate::provider::{FORMAT_REFERENCE, MemberReference, members};
use crate::ui::{OutputError, Shell, Span};

#[derive(Debug, Args)]
#[command(
    before_help = "Prints what a member of a provider file means, the members inside it, and the section of the reference about it. Without MEMBER, lists all members.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider explain",
        "brainmaps provider explain tokens.list.paging",
        "brainmaps provider explain expires_at",
    ],
    see: "brainmaps help provider-format, brainmaps provider check"
}
)]
pub struct ExplainArgs {
    /// Path of a member, such as `tokens.create`, or its last name
    member: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Explanation {
    members: Vec<Entry>,
    /// The anchors of the sections about them.
    #[serde(skip)]
    sections: Vec<&'static str>,
}

#[derive(Serialize)]
struct Entry {
    member: String,
    meaning: String,
}

pub(super) fn explain(args: &ExplainArgs) -> Result<Explanation, Failure> {
    let rows: Vec<MemberReference> = members().collect();
    let Some(member) = &args.member else {
        let all = rows.iter();
        let members = all.flat_map(|row| row.paths.iter().map(|path| entry(&rows, path, row)));
        return Ok(Explanation {
            members: members.collect(),
            sections: Vec::new(),
        });
    };
    let found = find(&rows, member);
    if found.is_empty() {
        return Err(unknown(&rows, member));
    }
    let own = found
        .iter()
        .filter(|(path, row)| row.find(member).is_some() || ends_with(path, member));
    let mut sections = Vec::new();
    for section in own.flat_map(|(_, row)| row.sections()) {
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    Ok(Explanation {
        members: found
            .iter()
            .map(|(path, row)| entry(&rows, path, row))
            .collect(),
        sections,
    })
}

/// A row that refers to another one is followed by its meaning.
fn entry(rows: &[MemberReference], path: &str, row: &MemberReference) -> Entry {
    let own = plain(row.meaning);
    let meaning = match row.original(path, rows) {
        Some(original) => format!("{own}: {}", plain(original.meaning)),
        None => own,
    };
    Entry {
        member: path.to_owned(),
        meaning,
    }
}

/// Returns the member and those inside it; else, members whose last name it is; else, the free tree that it is in.
fn find<'r>(rows: &'r [MemberReference], member: &str) -> Vec<(&'r str, &'r MemberReference)> {
    let all = || {
        let pairs = rows.iter();
        pairs.flat_map(|row| row.paths.iter().map(move |path| (path.as_str(), row)))
    };
    // A row that names the member takes precedence over one with `NAME`.
    let is_exact = |path: &str| path == member || path.starts_with(&format!("{member}."));
    let exact: Vec<_> = all().filter(|(path, _)| is_exact(path)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let own = rows.iter().filter_map(|row| Some((row.find(member)?, row)));
    let below = rows.iter().filter(|row| row.is_below(member));
    let below = below.flat_map(|row| row.paths.iter().map(move |path| (path.as_str(), row)));
    let matching: Vec<_> = own.chain(below).collect();
    if !matching.is_empty() {
        return matching;
    }
    let named: Vec<_> = all().filter(|(path, _)| ends_with(path, member)).collect();
    if !named.is_empty() {
        return named;
    }
    let is_tree = |path: &str| matches!(path.rsplit('.').next(), Some("json" | "form"));
    let inside = |path: &str| is_tree(path) && member.starts_with(&format!("{path}."));
    all().filter(|(path, _)| inside(path)).collect()
}

fn ends_with(path: &str, member: &str) -> bool {
    path.strip_suffix(member)
        .is_some_and(|above| above.ends_with('.'))
}

fn unknown(rows: &[MemberReference], member: &str) -> Failure {
    let paths: Vec<String> = rows.iter().flat_map(|row| row.paths.clone()).collect();
    let names = paths.iter().filter_map(|path| path.rsplit('.').next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    let last = member.rsplit('.').next().unwrap_or(member);
    let meant = closest(member, &paths).or_else(|| closest(last, &names));
    let meant = meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "));
    let message = format!("the format has no member `{}`", sanitize_line(member));
    let hint = Hint::from(format!("{meant}for all members, run ")).command("provider explain");
    Failure::new(Code::Usage, message).with_hint(hint)
}

impl CommandOutput for Explanation {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for Entry { member, meaning } in &self.members {
            shell.result(Span::bold(member.as_str()))?;
            indented(shell, meaning, "    ", "    ")?;
        }
        for anchor in &self.sections {
            if let Some(text) = section(FORMAT_REFERENCE, anchor) {
                shell.result("")?;
                print_document(shell, text)?;
            }
        }
        Ok(())
    }
}
