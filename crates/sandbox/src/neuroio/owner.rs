//! The owner of a set of tokens. The token in use determines which tokens a call manages.

use crate::state::account::{Account, MANAGER_ID};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Realm {
    /// The general API.
    Iam,
    /// Streams only.
    Streams,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The whole account, with its default space.
    Account,
    /// One space, by its id.
    Space(i64),
    /// Management only, no data.
    Manager,
}

/// Identifies a set of tokens that are managed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) account_id: i64,
    pub(super) realm: Realm,
    pub(super) kind: Kind,
}

impl Owner {
    /// Returns the owner of the token that a login creates.
    pub(super) fn of(account: &Account) -> Self {
        let manager = account.id == MANAGER_ID;
        Self {
            account_id: account.id,
            realm: Realm::Iam,
            kind: if manager {
                Kind::Manager
            } else {
                Kind::Account
            },
        }
    }

    pub(super) fn space_id(&self) -> Option<i64> {
        match self.kind {
            Kind::Space(id) => Some(id),
            Kind::Account | Kind::Manager => None,
        }
    }

    /// Returns the stored form: `1/iam/account`, `1/streams/2`.
    pub(super) fn key(&self) -> String {
        let realm = match self.realm {
            Realm::Iam => "iam",
            Realm::Streams => "streams",
        };
        let kind = match self.kind {
            Kind::Account => "account".to_owned(),
            Kind::Manager => "manager".to_owned(),
            Kind::Space(id) => id.to_string(),
        };
        format!("{}/{realm}/{kind}", self.account_id)
    }

    /// Parses the stored form.
    pub(super) fn parse(key: &str) -> Option<Self> {
        let (account_id, rest) = key.split_once('/')?;
        let (realm, kind) = rest.split_once('/')?;
        Some(Self {
            account_id: account_id.parse().ok()?,
            realm: match realm {
                "iam" => Realm::Iam,
                "streams" => Realm::Streams,
                _ => return None,
            },
            kind: match kind {
                "account" => Kind::Account,
                "manager" => Kind::Manager,
                id => Kind::Space(id.parse().ok()?),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_form_round_trips() {
        for key in ["1/iam/account", "3/iam/manager", "1/streams/2"] {
            assert_eq!(
                Owner::parse(key).map(|owner| owner.key()).as_deref(),
                Some(key)
            );
        }
        for key in [
            "",
            "1",
            "1/iam",
            "1/oauth/account",
            "1/iam/",
            "x/iam/account",
        ] {
            assert_eq!(Owner::parse(key), None, "{key}");
        }
    }
}
