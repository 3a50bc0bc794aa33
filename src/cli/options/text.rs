//! Texts as arguments. An empty one would be left out of a request, which then asks for more than the user meant.

use crate::domain::Scopes;

/// Parses one or more scopes, separated by spaces or commas.
pub(crate) fn parse_scope(text: &str) -> Result<String, String> {
    if Scopes::parse(text).is_empty() {
        return Err("expected a scope".to_owned());
    }
    Ok(text.to_owned())
}

/// Parses any text that is not blank.
pub(crate) fn parse_text(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("expected a text that is not empty".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_texts_are_rejected() {
        for blank in ["", " ", "\t", " , "] {
            assert!(parse_scope(blank).is_err(), "{blank:?}");
        }
        assert!(parse_text(" ").is_err());
        assert_eq!(parse_scope("a b"), Ok("a b".to_owned()));
        assert_eq!(parse_text(" a"), Ok(" a".to_owned()));
    }
}
