//! The token to create, checked against the service's description before anything is sent.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::call_values::CallValues;
use super::{Lifetime, ServiceError, TokenRights};
use crate::domain::format_count;
use crate::provider::{
    CreateArgument, CreateCall, CreateLimits, Descriptor, ListLimit, Placeholder, TokenVerb,
};

/// The token to create. Defaults of the description, then of the service, apply to what is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewToken {
    /// May be empty.
    pub name: String,
    /// Permanent (`true`) or temporary.
    pub permanent: Option<bool>,
    pub permissions: Vec<String>,
    pub scopes: Vec<String>,
    pub expires_in: Option<SignedDuration>,
    /// The id of the space to create it in.
    pub space: Option<String>,
}

impl NewToken {
    /// Checks that the service can create this token; nothing is sent.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no such call or option, `USAGE` for an invalid value.
    pub fn check(&self, descriptor: &Descriptor) -> Result<(), ServiceError> {
        super::ensure_supported(descriptor, TokenVerb::Create)?;
        let Some(call) = &descriptor.tokens.create else {
            return Ok(());
        };
        if self.space.is_some() && call.space.is_none() {
            return Err(ServiceError::UnsupportedOption {
                service: descriptor.name.clone(),
                option: "--space",
                file: descriptor.file.clone(),
            });
        }
        self.values(descriptor, call, Timestamp::UNIX_EPOCH)
            .map(drop)
    }

    /// Returns the values for the create call of a token whose lifetime begins at `now`.
    ///
    /// # Errors
    /// `UNSUPPORTED` for an option that the service's tokens do not have, `USAGE` for an invalid value.
    pub(super) fn values(
        &self,
        descriptor: &Descriptor,
        call: &CreateCall,
        now: Timestamp,
    ) -> Result<CallValues, ServiceError> {
        let invalid = |problem| ServiceError::InvalidArgument {
            service: descriptor.name.clone(),
            problem,
        };
        for argument in CreateArgument::ALL {
            if self.is_set(argument) && !call.takes(argument) {
                return Err(ServiceError::UnsupportedOption {
                    service: descriptor.name.clone(),
                    option: option_name(argument),
                    file: descriptor.file.clone(),
                });
            }
        }
        if self.name.is_empty() && call.takes(CreateArgument::Name) {
            return Err(invalid("require a NAME".to_owned()));
        }
        self.check_limits(call).map_err(invalid)?;
        let mut values = CallValues::default();
        for (placeholder, value) in self.arguments(&call.limits) {
            if let Some(value) = value {
                values = values.with(placeholder, value);
            }
        }
        Ok(match self.resolve_lifetime(&call.limits) {
            Some(lifetime) => values.with_lifetime(lifetime, now),
            None => values,
        })
    }

    /// Returns the values besides the lifetime: the user's, or the description's defaults.
    fn arguments(&self, limits: &CreateLimits) -> [(Placeholder, Option<Value>); 4] {
        let list = |requested, limit| {
            let words = or_default(requested, limit);
            (!words.is_empty()).then(|| json!(words))
        };
        let permanent = self.resolve_permanent(limits);
        let name = (!self.name.is_empty()).then(|| json!(self.name));
        let permissions = list(&self.permissions, &limits.permissions);
        let scopes = list(&self.scopes, &limits.scopes);
        [
            (Placeholder::Name, name),
            (Placeholder::Permanent, permanent.map(Value::from)),
            (Placeholder::Permissions, permissions),
            (Placeholder::Scopes, scopes),
        ]
    }

    /// Returns the lifetime: the user's choice, or the description's default.
    fn resolve_lifetime(&self, limits: &CreateLimits) -> Option<SignedDuration> {
        let default = limits.expires_in_days.and_then(|limit| limit.default);
        self.expires_in.or(default.map(days))
    }

    /// Returns true for a permanent token: the user's choice, or the description's default.
    pub(super) fn resolve_permanent(&self, limits: &CreateLimits) -> Option<bool> {
        self.permanent.or(limits.permanent.map(|it| it.default))
    }

    /// Returns true if a temporary token is requested.
    pub(super) fn is_temporary(&self, limits: &CreateLimits) -> bool {
        self.resolve_permanent(limits) == Some(false)
    }

    /// Returns true if the user set the argument. A name is ignored if the service's tokens have none.
    fn is_set(&self, argument: CreateArgument) -> bool {
        match argument {
            CreateArgument::Name => false,
            CreateArgument::Permanent => self.permanent.is_some(),
            CreateArgument::Permissions => !self.permissions.is_empty(),
            CreateArgument::Scopes => !self.scopes.is_empty(),
            CreateArgument::Expiry => self.expires_in.is_some(),
        }
    }

    /// Returns the rights that the request asks for, as far as it has them.
    pub fn requested_rights(&self, call: &CreateCall) -> TokenRights {
        let takes = |argument| call.takes(argument);
        let limits = &call.limits;
        let sent_values = |argument, requested, limit| {
            let values = or_default(requested, limit);
            let is_sent = takes(argument) && !values.is_empty();
            is_sent.then(|| values.iter().cloned().collect())
        };
        let lifetime = self.resolve_lifetime(limits);
        let lifetime = lifetime.filter(|_| takes(CreateArgument::Expiry));
        let permanent =
            takes(CreateArgument::Permanent) && self.resolve_permanent(limits) == Some(true);
        TokenRights {
            lifetime: lifetime
                .map(Lifetime::Limited)
                .or(permanent.then_some(Lifetime::Unlimited)),
            permissions: sent_values(
                CreateArgument::Permissions,
                &self.permissions,
                &limits.permissions,
            ),
            scopes: sent_values(CreateArgument::Scopes, &self.scopes, &limits.scopes),
            ..TokenRights::default()
        }
    }

    fn check_limits(&self, call: &CreateCall) -> Result<(), String> {
        let limits = &call.limits;
        let is_too_long = |longest: usize| self.name.chars().count() > longest;
        if let Some(limit) = limits.name.filter(|limit| is_too_long(limit.longest)) {
            return Err(format!(
                "have names of at most {}",
                format_count(limit.longest, "character")
            ));
        }
        check_list("permission", &self.permissions, &limits.permissions)?;
        check_list("scope", &self.scopes, &limits.scopes)?;
        self.expires_in
            .map_or(Ok(()), |lifetime| check_lifetime(lifetime, call))
    }
}

fn or_default<'a>(requested: &'a [String], limit: &'a ListLimit) -> &'a [String] {
    if requested.is_empty() {
        &limit.default
    } else {
        requested
    }
}

fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}

/// Returns the option of the command line that sets the argument.
fn option_name(argument: CreateArgument) -> &'static str {
    match argument {
        CreateArgument::Name => "NAME",
        CreateArgument::Permanent => "--permanent or --temporary",
        CreateArgument::Permissions => "--permission",
        CreateArgument::Scopes => "--scope",
        CreateArgument::Expiry => "--expires-in",
    }
}

fn check_lifetime(lifetime: SignedDuration, call: &CreateCall) -> Result<(), String> {
    let is_whole_days = lifetime.as_secs() % days(1).as_secs() == 0;
    if call.needs_whole_days() && !is_whole_days {
        return Err("have a lifetime of whole days, such as 90d or 2w".to_owned());
    }
    let Some(limit) = call.limits.expires_in_days else {
        return Ok(());
    };
    if (days(limit.least)..=days(limit.most)).contains(&lifetime) {
        return Ok(());
    }
    let found = if is_whole_days {
        (lifetime.as_secs() / days(1).as_secs()).to_string()
    } else {
        Lifetime::Limited(lifetime).to_string()
    };
    Err(format!(
        "have a lifetime of {} to {} days, not {found}",
        limit.least, limit.most
    ))
}

fn check_list(option: &str, values: &[String], limit: &ListLimit) -> Result<(), String> {
    let known = limit.allowed.join(", ");
    if values.is_empty() && limit.required && limit.default.is_empty() {
        return Err(format!("require a --{option}: {known}"));
    }
    let is_unknown = |word: &&String| !limit.allowed.is_empty() && !limit.allowed.contains(word);
    match values.iter().find(is_unknown) {
        Some(word) => Err(format!("have no {option} `{word}`, only {known}")),
        None => Ok(()),
    }
}
