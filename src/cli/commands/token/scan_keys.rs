//! `token scan --verify` and `--revoke`: asks before keys are sent or revoked.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::ScanArgs;
use super::scan_finding::location_text;
use crate::actions::{
    Context, FoundKey, KeyState, KeyStates, RevocationPlan, ScanReport, find_sendable_keys,
    plan_revocation, revoke_keys, verify_keys,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{Code, Failure};
use crate::domain::{ProfileName, format_count, plural};
use crate::scan::Finding;
use crate::ui::{Line, prompt};
use crate::vault::JournalKind;

/// The keys that may be sent to their services.
pub(super) struct FoundKeys<'a> {
    findings: &'a [Finding],
    keys: Vec<FoundKey>,
}

/// What became of the keys.
pub(super) struct Outcome {
    pub(super) states: KeyStates,
    pub(super) is_revocation_declined: bool,
}

impl<'a> FoundKeys<'a> {
    pub(super) fn of(
        app: &App,
        args: &ScanArgs,
        context: &Context,
        report: &'a ScanReport,
    ) -> Result<Self, Failure> {
        let findings = report.findings.as_slice();
        if !args.keys.verify && !args.keys.revoke {
            return Ok(Self {
                findings,
                keys: Vec::new(),
            });
        }
        if !args.keys.yes && !args.keys.dry_run && !app.can_prompt() {
            let message = "sending or revoking keys requires --yes when prompting is disabled";
            return Err(Failure::new(Code::Usage, message));
        }
        let keys = find_sendable_keys(context, findings)?;
        Ok(Self { findings, keys })
    }

    /// Returns how the keys would be revoked; empty without `--dry-run`.
    pub(super) fn plan(&self, args: &ScanArgs, context: &Context) -> RevocationPlan {
        if !args.keys.dry_run {
            return RevocationPlan::new();
        }
        plan_revocation(context, &self.keys.iter().collect::<Vec<_>>())
    }

    /// Returns the states of the keys; none if nothing was requested or confirmed.
    pub(super) fn verify_and_revoke(
        &self,
        app: &App,
        args: &ScanArgs,
        context: &Context,
    ) -> Result<Outcome, Failure> {
        let mut states = KeyStates::new();
        let all: Vec<&FoundKey> = self.keys.iter().collect();
        if args.keys.verify && confirm(app, args, SEND, &all)? {
            let work = || async { Ok(verify_keys(context, self.findings, &self.keys).await) };
            states = block_on_interruptible(context, work)?;
        }
        let is_dead = |key: &&FoundKey| {
            let state = states.get(&key.fingerprint());
            matches!(state, Some(KeyState::Rejected | KeyState::Expired))
        };
        let valid: Vec<&FoundKey> = all.into_iter().filter(|key| !is_dead(key)).collect();
        let is_revocation_wanted = args.keys.revoke && !args.keys.dry_run;
        let is_confirmed = is_revocation_wanted && confirm(app, args, REVOKE, &valid)?;
        if is_confirmed {
            warn_about_leftovers(app, context, &valid);
            let work = || async { Ok(revoke_keys(context, &valid).await) };
            let revoked = block_on_interruptible(context, work)?;
            if !revoked.profiles.is_empty() {
                let text = format!("Signed out of {}", quoted_profiles(&revoked.profiles));
                app.shell.status(Line::success(text));
            }
            let revoked = revoked.keys.into_iter();
            states.extend(revoked.map(|fingerprint| (fingerprint, KeyState::Revoked)));
        }
        Ok(Outcome {
            states,
            is_revocation_declined: is_revocation_wanted && !is_confirmed,
        })
    }
}

/// Asks whether to do something with the keys, and names how many keys belong to which server.
fn confirm(
    app: &App,
    args: &ScanArgs,
    request: Request,
    keys: &[&FoundKey],
) -> Result<bool, Failure> {
    if args.keys.yes || keys.is_empty() {
        return Ok(true);
    }
    let mut servers: BTreeMap<String, usize> = BTreeMap::new();
    for server in keys.iter().flat_map(|key| request.servers(key)) {
        *servers.entry(server).or_default() += 1;
    }
    for finding in keys.iter().map(|key| key.finding()) {
        let (fingerprint, location) = (finding.fingerprint(), location_text(finding));
        app.shell
            .question_detail(format!("{fingerprint}  {location}"));
    }
    let counts = servers.into_iter().map(|(server, count)| {
        let keys = format_count(count, "key");
        format!("{keys} {} {server}", request.preposition)
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    let profiles = sessions(keys.iter().copied());
    let sign_out = if request.signs_out && !profiles.is_empty() {
        format!(" and sign out of {}", quoted_profiles(profiles))
    } else {
        String::new()
    };
    let question = format!("{} {counts}{sign_out}?{}", request.verb, request.warning);
    Ok(prompt::confirm(&app.shell, &question, false)?)
}

/// Returns the profiles that are signed out if the keys are revoked.
fn sessions<'a>(keys: impl IntoIterator<Item = &'a FoundKey>) -> BTreeSet<&'a ProfileName> {
    keys.into_iter().flat_map(FoundKey::profiles).collect()
}

/// ``profile `a` `` or ``profiles `a`, `b` ``
pub(super) fn quoted_profiles<'a>(profiles: impl IntoIterator<Item = &'a ProfileName>) -> String {
    let quoted = profiles.into_iter().map(|profile| format!("`{profile}`"));
    let quoted: Vec<String> = quoted.collect();
    let noun = plural(quoted.len(), "profile", "profiles");
    format!("{noun} {}", quoted.join(", "))
}

/// Without the session, nothing can finish the operations that were interrupted.
fn warn_about_leftovers(app: &App, context: &Context, keys: &[&FoundKey]) {
    for profile in sessions(keys.iter().copied()) {
        app.warn_about_leftovers(context, profile, &JournalKind::OPEN);
    }
}

/// The words of a question.
#[derive(Clone, Copy)]
struct Request {
    verb: &'static str,
    preposition: &'static str,
    warning: &'static str,
    /// Whether profiles are signed out whose session is a key.
    signs_out: bool,
}

impl Request {
    /// Returns the servers that receive the key.
    fn servers(self, key: &FoundKey) -> BTreeSet<String> {
        if self.signs_out {
            return key.revocation_servers();
        }
        let origins = key.origins().into_iter();
        origins.map(|origin| origin.to_string()).collect()
    }
}

const SEND: Request = Request {
    verb: "Send",
    preposition: "to",
    warning: "",
    signs_out: false,
};

const REVOKE: Request = Request {
    verb: "Revoke",
    preposition: "at",
    warning: " This cannot be undone",
    signs_out: true,
};
