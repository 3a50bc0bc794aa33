//! The program that pnpm's `tokenHelper` setting names: it has no arguments and prints the value of the header
//! (pnpm.io/npmrc).

use super::Grant;
use crate::domain::Secret;

/// Returns the value of the `Authorization` header. Pnpm sends no other header, and adds `Bearer` to a bare token.
pub fn response(grant: &Grant) -> Secret {
    let value = if grant.header.is_authorization() {
        grant.header.value()
    } else {
        grant.secret().clone()
    };
    Secret::verbatim(format!("{}\n", value.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AuthHeader;
    use crate::helper::tests::grant;

    #[test]
    fn response_is_the_header_value_on_one_line() {
        assert_eq!(response(&grant(None)).expose(), "Bearer key\n");
        let own = AuthHeader {
            name: "X-API-Key".to_owned(),
            scheme: None,
            secret: Secret::new("key"),
        };
        let grant = Grant {
            header: own,
            ..grant(None)
        };
        assert_eq!(response(&grant).expose(), "key\n");
    }
}
