//! `--env-file`, `--config` with `--key`, and `--to`: where a new secret is written.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use serde::Serialize;

use crate::actions::{Context, SecretTarget, TargetOutcome, error_line};
use crate::cli::failure::{Code, Failure};
use crate::domain::{ConfigFormat, KeyPath};
use crate::files::{absolute_unless_dash, quote_path};
use crate::vault::{ConfigEntry, SecretDestination, TargetCommand};

#[derive(Debug, Default, Args)]
pub(super) struct TargetArgs {
    /// Write the secret to this env file (repeatable); `FILE:VARIABLE` chooses the variable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    env_file: Vec<PathBuf>,
    /// Write the secret to a value in this YAML, TOML, JSON, INI or .properties file (repeatable)
    #[arg(long, value_name = "FILE", requires = "key", value_hint = ValueHint::FilePath)]
    config: Vec<PathBuf>,
    /// Set the path of the value in the file of --config, for example `api.key` or `servers[0].token`
    #[arg(long, value_name = "PATH", requires = "config")]
    key: Vec<KeyPath>,
    /// Set the format of the files of --config: yaml, toml, json, ini or properties [default: by extension]
    #[arg(long, value_name = "FORMAT", requires = "config", value_parser = format_parser(), hide_possible_values = true)]
    config_format: Option<ConfigFormat>,
    /// Pass the secret to this shell command on its standard input (repeatable)
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    to: Vec<String>,
    /// Replace a different value in a file
    #[arg(long)]
    pub(super) force: bool,
}

fn format_parser() -> impl TypedValueParser<Value = ConfigFormat> {
    PossibleValuesParser::new(ConfigFormat::ALL.map(ConfigFormat::name)).try_map(|name| {
        let mut formats = ConfigFormat::ALL.into_iter();
        formats
            .find(|format| format.name() == name)
            .ok_or("unknown format")
    })
}

impl TargetArgs {
    /// Returns the targets: env files, configuration files, then commands, each in the order of the command line.
    pub(super) fn destinations(
        &self,
        context: &Context,
        variable: Option<&str>,
    ) -> Result<Vec<SecretDestination>, Failure> {
        let mut targets: Vec<SecretDestination> = self
            .env_file
            .iter()
            .map(|file| env_target(file, variable))
            .collect::<Result<_, _>>()?;
        if self.config.len() != self.key.len() {
            let text = "each --config FILE needs a --key PATH";
            return Err(Failure::new(Code::Usage, text));
        }
        for (path, key) in self.config.iter().zip(&self.key) {
            targets.push(self.config_target(path, key)?);
        }
        targets.extend(self.to.iter().map(|command| {
            SecretDestination::Command(TargetCommand {
                command: command.clone(),
                directory: context.directory.clone(),
            })
        }));
        self.check(&targets)?;
        Ok(targets)
    }

    fn check(&self, targets: &[SecretDestination]) -> Result<(), Failure> {
        for (index, target) in targets.iter().enumerate() {
            if targets[..index].iter().any(|it| it.is_same_target(target)) {
                let text = format!("the target {target} is named twice");
                return Err(Failure::new(Code::Usage, text));
            }
        }
        if self.to.iter().any(|command| command.trim().is_empty()) {
            return Err(Failure::new(Code::Usage, "the command of --to is empty"));
        }
        Ok(())
    }

    /// Returns the env file as the user named it, if it is the only target.
    pub(super) fn single_env_file(
        &self,
        usual: Option<&str>,
    ) -> Result<Option<SecretTarget>, Failure> {
        let [file] = self.env_file.as_slice() else {
            return Ok(None);
        };
        if !self.config.is_empty() || !self.to.is_empty() {
            return Ok(None);
        }
        let (path, variable) = split_variable(file, usual)?;
        Ok(Some(SecretTarget {
            variable: variable.map(str::to_owned),
            can_replace: self.force,
            ..SecretTarget::env_file(path)
        }))
    }

    /// Fails if --force has no file.
    pub(super) fn check_force(&self) -> Result<(), Failure> {
        if self.force && self.env_file.is_empty() && self.config.is_empty() {
            let text = "--force needs a file: --env-file FILE or --config FILE";
            return Err(Failure::new(Code::Usage, text));
        }
        Ok(())
    }

    fn config_target(&self, path: &Path, key: &KeyPath) -> Result<SecretDestination, Failure> {
        let format = self.config_format.or_else(|| ConfigFormat::of_path(path));
        let format = format.ok_or_else(|| {
            let text = format!("the format of {} is unknown", quote_path(path));
            let names = ConfigFormat::ALL.map(ConfigFormat::name).join(", ");
            Failure::new(Code::Usage, text)
                .with_hint(format!("name it: --config-format with one of {names}"))
        })?;
        Ok(SecretDestination::Config(ConfigEntry {
            path: absolute_unless_dash(path),
            key: key.clone(),
            format,
        }))
    }

    /// Returns the arguments that name the targets, for a hint.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut add = |option: &str, value: String| arguments.extend([option.to_owned(), value]);
        for file in &self.env_file {
            add("--env-file", file.display().to_string());
        }
        for (file, key) in self.config.iter().zip(&self.key) {
            add("--config", file.display().to_string());
            add("--key", key.to_string());
        }
        for command in &self.to {
            add("--to", command.clone());
        }
        arguments
    }
}

fn env_target(argument: &Path, usual: Option<&str>) -> Result<SecretDestination, Failure> {
    let (path, variable) = split_variable(argument, usual)?;
    let target = SecretTarget {
        variable: variable.map(str::to_owned),
        ..SecretTarget::env_file(path)
    };
    Ok(target.to_destination())
}

/// Splits `FILE:VARIABLE`, unless a file has this name. Returns no variable for `usual`, the variable of the service.
///
/// # Errors
/// If the part after the colon is not a variable: a file with that name would be created.
fn split_variable<'a>(
    argument: &'a Path,
    usual: Option<&str>,
) -> Result<(&'a Path, Option<&'a str>), Failure> {
    let split = argument.to_str().and_then(|text| text.rsplit_once(':'));
    // The colon may be in the name of a directory.
    let split = split.filter(|(_, name)| !name.contains('/') && !argument.exists());
    let Some((path, variable)) = split else {
        return Ok((argument, None));
    };
    if path.is_empty() || path.ends_with('/') || !is_variable(variable) {
        let text = format!("{} is not FILE:VARIABLE", quote_path(argument));
        let hint = "name a variable after the colon, such as `.env:API_KEY`; a file with a colon in its name must exist";
        return Err(Failure::new(Code::Usage, text).with_hint(hint));
    }
    let variable = Some(variable).filter(|_| usual != Some(variable));
    Ok((Path::new(path), variable))
}

fn is_variable(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_word)
}

/// What became of a target, in JSON.
#[derive(Debug, Serialize)]
pub(super) struct TargetView {
    target: String,
    /// `written` or `failed`
    state: &'static str,
    error: Option<String>,
}

impl TargetView {
    pub(super) fn written(target: &SecretDestination) -> Self {
        Self {
            target: target.to_string(),
            state: "written",
            error: None,
        }
    }
}

impl From<&TargetOutcome> for TargetView {
    fn from(outcome: &TargetOutcome) -> Self {
        Self {
            target: outcome.target.clone(),
            state: if outcome.is_written() {
                "written"
            } else {
                "failed"
            },
            error: outcome.error.as_ref().map(|error| error_line(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_follows_the_last_colon() {
        let variable = |path: &str, variable: &str| SecretDestination::EnvVariable {
            path: absolute_unless_dash(Path::new(path)),
            variable: variable.to_owned(),
        };
        let file = |path: &str| SecretDestination::EnvFile(absolute_unless_dash(Path::new(path)));
        for (argument, expected) in [
            (".env", file(".env")),
            (".env:KEY", variable(".env", "KEY")),
            ("a:b/.env:_k1", variable("a:b/.env", "_k1")),
            (".env:USUAL", file(".env")),
            ("a:b/.env", file("a:b/.env")),
            ("-", SecretDestination::EnvFile("-".into())),
        ] {
            assert_eq!(
                env_target(Path::new(argument), Some("USUAL")).unwrap(),
                expected,
                "{argument}"
            );
        }
        for invalid in [".env:", ":KEY", "a/:KEY", ".env:1X", ".env:BAD-VAR"] {
            assert!(env_target(Path::new(invalid), None).is_err(), "{invalid}");
        }
    }
}
