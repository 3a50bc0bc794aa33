//! The tokens whose rotation is due: they are older than the policy allows, expire soon, or wait for a target.

use jiff::{SignedDuration, Timestamp};

use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::{ActionError, AuditPolicy, AuthenticatedClient, ProfileSession, Purpose};
use crate::domain::{ApiToken, CommandLine, Hint, TokenId, Warning, format_duration, token_state};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::vault::{JournaledOperation, RememberedTargets, UnfinishedRotation};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueToken {
    pub id: TokenId,
    pub name: Option<String>,
    /// Such as `91 days old`.
    pub reason: String,
}

impl DueToken {
    fn unfinished(rotation: UnfinishedRotation) -> Self {
        Self {
            id: rotation.old,
            name: None,
            reason: "its rotation is unfinished".to_owned(),
        }
    }
}

impl ProfileSession<'_> {
    /// Returns the tokens with remembered targets whose rotation is due, and those whose rotation is unfinished. Sends nothing if
    /// there are none.
    ///
    /// # Errors
    /// If the record cannot be read or the tokens cannot be listed.
    pub async fn due_rotations(self, policy: &AuditPolicy) -> Result<Vec<DueToken>, ActionError> {
        let open = self.unfinished_rotations();
        let mut remembered = self.remembered_targets()?;
        remembered.retain(|entry| open.iter().all(|open| !open.is_about(&entry.token.id)));
        let mut due: Vec<_> = open.into_iter().map(DueToken::unfinished).collect();
        if remembered.is_empty() {
            return Ok(due);
        }
        ensure_supported(&self.target.descriptor, TokenVerb::List)?;
        let access = AuthenticatedClient::open(self, Purpose::Change)?;
        let service = access.service().await;
        let all = self.vault().remembered_targets()?;
        let mut tokens = Vec::new();
        let mut pages = service.token_pages(None)?;
        let explain = |error| with_credential_hint(self.target, error);
        while let Some(page) = pages.next_page().await.map_err(explain)? {
            tokens.extend(page);
        }
        for entry in remembered {
            let id = &entry.token.id;
            let listed = tokens.iter().find(|token| token.id.as_ref() == Some(id));
            let works = |token: &&ApiToken| token_state(self.context.now(), token).can_work();
            match listed.filter(works) {
                Some(token) => {
                    let reason = reason(&entry, token, policy, self.context.now());
                    let reason = reason.filter(|_| self.has_its_targets(&entry, &all));
                    due.extend(reason.map(|reason| DueToken {
                        id: id.clone(),
                        name: token.name.clone(),
                        reason,
                    }));
                }
                None => self.warn_not_listed(id),
            }
        }
        Ok(due)
    }

    fn unfinished_rotations(self) -> Vec<UnfinishedRotation> {
        let open = self.vault().unfinished_journals(Some(&self.target.name));
        let rotations = open
            .into_iter()
            .filter_map(|journal| match journal.content {
                Ok(JournaledOperation::Rotation(rotation)) => Some(rotation),
                _ => None,
            });
        rotations.collect()
    }

    /// Returns `false` with a warning if the key of a later token replaced the one of this token in a file.
    fn has_its_targets(self, entry: &RememberedTargets, all: &[RememberedTargets]) -> bool {
        let Some((target, newer)) = entry.find_replaced(all) else {
            return true;
        };
        let (id, newer) = (&entry.token.id, &newer.id);
        let text =
            format!("token {id} is due, but not rotated: {target} has the key of token {newer}");
        let revoke = CommandLine::from("token revoke").argument(id);
        let hint = Hint::from("if it is unused, run ").command(revoke);
        self.context.warn(Warning::with_hint(text, hint));
        false
    }

    fn warn_not_listed(self, id: &TokenId) {
        let text = format!("token {id} has targets, but does not work or is not listed");
        let hint = Hint::from("create a token for them: ").command("token create NAME");
        self.context.warn(Warning::with_hint(text, hint));
    }
}

/// Returns why the token is rotated now; `None` if it is not due.
fn reason(
    entry: &RememberedTargets,
    token: &ApiToken,
    policy: &AuditPolicy,
    now: Timestamp,
) -> Option<String> {
    let since = token.created_at.unwrap_or(entry.since);
    let age = now.duration_since(since);
    if age > policy.max_age {
        return Some(format!("{} old", shown(age)));
    }
    let end = token.expires_at?;
    let window = policy.expiry_window(Some(end.duration_since(since)));
    let left = end.duration_since(now);
    (left <= window).then(|| format!("expires in {}", shown(left)))
}

fn shown(time: SignedDuration) -> String {
    format_duration(time.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AuditSettings;
    use crate::vault::{RememberedToken, SecretDestination};

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn reason_of(created: Option<i64>, expires: Option<i64>, since: i64) -> Option<String> {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let entry = RememberedTargets {
            token: RememberedToken {
                profile: "p".parse().unwrap(),
                provider: "brainmaps".parse().unwrap(),
                kind: None,
                origin: "https://a.example".parse().unwrap(),
                id: TokenId::new("1"),
            },
            name: None,
            since: now - DAY * i32::try_from(since).unwrap(),
            targets: vec![SecretDestination::EnvFile("/a".into())],
        };
        let token = ApiToken {
            created_at: created.map(|days| now - DAY * i32::try_from(days).unwrap()),
            expires_at: expires.map(|days| now + DAY * i32::try_from(days).unwrap()),
            ..ApiToken::default()
        };
        reason(&entry, &token, &AuditSettings::default().into(), now)
    }

    #[test]
    fn token_is_due_when_it_is_old_or_expires_soon() {
        for (created, expires, since, is_due) in [
            (Some(89), None, 0, false),
            (Some(91), None, 0, true),
            (None, None, 89, false),
            (None, None, 91, true),
            (Some(10), Some(15), 0, false),
            (Some(10), Some(13), 0, true),
            // Living 10 days, it expires soon on its last day.
            (Some(5), Some(5), 0, false),
            (Some(9), Some(1), 0, true),
        ] {
            let reason = reason_of(created, expires, since);
            assert_eq!(
                reason.is_some(),
                is_due,
                "{created:?} {expires:?} {since}: {reason:?}"
            );
        }
        assert_eq!(reason_of(Some(91), None, 0).unwrap(), "91 days old");
    }
}
