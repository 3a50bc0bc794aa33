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

impl Descriptor {
    /// Returns the missing members that commands need, in the order in which they are best added.
    pub fn gaps(&self) -> Vec<Gap> {
        let (tokens, fields) = (&self.tokens, &self.tokens.fields);
        let has_list = tokens.list.is_some();
        let create = tokens.create.as_ref();
        let has_account = |call: &super::AccountCall| !call.account.is_empty();
        let takes_expiry = |call: &super::CreateCall| call.takes(CreateArgument::Expiry);
        let can_sign_in = self.oauth.is_some() || self.login.password.is_some();
        let members: [(bool, &'static str, &[&'static str]); 13] = [
            (
                self.whoami.is_some(),
                "whoami",
                &["whoami", "status --check", "token rotate"],
            ),
            (
                self.whoami.as_ref().is_none_or(has_account),
                "whoami.account",
                &["whoami"],
            ),
            (
                has_list,
                "tokens.list",
                &["token list", "token rotate", "token audit"],
            ),
            (
                create.is_some(),
                "tokens.create",
                &["token create", "token rotate"],
            ),
            (
                tokens.revoke.is_some(),
                "tokens.revoke",
                &["token revoke", "token rotate"],
            ),
            (
                create.is_none_or(takes_expiry),
                "tokens.create.json with {expires:…}",
                &["token create --expires-in"],
            ),
            (
                !has_list || fields.name.is_some(),
                "tokens.fields.name",
                &["token get NAME"],
            ),
            (
                !has_list || fields.expires_at.is_some(),
                "tokens.fields.expires_at",
                &["token list --expires-within", "token rotate --due"],
            ),
            (
                tokens.get.is_some() || has_list,
                "tokens.get",
                &["token get"],
            ),
            (tokens.update.is_some(), "tokens.update", &["token update"]),
            (
                self.key.is_some(),
                "key.prefix",
                &["token inspect", "token scan"],
            ),
            (
                can_sign_in || self.environment.api_key.is_some(),
                "environment.api_key",
                &["a key in a variable"],
            ),
            (
                self.login.password.is_none() || self.logout.is_some(),
                "logout",
                &["logout at the server"],
            ),
        ];
        let missing = members.into_iter().filter(|(is_there, ..)| !is_there);
        missing
            .map(|(_, member, commands)| Gap {
                member,
                commands: self.without_supported(commands),
            })
            .collect()
    }

    /// Removes `token rotate` where another member offers it.
    fn without_supported(&self, commands: &[&'static str]) -> Vec<&'static str> {
        let rotates = self.supports(TokenVerb::Rotate);
        let is_missing = |command: &&&'static str| !(rotates && **command == "token rotate");
        commands.iter().filter(is_missing).copied().collect()
    }
}
