//! Which known name a mistyped one probably means.

use std::cmp::Reverse;

/// The shortest beginning of a name that suggests it.
const MIN_PREFIX: usize = 3;

/// Returns the most similar of `known`, if it is close: a beginning of it, or at most one mistake per three characters.
pub(crate) fn closest<'k>(given: &str, known: &'k [String]) -> Option<&'k String> {
    let mistakes = |name: &str| strsim::damerau_levenshtein(given, name);
    let is_close = |name: &&String| {
        let is_beginning = given.len() >= MIN_PREFIX && name.starts_with(given);
        is_beginning || mistakes(name) <= (given.chars().count() / 3).max(1)
    };
    let close = known.iter().filter(is_close);
    // Of two equally close names, the longer one: aliases of commands are short.
    close.min_by_key(|name| (mistakes(name), Reverse(name.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_close_names_are_suggested() {
        let known = [
            "login",
            "logout",
            "ls",
            "list",
            "status",
            "credential",
            "brainmaps",
        ];
        let known = known.map(str::to_owned);
        for (given, expected) in [
            ("bogus", None),
            ("fly", None),
            ("lgin", Some("login")),
            ("logni", Some("login")),
            ("logut", Some("logout")),
            ("stauts", Some("status")),
            ("cred", Some("credential")),
            ("lst", Some("list")),
            ("lss", Some("ls")),
            ("brainmap", Some("brainmaps")),
            ("x", None),
        ] {
            let found = closest(given, &known).map(String::as_str);
            assert_eq!(found, expected, "{given}");
        }
    }
}
