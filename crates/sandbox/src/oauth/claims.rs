//! Claims about a person (`OpenID` Connect Core §5.1, §5.4).

use serde_json::{Map, Value, json};

use super::Scopes;
use crate::state::account::Account;

/// Returns the claims about the person that `scopes` give access to (`OpenID` Connect Core §5.4).
pub(super) fn claims(account: &Account, scopes: &Scopes) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(account.subject));
    if scopes.contains("profile") {
        let name = format!("{} {}", account.first_name, account.last_name);
        claims.insert("name".to_owned(), json!(name));
        claims.insert("given_name".to_owned(), json!(account.first_name));
        claims.insert("family_name".to_owned(), json!(account.last_name));
    }
    if scopes.contains("email") {
        claims.insert("email".to_owned(), json!(account.email));
        let is_verified = account.has_verified_email();
        claims.insert("email_verified".to_owned(), json!(is_verified));
    }
    claims
}
