//! Token ids and names of the command line.
//!
//! A token id becomes part of a URL, and URLs end up in logs (RFC 6750 §5.3). Therefore a key in place of an id is
//! rejected, and the argument is never printed.

use std::str::FromStr;

use crate::actions::credential::file_choice::report_credential_file;
use crate::actions::credential::select::all_secrets;
use crate::actions::token::lookup::TokenLookup;
use crate::actions::{
    ActionError, Context, IdFault, KeyError, ProfileSession, Purpose, SecretKind,
};
use crate::domain::{Secret, StoredCredential, TokenId};
use crate::provider::{KeyClass, TokenCalls};
use crate::vault::{CreatedKeys, Storage};

/// A shorter secret could be part of an id by chance.
const MIN_SECRET_LENGTH: usize = 8;

/// An argument that may be a key, so that it has no `Display`.
#[derive(Debug, Clone)]
pub struct TokenArgument {
    text: Secret,
    is_from_stdin: bool,
}

impl FromStr for TokenArgument {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Err("an id cannot be empty");
        }
        Ok(Self {
            text: Secret::new(text),
            is_from_stdin: false,
        })
    }
}

impl TokenArgument {
    /// Returns the kind of token that `KIND:ID` begins with.
    pub(super) fn kind<'a>(&'a self, calls: &TokenCalls) -> Option<&'a str> {
        calls.kind_in(self.text.expose())
    }

    /// Returns the argument, which may be an id, the first characters of one, or a name, after checking that it is not a
    /// key. Reports the file that chose the credential if `purpose` requires that, before the user is asked about it.
    ///
    /// # Errors
    /// [`KeyError::NotAnId`], which does not contain the argument, and as [`report_file_choice`].
    pub fn resolve(
        &self,
        session: ProfileSession<'_>,
        purpose: Purpose,
    ) -> Result<TokenId, ActionError> {
        let id = KeyDetector::new(session).parse(session, self)?;
        session.report_file_choice(purpose)?;
        Ok(id)
    }

    /// Creates an argument that was read from stdin, which may be the secret by which a service addresses its tokens.
    pub fn from_stdin(text: Secret) -> Self {
        Self {
            text,
            is_from_stdin: true,
        }
    }

    /// Returns `true` for `-`: the arguments are read from stdin.
    pub fn is_stdin(&self) -> bool {
        !self.is_from_stdin && self.text.expose() == "-"
    }

    /// Resolves all `arguments`.
    ///
    /// # Errors
    /// For the first that is not an id, and as [`report_file_choice`].
    pub fn resolve_all(
        arguments: &[Self],
        session: ProfileSession<'_>,
        purpose: Purpose,
    ) -> Result<Vec<TokenId>, ActionError> {
        let keys = KeyDetector::new(session);
        let ids = arguments
            .iter()
            .map(|argument| keys.parse(session, argument));
        let ids = ids.collect::<Result<Vec<TokenId>, ActionError>>()?;
        session.report_file_choice(purpose)?;
        Ok(ids)
    }
}

impl ProfileSession<'_> {
    /// Reports the file that chose the credential, before the user is asked a question.
    ///
    /// # Errors
    /// If the credential cannot be used, so that the user is not asked about a change that is impossible.
    pub fn report_file_choice(self, purpose: Purpose) -> Result<(), ActionError> {
        if purpose != Purpose::Read {
            let selected = self.resolve_credential()?;
            report_credential_file(self, &selected, purpose);
        }
        Ok(())
    }
}

/// Fails if `text`, which becomes part of a URL, contains a key.
///
/// # Errors
/// [`KeyError::NotAnId`], which does not contain `text`.
pub(crate) fn reject_key(session: ProfileSession<'_>, text: &str) -> Result<(), ActionError> {
    KeyDetector::new(session).reject_key(text)
}

/// Fails if `name` contains a key: the service shows the names of tokens to everybody who may list them.
///
/// # Errors
/// [`KeyError::NotAName`], which does not contain `name`.
pub(super) fn reject_key_as_name(
    session: ProfileSession<'_>,
    name: &str,
) -> Result<(), ActionError> {
    let found = KeyDetector::of_all_profiles(session)?.find_key_in_name(name);
    found.map_or(Ok(()), |kind| Err(KeyError::NotAName(kind).into()))
}

/// Recognizes keys: by the documented formats, by the secrets that are stored or set here, and by the hashes of the keys that
/// were created here.
struct KeyDetector<'a> {
    context: &'a Context,
    secrets: Vec<Secret>,
    created: CreatedKeys,
}

impl<'a> KeyDetector<'a> {
    fn new(session: ProfileSession<'a>) -> Self {
        Self {
            context: session.context,
            secrets: all_secrets(session),
            // A record that cannot be read has no ids.
            created: session.vault().created_keys().unwrap_or_default(),
        }
    }

    /// As [`Self::new`], with the credential files of all profiles. Other keyrings are not unlocked for this.
    fn of_all_profiles(session: ProfileSession<'a>) -> Result<Self, ActionError> {
        let mut detector = Self::new(session);
        for name in session.vault().profiles_with_credential_file()? {
            // Also the active profile, whose credential `new` leaves out if it is one of another server. The commands of a
            // profile report a file that cannot be read.
            let stored = session.vault().read(&name, Storage::File).ok().flatten();
            let secrets = stored.iter().flat_map(StoredCredential::secrets);
            detector.secrets.extend(secrets.cloned());
        }
        Ok(detector)
    }

    fn parse(
        &self,
        session: ProfileSession<'_>,
        argument: &TokenArgument,
    ) -> Result<TokenId, ActionError> {
        let text = argument.text.expose();
        let fields = &session.target.descriptor.tokens.fields;
        if argument.is_from_stdin && fields.id_is_secret {
            return Ok(TokenId::secret(text));
        }
        let id = TokenId::new(text);
        self.reject_key(id.as_str())?;
        TokenLookup::new(session).check_format(&id)?;
        Ok(id)
    }

    fn reject_key(&self, text: &str) -> Result<(), ActionError> {
        let found = self.find_key(text).map(IdFault::Secret);
        found.map_or(Ok(()), |fault| Err(KeyError::NotAnId(fault).into()))
    }

    fn find_key(&self, text: &str) -> Option<SecretKind> {
        let apart =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '=' | ':' | ',' | ';');
        let mut words = text.split(apart).filter(|word| !word.is_empty());
        let may_be_jwt = |word: &str| word.starts_with("eyJ") && word.matches('.').count() >= 2;
        let form = words.find_map(|word| {
            let jwt = may_be_jwt(word).then_some(SecretKind::Jwt);
            jwt.or_else(|| self.find_service_key(word, |_| true))
        });
        form.or_else(|| self.find_known_key(text, [text]))
    }

    /// As [`Self::find_key`], but a name may begin like a key.
    fn find_key_in_name(&self, name: &str) -> Option<SecretKind> {
        let words = || name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let parts = || name.split(|c: char| c.is_whitespace() || "()<>[]{}\"'`=:,;/".contains(c));
        let is_whole = |class| class == KeyClass::WellFormed;
        let form = words().find_map(|word| self.find_service_key(word, is_whole));
        let jwt = || parts().any(is_jwt).then_some(SecretKind::Jwt);
        let candidates = || [name].into_iter().chain(words()).chain(parts());
        let known = || self.find_known_key(name, candidates());
        form.or_else(jwt).or_else(known)
    }

    /// Finds a secret of this computer in `text`, and a key that was created here among `candidates`.
    fn find_known_key<'t>(
        &self,
        text: &str,
        candidates: impl IntoIterator<Item = &'t str>,
    ) -> Option<SecretKind> {
        if self.contains_secret(text) {
            return Some(SecretKind::InUse);
        }
        let mut candidates = candidates.into_iter();
        let is_created = |key: &str| self.created.find(&Secret::new(key)).is_some();
        candidates
            .any(is_created)
            .then_some(SecretKind::CreatedHere)
    }

    /// Returns the service whose key `word` is, if its class is permitted.
    fn find_service_key(
        &self,
        word: &str,
        is_permitted: impl Fn(KeyClass) -> bool,
    ) -> Option<SecretKind> {
        let secret = Secret::new(word);
        let owner = self.context.catalog.find_key_owner(&secret)?;
        is_permitted(owner.key?.classify(&secret)).then_some(SecretKind::ServiceKey {
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

/// Three parts, none of which is a short word.
fn is_jwt(text: &str) -> bool {
    let is_part = |part: &str| part.len() >= 10;
    text.starts_with("eyJ") && text.split('.').count() == 3 && text.split('.').all(is_part)
}
