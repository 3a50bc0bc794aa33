//! The token to create, checked against the service's description before anything is sent.

use serde_json::{Map, Value, json};

use super::ServiceError;
use crate::provider::{CreateArgument, CreateCall, CreateLimits, Descriptor, ListLimit, TokenVerb};

/// The token to create. Defaults of the description, then of the service, apply to what is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewToken {
    /// May be empty.
    pub name: String,
    /// Permanent (`true`) or temporary.
    pub permanent: Option<bool>,
    pub permissions: Vec<String>,
    pub scopes: Vec<String>,
    pub expires_in_days: Option<u32>,
    /// The id of the space to create it in.
    pub space: Option<String>,
}

/// An option of the command line, the argument that it sets, and its value.
type Argument = (&'static str, CreateArgument, Option<Value>);

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
            });
        }
        self.body(descriptor, call).map(drop)
    }

    /// Returns the body of the create call.
    ///
    /// # Errors
    /// `UNSUPPORTED` for an option that the service's tokens do not have, `USAGE` for an invalid value.
    pub(super) fn body(
        &self,
        descriptor: &Descriptor,
        call: &CreateCall,
    ) -> Result<Map<String, Value>, ServiceError> {
        let invalid = |problem| ServiceError::InvalidArgument {
            service: descriptor.name.clone(),
            problem,
        };
        let mut body = Map::new();
        for (option, argument, value) in self.arguments(&call.limits) {
            let field = call.body.iter().find(|(_, takes)| **takes == argument);
            match (field, value) {
                (Some((field, _)), Some(value)) => drop(body.insert(field.clone(), value)),
                (None, Some(_)) if self.is_set(argument) => {
                    return Err(ServiceError::UnsupportedOption {
                        service: descriptor.name.clone(),
                        option,
                    });
                }
                (Some(_), None) if argument == CreateArgument::Name => {
                    return Err(invalid("require a NAME".to_owned()));
                }
                _ => {}
            }
        }
        self.check_limits(&call.limits).map_err(invalid)?;
        Ok(body)
    }

    /// Returns the values for the body: the user's, or the description's defaults.
    fn arguments(&self, limits: &CreateLimits) -> [Argument; 5] {
        let list = |own: &Vec<String>, limit: &ListLimit| {
            let words = if own.is_empty() { &limit.default } else { own };
            (!words.is_empty()).then(|| json!(words))
        };
        let permanent = self.resolve_permanent(limits);
        let days = limits.expires_in_days.and_then(|it| it.default);
        let name = (!self.name.is_empty()).then(|| json!(self.name));
        let permissions = list(&self.permissions, &limits.permissions);
        let scopes = list(&self.scopes, &limits.scopes);
        let days = self.expires_in_days.or(days).map(Value::from);
        [
            ("NAME", CreateArgument::Name, name),
            (
                "--permanent or --temporary",
                CreateArgument::Permanent,
                permanent.map(Value::from),
            ),
            ("--permission", CreateArgument::Permissions, permissions),
            ("--scope", CreateArgument::Scopes, scopes),
            ("--expires-in", CreateArgument::ExpiresInDays, days),
        ]
    }

    /// Returns true for a permanent token: the user's choice, or the description's default.
    fn resolve_permanent(&self, limits: &CreateLimits) -> Option<bool> {
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
            CreateArgument::ExpiresInDays => self.expires_in_days.is_some(),
        }
    }

    fn check_limits(&self, limits: &CreateLimits) -> Result<(), String> {
        let is_too_long = |longest: usize| self.name.chars().count() > longest;
        if let Some(limit) = limits.name.filter(|limit| is_too_long(limit.longest)) {
            return Err(format!(
                "have names of at most {} characters",
                limit.longest
            ));
        }
        check_list("permission", &self.permissions, &limits.permissions)?;
        check_list("scope", &self.scopes, &limits.scopes)?;
        let (Some(days), Some(limit)) = (self.expires_in_days, limits.expires_in_days) else {
            return Ok(());
        };
        if (limit.least..=limit.most).contains(&days) {
            return Ok(());
        }
        Err(format!(
            "have a lifetime of {} to {} days, not {days}",
            limit.least, limit.most
        ))
    }
}

fn check_list(what: &str, given: &[String], limit: &ListLimit) -> Result<(), String> {
    let known = limit.allowed.join(", ");
    if given.is_empty() && limit.required && limit.default.is_empty() {
        return Err(format!("require a --{what}: {known}"));
    }
    let is_unknown = |word: &&String| !limit.allowed.is_empty() && !limit.allowed.contains(word);
    match given.iter().find(is_unknown) {
        Some(word) => Err(format!("have no {what} `{word}`, only {known}")),
        None => Ok(()),
    }
}
