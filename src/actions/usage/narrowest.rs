//! Derives the narrowest rights of a token from the requests that it was used for. Claims nothing that the record and the
//! description of the service do not show.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use crate::actions::Undecided;
use crate::domain::{ApiToken, CredentialUsage, TokenFact};
use crate::provider::RequestNeed;

/// The rights that a token needs; `None` for a list that the service does not have, or whose use it does not describe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NarrowRights {
    pub permissions: Option<Vec<String>>,
    pub scopes: Option<Vec<String>>,
}

/// What is known about a token and its use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Observation<'a> {
    pub needs: &'a [RequestNeed],
    pub token: &'a ApiToken,
    pub usage: Option<&'a CredentialUsage>,
    pub today: Date,
    /// The days that the record must cover.
    pub required: i64,
}

/// Returns the rights that the recorded requests need, which are never more than the token has.
///
/// # Errors
/// [`Undecided`] if they are not known for certain.
pub(crate) fn narrowest(seen: &Observation<'_>) -> Result<NarrowRights, Undecided> {
    let permissions = Kind::permissions(seen);
    let scopes = Kind::scopes(seen);
    let kinds = [&permissions, &scopes];
    if !kinds.iter().any(|kind| kind.is_described(seen.needs)) {
        return Err(Undecided::NoNeeds);
    }
    for kind in kinds {
        kind.require_known_rights(seen)?;
    }
    let usage = seen.usage.ok_or(Undecided::NotRecorded)?;
    check_record(seen, usage)?;
    Ok(NarrowRights {
        permissions: permissions.needed(seen.needs, usage)?,
        scopes: scopes.needed(seen.needs, usage)?,
    })
}

fn check_record(seen: &Observation<'_>, usage: &CredentialUsage) -> Result<(), Undecided> {
    if let Some(handed_out) = usage.handed_out.first() {
        return Err(Undecided::HandedOut {
            to: handed_out.to.clone(),
        });
    }
    let (first, last) = usage.days().ok_or(Undecided::NotRecorded)?;
    let days = first
        .until(seen.today)
        .map_or(0, |span| i64::from(span.get_days()));
    if days < seen.required {
        return Err(Undecided::TooShort {
            days,
            required: seen.required,
        });
    }
    let used = seen.token.last_used_at;
    let used = used.map(|time| jiff::tz::TimeZone::UTC.to_datetime(time).date());
    if used.is_some_and(|used| used > last) {
        return Err(Undecided::UsedElsewhere);
    }
    Ok(())
}

/// One of the two lists of rights.
struct Kind<'a> {
    fact: TokenFact,
    /// The name of one right.
    one: &'static str,
    granted: Option<&'a [String]>,
    of: fn(&RequestNeed) -> Option<&String>,
}

impl<'a> Kind<'a> {
    fn permissions(seen: &Observation<'a>) -> Self {
        Self {
            fact: TokenFact::Permissions,
            one: "permission",
            granted: seen.token.permissions.as_deref(),
            of: |need| need.permission.as_ref(),
        }
    }

    fn scopes(seen: &Observation<'a>) -> Self {
        Self {
            fact: TokenFact::Scopes,
            one: "scope",
            granted: seen.token.scopes.as_deref(),
            of: |need| need.scope.as_ref(),
        }
    }

    fn is_described(&self, needs: &[RequestNeed]) -> bool {
        needs.iter().any(|need| (self.of)(need).is_some())
    }

    /// An empty list may mean every right.
    fn require_known_rights(&self, seen: &Observation<'_>) -> Result<(), Undecided> {
        let is_unreadable = seen.token.unreadable.contains(&self.fact);
        let is_known = self.granted.is_some_and(|granted| !granted.is_empty()) && !is_unreadable;
        if self.is_described(seen.needs) && !is_known {
            return Err(Undecided::UnknownRights(self.fact));
        }
        Ok(())
    }

    /// Returns the rights of all requests; `None` if the description has none of this kind.
    fn needed(
        &self,
        needs: &[RequestNeed],
        usage: &CredentialUsage,
    ) -> Result<Option<Vec<String>>, Undecided> {
        if !self.is_described(needs) {
            return Ok(None);
        }
        let mut needed = BTreeSet::new();
        for request in &usage.requests {
            let (method, path) = (&*request.method, &*request.path);
            let own = needs
                .iter()
                .filter_map(|need| Some((need, (self.of)(need)?)));
            let possible: Vec<_> = own
                .filter(|(need, _)| need.overlaps(method, path))
                .collect();
            if !possible.iter().any(|(need, _)| need.covers(method, path)) {
                return Err(Undecided::NotDescribed {
                    request: format!("{method} {path}"),
                    fact: self.fact,
                });
            }
            needed.extend(possible.into_iter().map(|(_, right)| right.clone()));
        }
        let granted = self.granted.unwrap_or_default();
        match needed.iter().find(|right| !granted.contains(right)) {
            Some(right) => Err(Undecided::NotListed {
                right: format!("{} {right}", self.one),
            }),
            None => Ok(Some(needed.into_iter().collect())),
        }
    }
}

impl NarrowRights {
    /// Returns the rights of `token` that it does not need, such as `permission delete`.
    pub fn unused(&self, token: &ApiToken) -> Vec<String> {
        let unused = |one: &str, needed: &Option<Vec<String>>, granted: &Option<Vec<String>>| {
            let (Some(needed), Some(granted)) = (needed, granted) else {
                return Vec::new();
            };
            let unused = granted.iter().filter(|right| !needed.contains(right));
            unused.map(|right| format!("{one} {right}")).collect()
        };
        let permissions = unused("permission", &self.permissions, &token.permissions);
        let scopes = unused("scope", &self.scopes, &token.scopes);
        [permissions, scopes].concat()
    }

    /// Returns `true` if `token` has exactly these rights.
    pub fn are_rights_of(&self, token: &ApiToken) -> bool {
        let is_equal = |wanted: &Option<Vec<String>>, got: &Option<Vec<String>>| {
            let set = |rights: &Vec<String>| rights.iter().cloned().collect::<BTreeSet<_>>();
            wanted.is_none() || wanted.as_ref().map(set) == got.as_ref().map(set)
        };
        is_equal(&self.permissions, &token.permissions) && is_equal(&self.scopes, &token.scopes)
    }
}

impl fmt::Display for NarrowRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |name: &str, rights: &Option<Vec<String>>| {
            let rights = rights.as_ref()?;
            Some(format!("{name} {}", rights.join(" ")))
        };
        let permissions = list("permissions", &self.permissions);
        let scopes = list("scopes", &self.scopes);
        let parts: Vec<String> = permissions.into_iter().chain(scopes).collect();
        f.write_str(&parts.join(", "))
    }
}
