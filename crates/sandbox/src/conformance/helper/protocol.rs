//! The protocols, and what they have in common.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::{cargo, docker, git, goauth, kubectl};

/// The protocol of a credential helper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperProtocol {
    /// gitcredentials(7)
    Git,
    /// docker-credential-helpers, also of podman, skopeo and helm
    Docker,
    /// client.authentication.k8s.io
    Kubectl,
    /// cargo's credential provider protocol
    Cargo,
    /// `go help goauth`
    Goauth,
}

impl HelperProtocol {
    /// All protocols.
    pub const ALL: [Self; 5] = [
        Self::Git,
        Self::Docker,
        Self::Kubectl,
        Self::Cargo,
        Self::Goauth,
    ];

    /// Returns its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Docker => "docker",
            Self::Kubectl => "kubectl",
            Self::Cargo => "cargo",
            Self::Goauth => "goauth",
        }
    }

    /// Returns the request for the credential of a server, whose authority may be malformed.
    pub(super) fn request(self, scheme: &str, authority: &str) -> Ask {
        match self {
            Self::Git => git::request(scheme, authority),
            Self::Docker => docker::request(scheme, authority),
            Self::Kubectl => kubectl::request("v1", &format!("{scheme}://{authority}")),
            Self::Cargo => cargo::request(1, &format!("sparse+{scheme}://{authority}/index/")),
            Self::Goauth => goauth::repeated_request(&format!("{scheme}://{authority}/")),
        }
    }

    /// Reads a response.
    pub(super) fn read(self, stdout: &str, is_success: bool) -> Reading {
        match self {
            Self::Git => git::read(stdout),
            Self::Docker => docker::read(stdout, is_success),
            Self::Kubectl => kubectl::read(stdout, is_success),
            Self::Cargo => cargo::read(stdout),
            Self::Goauth => goauth::read(stdout),
        }
    }
}

impl fmt::Display for HelperProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for HelperProtocol {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.name() == name);
        found.ok_or("expected git, docker, kubectl, cargo or goauth")
    }
}

/// How a helper is run.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub(super) arguments: Vec<String>,
    pub(super) variable: Option<(&'static str, String)>,
    pub(super) input: Input,
}

/// The stdin of a helper.
#[derive(Debug, Clone, Default)]
pub(super) enum Input {
    /// Closed.
    #[default]
    None,
    Bytes(Vec<u8>),
    /// These bytes, and then neither more nor the end.
    Endless(Vec<u8>),
}

impl Ask {
    pub(super) fn with_input(arguments: &[&str], input: impl Into<Vec<u8>>) -> Self {
        Self {
            arguments: arguments.iter().map(|it| (*it).to_owned()).collect(),
            input: Input::Bytes(input.into()),
            ..Self::default()
        }
    }

    /// The same with a stdin that is never closed.
    pub(super) fn endless(self) -> Self {
        let input = match self.input {
            Input::Bytes(bytes) | Input::Endless(bytes) => Input::Endless(bytes),
            Input::None => Input::Endless(Vec::new()),
        };
        Self { input, ..self }
    }
}

/// A response.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) credential: Option<FoundCredential>,
    /// Why it is not a response of the protocol.
    pub(super) fault: Option<String>,
}

#[derive(Default)]
pub(super) struct FoundCredential {
    pub(super) secret: String,
    pub(super) user: Option<String>,
    /// A text that is not a time is a fault.
    pub(super) expires_at: Option<Timestamp>,
}

/// Shows no secret.
impl fmt::Debug for FoundCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FoundCredential")
    }
}

impl Reading {
    pub(super) fn fault(fault: impl Into<String>) -> Self {
        Self {
            credential: None,
            fault: Some(fault.into()),
        }
    }

    pub(super) fn of(credential: FoundCredential) -> Self {
        Self {
            credential: Some(credential),
            fault: None,
        }
    }
}
