//! The kind of token that a command is about, for services with several.

use crate::actions::{Target, TokenArgument};
use crate::service::ServiceError;

impl Target {
    /// Selects the kind of token that an option or the beginning of each id names: `KIND:ID`.
    ///
    /// # Errors
    /// `USAGE` for an unknown kind, or if the ids are of several kinds.
    pub fn select_token_kind(
        &mut self,
        named: Option<&str>,
        ids: &[TokenArgument],
    ) -> Result<(), ServiceError> {
        let calls = &self.descriptor.tokens;
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
        *self.descriptor = selected.ok_or_else(unknown)?;
        Ok(())
    }
}
