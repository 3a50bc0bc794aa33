//! The order of listed tokens.

use std::cmp::Ordering;
use std::str::FromStr;

use jiff::Timestamp;

use crate::domain::{ApiToken, TokenKind, token_state};
use crate::provider::Descriptor;
use crate::service::ServiceError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortField {
    Id,
    Name,
    State,
    Kind,
    Created,
    Expires,
    LastUsed,
}

impl SortField {
    pub const ALL: [Self; 7] = [
        Self::Id,
        Self::Name,
        Self::State,
        Self::Kind,
        Self::Created,
        Self::Expires,
        Self::LastUsed,
    ];

    /// Returns the value of `--sort`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::State => "state",
            Self::Kind => "kind",
            Self::Created => "created",
            Self::Expires => "expires",
            Self::LastUsed => "last-used",
        }
    }
}

/// `FIELD` or `FIELD:desc`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortOrder {
    pub field: SortField,
    pub is_descending: bool,
}

impl FromStr for SortOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, direction) = text.split_once(':').unwrap_or((text, "asc"));
        let mut fields = SortField::ALL.into_iter();
        let field = fields.find(|field| field.name() == name);
        let field = field.filter(|_| matches!(direction, "asc" | "desc"));
        let order = field.map(|field| Self {
            field,
            is_descending: direction == "desc",
        });
        order.ok_or_else(|| {
            let names = SortField::ALL.map(SortField::name).join(", ");
            format!("expected one of {names}, with :desc to reverse it")
        })
    }
}

impl SortOrder {
    /// Fails if the service does not report the field.
    ///
    /// # Errors
    /// [`ServiceError::UnreportedFact`].
    pub(super) fn check(self, descriptor: &Descriptor) -> Result<(), ServiceError> {
        let fields = &descriptor.tokens.fields;
        let (is_reported, fact) = match self.field {
            SortField::Id | SortField::State => (true, ""),
            SortField::Name => (fields.name.is_some(), "the names of tokens"),
            SortField::Kind => (fields.kind.is_some(), "the kinds of tokens"),
            SortField::Created => (fields.created_at.is_some(), "when tokens were created"),
            SortField::Expires => (fields.expires_at.is_some(), "when tokens expire"),
            SortField::LastUsed => (fields.last_used_at.is_some(), "when tokens were used"),
        };
        if is_reported {
            return Ok(());
        }
        Err(ServiceError::UnreportedFact {
            service: descriptor.name.clone(),
            fact,
            option: format!("--sort {}", self.field.name()),
            instead: None,
        })
    }

    /// Sorts `tokens`. Unknown facts are last in both directions; equal tokens keep the order of the service.
    pub(super) fn sort(self, tokens: &mut [ApiToken], now: Timestamp) {
        tokens.sort_by(|one, other| self.compare(one, other, now));
    }

    fn compare(self, one: &ApiToken, other: &ApiToken, now: Timestamp) -> Ordering {
        match self.field {
            SortField::Id => self.by(one, other, numeric_id),
            SortField::Name => self.by(one, other, |token| token.name.as_deref()),
            SortField::State => self.by(one, other, |token| Some(token_state(now, token))),
            SortField::Kind => self.by(one, other, |token| token.kind.map(TokenKind::label)),
            SortField::Created => self.by(one, other, |token| token.created_at),
            SortField::Expires => self.by(one, other, |token| token.expires_at),
            SortField::LastUsed => self.by(one, other, |token| token.last_used_at),
        }
    }

    fn by<'t, K: Ord>(
        self,
        one: &'t ApiToken,
        other: &'t ApiToken,
        key: impl Fn(&'t ApiToken) -> Option<K>,
    ) -> Ordering {
        match (key(one), key(other)) {
            (Some(one), Some(other)) if self.is_descending => other.cmp(&one),
            (Some(one), Some(other)) => one.cmp(&other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        }
    }
}

/// Numbers sort by their value, before other ids.
fn numeric_id(token: &ApiToken) -> Option<(u64, &str)> {
    let id = token.id.as_ref()?.as_str();
    Some((id.parse().unwrap_or(u64::MAX), id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TokenId;

    #[test]
    fn unknown_facts_are_last_in_both_directions_and_numbers_sort_by_value() {
        let token = |id: &str, name: Option<&str>| ApiToken {
            id: Some(TokenId::new(id)),
            name: name.map(str::to_owned),
            ..ApiToken::default()
        };
        let all = [
            token("10", Some("b")),
            token("9", None),
            token("x", Some("a")),
            token("100", Some("b")),
        ];
        for (order, expected) in [
            ("id", ["9", "10", "100", "x"]),
            ("id:desc", ["x", "100", "10", "9"]),
            ("name", ["x", "10", "100", "9"]),
            ("name:desc", ["10", "100", "x", "9"]),
        ] {
            let mut tokens = all.clone();
            let order: SortOrder = order.parse().unwrap();
            order.sort(&mut tokens, Timestamp::UNIX_EPOCH);
            let ids: Vec<_> = tokens.iter().map(|it| it.id.as_ref().unwrap()).collect();
            assert_eq!(ids, expected.map(TokenId::new).iter().collect::<Vec<_>>());
        }
        for wrong in ["", "size", "name:", "name:down", "name:desc:asc"] {
            assert!(wrong.parse::<SortOrder>().is_err(), "{wrong}");
        }
    }
}
