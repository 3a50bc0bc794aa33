//! What `login` prints.

use jiff::Timestamp;
use serde::Serialize;

use crate::actions::{LoginResult, ProfileStatus};
use crate::cli::app::CommandOutput;
use crate::domain::{Hint, Scopes, time_format};
use crate::ui::{KeyValues, Line, OutputError, Shell};

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum LoginOutput {
    SignedIn(SignedIn),
    NotNeeded(NotNeeded),
}

#[derive(Serialize)]
pub(super) struct SignedIn {
    #[serde(flatten)]
    pub(super) result: LoginResult,
    #[serde(skip)]
    pub(super) now: Timestamp,
}

/// Nothing was changed, for example because a key in the environment works.
#[derive(Serialize)]
pub(super) struct NotNeeded {
    #[serde(flatten)]
    pub(super) status: ProfileStatus,
    #[serde(skip)]
    pub(super) text: String,
}

impl CommandOutput for LoginOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        match self {
            Self::SignedIn(signed_in) => signed_in.print(shell),
            Self::NotNeeded(NotNeeded { text, .. }) => {
                shell.result(Line::success(text.as_str()))?;
                shell.note(Hint::from("to sign in anyway: ").command("login --device"));
                Ok(())
            }
        }
    }
}

impl SignedIn {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let result = &self.result;
        let text = format!("signed in as profile `{}`", result.profile);
        shell.status(Line::success(text));
        shell.key_values(&self.key_values())?;
        for note in &result.notes {
            shell.note(note.as_str());
        }
        if !result.verified {
            shell.note(Hint::from("not verified; run ").command("status --check"));
        }
        Ok(())
    }

    /// Prints only on stderr.
    pub(super) fn report(&self, shell: &Shell) {
        let result = &self.result;
        let text = format!("signed in as profile `{}`", result.profile);
        shell.status(Line::success(text));
        for note in &result.notes {
            shell.note(note.as_str());
        }
    }

    fn key_values(&self) -> KeyValues {
        let result = &self.result;
        let then = if result.refreshable {
            ", refreshed automatically"
        } else {
            ", then sign in again"
        };
        let expires = result.expires_at.map(|end| {
            let end = time_format::format_relative(self.now, end);
            format!("{end}{then}")
        });
        let granted = Some(&result.scopes).filter(|scopes| !scopes.is_empty());
        KeyValues::default()
            .with("profile", result.profile.to_string())
            .with("service", result.provider.to_string())
            .with("server", result.origin.as_str())
            .with_some("account", result.account.as_deref())
            .with_some("issuer", result.issuer.as_deref())
            .with_some("resource", result.resource.as_deref())
            .with("kind", result.kind.label())
            .with_some("expires", expires)
            .with_some("scopes", granted.map(Scopes::to_string))
    }
}
