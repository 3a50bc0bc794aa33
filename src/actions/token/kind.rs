//! The kind of token that a command is about, for services with several.

use crate::actions::{
    ActionError, IdFault, KeyError, ListOptions, ProfileSession, Target, TokenArgument,
};
use crate::domain::{ApiToken, TokenId};
use crate::provider::TokenVerb;
use crate::service::{ServiceError, ensure_supported};

/// The name of the kind that has no name.
const DEFAULT: &str = "default";

impl Target {
    /// Selects the kind of token that an option or the beginning of each id names: `KIND:ID`. The option `default` selects
    /// the kind of the calls without a name, whose ids may begin as if they named a kind.
    ///
    /// # Errors
    /// `USAGE` for an unknown kind, or if the ids are of several kinds.
    pub fn select_token_kind(
        &mut self,
        named: Option<&str>,
        ids: &[TokenArgument],
    ) -> Result<(), ServiceError> {
        let calls = &self.descriptor.tokens;
        if named == Some(DEFAULT) && !calls.kinds.contains_key(DEFAULT) {
            return Ok(());
        }
        let mut kinds = ids.iter().map(|id| id.kind(calls).or(named));
        let kind = kinds.next().unwrap_or(named);
        if kinds.any(|other| other != kind) || named.is_some_and(|named| kind != Some(named)) {
            return Err(ServiceError::SeveralKinds {
                service: self.descriptor.name.clone(),
            });
        }
        let Some(kind) = kind else { return Ok(()) };
        let selected = self.descriptor.with_token_kind(kind);
        let unknown = || ServiceError::UnknownKind {
            service: self.descriptor.name.clone(),
            kind: kind.to_owned(),
            known: self.descriptor.tokens.kinds.keys().cloned().collect(),
        };
        let selected = selected.ok_or_else(unknown)?;
        let before = std::mem::replace(&mut *self.descriptor, selected);
        self.default_kind = named.is_none().then(|| Box::new(before));
        Ok(())
    }
}

impl ProfileSession<'_> {
    /// Fails if `argument` names a kind of token, and is also the whole id or name of a token of the default kind.
    pub(super) async fn check_kind_is_unambiguous(
        self,
        argument: &TokenId,
    ) -> Result<(), ActionError> {
        let Some(descriptor) = self.target.default_kind.clone() else {
            return Ok(());
        };
        let calls = &descriptor.tokens;
        let has_only_numbers = calls.fields.name.is_none()
            && calls
                .id_form
                .is_some_and(|format| !format.matches(argument.as_str()));
        if has_only_numbers || ensure_supported(&descriptor, TokenVerb::List).is_err() {
            return Ok(());
        }
        let target = Target {
            descriptor,
            default_kind: None,
            ..self.target.clone()
        };
        let all = ListOptions {
            all: true,
            ..ListOptions::default()
        };
        let list = match Box::pin(self.context.session(&target).list_tokens(&all)).await {
            // Without the right to list tokens, only ids can be used.
            Err(ActionError::Service(_)) => return Ok(()),
            list => list?,
        };
        let mut tokens = list.tokens.iter();
        let is_named = |token: &ApiToken| {
            let is_id = token.id.as_ref() == Some(argument);
            is_id || token.name.as_deref() == Some(argument.as_str())
        };
        if tokens.any(is_named) {
            return Err(KeyError::NotAnId(IdFault::OtherKind).into());
        }
        Ok(())
    }
}
