//! How lists end, in every form that services have.

use serde_json::{Value, json};

use super::fixture::{Described, ok};
use crate::support::scripted_server::ReceivedRequest;

const FIELDS: &str = "[tokens.fields]\nid = \"/id\"\n";

fn number(received: &ReceivedRequest, name: &str) -> Option<usize> {
    let (_, query) = received.path.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name)?.1.parse().ok()
}

/// Five tokens in pages of two, and the members of `end` for the page with this number, counted from 0.
fn pages(
    first: usize,
    end: impl Fn(usize) -> Value + Send + Sync + 'static,
) -> impl Fn(&ReceivedRequest) -> crate::support::scripted_server::ScriptedResponse {
    move |received| {
        let page = number(received, "p").unwrap() - first;
        let ids = (page * 2..5.min(page * 2 + 2)).map(|id| json!({ "id": id.to_string() }));
        let mut body = end(page);
        body["items"] = ids.collect();
        ok(&body)
    }
}

fn listed(
    paging: &str,
    first: usize,
    end: impl Fn(usize) -> Value + Send + Sync + 'static,
) -> usize {
    let description = format!(
        "[tokens.list]\ncall = \"GET /t\"\nitems = \"/items\"\npaging = {{ style = \"page\", page = \"p\", size = 2, {paging} }}\n{FIELDS}"
    );
    let maps = Described::start(&description, pages(first, end));
    let list = maps
        .run(&["token", "list", "--all", "--json"])
        .expect(0)
        .json();
    assert_eq!(maps.server.received().len(), 3, "{paging}");
    list["tokens"].as_array().unwrap().len()
}

#[test]
fn list_ends_at_the_last_page_of_each_paging_style() {
    assert_eq!(
        listed(
            "pages = \"/total_pages\"",
            1,
            |_| json!({ "total_pages": 3 })
        ),
        5
    );
    assert_eq!(
        listed("total = \"/total\"", 1, |_| json!({ "total": 5 })),
        5
    );
    assert_eq!(listed("first = 0", 0, |_| json!({})), 5);
    assert_eq!(
        listed(
            "limit = \"n\", first = 0, more = \"/more\"",
            0,
            |page| json!({ "more": page < 2 })
        ),
        5
    );
    let next =
        |page: usize| json!({ "next": if page < 2 { json!(page + 2) } else { json!(null) } });
    assert_eq!(listed("next_page = \"/next\"", 1, next), 5);
}

#[test]
fn list_can_be_an_object_whose_names_are_the_ids() {
    let description = "[tokens.list]\ncall = \"GET /t\"\nitems = \"/result/tokens\"\nkeyed_by_id = true\n\
        [tokens]\nrevoke = \"DELETE /t/{id}\"\n[tokens.fields]\nname = \"/label\"\n";
    let maps = Described::start(description, |received| match received.method.as_str() {
        "GET" => ok(&json!({ "result": { "tokens": { "a1": { "label": "ci" }, "b2": {} } } })),
        _ => ok(&json!({})),
    });
    let list = maps.run(&["token", "list", "--json"]).expect(0).json();
    assert_eq!(
        (&list["tokens"][0]["id"], &list["tokens"][0]["name"]),
        (&json!("a1"), &json!("ci"))
    );
    maps.run(&["token", "revoke", "ci", "--yes"]).expect(0);
    assert!(maps.lines().contains(&"DELETE /t/a1".to_owned()));
}

#[test]
fn token_fields_can_be_words_lists_of_objects_and_times_in_other_units() {
    let description = "[tokens.list]\ncall = \"GET /t\"\nitems = \"\"\n[tokens.fields]\nid = [\"/uuid\", \"/id\"]\n\
        active = { at = \"/status\", is = [\"active\", \"new\"] }\nscopes = \"/roles/*/name\"\n\
        expires_at = { at = \"/end\", as = \"ms\", never = [9] }\n";
    let maps = Described::start(description, |_| {
        ok(&json!([
            { "id": 1, "status": "new", "roles": [{ "name": "read" }, { "name": "write" }], "end": 3_600_000 },
            { "uuid": "u", "status": "off", "roles": [{ "id": 7 }], "end": 9 },
        ]))
    });
    let list = maps.run(&["token", "list", "--json"]).expect(0).json();
    let (one, other) = (&list["tokens"][0], &list["tokens"][1]);
    assert_eq!((&one["id"], &one["active"]), (&json!("1"), &json!(true)));
    assert_eq!(one["scopes"], json!(["read", "write"]));
    assert_eq!(one["expires_at"], json!("1970-01-01T01:00:00Z"));
    assert_eq!(
        (&other["id"], &other["active"]),
        (&json!("u"), &json!(false))
    );
    assert_eq!(
        (&other["scopes"], &other["expires_at"]),
        (&json!(null), &json!(null))
    );
}
