//! The policy of an audit: options, then the project file, then the settings file, then the defaults.

use std::path::PathBuf;

use jiff::SignedDuration;

use crate::actions::{ActionError, Context, RoutingError};
use crate::domain::{AuditSettings, DurationText, IgnoredFinding, Severity};
use crate::files::quote_path;
use crate::host::project;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPolicy {
    pub max_age: SignedDuration,
    pub unused: SignedDuration,
    /// The age from which a token that was never used is unused.
    pub never_used: SignedDuration,
    pub within: SignedDuration,
    /// How long the use of a token must be recorded before its rights are compared with it.
    pub observed: SignedDuration,
    pub allow_scopes: Option<Vec<String>>,
    pub allow_permissions: Option<Vec<String>>,
    pub all_profiles: bool,
    pub fail_on: Severity,
    pub ignore: Vec<IgnoredFinding>,
}

impl From<AuditSettings> for AuditPolicy {
    fn from(settings: AuditSettings) -> Self {
        let settings = settings.or(AuditSettings::defaults());
        let duration = |set: Option<DurationText>| set.map(|it| it.0).unwrap_or_default();
        let unused = duration(settings.unused);
        Self {
            max_age: duration(settings.max_age),
            unused,
            never_used: unused.min(SignedDuration::from_hours(7 * 24)),
            within: duration(settings.within),
            observed: duration(settings.observed),
            allow_scopes: settings.allow_scope,
            allow_permissions: settings.allow_permission,
            all_profiles: settings.all_profiles.unwrap_or_default(),
            fail_on: settings.fail_on.unwrap_or_default(),
            ignore: settings.ignore,
        }
    }
}

impl AuditPolicy {
    /// Returns how long before its expiry a credential of this `lifetime` expires soon. A shorter-lived one is replaced as a
    /// matter of course, and expires soon in the last tenth of its lifetime.
    pub(in crate::actions) fn expiry_window(
        &self,
        lifetime: Option<SignedDuration>,
    ) -> SignedDuration {
        match lifetime {
            Some(lifetime) if lifetime <= self.within => lifetime / 10,
            _ => self.within,
        }
    }
}

/// Returns the policy in effect, and the project file if it has a part of it. The file may be written by another user: where the
/// settings file has the same member, the stricter value counts.
///
/// # Errors
/// If the project file cannot be used.
pub fn effective_policy(
    context: &Context,
    options: AuditSettings,
) -> Result<(AuditPolicy, Option<PathBuf>), ActionError> {
    let own = context.config.audit.clone();
    let found = project::read_audit_settings(&context.search_scope());
    let found = found.map_err(RoutingError::from)?;
    let (settings, file) = match found {
        Some((path, settings)) => {
            // Every profile sends its own credential: only the user's options and settings may ask for that.
            let all_profiles = own.all_profiles;
            if settings.all_profiles == Some(true) {
                let path = quote_path(&path);
                context.warn(format!(
                    "{path} sets all_profiles, which is read only from your settings"
                ));
            }
            let settings = AuditSettings {
                all_profiles,
                ..settings.tighten(own)
            };
            (settings, Some(path))
        }
        None => (own, None),
    };
    Ok((options.or(settings).into(), file))
}
