//! Checks what a description says about the rights that requests need.

use super::spans::{Findings, path_from};
use crate::provider::{CreateArgument, ListLimit, TokenCalls};

pub(super) fn check(tokens: &TokenCalls, findings: &mut Findings) {
    for (index, need) in tokens.needs.iter().enumerate() {
        let mut report = |member: &str, text: &str| {
            let path = path_from(&format!("tokens.needs.{index}{member}"));
            findings.push((path, text.to_owned()));
        };
        if need.requests.is_empty() {
            report(
                ".requests",
                "expected the requests that need the right: requests = [\"GET /**\"]",
            );
        }
        if need.permission.is_some() == need.scope.is_some() {
            report("", "expected one of `permission` and `scope`");
        }
        let rights = [
            (".permission", &need.permission, CreateArgument::Permissions),
            (".scope", &need.scope, CreateArgument::Scopes),
        ];
        for (member, right, argument) in rights {
            if let Some(right) = right
                && let Some(text) = mistake(tokens, right, argument)
            {
                report(member, text);
            }
        }
    }
}

/// A right that new tokens cannot have is of no use.
fn mistake(tokens: &TokenCalls, right: &str, argument: CreateArgument) -> Option<&'static str> {
    let create = tokens.create.as_ref()?;
    let limit: &ListLimit = match argument {
        CreateArgument::Permissions => &create.limits.permissions,
        _ => &create.limits.scopes,
    };
    if !create.takes(argument) {
        return Some("[tokens.create] does not send this kind of right");
    }
    let is_allowed = limit.allowed.is_empty() || limit.allowed.iter().any(|it| it == right);
    (!is_allowed).then_some("expected a value that `tokens.create.limits` allows")
}

#[cfg(test)]
mod tests {
    use crate::provider::check;

    const SERVICE: &str = r#"
id = "maps"
name = "Maps"
api_url = "https://maps.test"
[headers]
api_key = { name = "X-API-Key" }
[tokens.create]
call = "POST /keys"
json = { name = "{name}", scopes = "{scopes}" }
secret = "/key"
[tokens.create.limits]
scopes = { allowed = ["read", "write"] }
[[tokens.needs]]
"#;

    fn errors(need: &str) -> Vec<String> {
        let found = check(&format!("{SERVICE}{need}\n"), None);
        found
            .iter()
            .map(|it| format!("{}: {}", it.at, it.message))
            .collect()
    }

    #[test]
    fn need_names_requests_and_one_right_that_tokens_can_have() {
        assert_eq!(
            errors("requests = [\"GET /**\"]\nscope = \"read\""),
            [""; 0]
        );
        for (need, at, expected) in [
            (
                "requests = []\nscope = \"read\"",
                "tokens.needs.0.requests: ",
                "the requests that need",
            ),
            (
                "requests = [\"GET /**\"]",
                "tokens.needs.0: ",
                "one of `permission` and `scope`",
            ),
            (
                "requests = [\"GET /**\"]\nscope = \"admin\"",
                "tokens.needs.0.scope: ",
                "allows",
            ),
            (
                "requests = [\"GET /**\"]\npermission = \"x\"",
                "tokens.needs.0.permission: ",
                "does not send",
            ),
            (
                "requests = [\"get /\"]\nscope = \"read\"",
                "tokens.needs.0.requests.0: ",
                "expected `METHOD PATH`",
            ),
            (
                "scope = \"read\"",
                "tokens.needs.0: ",
                "missing field `requests`",
            ),
        ] {
            let found = errors(need);
            let is_expected = |it: &String| it.starts_with(at) && it.contains(expected);
            assert!(found.iter().any(is_expected), "{need}: {found:?}");
        }
    }
}
