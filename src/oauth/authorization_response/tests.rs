use super::*;
use crate::http::testing::url;

const ISSUER: &str = "https://auth.example.com";

fn pending(requires_issuer: bool) -> PendingAuthorization {
    PendingAuthorization {
        url: url("https://auth.example.com/authorize"),
        redirect_uri: url("http://127.0.0.1:1/callback"),
        open_within: None,
        push_problem: None,
        state: Secret::new("right"),
        code_verifier: Secret::new("verifier"),
        issuer: ISSUER.to_owned(),
        requires_issuer,
    }
}

fn refused(error: &str, description: Option<&str>) -> AuthorizationError {
    AuthorizationError::Refused {
        error: error.to_owned(),
        description: description.map(str::to_owned),
    }
}

#[test]
fn response_has_the_state_of_the_request() {
    for (query, expected) in [
        ("code=c&state=right", Ok("c")),
        ("state=right&code=a%2Fb%2B&session_state=x", Ok("a/b+")),
        ("code=c&state=right&unknown=1&unknown=2", Ok("c")),
        ("code=c&state=wrong", Err(AuthorizationError::WrongState)),
        ("code=c&state=right2", Err(AuthorizationError::WrongState)),
        ("code=c&state=RIGHT", Err(AuthorizationError::WrongState)),
        ("code=c&state=", Err(AuthorizationError::WrongState)),
        ("code=c", Err(AuthorizationError::WrongState)),
        ("", Err(AuthorizationError::WrongState)),
        ("error=access_denied", Err(AuthorizationError::WrongState)),
        (
            "code=c&state=wrong&state=right",
            Err(AuthorizationError::WrongState),
        ),
        ("state=right", Err(AuthorizationError::NoCode)),
        ("state=right&code=", Err(AuthorizationError::NoCode)),
        (
            "state=right&code=a%0Ab",
            Err(AuthorizationError::InvalidCode),
        ),
    ] {
        let found = pending(false).code_in_query(query);
        let found = found.as_ref().map(Secret::expose).map_err(Clone::clone);
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn repeated_parameters_are_refused() {
    for (query, name) in [
        ("state=right&code=a&code=a", "code"),
        (
            "state=right&code=a&iss=https://auth.example.com&iss=x",
            "iss",
        ),
        ("state=right&error=a&error=b", "error"),
        ("state=right&code=a&%63ode=b", "code"),
    ] {
        let error = pending(false).code_in_query(query).unwrap_err();
        assert_eq!(error, AuthorizationError::Repeated { name }, "{query}");
    }
}

#[test]
fn rfc9207_2_4a_iss_is_compared_as_plain_text() {
    let encoded = "https%3A%2F%2Fauth.example.com";
    let fine = format!("state=right&code=c&iss={encoded}");
    for requires in [false, true] {
        assert!(pending(requires).code_in_query(&fine).is_ok());
        for other in [
            format!("{encoded}%2F"),
            format!("{encoded}%3A443"),
            "https%3A%2F%2FAUTH.example.com".to_owned(),
            "HTTPS%3A%2F%2Fauth.example.com".to_owned(),
            "https%3A%2F%2Fevil.test".to_owned(),
            format!("%20{encoded}"),
        ] {
            let query = format!("state=right&code=c&iss={other}");
            let error = pending(requires).code_in_query(&query).unwrap_err();
            assert!(
                matches!(error, AuthorizationError::ForeignIssuer { .. }),
                "{other}: {error}"
            );
        }
    }
}

#[test]
fn rfc9207_2_4b_missing_iss_is_refused_if_it_is_announced() {
    for query in ["state=right&code=c", "state=right&code=c&iss="] {
        assert!(pending(false).code_in_query(query).is_ok());
        let error = pending(true).code_in_query(query).unwrap_err();
        assert!(
            matches!(error, AuthorizationError::MissingIssuer { .. }),
            "{error}"
        );
    }
}

#[test]
fn rfc9207_2_4_error_texts_of_another_server_are_not_shown() {
    let query = "state=right&error=call_me&error_description=call+me&iss=https://evil.test";
    let error = pending(false).code_in_query(query).unwrap_err();
    assert!(matches!(error, AuthorizationError::ForeignIssuer { .. }));
    assert!(!error.to_string().contains("call"), "{error}");
    let query = "state=right&error=call_me";
    let error = pending(true).code_in_query(query).unwrap_err();
    assert!(!error.to_string().contains("call"), "{error}");
}

#[test]
fn errors_of_the_server_are_reported_in_one_line() {
    for (query, expected) in [
        (
            "state=right&error=access_denied",
            AuthorizationError::Denied { description: None },
        ),
        (
            "state=right&error=access_denied&error_description=not+a+member",
            AuthorizationError::Denied {
                description: Some("not a member".to_owned()),
            },
        ),
        (
            "state=right&error=invalid_scope&code=c",
            refused("invalid_scope", None),
        ),
        (
            "state=right&error=x%1b%5b31m&error_description=a%0d%0ab",
            refused("x[31m", Some("a  b")),
        ),
    ] {
        let error = pending(false).code_in_query(query).unwrap_err();
        assert_eq!(error, expected, "{query}");
    }
    let long = format!("state=right&error=x&error_description={}", "a".repeat(9999));
    let error = pending(false).code_in_query(&long).unwrap_err();
    assert!(error.to_string().len() < 400);
}
