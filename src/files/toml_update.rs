//! Changes members of TOML and keeps the comments, the order and the layout of the others.

use toml::{Table, Value};
use toml_edit::{DocumentMut, Item, TableLike};

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
    update(document.as_table_mut(), source.as_table(), &values);
    document.to_string()
}

/// The values of a table before and after.
struct Difference<'a> {
    present: &'a Table,
    new: &'a Table,
}

fn update(document: &mut dyn TableLike, source: &dyn TableLike, values: &Difference<'_>) {
    let mut comments = String::new();
    for (key, value) in values.present {
        match (value, values.new.get(key)) {
            (_, None) => {
                comments.push_str(&comments_above(document, key));
                document.remove(key);
            }
            (old, Some(new)) if old == new => {}
            (Value::Table(present), Some(Value::Table(new))) => {
                let tables = document.get_mut(key).and_then(Item::as_table_like_mut);
                let sources = source.get(key).and_then(Item::as_table_like);
                if let (Some(table), Some(source)) = (tables, sources) {
                    update(table, source, &Difference { present, new });
                }
            }
            _ => replace(document, source, key),
        }
    }
    let is_added = |key: &&String| !values.present.contains_key(*key);
    for key in values.new.keys().filter(is_added) {
        replace(document, source, key);
        // The comments of a removed key stay above the one that takes its place.
        if let Some(mut key) = document.key_mut(key).filter(|_| !comments.is_empty()) {
            key.leaf_decor_mut()
                .set_prefix(std::mem::take(&mut comments));
        }
    }
}

fn comments_above(document: &dyn TableLike, key: &str) -> String {
    let decor = document.key(key).map(toml_edit::Key::leaf_decor);
    let prefix = decor.and_then(|it| it.prefix()?.as_str());
    prefix
        .filter(|it| it.contains('#'))
        .unwrap_or_default()
        .to_owned()
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
    fn missing_and_invalid_texts_are_replaced() {
        for text in ["", "[[[", "a = \n"] {
            assert_eq!(updated(text, "a = 1\nt.x = 2"), "a = 1\n\n[t]\nx = 2\n");
        }
    }
}
