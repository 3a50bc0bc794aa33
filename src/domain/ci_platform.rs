//! CI systems whose runner hides values in the log of a job.

/// A CI system, by the commands that its runner finds in the output of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CiPlatform {
    /// GitHub Actions, and Gitea and Forgejo Actions, which set the same variables and have the same commands.
    GitHub,
    Azure,
}

impl CiPlatform {
    /// Each platform, and the variable that its runner sets to `true`.
    pub const VARIABLES: [(Self, &str); 2] =
        [(Self::GitHub, "GITHUB_ACTIONS"), (Self::Azure, "TF_BUILD")];

    pub fn label(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub Actions",
            Self::Azure => "Azure Pipelines",
        }
    }

    /// Returns the variable that the runner sets to `true`.
    pub fn variable(self) -> &'static str {
        let [(_, github), (_, azure)] = Self::VARIABLES;
        match self {
            Self::GitHub => github,
            Self::Azure => azure,
        }
    }
}
