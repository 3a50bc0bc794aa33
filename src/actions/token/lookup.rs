//! Finds the token that an argument names: by its id, its name, or the first characters of its id.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::actions::FoundTokens;
use crate::actions::{ActionError, IdFault, KeyError, ListOptions, ProfileSession};
use crate::domain::{ApiToken, TokenId, sanitize_line, token_state};
use crate::provider::{IdFormat, TokenCalls, TokenVerb};
use crate::service::ensure_supported;

/// A shorter text is not accepted as the beginning of an id, because a typing error must not revoke another token.
const MIN_PREFIX: usize = 6;

/// An error message lists at most this many candidates.
const MAX_CANDIDATES: usize = 10;

/// Finds tokens in the list of the profile, which is fetched once, and only if an argument is not the id of a token.
pub(super) struct TokenLookup<'a> {
    session: ProfileSession<'a>,
    /// `None` without the right to list tokens.
    tokens: OnceCell<Option<Vec<ApiToken>>>,
}

impl<'a> TokenLookup<'a> {
    pub(super) fn new(session: ProfileSession<'a>) -> Self {
        Self {
            session,
            tokens: OnceCell::new(),
        }
    }

    /// Fails if `id` does not have the format that the service documents for its ids, and cannot be a name or the first
    /// characters of an id either.
    pub(super) fn check_format(&self, id: &TokenId) -> Result<(), ActionError> {
        match self.mismatched_format(id) {
            Some(format) if !self.can_list_for(id) => Err(self.wrong_format(format)),
            _ => Ok(()),
        }
    }

    /// Returns the id of the token that `argument` names: as an id, else as a name or the first characters of an id. An id
    /// that the list does not have is returned unchanged.
    ///
    /// The list is read first, and no call is sent with the argument as an id: if the token with this id was revoked meanwhile,
    /// the argument must not name another one.
    ///
    /// # Errors
    /// If the argument names several tokens, or cannot be an id and names none; errors of the network and the disk.
    pub(super) async fn resolve(&self, argument: &TokenId) -> Result<TokenId, ActionError> {
        self.session.check_kind_is_unambiguous(argument).await?;
        let found = if self.can_list_for(argument) {
            self.find(argument).await?
        } else {
            None
        };
        match (found, self.mismatched_format(argument)) {
            (Some(id), _) => Ok(id),
            (None, Some(format)) => Err(self.wrong_format(format)),
            (None, None) if argument.is_secret() => Ok(argument.clone()),
            (None, None) => Ok(self.calls().shown_id(argument.as_str())),
        }
    }

    async fn find(&self, argument: &TokenId) -> Result<Option<TokenId>, ActionError> {
        let tokens = self.tokens.get_or_try_init(|| self.list(|_| ())).await?;
        let tokens = tokens.as_deref().unwrap_or_default();
        find_token(self.calls(), tokens, argument, self.session.context.now())
    }

    /// Returns the tokens; `None` without the right to list them, so that only ids can be used.
    /// `on_service_error` is called with an error of the service.
    async fn list(
        &self,
        on_service_error: impl FnOnce(&ActionError),
    ) -> Result<Option<Vec<ApiToken>>, ActionError> {
        let all = ListOptions {
            all: true,
            ..ListOptions::default()
        };
        match self.session.list_tokens(&all).await {
            Ok(list) => Ok(Some(list.tokens)),
            Err(error @ ActionError::Service(_)) => {
                on_service_error(&error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the format that the service documents for its ids if `id` does not have it.
    fn mismatched_format(&self, id: &TokenId) -> Option<IdFormat> {
        let calls = self.calls();
        let format = calls.id_form;
        format.filter(|format| !format.matches(calls.local_id(id.as_str())))
    }

    /// Returns true if the list of tokens may contain one that `argument` names although it is not its id.
    fn can_list_for(&self, argument: &TokenId) -> bool {
        let descriptor = &self.session.target.descriptor;
        let tokens = &descriptor.tokens;
        let format = tokens.id_form.unwrap_or(IdFormat::Uuid);
        let is_whole_id = format.matches(tokens.local_id(argument.as_str()));
        // The beginning of a number is the id of another token.
        let has_other_names = tokens.fields.name.is_some() || format != IdFormat::Number;
        !is_whole_id && has_other_names && ensure_supported(descriptor, TokenVerb::List).is_ok()
    }

    fn calls(&self) -> &'a TokenCalls {
        &self.session.target.descriptor.tokens
    }

    fn wrong_format(&self, format: IdFormat) -> ActionError {
        not_an_id(IdFault::WrongFormat {
            service: self.session.target.descriptor.name.clone(),
            form: format.label(),
        })
    }
}

impl ProfileSession<'_> {
    /// Returns the ids of the tokens that `arguments` name.
    ///
    /// # Errors
    /// If an argument names several tokens, or cannot be an id and names none; errors of the network and the disk.
    pub async fn find_token_ids(self, arguments: &[TokenId]) -> Result<FoundTokens, ActionError> {
        TokenLookup::new(self).find_all(arguments).await
    }

    /// As [`find_token_ids`](Self::find_token_ids), and looks for whole ids in the list of tokens, too, if the service has one:
    /// no request will be sent with them. A warning says if the list cannot be read.
    ///
    /// # Errors
    /// As [`find_token_ids`](Self::find_token_ids).
    pub async fn find_listed_token_ids(
        self,
        arguments: &[TokenId],
    ) -> Result<FoundTokens, ActionError> {
        let lookup = TokenLookup::new(self);
        if ensure_supported(&self.target.descriptor, TokenVerb::List).is_ok() {
            let warn = |error: &ActionError| {
                let text = format!("cannot check that the tokens exist: {error}");
                self.context.warn(text);
            };
            lookup.tokens.get_or_try_init(|| lookup.list(warn)).await?;
        }
        lookup.find_all(arguments).await
    }
}

impl TokenLookup<'_> {
    async fn find_all(&self, arguments: &[TokenId]) -> Result<FoundTokens, ActionError> {
        let mut found = FoundTokens::default();
        let mut seen = BTreeSet::new();
        for argument in arguments {
            // A whole secret names its token.
            let id = if argument.is_secret() {
                argument.clone()
            } else {
                self.resolve(argument).await?
            };
            // Secret ids are compared by their beginning only.
            if id.is_secret() || seen.insert(id.as_str().to_owned()) {
                found.ids.push(id);
            }
        }
        if let Some(Some(tokens)) = self.tokens.get() {
            found.add_facts(tokens);
        }
        Ok(found)
    }
}

fn not_an_id(fault: IdFault) -> ActionError {
    KeyError::NotAnId(fault).into()
}

/// Returns the id of the token that `argument` names, with or without its kind.
///
/// # Errors
/// If `argument` names several tokens.
pub(super) fn find_token(
    calls: &TokenCalls,
    tokens: &[ApiToken],
    argument: &TokenId,
    now: Timestamp,
) -> Result<Option<TokenId>, ActionError> {
    let text = calls.local_id(argument.as_str());
    if calls.kind.is_none() {
        return find_by_text(tokens, text, now);
    }
    let local = tokens.iter().map(|token| ApiToken {
        id: token
            .id
            .as_ref()
            .map(|id| TokenId::new(calls.local_id(id.as_str()))),
        ..token.clone()
    });
    let local: Vec<ApiToken> = local.collect();
    let found = find_by_text(&local, text, now)?;
    Ok(found.map(|id| calls.shown_id(id.as_str())))
}

/// Returns the id of the token that `text` names. Ids win over names, whole names over the first characters of an id, and
/// tokens that work over revoked, disabled and expired ones.
///
/// # Errors
/// If `text` names several tokens.
fn find_by_text(
    tokens: &[ApiToken],
    text: &str,
    now: Timestamp,
) -> Result<Option<TokenId>, ActionError> {
    let has_id = |token: &ApiToken, matches: fn(&str, &str) -> bool| {
        let id = token.id.as_ref();
        id.is_some_and(|id| matches(id.as_str(), text))
    };
    let is_named = |token: &ApiToken| token.name.as_deref() == Some(text);
    // The beginning of a number is the id of another token.
    let is_number = is_number(text)
        && tokens
            .iter()
            .any(|token| has_id(token, |id, _| is_number(id)));
    let rules: [&dyn Fn(&ApiToken) -> bool; 3] = [
        &|token| has_id(token, |id, text| id == text),
        &|token| token.id.is_some() && is_named(token),
        &|token| has_id(token, is_beginning),
    ];
    for rule in rules.into_iter().take(if is_number { 1 } else { 3 }) {
        let matching: Vec<&ApiToken> = tokens.iter().filter(|token| rule(token)).collect();
        let working = matching.iter().copied();
        let working = working.filter(|token| token_state(now, token).can_work());
        let working: Vec<&ApiToken> = working.collect();
        let chosen = if working.is_empty() {
            matching
        } else {
            working
        };
        match chosen.as_slice() {
            [] => {}
            [token] => return Ok(token.id.clone()),
            several => {
                let candidates = list_candidates(several);
                return Err(not_an_id(IdFault::Ambiguous { candidates }));
            }
        }
    }
    Ok(None)
}

fn is_beginning(id: &str, text: &str) -> bool {
    text.len() >= MIN_PREFIX && id.starts_with(text)
}

fn is_number(text: &str) -> bool {
    IdFormat::Number.matches(text)
}

/// A token by its id and its name.
#[derive(Clone, Copy)]
pub(super) struct NamedToken<'a> {
    pub(super) id: &'a TokenId,
    pub(super) name: Option<&'a str>,
}

impl NamedToken<'_> {
    /// Returns true if `argument` names the token.
    pub(super) fn is_named_by(self, calls: &TokenCalls, argument: &TokenId) -> bool {
        let (id, text) = (
            calls.local_id(self.id.as_str()),
            calls.local_id(argument.as_str()),
        );
        let is_same_id = id == text || is_beginning(id, text);
        self.name == Some(argument.as_str()) || is_same_id
    }
}

fn list_candidates(tokens: &[&ApiToken]) -> Vec<String> {
    let hidden_count = tokens.len().saturating_sub(MAX_CANDIDATES);
    let more = (hidden_count > 0).then(|| format!("and {hidden_count} more"));
    let shown = tokens
        .iter()
        .take(MAX_CANDIDATES)
        .map(|token| describe(token));
    shown.chain(more).collect()
}

fn describe(token: &ApiToken) -> String {
    let id = token.id.iter().map(ToString::to_string);
    let name = token
        .name
        .iter()
        .map(|name| format!(" ({})", sanitize_line(name)));
    id.chain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: &str, name: &str, active: bool) -> ApiToken {
        ApiToken {
            id: Some(TokenId::new(id)),
            name: Some(name.to_owned()),
            active: Some(active),
            ..ApiToken::default()
        }
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn an_expired_token_leaves_its_name_to_the_one_that_works() {
        let expired = ApiToken {
            expires_at: Some(NOW),
            ..token("1", "ci", true)
        };
        let tokens = [expired.clone(), token("2", "ci", true)];
        let found = find_by_text(&tokens, "ci", NOW).unwrap();
        assert_eq!(found, Some(TokenId::new("2")));
        let tokens = [expired, token("3", "ci", false)];
        let error = find_by_text(&tokens, "ci", NOW).unwrap_err().to_string();
        assert!(error.ends_with("several tokens: 1 (ci), 3 (ci)"), "{error}");
    }

    #[test]
    fn ids_win_over_names_and_ambiguous_texts_list_the_candidates() {
        let tokens = [
            token("1a2b3c-1", "ci", true),
            token("1a2b3c-2", "ci", false),
            token("9f00aa-1", "1a2b3c-1", true),
            token("9f00aa-2", "deploy", true),
            token("77aabb-1", "old", false),
        ];
        for (text, expected) in [
            ("1a2b3c-1", Some("1a2b3c-1")),
            ("ci", Some("1a2b3c-1")),
            ("1a2b3c-2", Some("1a2b3c-2")),
            ("1a2b3c", Some("1a2b3c-1")),
            ("77aabb", Some("77aabb-1")),
            ("77aab", None),
            ("old", Some("77aabb-1")),
            ("deploy-", None),
            ("f00aa-1", None),
        ] {
            let found = find_by_text(&tokens, text, NOW).unwrap();
            assert_eq!(found, expected.map(TokenId::new), "{text}");
        }
        let numbered = [token("120", "12", true), token("7", "7", true)];
        for (text, expected) in [("7", Some("7")), ("12", None), ("1", None)] {
            let found = find_by_text(&numbered, text, NOW).unwrap();
            assert_eq!(found, expected.map(TokenId::new), "{text}");
        }
        let error = find_by_text(&tokens, "9f00aa", NOW)
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with("several tokens: 9f00aa-1 (1a2b3c-1), 9f00aa-2 (deploy)"),
            "{error}"
        );
    }
}
