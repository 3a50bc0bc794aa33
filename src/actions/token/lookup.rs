//! Finds the token that an argument names: by its id, its name, or the first characters of its id.

use crate::actions::{ActionError, IdFault, KeyError, ListOptions, ProfileSession, TokenList};
use crate::domain::{ApiToken, TokenId, sanitize_line};
use crate::provider::{IdFormat, TokenVerb};
use crate::service::ensure_supported;

/// Longer lists of candidates are cut.
const MAX_CANDIDATES: usize = 10;

/// The tokens of a profile, listed when an argument does not look like a whole id.
pub(super) struct TokenLookup<'a> {
    session: ProfileSession<'a>,
    tokens: Option<Vec<ApiToken>>,
}

impl<'a> TokenLookup<'a> {
    pub(super) fn new(session: ProfileSession<'a>) -> Self {
        let tokens = None;
        Self { session, tokens }
    }

    /// Returns the id that `text` names. A text that matches no token is returned as an id, and the service decides.
    ///
    /// # Errors
    /// If `text` matches several tokens, or none where the service documents another format of its ids.
    pub(super) async fn find_id(&mut self, text: &str) -> Result<TokenId, ActionError> {
        let descriptor = &self.session.target.descriptor;
        let is_whole_id = match descriptor.tokens.id_form {
            Some(form) => form.matches(text),
            None => IdFormat::Uuid.matches(text),
        };
        if is_whole_id || ensure_supported(descriptor, TokenVerb::List).is_err() {
            return self.as_id(text);
        }
        match find_by_text(self.tokens().await?, text) {
            Found::One(id) => Ok(id),
            Found::Several(candidates) => Err(not_an_id(IdFault::Ambiguous { candidates })),
            Found::None => self.as_id(text),
        }
    }

    /// Lists the tokens once. Without the right to list them, only ids can be used.
    async fn tokens(&mut self) -> Result<&[ApiToken], ActionError> {
        if self.tokens.is_none() {
            let all = ListOptions {
                all: true,
                ..ListOptions::default()
            };
            let tokens = match self.session.list_tokens(&all).await {
                Ok(TokenList { tokens, .. }) => tokens,
                Err(ActionError::Service(_)) => Vec::new(),
                Err(error) => return Err(error),
            };
            self.tokens = Some(tokens);
        }
        Ok(self.tokens.as_deref().unwrap_or_default())
    }

    fn as_id(&self, text: &str) -> Result<TokenId, ActionError> {
        let descriptor = &self.session.target.descriptor;
        match descriptor.tokens.id_form {
            Some(form) if !form.matches(text) => Err(not_an_id(IdFault::WrongFormat {
                service: descriptor.name.clone(),
                form: form.label(),
            })),
            _ => Ok(TokenId::new(text)),
        }
    }
}

fn not_an_id(fault: IdFault) -> ActionError {
    KeyError::NotAnId(fault).into()
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    None,
    One(TokenId),
    Several(Vec<String>),
}

/// Ids win over names, whole names over the first characters of an id, and active tokens over others.
fn find_by_text(tokens: &[ApiToken], text: &str) -> Found {
    let id_of = |token: &ApiToken| token.id.clone();
    let has_id = |token: &ApiToken| id_of(token).is_some_and(|id| id.as_str() == text);
    let has_name = |token: &ApiToken| token.name.as_deref() == Some(text);
    let begins = |token: &ApiToken| id_of(token).is_some_and(|id| id.as_str().starts_with(text));
    let rules: [&dyn Fn(&ApiToken) -> bool; 3] = [&has_id, &has_name, &begins];
    for rule in rules {
        let matching = tokens.iter().filter(|token| rule(token));
        let matching: Vec<&ApiToken> = matching.filter(|token| token.id.is_some()).collect();
        let active = matching.iter().filter(|token| token.active != Some(false));
        let active: Vec<&ApiToken> = active.copied().collect();
        let chosen = if active.is_empty() { matching } else { active };
        match chosen.as_slice() {
            [] => {}
            [token] => return id_of(token).map_or(Found::None, Found::One),
            several => return Found::Several(candidates(several)),
        }
    }
    Found::None
}

fn candidates(tokens: &[&ApiToken]) -> Vec<String> {
    let rest = tokens.len().saturating_sub(MAX_CANDIDATES);
    let more = (rest > 0).then(|| format!("and {rest} more"));
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

    #[test]
    fn ids_win_over_names_and_ambiguous_texts_list_the_candidates() {
        let tokens = [
            token("1a2b", "ci", true),
            token("1a3c", "ci", false),
            token("9f00", "1a2b", true),
            token("9f11", "deploy", true),
            token("77aa", "old", false),
        ];
        let one = |id: &str| Found::One(TokenId::new(id));
        let several =
            |shown: &[&str]| Found::Several(shown.iter().map(|text| (*text).to_owned()).collect());
        for (text, expected) in [
            ("1a2b", one("1a2b")),
            ("ci", one("1a2b")),
            ("1a3", one("1a3c")),
            ("1a", one("1a2b")),
            ("77", one("77aa")),
            ("old", one("77aa")),
            ("9f", several(&["9f00 (1a2b)", "9f11 (deploy)"])),
            ("dep", Found::None),
            ("f0", Found::None),
        ] {
            assert_eq!(find_by_text(&tokens, text), expected, "{text}");
        }
    }
}
