//! The names of links to this program. Other programs run credential helpers by a fixed name, some without arguments.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// A name, and the arguments that replace it.
struct ProgramName {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Whether `-PROFILE` may follow the name.
    has_profile: bool,
    /// An argument that the other program adds.
    ignored: Option<&'static str>,
}

const fn name(name: &'static str, arguments: &'static [&'static str]) -> ProgramName {
    ProgramName {
        name,
        arguments,
        has_profile: true,
        ignored: None,
    }
}

const fn cargo_provider(name: &'static str) -> ProgramName {
    ProgramName {
        name,
        arguments: &["helper", "cargo"],
        has_profile: true,
        ignored: Some("--cargo-plugin"),
    }
}

/// docs/guide/programs.md has the same table.
const NAMES: &[ProgramName] = &[
    name("git-credential-brainmaps", &["helper", "git"]),
    name("docker-credential-brainmaps", &["helper", "docker"]),
    name("terraform-credentials-brainmaps", &["helper", "terraform"]),
    name("brainmaps-token", &["helper", "pnpm"]),
    cargo_provider("brainmaps-credential-provider"),
    cargo_provider("cargo-credential-brainmaps"),
    ProgramName {
        name: "keyring",
        // Its options are not those of this program.
        arguments: &["helper", "keyring", "--"],
        has_profile: false,
        ignored: None,
    },
];

/// Replaces the name of a link by its command. Any other name is this program's.
pub(super) fn expand(arguments: &[OsString]) -> Cow<'_, [OsString]> {
    let program = arguments.first().map(Path::new).and_then(Path::file_name);
    let Some((called, profile)) = program.and_then(OsStr::to_str).and_then(find) else {
        return Cow::Borrowed(arguments);
    };
    let mut expanded: Vec<OsString> = vec!["brainmaps".into()];
    expanded.extend(profile.map(|profile| format!("--profile={profile}").into()));
    expanded.extend(called.arguments.iter().map(OsString::from));
    let own = arguments.iter().skip(1);
    let own = own.filter(|argument| called.ignored.is_none_or(|ignored| *argument != ignored));
    expanded.extend(own.cloned());
    Cow::Owned(expanded)
}

/// Returns the entry of `program`, and the profile in the name.
fn find(program: &str) -> Option<(&'static ProgramName, Option<&str>)> {
    NAMES.iter().find_map(|it| {
        let rest = program.strip_prefix(it.name)?;
        match rest.strip_prefix('-') {
            Some(profile) if it.has_profile => Some((it, Some(profile))),
            _ => rest.is_empty().then_some((it, None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(arguments: &[&str]) -> String {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        expand(&arguments)
            .join(OsStr::new(" "))
            .into_string()
            .unwrap()
    }

    const EXPANDED: &[(&[&str], &str)] = &[
        (
            &["/x/git-credential-brainmaps", "get"],
            "brainmaps helper git get",
        ),
        (
            &["git-credential-brainmaps-a-b", "get"],
            "brainmaps --profile=a-b helper git get",
        ),
        (
            &["docker-credential-brainmaps-work", "get"],
            "brainmaps --profile=work helper docker get",
        ),
        (
            &[
                "terraform-credentials-brainmaps",
                "--profile",
                "work",
                "get",
                "h",
            ],
            "brainmaps helper terraform --profile work get h",
        ),
        (
            &["/x/brainmaps-token-work"],
            "brainmaps --profile=work helper pnpm",
        ),
        (
            &["/x/brainmaps-credential-provider-work", "--cargo-plugin"],
            "brainmaps --profile=work helper cargo",
        ),
        (
            &["cargo-credential-brainmaps", "--cargo-plugin"],
            "brainmaps helper cargo",
        ),
        (&["keyring", "-p", "x"], "brainmaps helper keyring -- -p x"),
        (&["keyring-work", "get"], "keyring-work get"),
        (&["brainmaps", "status"], "brainmaps status"),
        (
            &["/x/brainmaps-tokens", "status"],
            "/x/brainmaps-tokens status",
        ),
        (&["any-other", "status"], "any-other status"),
        (&[], ""),
    ];

    #[test]
    fn name_of_a_link_is_replaced_by_a_command_and_a_profile() {
        for (arguments, expected) in EXPANDED {
            assert_eq!(expanded(arguments), *expected, "{arguments:?}");
        }
    }
}
