//! Why a token is not rotated to fewer rights. The old token is unchanged in each case.

use std::fmt;

use crate::domain::{TokenFact, format_count};

#[derive(Debug, thiserror::Error)]
pub enum NarrowError {
    #[error(
        "cannot narrow token {id}: the service replaces tokens by its own call, which keeps their rights"
    )]
    OwnCall { id: String },
    #[error("cannot narrow token {id}: {why}")]
    Undecided { id: String, why: Undecided },
    #[error("cannot narrow token {id}: it has no right that it did not use")]
    NothingUnused { id: String },
    /// The service created a token with other rights.
    #[error(
        "cannot narrow token {id}: the service did not give the new token the requested rights"
    )]
    OtherRights { id: String },
    /// The new key may not do what the old one was used for.
    #[error(
        "cannot narrow token {id}: the service responds to {request} with {status} to the new key"
    )]
    Refused {
        id: String,
        request: String,
        status: u16,
    },
}

/// Why the narrowest rights are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// The description does not say which rights requests need.
    NoNeeds,
    /// The service does not report the rights of the token.
    UnknownRights(TokenFact),
    NotRecorded,
    /// A program got the credential itself.
    HandedOut {
        to: String,
    },
    /// The record covers too few days.
    TooShort {
        days: i64,
        required: i64,
    },
    /// The service reports a use after the last recorded one.
    UsedElsewhere,
    /// The description does not cover a recorded request.
    NotDescribed {
        request: String,
        fact: TokenFact,
    },
    /// A recorded request needs a right that the token does not list.
    NotListed {
        right: String,
    },
}

impl Undecided {
    /// Returns the name of the unknown fact.
    pub fn fact(&self) -> &'static str {
        match self {
            Self::NoNeeds | Self::NotDescribed { .. } | Self::NotListed { .. } => "needs",
            Self::UnknownRights(fact) => fact.name(),
            Self::NotRecorded => "usage",
            Self::HandedOut { .. } => "handed_out",
            Self::TooShort { .. } => "observed",
            Self::UsedElsewhere => "used_elsewhere",
        }
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNeeds => f.write_str(
                "the description of the service does not say which rights requests need",
            ),
            Self::UnknownRights(fact) => {
                write!(f, "the service does not report its {}", fact.name())
            }
            Self::NotRecorded => f.write_str("no use of its key is recorded on this computer"),
            Self::HandedOut { to } => {
                write!(
                    f,
                    "its key was given to a program ({to}), whose requests are not recorded"
                )
            }
            Self::TooShort { days, required } => {
                write!(
                    f,
                    "its use is recorded for {days} of {}",
                    format_count(*required, "day")
                )
            }
            Self::UsedElsewhere => {
                f.write_str("the service reports a use after the last one that is recorded here")
            }
            Self::NotDescribed { request, fact } => {
                write!(
                    f,
                    "the description of the service names no {} for {request}",
                    fact.name()
                )
            }
            Self::NotListed { right } => {
                write!(
                    f,
                    "a recorded request needs the {right}, which the token does not list"
                )
            }
        }
    }
}
