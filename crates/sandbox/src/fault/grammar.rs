//! How a fault is written: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`.

use std::fmt;
use std::str::FromStr;

use super::endpoint::{Asked, Endpoint, NAMES};
use super::kinds::{Act, KINDS};

/// One fault: which requests it befalls, how many of them, and what happens to them.
#[derive(Clone)]
pub struct Fault {
    text: String,
    endpoint: Endpoint,
    count: Option<u64>,
    act: Act,
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Not of the form.
    #[error(
        "`{0}` is no fault: write ENDPOINT[*COUNT]=KIND[:ARGUMENT], such as 'token*2=slow_down'"
    )]
    Form(String),
    /// No such endpoint.
    #[error("no endpoint is called `{0}`: write {1}, or a path, such as 'GET /api/tokens/'")]
    Endpoint(String, String),
    /// A count that is none.
    #[error("a fault that happens 0 times is none")]
    Never,
    /// No such kind.
    #[error("no kind of fault is called `{0}`: `brainmaps sandbox faults` lists them")]
    Kind(String),
    /// The kind is there, its argument is wrong.
    #[error("`{kind}` {needs}, not `{given}`")]
    Argument {
        /// The kind.
        kind: &'static str,
        /// What it takes.
        needs: String,
        /// What was written; empty for nothing.
        given: String,
    },
}

impl Fault {
    /// For how many requests it is; `None` for all.
    pub(super) fn count(&self) -> Option<u64> {
        self.count
    }

    pub(super) fn act(&self) -> &Act {
        &self.act
    }

    pub(super) fn fits(&self, asked: &Asked) -> bool {
        self.endpoint.fits(asked)
    }

    pub(super) fn needs_grant(&self) -> bool {
        self.endpoint.needs_grant()
    }
}

/// As it was written.
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
        let form = || FaultError::Form(text.to_owned());
        let (place, what) = text.split_once('=').ok_or_else(form)?;
        let (place, count) = counted(place.trim())?;
        let endpoint = Endpoint::parse(place).ok_or_else(|| no_endpoint(place))?;
        Ok(Self {
            text: text.to_owned(),
            endpoint,
            count,
            act: act(what.trim())?,
        })
    }
}

/// Takes the `*COUNT` off. A `*` without digits behind it belongs to a path.
fn counted(place: &str) -> Result<(&str, Option<u64>), FaultError> {
    let Some((before, digits)) = place.rsplit_once('*') else {
        return Ok((place, None));
    };
    match digits.parse() {
        Ok(0) => Err(FaultError::Never),
        Ok(count) => Ok((before, Some(count))),
        Err(_) => Ok((place, None)),
    }
}

fn act(what: &str) -> Result<Act, FaultError> {
    let (name, argument) = match what.split_once(':') {
        Some((name, argument)) => (name, argument),
        None => (what, ""),
    };
    let kind = KINDS
        .iter()
        .find(|it| it.name == name)
        .ok_or_else(|| FaultError::Kind(name.to_owned()))?;
    (kind.read)(argument).ok_or_else(|| FaultError::Argument {
        kind: kind.name,
        needs: match kind.argument {
            "" => "takes no argument".to_owned(),
            form => format!("takes {form}"),
        },
        given: argument.to_owned(),
    })
}

fn no_endpoint(place: &str) -> FaultError {
    let names: Vec<&str> = NAMES.iter().map(|it| it.name).collect();
    FaultError::Endpoint(place.to_owned(), names.join(", "))
}
