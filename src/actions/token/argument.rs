//! Token ids as a user types them, checked before they are sent, logged or shown.
//!
//! A token id goes into a URL, and URLs end in logs (RFC 6750 §5.3). A key that was pasted in place of an id is
//! therefore refused first, and what was typed is never repeated.

use std::str::FromStr;

use crate::actions::credential::file_choice::report_credential_file;
use crate::actions::credential::select::{all_secrets, resolve_credential};
use crate::actions::{ActionError, Context, KeyError, Purpose, Target};
use crate::domain::{Secret, TokenId};

/// A shorter secret could be part of an id by chance.
const MIN_SECRET_LENGTH: usize = 8;

/// An id as it was typed. It cannot print itself, since it may be a key.
#[derive(Debug, Clone)]
pub struct TokenArgument(Secret);

impl FromStr for TokenArgument {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Err("an id cannot be empty");
        }
        Ok(Self(Secret::new(text)))
    }
}

/// Why an argument is not a token id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// It has the form of a service's keys.
    #[error("it is a key of {service}, not an id")]
    ServiceKey {
        /// The service's name.
        service: String,
    },
    /// A JSON Web Token.
    #[error("it is an access token (JWT), not an id")]
    Jwt,
    /// What requests are authorized with.
    #[error("it contains a credential that is stored or set here, not an id")]
    InUse,
    /// The service's ids look otherwise.
    #[error("the token ids of {service} are {form}")]
    WrongFormat {
        /// The service's name.
        service: String,
        /// What they look like.
        form: &'static str,
    },
}

impl TokenArgument {
    /// The id, once it is known not to be a key. Reports the file that chose the credential where `purpose` asks for
    /// that, so that a question about the id is asked after it.
    ///
    /// # Errors
    /// [`KeyError::NotAnId`], which does not repeat the argument, and as [`report_file_choice`].
    pub fn resolve(
        &self,
        context: &Context,
        target: &Target,
        purpose: Purpose,
    ) -> Result<TokenId, ActionError> {
        let id = KeyDetector::new(context, target).parse_id(target, self)?;
        report_file_choice(context, target, purpose)?;
        Ok(id)
    }

    /// Each of `arguments` as by [`TokenArgument::resolve`].
    ///
    /// # Errors
    /// The first that is not an id, and as [`report_file_choice`].
    pub fn resolve_all(
        arguments: &[Self],
        (context, target): (&Context, &Target),
        purpose: Purpose,
    ) -> Result<Vec<TokenId>, ActionError> {
        let keys = KeyDetector::new(context, target);
        let ids = arguments
            .iter()
            .map(|argument| keys.parse_id(target, argument));
        let ids = ids.collect::<Result<Vec<TokenId>, ActionError>>()?;
        report_file_choice(context, target, purpose)?;
        Ok(ids)
    }
}

/// Reports the file that chose the credential, before a question about it is asked.
///
/// # Errors
/// What keeps the credential from being used: nobody is asked about a change that cannot be made.
pub fn report_file_choice(
    context: &Context,
    target: &Target,
    purpose: Purpose,
) -> Result<(), ActionError> {
    if purpose != Purpose::Read {
        let selected = resolve_credential(context, target)?;
        report_credential_file(context, target, &selected, purpose);
    }
    Ok(())
}

/// Fails where `text`, which is meant to become part of a URL, is or contains a key.
///
/// # Errors
/// [`KeyError::NotAnId`], which does not repeat `text`.
pub(crate) fn reject_key(
    context: &Context,
    target: &Target,
    text: &str,
) -> Result<(), ActionError> {
    KeyDetector::new(context, target).reject_key(text)
}

/// Fails where the service documents what its ids look like, and `text` is none.
fn check_id_format(target: &Target, text: &str) -> Result<(), ActionError> {
    match target.descriptor.tokens.id_form {
        Some(form) if !form.matches(text) => Err(KeyError::NotAnId(IdFault::WrongFormat {
            service: target.descriptor.name.clone(),
            form: form.label(),
        })
        .into()),
        _ => Ok(()),
    }
}

/// What is recognized as a key: the documented forms, and the secrets that are stored or set here.
struct KeyDetector<'a> {
    context: &'a Context,
    secrets: Vec<Secret>,
}

impl<'a> KeyDetector<'a> {
    fn new(context: &'a Context, target: &Target) -> Self {
        Self {
            context,
            secrets: all_secrets(context, target),
        }
    }

    fn parse_id(&self, target: &Target, argument: &TokenArgument) -> Result<TokenId, ActionError> {
        let text = argument.0.expose();
        self.reject_key(text)?;
        check_id_format(target, text)?;
        Ok(TokenId::new(text))
    }

    fn reject_key(&self, text: &str) -> Result<(), ActionError> {
        let apart =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '=' | ':' | ',' | ';');
        let mut words = text.split(apart).filter(|word| !word.is_empty());
        let form = words.find_map(|word| self.key_format_of(word));
        let found = form.or_else(|| self.contains_secret(text).then_some(IdFault::InUse));
        found.map_or(Ok(()), |fault| Err(KeyError::NotAnId(fault).into()))
    }

    /// The form of a key that `word` has.
    fn key_format_of(&self, word: &str) -> Option<IdFault> {
        if word.starts_with("eyJ") && word.matches('.').count() >= 2 {
            return Some(IdFault::Jwt);
        }
        let owner = self.context.catalog.find_key_owner(&Secret::new(word))?;
        Some(IdFault::ServiceKey {
            service: owner.name,
        })
    }

    fn contains_secret(&self, text: &str) -> bool {
        self.secrets.iter().any(|secret| {
            let secret = secret.expose();
            secret == text || (secret.len() >= MIN_SECRET_LENGTH && text.contains(secret))
        })
    }
}
