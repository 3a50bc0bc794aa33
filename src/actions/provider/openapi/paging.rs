//! How a list is split into pages: from its parameters and the properties of its response.

use serde_json::Value;

use super::calls::escape;
use super::document::{Document, Operation};
use super::names::{normalize, rank};
use super::schema::Property;
use crate::actions::provider::skeleton::quote;

const PAGES: &[&str] = &["page", "pagenumber", "pageindex", "p"];
const SIZES: &[&str] = &[
    "perpage",
    "pagesize",
    "limit",
    "size",
    "count",
    "maxresults",
    "ps",
];
const OFFSETS: &[&str] = &["offset", "skip", "start"];
const CURSORS: &[&str] = &[
    "cursor",
    "pagetoken",
    "startingafter",
    "after",
    "until",
    "continuationtoken",
    "starttoken",
];
const NEXT_CURSORS: &[&str] = &[
    "nextcursor",
    "nextpagetoken",
    "cursor",
    "next",
    "lastid",
    "continuationtoken",
];

/// The mark of the last page, and its names in a response.
const MARKS: &[(&str, &[&str])] = &[
    ("pages", &["totalpages", "pages", "pagecount", "lastpage"]),
    ("next_page", &["nextpage"]),
    ("more", &["hasmore", "more", "hasnext", "hasnextpage"]),
    ("total", &["total", "totalcount", "totalitems", "count"]),
];

/// Where properties about pages are in a response.
const ENVELOPES: &[&str] = &["pagination", "paging", "meta", "page", "links"];

/// A service without a documented size usually has one of at least this.
const DEFAULT_SIZE: u64 = 20;

/// Returns the `paging` of a list as TOML; `None` if the document describes no pages.
pub(super) fn paging(document: &Document, operation: &Operation<'_>) -> Option<String> {
    let parameters = operation.parameters(document);
    let find = |names: &[&str]| find_parameter(&parameters, names);
    let marks = response_properties(document, operation);
    let mark = |names: &[&str]| {
        let found = marks
            .iter()
            .filter_map(|(name, pointer)| Some((rank(name, names)?, pointer)));
        found.min().map(|(_, pointer)| quote(pointer))
    };
    let size = find(SIZES).map(|parameter| (name_of(parameter), page_size(document, parameter)));
    if let (Some(page), Some((limit, size))) = (find(PAGES), &size) {
        let rule = MARKS
            .iter()
            .find_map(|(member, names)| Some((member, mark(names)?)));
        let rule = rule.map_or(String::new(), |(member, at)| format!(", {member} = {at}"));
        let first = first_page(document, page);
        return Some(format!(
            "{{ style = \"page\", page = {}, limit = {limit}, size = {size}{first}{rule} }}",
            name_of(page)
        ));
    }
    if let (Some(cursor), Some(next)) = (find(CURSORS), mark(NEXT_CURSORS)) {
        let parameter = name_of(cursor);
        return Some(format!(
            "{{ style = \"cursor\", parameter = {parameter}, next = {next} }}"
        ));
    }
    if let (Some(offset), Some((limit, size))) = (find(OFFSETS), &size) {
        let offset = name_of(offset);
        return Some(format!(
            "{{ style = \"offset\", limit = {limit}, offset = {offset}, size = {size} }}"
        ));
    }
    if operation.responds_with(document, "Link") {
        return Some("{ style = \"link_header\" }".to_owned());
    }
    let next = mark(&["next", "nexturl", "nextlink"])?;
    Some(format!("{{ style = \"next_link\", next = {next} }}"))
}

fn find_parameter<'d>(parameters: &[&'d Value], names: &[&str]) -> Option<&'d Value> {
    let queries = parameters.iter().filter(|node| node["in"] == "query");
    let found = queries.filter_map(|node| Some((rank(node["name"].as_str()?, names)?, *node)));
    found.min_by_key(|(rank, _)| *rank).map(|(_, node)| node)
}

/// Returns the name of a parameter as TOML.
fn name_of(parameter: &Value) -> String {
    quote(parameter["name"].as_str().unwrap_or_default())
}

fn page_size(document: &Document, parameter: &Value) -> u64 {
    let schema = document.without_null(&parameter["schema"]);
    let size = schema["default"].as_u64().filter(|size| *size > 0);
    size.unwrap_or(DEFAULT_SIZE)
}

fn first_page(document: &Document, parameter: &Value) -> &'static str {
    let schema = document.without_null(&parameter["schema"]);
    let is_zero = schema["default"].as_u64() == Some(0);
    if is_zero { ", first = 0" } else { "" }
}

/// Returns the properties of the response that may be about pages, with their pointers.
fn response_properties<'d>(
    document: &'d Document,
    operation: &Operation<'d>,
) -> Vec<(&'d str, String)> {
    let Some(schema) = operation.response(document) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for Property { name, schema, .. } in document.properties(schema) {
        let pointer = format!("/{}", escape(name));
        if ENVELOPES.contains(&normalize(name).as_str()) {
            for inner in document.properties(schema) {
                found.push((inner.name, format!("{pointer}/{}", escape(inner.name))));
            }
        } else if schema.get("items").is_none() {
            found.push((name, pointer));
        }
    }
    found
}
