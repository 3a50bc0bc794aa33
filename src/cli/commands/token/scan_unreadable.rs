//! The warning of `token scan` about files and git objects that could not be read.

use crate::domain::format_count;
use crate::scan::Unreadable;

/// The number of files and objects that a warning names.
const MAX_NAMED: usize = 5;

/// Names the first files and git objects that could not be read.
pub(super) fn unreadable_text(unreadable: &[Unreadable]) -> String {
    let named = unreadable.iter().take(MAX_NAMED);
    let mut parts: Vec<String> = named
        .map(|it| format!("{:?} ({})", it.name, it.reason))
        .collect();
    let more = unreadable.len().saturating_sub(MAX_NAMED);
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    let count = unreadable.len();
    let objects = unreadable.iter().filter(|it| it.is_object).count();
    let counted = if objects == 0 {
        format_count(count, "file")
    } else if objects == count {
        format_count(count, "object")
    } else {
        format!("{count} files and objects")
    };
    format!("{counted} could not be read: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_of_an_unreadable_file_cannot_end_its_quotes() {
        let names = ["a", "b\" (gone), \"c"].map(|name| Unreadable::new(name, "denied"));
        let expected =
            "2 files could not be read: \"a\" (denied), \"b\\\" (gone), \\\"c\" (denied)";
        assert_eq!(unreadable_text(&names), expected);
    }

    #[test]
    fn unreadable_objects_are_not_called_files() {
        let object = |name| Unreadable::object(name, "damaged");
        let file = Unreadable::new("object a", "denied");
        for (unreadable, expected) in [
            (vec![object("1f")], "1 object could not be read: "),
            (vec![object("1f"), object("2f")], "2 objects could not"),
            (vec![object("1f"), file], "2 files and objects could not"),
        ] {
            let text = unreadable_text(&unreadable);
            assert!(text.starts_with(expected), "{text}");
        }
    }
}
