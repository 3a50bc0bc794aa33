//! The programs that ask a credential helper, and the servers that they may ask about.

use serde::{Deserialize, Serialize};

use super::Origin;

/// A program, or a family of programs with one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HelperProgram {
    Git,
    Docker,
    Kubectl,
    Cargo,
    /// The `keyring` command, which pip and uv run.
    Keyring,
    Goauth,
    Pnpm,
    Terraform,
}

impl HelperProgram {
    pub const ALL: [Self; 8] = [
        Self::Git,
        Self::Docker,
        Self::Kubectl,
        Self::Cargo,
        Self::Keyring,
        Self::Goauth,
        Self::Pnpm,
        Self::Terraform,
    ];

    /// Returns the name of the protocol on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Docker => "docker",
            Self::Kubectl => "kubectl",
            Self::Cargo => "cargo",
            Self::Keyring => "keyring",
            Self::Goauth => "goauth",
            Self::Pnpm => "pnpm",
            Self::Terraform => "terraform",
        }
    }

    /// Returns `true` if the program starts a helper without a profile, or does not name the server: only a recorded
    /// [`HelperHost`] connects the two.
    pub fn needs_record(self) -> bool {
        matches!(self, Self::Keyring | Self::Pnpm | Self::Terraform)
    }

    /// Returns `true` if all profiles share one link, so that only the records name the profile of a server.
    pub fn has_shared_link(self) -> bool {
        matches!(self, Self::Keyring | Self::Terraform)
    }

    /// Returns `true` if the configuration of the program has an entry for each server.
    pub fn has_entry_per_server(self) -> bool {
        matches!(self, Self::Git | Self::Docker | Self::Cargo | Self::Pnpm)
    }
}

/// A server that `helper install` bound to a profile for one program, beside the server of the API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HelperHost {
    pub program: HelperProgram,
    /// The server that the program asks about.
    pub host: Origin,
    /// The server of the API when it was bound. The credential of another one is not given to `host`.
    pub api: Origin,
}
