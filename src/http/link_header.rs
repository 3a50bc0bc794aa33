//! Reads `Link` headers (RFC 8288).

use ::http::HeaderMap;
use ::http::header::LINK;

/// Returns the target of the first link with the relation `next`, which may be a relative reference.
pub fn next_link(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(LINK).iter();
    let mut links = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(links);
    links.find(Link::is_next).map(|link| link.target)
}

struct Link<'a> {
    target: &'a str,
    parameters: &'a str,
}

impl Link<'_> {
    fn is_next(&self) -> bool {
        let relations = self.parameter("rel").unwrap_or_default();
        let is_next = relations
            .split_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case("next"));
        // Sentry links to a next page from the last one, too, and says with this parameter that it is empty.
        is_next && self.parameter("results") != Some("false") && self.parameter("anchor").is_none()
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = split_unquoted(self.parameters, ';');
        parameters.find_map(|parameter| {
            let (found, value) = parameter.split_once('=')?;
            let is_found = found.trim().eq_ignore_ascii_case(name);
            is_found.then(|| value.trim().trim_matches('"'))
        })
    }
}

fn links(value: &str) -> impl Iterator<Item = Link<'_>> {
    split_unquoted(value, ',').filter_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        Some(Link { target, parameters })
    })
}

/// Splits at `separator` outside of quotation marks and angle brackets.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_target) = (false, false);
    text.split(move |character| {
        match character {
            '"' if !is_target => is_quoted = !is_quoted,
            '<' if !is_quoted => is_target = true,
            '>' if !is_quoted => is_target = false,
            _ => {}
        }
        character == separator && !is_quoted && !is_target
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_link_is_found_among_other_links() {
        for (values, expected) in [
            (vec!["</t?page=2>; rel=\"next\""], Some("/t?page=2")),
            (vec!["</t?page=2>;rel=next"], Some("/t?page=2")),
            (vec!["<a>; rel=\"prev\", <b>; rel=\"next\""], Some("b")),
            (vec!["<a>; rel=\"prev\"", "<b>; REL=\"Next\""], Some("b")),
            (
                vec!["<b,c;d>; title=\"x, y; rel=z\"; rel=\"last next\""],
                Some("b,c;d"),
            ),
            (vec!["<b>; rel=\"next\"; results=\"true\""], Some("b")),
            (vec!["<b>; rel=\"next\"; results=\"false\""], None),
            (vec!["<b>; rel=\"nextish\""], None),
            (vec!["<b>; title=\"rel=next\""], None),
            (vec!["b; rel=next"], None),
            (vec![""], None),
            (vec![], None),
        ] {
            let headers = values.iter().map(|value| (LINK, value.parse().unwrap()));
            let headers: HeaderMap = headers.collect();
            assert_eq!(next_link(&headers), expected, "{values:?}");
        }
    }
}
