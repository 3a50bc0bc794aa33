//! Changes members of TOML and keeps the comments, the order and the layout of the others.

use toml::{Table, Value};
use toml_edit::{Decor, DocumentMut, Item, TableLike};

/// Returns `text` with the members `wanted` and no others. A text that is not TOML is replaced.
pub(crate) fn update_toml(text: &str, wanted: &Table) -> String {
    let replacement = wanted.to_string();
    let (Ok(present), Ok(mut document), Ok(source)) = (
        text.parse::<Table>(),
        text.parse::<DocumentMut>(),
        replacement.parse::<DocumentMut>(),
    ) else {
        return replacement;
    };
    let values = Difference {
        present: &present,
        new: wanted,
    };
    let comments = update(document.as_table_mut(), source.as_table(), &values);
    if !comments.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default();
        let trailing = comments + trailing;
        document.set_trailing(trailing);
    }
    document.to_string()
}

/// The values of a table before and after.
struct Difference<'a> {
    present: &'a Table,
    new: &'a Table,
}

/// Returns the comments of removed members that no other member of the table got.
fn update(document: &mut dyn TableLike, source: &dyn TableLike, values: &Difference<'_>) -> String {
    let added = values.new.keys();
    let added: Vec<&String> = added
        .filter(|key| !values.present.contains_key(*key))
        .collect();
    let order: Vec<String> = document.iter().map(|(key, _)| key.to_owned()).collect();
    let mut comments = String::new();
    for key in order {
        let present = values.present.get(&key);
        let Some(new) = values.new.get(&key) else {
            let above = comments_above(document, &key);
            // The last paragraph is about the key. One that is added takes its place.
            let end = if added.is_empty() {
                above.rfind("\n\n").map_or(0, |at| at + 2)
            } else {
                above.len()
            };
            comments.push_str(above.get(..end).unwrap_or_default());
            document.remove(&key);
            continue;
        };
        if added.is_empty() {
            prepend_comments(document, &key, std::mem::take(&mut comments));
        }
        if present == Some(new) {
            continue;
        }
        if let (Some(Value::Table(present)), Value::Table(new)) = (present, new)
            && let Some(table) = document.get_mut(&key).and_then(Item::as_table_like_mut)
            && let Some(source) = source.get(&key).and_then(Item::as_table_like)
        {
            update(table, source, &Difference { present, new });
            continue;
        }
        replace(document, source, &key);
    }
    for key in added {
        replace(document, source, key);
        prepend_comments(document, key, std::mem::take(&mut comments));
    }
    comments
}

fn comments_above(document: &mut dyn TableLike, key: &str) -> String {
    let decor = decor_of(document, key);
    let prefix = decor.as_ref().and_then(|it| it.prefix()?.as_str());
    let prefix = prefix.filter(|it| it.contains('#'));
    prefix.unwrap_or_default().to_owned()
}

fn prepend_comments(document: &mut dyn TableLike, key: &str, comments: String) {
    if comments.is_empty() {
        return;
    }
    let Some(mut decor) = decor_of(document, key) else {
        return;
    };
    let present = decor.prefix().and_then(|it| it.as_str());
    let present = present.unwrap_or_default().trim_start_matches('\n');
    decor.set_prefix(comments + present);
    match document.get_mut(key).and_then(Item::as_table_mut) {
        Some(table) if !table.is_dotted() => *table.decor_mut() = decor,
        _ => {
            if let Some(mut key) = document.key_mut(key) {
                *key.leaf_decor_mut() = decor;
            }
        }
    }
}

/// Returns what is around the key, or around the header of a table.
fn decor_of(document: &mut dyn TableLike, key: &str) -> Option<Decor> {
    match document.get_mut(key).and_then(Item::as_table_mut) {
        Some(table) if !table.is_dotted() => Some(table.decor().clone()),
        _ => Some(document.key(key)?.leaf_decor().clone()),
    }
}

/// Replaces the value of `key`, and keeps the comment behind it; or adds the key.
fn replace(document: &mut dyn TableLike, source: &dyn TableLike, key: &str) {
    let Some(new) = source.get(key) else {
        return;
    };
    let present = document.get_mut(key).and_then(Item::as_value_mut);
    if let (Some(present), Some(new)) = (present, new.as_value()) {
        let decor = present.decor().clone();
        *present = new.clone();
        *present.decor_mut() = decor;
        return;
    }
    document.insert(key, new.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(text: &str, wanted: &str) -> String {
        let wanted: Table = wanted.parse().unwrap();
        update_toml(text, &wanted)
    }

    #[test]
    fn comments_order_and_layout_of_unchanged_members_stay() {
        let text = "# mine\nb = 1 # one\n\na = [\n  2, # two\n]\n\n[t] # table\nx = 'y'\n";
        for (wanted, expected) in [
            ("a = [2]\nb = 1\nt.x = 'y'", text.to_owned()),
            (
                "a = [2]\nb = 3\nt.x = 'z'",
                text.replace("b = 1", "b = 3").replace("'y'", "\"z\""),
            ),
            (
                "a = [2]\nb = 1\nc = true\nt.x = 'y'",
                text.replace("]\n\n[t]", "]\nc = true\n\n[t]"),
            ),
            (
                "b = 1\nt.x = 'y'\nu.v = 4",
                "# mine\nb = 1 # one\n\n[t] # table\nx = 'y'\n\n[u]\nv = 4\n".to_owned(),
            ),
            (
                "a = [2]\nc = true\nt.x = 'y'",
                text.replace("# mine\nb = 1 # one\n", "")
                    .replace("]\n\n[t]", "]\n# mine\nc = true\n\n[t]"),
            ),
        ] {
            assert_eq!(updated(text, wanted), expected, "{wanted}");
        }
    }

    #[test]
    fn paragraphs_above_a_removed_member_stay() {
        let text = "# file\n\n# own\na = 1\nb = 2\n\n# tables\n\n# own\n[t]\nx = 1\n";
        for (wanted, expected) in [
            ("b = 2\nt.x = 1", text.replace("# own\na = 1\n", "")),
            ("a = 1\nb = 2", text.replace("# own\n[t]\nx = 1\n", "")),
            ("b = 2", "# file\n\nb = 2\n\n# tables\n\n".to_owned()),
        ] {
            assert_eq!(updated(text, wanted), expected, "{wanted}");
        }
    }

    #[test]
    fn missing_and_invalid_texts_are_replaced() {
        for text in ["", "[[[", "a = \n"] {
            assert_eq!(updated(text, "a = 1\nt.x = 2"), "a = 1\n\n[t]\nx = 2\n");
        }
    }
}
