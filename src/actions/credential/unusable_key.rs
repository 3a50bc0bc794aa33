//! Describes a key that is set and cannot be used, and how to fix it.

use crate::actions::credential::file_choice::display_path;
use crate::actions::{Context, Source, UnusableKey};
use crate::domain::Hint;
use crate::files::quote_path;
use crate::host::{DotEnvError, SecretFileError};

impl UnusableKey {
    pub(super) fn in_source(context: &Context, source: &Source, reason: &impl ToString) -> Self {
        let (label, hint) = match source {
            Source::DotEnv { variable, path } => {
                let file = display_path(&context.directory, path);
                let hint =
                    format!("write only the key after `{variable}=` in {file}, or delete the line");
                (format!("{variable} in {file}"), Hint::from(hint))
            }
            Source::Environment {
                variable,
                file: None,
            } => {
                let hint = format!(
                    "set {variable} to only the key, or {variable}_FILE to the path of a file with it, or run `unset \
                     {variable}`"
                );
                (variable.clone(), Hint::from(hint))
            }
            Source::Environment {
                variable,
                file: Some(path),
            } => {
                let path = quote_path(path);
                let hint = format!("write only the key to {path}, or run `unset {variable}`");
                (format!("{path} ({variable})"), Hint::from(hint))
            }
            Source::MountedFile { path } => {
                let path = quote_path(path);
                let hint = format!("write only the key to {path}, or do not mount it");
                (path, Hint::from(hint))
            }
            Source::Stored | Source::Workload => (source.label(), Hint::run("login")),
        };
        Self {
            label,
            source_id: source.id(),
            reason: reason.to_string(),
            hint,
        }
    }

    /// The file that a variable names cannot be used.
    pub(super) fn in_secret_file(
        context: &Context,
        source: &Source,
        error: &SecretFileError,
    ) -> Self {
        let cause = std::error::Error::source(error);
        let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
        let mut key = Self::in_source(context, source, &format!("{error}{cause}"));
        key.hint = error.hint().map_or(key.hint, Hint::from);
        key
    }

    /// The file cannot be read, so that it is unknown whether it contains the key.
    pub(super) fn in_file(variable: &str, wrong: &DotEnvError) -> Self {
        let cause = std::error::Error::source(wrong);
        let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
        Self {
            label: format!("{variable} from .env"),
            source_id: "dotenv".to_owned(),
            reason: format!("{wrong}{cause}"),
            hint: wrong
                .hint()
                .map_or_else(|| Hint::from("fix the file, or delete it"), Hint::from),
        }
    }
}
