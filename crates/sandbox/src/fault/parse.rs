//! Parses a fault: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`.

use std::fmt;
use std::str::FromStr;

use super::endpoint::{Endpoint, NAMES, RequestInfo};
use super::kinds::{Effect, KINDS};

/// A fault: the requests it applies to, how many of them, and its effect.
#[derive(Clone)]
pub struct Fault {
    text: String,
    endpoint: Endpoint,
    count: Option<u64>,
    effect: Effect,
}

/// A syntax error in a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The overall form is wrong.
    #[error(
        "`{0}` is not a fault: expected ENDPOINT[*COUNT]=KIND[:ARGUMENT], such as 'poll*2=slow_down'"
    )]
    Syntax(String),
    /// The endpoint does not exist.
    #[error("`{0}` is not an endpoint: expected {1}, or a path such as 'GET /api/tokens/'")]
    Endpoint(String, String),
    /// The count is zero.
    #[error("the count of a fault must be at least 1")]
    ZeroCount,
    /// The kind does not exist.
    #[error("`{0}` is not a kind of fault: run `brainmaps sandbox faults` to list all kinds")]
    Kind(String),
    /// The argument is missing or invalid.
    #[error("`{kind}` {needs}, not `{given}`")]
    Argument {
        /// The kind of fault.
        kind: &'static str,
        /// What it requires.
        needs: String,
        /// The given argument; empty if missing.
        given: String,
    },
}

impl Fault {
    /// Returns the number of requests it applies to; `None` for all.
    pub(super) fn count(&self) -> Option<u64> {
        self.count
    }

    pub(super) fn effect(&self) -> &Effect {
        &self.effect
    }

    pub(super) fn matches(&self, request: &RequestInfo) -> bool {
        self.endpoint.matches(request)
    }

    pub(super) fn needs_grant_type(&self) -> bool {
        self.endpoint.needs_grant_type()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({})", self.text)
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let text = text.trim();
        let syntax_error = || FaultError::Syntax(text.to_owned());
        let (target, kind) = text.split_once('=').ok_or_else(syntax_error)?;
        let (target, count) = split_count(target.trim())?;
        let endpoint = Endpoint::parse(target).ok_or_else(|| unknown_endpoint(target))?;
        Ok(Self {
            text: text.to_owned(),
            endpoint,
            count,
            effect: parse_effect(kind.trim())?,
        })
    }
}

/// Splits off `*COUNT`. A `*` that no digits follow belongs to the path.
fn split_count(target: &str) -> Result<(&str, Option<u64>), FaultError> {
    let Some((before, digits)) = target.rsplit_once('*') else {
        return Ok((target, None));
    };
    match digits.parse() {
        Ok(0) => Err(FaultError::ZeroCount),
        Ok(count) => Ok((before, Some(count))),
        Err(_) => Ok((target, None)),
    }
}

fn parse_effect(text: &str) -> Result<Effect, FaultError> {
    let (name, argument) = match text.split_once(':') {
        Some((name, argument)) => (name, argument),
        None => (text, ""),
    };
    let kind = KINDS
        .iter()
        .find(|it| it.name == name)
        .ok_or_else(|| FaultError::Kind(name.to_owned()))?;
    (kind.parse)(argument).ok_or_else(|| FaultError::Argument {
        kind: kind.name,
        needs: match kind.argument {
            "" => "takes no argument".to_owned(),
            form => format!("takes {form}"),
        },
        given: argument.to_owned(),
    })
}

fn unknown_endpoint(name: &str) -> FaultError {
    let names: Vec<&str> = NAMES.iter().map(|it| it.name).collect();
    FaultError::Endpoint(name.to_owned(), names.join(", "))
}
