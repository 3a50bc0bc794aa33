//! Pages of any list of a service: the URL of the next page, and the items as the service sent them. No I/O.
//!
//! The style of paging is the one that the description gives for the list of tokens. `Link` headers take precedence.

use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use super::next_page::{NextPage, Page, link_in_header, own_url};
use super::page_end::{PageCount, has_more_pages};
use crate::http::Response;
use crate::provider::{ListCall, Paging, Pointers};

#[derive(Debug, Clone, Copy)]
pub struct ApiPage<'a> {
    pub url: &'a Url,
    pub response: &'a Response,
    pub body: &'a Value,
    /// The number of items.
    pub size: u64,
}

/// Adds to the URL of a list the parameters that its first page requires, unless `url` has them.
pub fn first_page_url(list: Option<&ListCall>, mut url: Url) -> Url {
    let (name, size, start) = match list.and_then(|list| list.paging.as_ref()) {
        Some(Paging::Offset {
            limit,
            offset,
            size,
        }) => (Some(limit), size, (offset, 0)),
        Some(Paging::Page(numbers)) => (
            numbers.limit.as_ref(),
            &numbers.size,
            (&numbers.page, numbers.first),
        ),
        _ => return url,
    };
    let limit = name.map(|name| (name, size.to_string()));
    for (name, value) in limit.into_iter().chain([(start.0, start.1.to_string())]) {
        if query_number(&url, name).is_none() {
            set_parameter(&mut url, name, &value);
        }
    }
    url
}

/// Returns the URL of the page after `page`, or `None` after the last.
///
/// # Errors
/// A description of what is wrong with the response.
pub fn next_page_url(
    list: Option<&ListCall>,
    page: ApiPage<'_>,
) -> Result<Option<Url>, &'static str> {
    let as_page = Page {
        url: page.url,
        response: page.response,
        body: page.body,
        size: page.size,
    };
    if let NextPage::Link(url) = link_in_header(as_page)? {
        return Ok(Some(url));
    }
    match list.and_then(|list| list.paging.as_ref()) {
        Some(Paging::NextLink { next }) => next
            .text_in(page.body)
            .filter(|link| !link.is_empty())
            .map(|link| own_url(page.url, &link))
            .transpose(),
        Some(paging) => Ok(url_by_parameter(paging, page)),
        None => Ok(None),
    }
}

/// Returns the URL of the page after `page` for a style whose pages differ by a parameter.
fn url_by_parameter(paging: &Paging, page: ApiPage<'_>) -> Option<Url> {
    let is_more = |more: &Pointers| more.find_in(page.body).and_then(Value::as_bool);
    match paging {
        Paging::NextLink { .. } | Paging::LinkHeader => None,
        Paging::Cursor {
            parameter,
            next,
            more,
        } => {
            let cursor = next.text_in(page.body)?;
            let has_more = !cursor.is_empty() && is_more(more) != Some(false);
            has_more.then(|| with_parameter(page.url, parameter, &cursor))
        }
        Paging::Offset {
            limit,
            offset,
            size,
        } => {
            let limit = query_number(page.url, limit).unwrap_or_else(|| u64::from(*size));
            let next = query_number(page.url, offset).unwrap_or_default() + page.size;
            let has_more = page.size > 0 && page.size >= limit;
            has_more.then(|| with_parameter(page.url, offset, &next.to_string()))
        }
        Paging::Page(numbers) => {
            let name = &numbers.page;
            let number = query_number(page.url, name).unwrap_or(numbers.first);
            let limit = numbers.limit.as_ref();
            let limit = limit.and_then(|limit| query_number(page.url, limit));
            let full = limit.unwrap_or_else(|| u64::from(numbers.size));
            let before = number.saturating_sub(numbers.first);
            let count = PageCount {
                pages: before + 1,
                tokens: before * full + page.size,
                size: page.size,
                full,
            };
            // A list of other things may lack the mark.
            let has_more = has_more_pages(numbers.rule(), page.body, count).unwrap_or(false);
            has_more.then(|| with_parameter(page.url, name, &(number + 1).to_string()))
        }
    }
}

/// Returns the items of a page as they were sent: the body if it is an array, else the array at one of the places that the
/// description names, else the only array among its members.
pub fn find_items<'a>(list: Option<&ListCall>, body: &'a RawValue) -> Option<Vec<&'a RawValue>> {
    let items = |raw: &'a RawValue| serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok();
    if let Some(found) = items(body) {
        return Some(found);
    }
    let described = list.into_iter().flat_map(|list| list.items.iter());
    for pointer in described {
        let segments = pointer.as_str().split('/').skip(1);
        let mut segments = segments.map(|segment| segment.replace("~1", "/").replace("~0", "~"));
        let found = segments.try_fold(body, |value, name| members(value)?.remove(&name));
        if let Some(found) = found.and_then(items) {
            return Some(found);
        }
    }
    let mut lists = members(body)?.into_values().filter_map(items);
    let only = lists.next()?;
    lists.next().is_none().then_some(only)
}

fn members(raw: &RawValue) -> Option<std::collections::BTreeMap<String, &RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

fn query_number(url: &Url, name: &str) -> Option<u64> {
    let mut pairs = url.query_pairs();
    pairs.find(|(it, _)| it == name)?.1.parse().ok()
}

fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let mut url = url.clone();
    set_parameter(&mut url, name, value);
    url
}

/// Replaces a parameter of the query, or appends it.
fn set_parameter(url: &mut Url, name: &str, value: &str) {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(it, _)| it != name)
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    use crate::http::testing::{response, url};

    fn list(paging: &str) -> ListCall {
        let text = format!("call = \"GET /t\"\nitems = [\"/data/list\"]\npaging = {paging}");
        toml::from_str(&text).unwrap()
    }

    fn next(list: Option<&ListCall>, at: &str, body: &Value, size: u64) -> Option<String> {
        let (url, response) = (url(at), response(200, "[]"));
        let page = ApiPage {
            url: &url,
            response: &response,
            body,
            size,
        };
        next_page_url(list, page).unwrap().map(String::from)
    }

    #[test]
    fn each_style_continues_from_the_parameters_of_the_url() {
        let offset =
            list("{ style = \"offset\", limit = \"limit\", offset = \"offset\", size = 2 }");
        let first = first_page_url(Some(&offset), url("https://a.b/t?q=1"));
        assert_eq!(first.as_str(), "https://a.b/t?q=1&limit=2&offset=0");
        let at = "https://a.b/t?limit=3&offset=6";
        assert_eq!(first_page_url(Some(&offset), url(at)).as_str(), at);
        let none = Value::Null;
        assert_eq!(
            next(Some(&offset), at, &none, 3).as_deref(),
            Some("https://a.b/t?limit=3&offset=9")
        );
        assert_eq!(next(Some(&offset), at, &none, 2), None);

        let cursor = list("{ style = \"cursor\", parameter = \"after\", next = \"/next\" }");
        assert_eq!(
            next(
                Some(&cursor),
                "https://a.b/t?after=1&q=2",
                &json!({"next": "x y"}),
                1
            )
            .as_deref(),
            Some("https://a.b/t?q=2&after=x+y")
        );
        let link = list("{ style = \"next_link\", next = \"/next\" }");
        assert_eq!(
            next(
                Some(&link),
                "https://a.b/t",
                &json!({"next": "http://evil.net/u?p=2"}),
                1
            )
            .as_deref(),
            Some("https://a.b/u?p=2")
        );
        assert_eq!(next(None, "https://a.b/t", &json!({"next": "/u"}), 1), None);
    }

    #[test]
    fn items_are_found_and_unchanged() {
        let described = list("{ style = \"link_header\" }");
        for (body, expected) in [
            ("[1.0, 2]", Some("1.0,2")),
            (
                r#"{"data":{"list":[{"b":1,"a":2}]},"x":[3]}"#,
                Some(r#"{"b":1,"a":2}"#),
            ),
            (
                r#"{"total":1,"results":[100000000000000000001]}"#,
                Some("100000000000000000001"),
            ),
            (r#"{"a":[1],"b":[2]}"#, None),
            ("{}", None),
            ("7", None),
        ] {
            let raw: Box<RawValue> = serde_json::from_str(body).unwrap();
            let found = find_items(Some(&described), &raw);
            let found = found.map(|it| it.iter().map(|it| it.get()).collect::<Vec<_>>().join(","));
            assert_eq!(found.as_deref(), expected, "{body}");
        }
    }
}
