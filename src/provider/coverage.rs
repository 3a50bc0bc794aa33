//! What a description lacks: the members without which commands do not work.

use serde::Serialize;

use super::{CreateArgument, Descriptor, TokenVerb};

/// A member that is missing, and the commands that need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// For example `tokens.create`.
    pub member: &'static str,
    /// For example `token create`.
    pub commands: Vec<&'static str>,
}

/// A member, the commands that need it, and whether a description has it or does not need it.
type Need = (
    &'static str,
    &'static [&'static str],
    fn(&Descriptor) -> bool,
);

/// In the order in which they are best added.
const NEEDS: &[Need] = &[
    (
        "whoami",
        &["whoami", "status --check", "token rotate"],
        |it| it.whoami.is_some(),
    ),
    ("whoami.account", &["whoami"], |it| {
        it.whoami
            .as_ref()
            .is_none_or(|call| !call.account.is_empty())
    }),
    ("tokens.list", &["token list", "token rotate"], |it| {
        it.tokens.list.is_some()
    }),
    ("tokens.create", &["token create", "token rotate"], |it| {
        it.tokens.create.is_some()
    }),
    ("tokens.revoke", &["token revoke", "token rotate"], |it| {
        it.tokens.revoke.is_some()
    }),
    (
        "{expires:…} in tokens.create",
        &["token create --expires-in"],
        |it| {
            let create = it.tokens.create.as_ref();
            create.is_none_or(|call| call.takes(CreateArgument::Expiry))
        },
    ),
    ("tokens.fields.name", &["token get NAME"], |it| {
        it.tokens.list.is_none() || it.tokens.fields.name.is_some()
    }),
    (
        "tokens.fields.expires_at",
        &["token list --expires-within"],
        |it| it.tokens.list.is_none() || it.tokens.fields.expires_at.is_some(),
    ),
    ("tokens.get", &["token get"], |it| it.tokens.get.is_some()),
    ("tokens.update", &["token update"], |it| {
        it.tokens.update.is_some()
    }),
    ("logout", &["logout at the service"], |it| {
        it.login.password.is_none() || it.logout.is_some()
    }),
];

impl Descriptor {
    /// Returns the missing members that commands need, in the order in which they are best added.
    pub fn gaps(&self) -> Vec<Gap> {
        let missing = NEEDS.iter().filter(|(_, _, is_covered)| !is_covered(self));
        let gaps = missing.map(|(member, commands, _)| Gap {
            member,
            commands: self.without_supported(commands),
        });
        gaps.collect()
    }

    /// Removes `token rotate` where another member offers it.
    fn without_supported(&self, commands: &[&'static str]) -> Vec<&'static str> {
        let rotates = self.supports(TokenVerb::Rotate);
        let is_missing = |command: &&&'static str| !(rotates && **command == "token rotate");
        commands.iter().filter(is_missing).copied().collect()
    }
}
