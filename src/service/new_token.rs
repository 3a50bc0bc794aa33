//! The token that a user wants, checked against what the service documents before anything is sent.

use serde_json::{Map, Value, json};

use super::ServiceError;
use crate::provider::{CreateArgument, CreateCall, CreateLimits, Descriptor, ListLimit, TokenVerb};

/// The token that a user wants. What is `None` or empty is left to the service's description, and then to the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewToken {
    /// Its name; empty for none.
    pub name: String,
    /// Permanent (`true`) or temporary.
    pub permanent: Option<bool>,
    /// What it may do.
    pub permissions: Vec<String>,
    /// On what.
    pub scopes: Vec<String>,
    /// Its lifetime in days.
    pub expires_in_days: Option<u32>,
    /// The space that it is for.
    pub space: Option<String>,
}

/// An argument as the command line calls it, and what goes in.
type Argument = (&'static str, CreateArgument, Option<Value>);

impl NewToken {
    /// Whether `descriptor`'s service can make it; nothing is sent.
    ///
    /// # Errors
    /// `UNSUPPORTED` where it documents no such call or option, `USAGE` for a value that it does not take.
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

    /// The body of the call that makes it.
    ///
    /// # Errors
    /// `UNSUPPORTED` for what the service's tokens do not have, `USAGE` for what they cannot have.
    pub(super) fn body(
        &self,
        descriptor: &Descriptor,
        call: &CreateCall,
    ) -> Result<Map<String, Value>, ServiceError> {
        let wrong = |problem| ServiceError::InvalidArgument {
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
                    return Err(wrong("need a NAME".to_owned()));
                }
                _ => {}
            }
        }
        self.check_limits(&call.limits).map_err(wrong)?;
        Ok(body)
    }

    /// What goes into the body: the user's word, else the description's.
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

    /// Permanent or not: the user's word, else the description's.
    fn resolve_permanent(&self, limits: &CreateLimits) -> Option<bool> {
        self.permanent.or(limits.permanent.map(|it| it.default))
    }

    /// Whether a temporary one is asked for.
    pub(super) fn is_temporary(&self, limits: &CreateLimits) -> bool {
        self.resolve_permanent(limits) == Some(false)
    }

    /// Whether the user asked for it. A name does no harm where tokens have none.
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
            "live from {} to {} days, not {days}",
            limit.least, limit.most
        ))
    }
}

fn check_list(what: &str, given: &[String], limit: &ListLimit) -> Result<(), String> {
    let known = limit.allowed.join(", ");
    if given.is_empty() && limit.required && limit.default.is_empty() {
        return Err(format!("need a --{what}: {known}"));
    }
    let stray = |word: &&String| !limit.allowed.is_empty() && !limit.allowed.contains(word);
    match given.iter().find(stray) {
        Some(word) => Err(format!("have no {what} `{word}`, only {known}")),
        None => Ok(()),
    }
}
