//! `token scan --verify` and `--revoke`: asks before keys are sent or revoked.

use std::collections::BTreeMap;

use super::scan::ScanArgs;
use super::scan_finding::place;
use crate::actions::{
    Context, FoundKey, KeyState, KeyStates, RevocationPlan, ScanReport, found_keys,
    plan_revocation, revoke_keys, verify_keys,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{Code, Failure};
use crate::scan::Finding;
use crate::ui::prompt;

/// The keys that may be sent to their services.
pub(super) struct FoundKeys<'a> {
    findings: &'a [Finding],
    keys: Vec<FoundKey>,
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
            let message = "--yes is required to send or revoke keys when input is disabled";
            return Err(Failure::new(Code::Usage, message));
        }
        let keys = found_keys(context, findings)?;
        Ok(Self { findings, keys })
    }

    /// Returns how the keys would be revoked; empty without `--dry-run`.
    pub(super) fn plan(&self, args: &ScanArgs, context: &Context) -> RevocationPlan {
        if !args.keys.dry_run {
            return RevocationPlan::new();
        }
        plan_revocation(context, &self.keys.iter().collect::<Vec<_>>())
    }

    /// Returns the states of the keys; none if neither was requested.
    pub(super) fn verify_and_revoke(
        &self,
        app: &App,
        args: &ScanArgs,
        context: &Context,
    ) -> Result<KeyStates, Failure> {
        let mut states = KeyStates::new();
        if args.keys.verify && self.confirm(app, args, SEND)? {
            let work = || async { Ok(verify_keys(context, self.findings, &self.keys).await) };
            states = block_on_interruptible(context, work)?;
        }
        if args.keys.revoke && !args.keys.dry_run && self.confirm(app, args, REVOKE)? {
            let is_revoked =
                |key: &&FoundKey| states.get(&key.fingerprint()) == Some(&KeyState::Revoked);
            let left: Vec<&FoundKey> = self.keys.iter().filter(|key| !is_revoked(key)).collect();
            let work = || async { Ok(revoke_keys(context, &left).await) };
            let revoked = block_on_interruptible(context, work)?;
            states.extend(
                revoked
                    .into_iter()
                    .map(|fingerprint| (fingerprint, KeyState::Revoked)),
            );
        }
        Ok(states)
    }

    /// Asks whether to send or revoke the keys, and names how many keys belong to which server.
    fn confirm(&self, app: &App, args: &ScanArgs, request: Request) -> Result<bool, Failure> {
        if args.keys.yes || self.keys.is_empty() {
            return Ok(true);
        }
        let mut servers: BTreeMap<String, usize> = BTreeMap::new();
        for origin in self.keys.iter().filter_map(FoundKey::origin) {
            *servers.entry(origin.to_string()).or_default() += 1;
        }
        for finding in self.keys.iter().map(FoundKey::finding) {
            let (fingerprint, place) = (finding.fingerprint(), place(finding));
            app.shell.announce(format!("{fingerprint}  {place}"));
        }
        let keys = servers.into_iter().map(|(server, count)| {
            let keys = if count == 1 { "key" } else { "keys" };
            format!("{count} {keys} {} {server}", request.preposition)
        });
        let keys = keys.collect::<Vec<_>>().join(", ");
        let question = format!("{} {keys}?{}", request.verb, request.warning);
        Ok(prompt::confirm(&app.shell, &question, false)?)
    }
}

/// The words of a question.
#[derive(Clone, Copy)]
struct Request {
    verb: &'static str,
    preposition: &'static str,
    warning: &'static str,
}

const SEND: Request = Request {
    verb: "Send",
    preposition: "to",
    warning: "",
};

const REVOKE: Request = Request {
    verb: "Revoke",
    preposition: "at",
    warning: " This cannot be undone",
};
