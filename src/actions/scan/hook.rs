//! Installs the pre-commit hook of a repository.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use crate::actions::{ActionError, Context, ScanError};
use crate::files::{FileError, Requirements, open};
use crate::host::{GitError, GitRepository, Tool};
use crate::vault::{delete_user_file, write_user_file};

const NAME: &str = "pre-commit";

/// Nothing in a repository makes the program wait, or read without end.
const REQUIREMENTS: Requirements =
    Requirements::unchangeable_by_others(1024 * 1024).any_owner_for_root();

/// By this line, the hook is recognized.
const MARK: &str = "# Installed by \"brainmaps token scan install-hook\".";

const HOOK: &str = r#"#!/bin/sh
# Installed by "brainmaps token scan install-hook".
if ! command -v brainmaps >/dev/null; then
    echo 'error: cannot scan for keys: brainmaps is not in PATH' >&2
    echo 'hint: install it, or run "git commit --no-verify" to commit without the scan' >&2
    exit 1
fi
exec brainmaps token scan --staged
"#;

#[derive(Debug, Serialize)]
pub struct HookOutcome {
    pub hook: PathBuf,
    pub changed: bool,
}

/// Installs the hook in the directory that git uses: of all work trees, or the one that `core.hooksPath` names. Another
/// hook is not changed.
///
/// # Errors
/// [`ScanError`] if another hook exists, or the hook cannot be written.
pub fn install_hook(context: &Context) -> Result<HookOutcome, ActionError> {
    let repository =
        GitRepository::at(&context.environment, &context.directory).map_err(ScanError::Git)?;
    let hook = path(context, &repository)?;
    if Tool::find(&context.environment, "brainmaps").is_none() {
        context.warn("brainmaps is not in PATH: until it is, the hook stops every commit");
    }
    match existing(&hook)?.as_deref() {
        Some(HOOK) => {
            return Ok(HookOutcome {
                hook,
                changed: false,
            });
        }
        Some(text) if !text.contains(MARK) => {
            return Err(ScanError::OtherHook { path: hook }.into());
        }
        _ => {}
    }
    let failed = |source| ScanError::HookFile {
        path: hook.clone(),
        source,
    };
    if let Some(directory) = hook.parent().filter(|directory| !directory.is_dir()) {
        if !is_inside(&repository.directories(), directory) {
            let path = directory.to_owned();
            return Err(ScanError::HooksOutside { path }.into());
        }
        fs::create_dir_all(directory).map_err(failed)?;
    }
    write_user_file(&hook, HOOK.as_bytes()).map_err(ScanError::Hook)?;
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    Ok(HookOutcome {
        hook,
        changed: true,
    })
}

/// Deletes the hook. Another hook is not changed.
///
/// # Errors
/// [`ScanError`] if another hook exists, or the hook cannot be deleted.
pub fn uninstall_hook(context: &Context) -> Result<HookOutcome, ActionError> {
    let repository =
        GitRepository::at(&context.environment, &context.directory).map_err(ScanError::Git)?;
    let hook = path(context, &repository)?;
    let Some(text) = existing(&hook)? else {
        return Ok(HookOutcome {
            hook,
            changed: false,
        });
    };
    if !text.contains(MARK) {
        return Err(ScanError::OtherHook { path: hook }.into());
    }
    let changed = delete_user_file(&hook).map_err(ScanError::Hook)?;
    Ok(HookOutcome { hook, changed })
}

fn path(context: &Context, repository: &GitRepository) -> Result<PathBuf, ScanError> {
    match repository.hooks_directory() {
        Ok(directory) => Ok(directory.join(NAME)),
        Err(GitError::Failed { message }) if message.contains("not a git repository") => {
            Err(ScanError::NotARepository {
                directory: context.directory.clone(),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns `true` if `directory`, which does not exist, would be created in one of `parents`.
fn is_inside(parents: &[PathBuf], directory: &Path) -> bool {
    let mut ancestors = directory.ancestors();
    let Some(existing) = ancestors.find(|it| it.exists()) else {
        return false;
    };
    let new = directory.strip_prefix(existing).unwrap_or(directory);
    if new.components().any(|part| part == Component::ParentDir) {
        return false;
    }
    let Ok(existing) = fs::canonicalize(existing) else {
        return false;
    };
    let mut parents = parents.iter().filter_map(|it| fs::canonicalize(it).ok());
    parents.any(|parent| existing.starts_with(parent))
}

/// Returns the text of the hook; `None` if there is none.
fn existing(hook: &Path) -> Result<Option<String>, ScanError> {
    let failed = |error: FileError| ScanError::Hook(error.into());
    let Some(file) = open(hook, &REQUIREMENTS).map_err(failed)? else {
        return Ok(None);
    };
    let bytes = file.read().map_err(failed)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
