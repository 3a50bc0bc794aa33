//! Decides whether a page that is found by its number is the last.

use serde_json::Value;

use crate::domain::json_seconds;
use crate::provider::PageRule;

/// What is known after a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageCount {
    /// The number of pages so far, including this one.
    pub(super) pages: u64,
    /// The number of tokens so far, including those of this page.
    pub(super) tokens: u64,
    /// The number of tokens of this page.
    pub(super) size: u64,
    /// The number of tokens of a full page.
    pub(super) full: u64,
}

/// Returns whether there are more pages.
///
/// # Errors
/// If a full page lacks the mark.
pub(super) fn has_more_pages(
    rule: PageRule<'_>,
    body: &Value,
    count: PageCount,
) -> Result<bool, &'static str> {
    let is_after = |last: i64, so_far: u64| u64::try_from(last).is_ok_and(|last| last > so_far);
    let found = match rule {
        PageRule::ShortPage => Some(count.size >= count.full),
        PageRule::More(more) => more.find_in(body).and_then(Value::as_bool),
        PageRule::Pages(pages) => {
            let last = pages.find_in(body).and_then(json_seconds);
            last.map(|last| is_after(last, count.pages))
        }
        PageRule::Total(total) => {
            let total = total.find_in(body).and_then(json_seconds);
            total.map(|total| is_after(total, count.tokens))
        }
        // Null means that there is no next page.
        PageRule::NextPage(next) if next.iter().any(|pointer| pointer.exists_in(body)) => Some(
            next.find_in(body)
                .is_some_and(|next| *next != Value::Bool(false)),
        ),
        PageRule::NextPage(_) => None,
    };
    match found {
        Some(has_more) => Ok(has_more && count.size > 0),
        None if count.size >= count.full => {
            Err("a full page that does not report whether there are more")
        }
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    use crate::provider::Pointers;

    #[test]
    fn each_rule_finds_the_last_page() {
        let at = |text: &str| -> Pointers {
            let pointers = serde_json::from_value(json!([text]));
            pointers.unwrap()
        };
        let (more, pages) = (at("/m"), at("/p"));
        let (total, next) = (at("/t"), at("/n"));
        for (rule, body, size, expected) in [
            (PageRule::ShortPage, json!({}), 2, Some(true)),
            (PageRule::ShortPage, json!({}), 1, Some(false)),
            (PageRule::More(&more), json!({"m": true}), 2, Some(true)),
            (PageRule::More(&more), json!({"m": false}), 2, Some(false)),
            (PageRule::More(&more), json!({}), 1, Some(false)),
            (PageRule::More(&more), json!({}), 2, None),
            (PageRule::Pages(&pages), json!({"p": 4}), 2, Some(true)),
            (PageRule::Pages(&pages), json!({"p": "3"}), 2, Some(false)),
            (PageRule::Pages(&pages), json!({}), 2, None),
            (PageRule::Total(&total), json!({"t": 7}), 2, Some(true)),
            (PageRule::Total(&total), json!({"t": 6}), 2, Some(false)),
            (PageRule::NextPage(&next), json!({"n": 4}), 2, Some(true)),
            (
                PageRule::NextPage(&next),
                json!({"n": null}),
                2,
                Some(false),
            ),
            (PageRule::NextPage(&next), json!({}), 2, None),
            (PageRule::Pages(&pages), json!({"p": 9}), 0, Some(false)),
        ] {
            let count = PageCount {
                pages: 3,
                tokens: 6,
                size,
                full: 2,
            };
            assert_eq!(
                has_more_pages(rule, &body, count).ok(),
                expected,
                "{rule:?} {body} {size}"
            );
        }
    }
}
