//! `token revoke --dry-run`: prints which tokens would be revoked, and fails for those that the service does not list.

use std::collections::HashSet;

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::actions::{FoundTokens, Target};
use crate::cli::app::{App, CommandOutput, OfProfile};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS, with_error};
use crate::domain::{Hint, RepeatedOptions, TokenId};
use crate::ui::{OutputError, Shell};

/// What a revocation would revoke.
pub(super) struct DryRun<'a> {
    options: &'a RepeatedOptions,
    would_revoke: Vec<TokenId>,
    /// The tokens as the service lists them.
    found: FoundTokens,
    /// The tokens that the service does not list, each with the failure.
    unknown: Vec<(TokenId, Failure)>,
}

/// Prints what would be revoked. If the command names a single token, its failure is the failure of the command.
pub(super) fn print(app: &App, target: &Target, found: FoundTokens) -> Result<ExitStatus, Failure> {
    let others: HashSet<&TokenId> = found.unlisted.iter().chain(&found.revoked).collect();
    let would_revoke = found.ids.iter().filter(|id| !others.contains(id));
    let would_revoke = would_revoke.cloned().collect();
    let unknown = found.unlisted.iter().map(|id| {
        let failure = unknown_token(target, id);
        (id.clone(), failure)
    });
    let mut unknown: Vec<_> = unknown.collect();
    let is_single = found.ids.len() == 1 && !app.shell.options().json;
    if let Some((_, failure)) = unknown.pop_if(|_| is_single) {
        return Err(failure);
    }
    let plan = DryRun {
        options: app.shell.repeated_options(),
        would_revoke,
        unknown,
        found,
    };
    app.print(&OfProfile::new(target, plan))
}

fn unknown_token(target: &Target, id: &TokenId) -> Failure {
    let text = format!("{} lists no token \"{id}\"", target.descriptor.name);
    let hint = Hint::from("see ").command("token list --all");
    Failure::new(Code::NotFound, text).with_hint(hint)
}

impl CommandOutput for OfProfile<DryRun<'_>> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let DryRun {
            would_revoke,
            unknown,
            found,
            ..
        } = &self.result;
        let join = |ids: &[TokenId]| {
            let labels: Vec<String> = ids.iter().map(|id| found.label(id)).collect();
            labels.join(", ")
        };
        for (_, failure) in unknown {
            shell.error(failure.message.as_str());
        }
        if !found.revoked.is_empty() {
            shell.result(format!("already revoked: {}", join(&found.revoked)))?;
        }
        if would_revoke.is_empty() {
            return shell.result("nothing to revoke");
        }
        let (ids, profile) = (join(would_revoke), &self.profile);
        shell.result(format!("would revoke {ids} of profile `{profile}`"))
    }

    fn exit(&self) -> ExitStatus {
        let mut unknown = self.result.unknown.iter();
        unknown
            .next()
            .map_or(SUCCESS, |(_, failure)| failure.code.exit())
    }
}

impl Serialize for DryRun<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = json!({ "dry_run": true, "would_revoke": self.would_revoke });
        if !self.found.revoked.is_empty() {
            document["already_revoked"] = json!(self.found.revoked);
        }
        if !self.unknown.is_empty() {
            let unknown = self.unknown.iter().map(|(id, _)| id);
            document["unknown"] = json!(unknown.collect::<Vec<_>>());
        }
        let failure = self.unknown.first().map(|(_, failure)| failure);
        with_error(document, failure, self.options).serialize(serializer)
    }
}
