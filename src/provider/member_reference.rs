//! The reference of the format: the document, and the table of all members in it, from which `provider explain` and the JSON
//! schema are made.

/// The document, in Markdown.
pub const FORMAT_REFERENCE: &str = include_str!("../../docs/reference/provider-format.md");

const TABLE: &str = "## All members";

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberReference {
    /// Paths such as `tokens.list.items`. A segment in upper case is any word.
    pub paths: Vec<String>,
    /// What the members mean, in Markdown.
    pub meaning: &'static str,
}

impl MemberReference {
    /// Returns the path in this row that `member` is.
    pub fn find(&self, member: &str) -> Option<&str> {
        let found = self.paths.iter().find(|path| is_same(path, member));
        found.map(String::as_str)
    }

    /// Returns true if a member of this row is inside `member`.
    pub fn is_below(&self, member: &str) -> bool {
        let depth = member.split('.').count();
        self.paths.iter().any(|path| {
            let mut above: Vec<&str> = path.split('.').collect();
            let is_deeper = above.len() > depth;
            above.truncate(depth);
            is_deeper && is_same(&above.join("."), member)
        })
    }

    /// Returns the row that explains `path`, if this row says that it is "as in" another member.
    pub fn original<'r>(&self, path: &str, rows: &'r [Self]) -> Option<&'r Self> {
        let (above, _) = self.meaning.strip_prefix("as in `")?.split_once('`')?;
        let mut ends = path.match_indices('.').map(|(at, _)| path.split_at(at).1);
        ends.find_map(|end| {
            let member = format!("{above}{end}");
            rows.iter().find(|row| row.paths.contains(&member))
        })
    }

    /// Returns the anchors of the sections of the document that the meaning refers to.
    pub fn sections(&self) -> impl Iterator<Item = &'static str> {
        let links = self.meaning.split("](#").skip(1);
        links.filter_map(|rest| Some(rest.split_once(')')?.0))
    }
}

/// Returns the rows of the table.
pub fn members() -> impl Iterator<Item = MemberReference> {
    let table = FORMAT_REFERENCE.split_once(TABLE);
    let lines = table.map_or("", |(_, table)| table).lines();
    lines.filter_map(|line| {
        let (names, meaning) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some(MemberReference {
            paths: expand(names),
            meaning: meaning.trim_end_matches('|').trim_end(),
        })
    })
}

/// Returns the paths in a cell: `a.b`, `.c` are `a.b` and `a.c`.
fn expand(names: &str) -> Vec<String> {
    let mut names = names.split("`, `");
    let first = names.next().unwrap_or_default();
    let above = first.rsplit_once('.').map_or("", |(above, _)| above);
    let others = names.map(|name| {
        if name.starts_with('.') {
            format!("{above}{name}")
        } else {
            name.to_owned()
        }
    });
    std::iter::once(first.to_owned()).chain(others).collect()
}

/// Returns true if `member` is the member that a row names by `path`.
fn is_same(path: &str, member: &str) -> bool {
    let is_any = |segment: &str| segment.chars().all(|c| c.is_ascii_uppercase());
    let mut segments = path.split('.').zip(member.split('.'));
    path.split('.').count() == member.split('.').count()
        && segments.all(|(known, given)| known == given || is_any(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviated_paths_are_siblings_of_the_first() {
        assert_eq!(expand("a.b`, `.c`, `x.y"), ["a.b", "a.c", "x.y"]);
        assert_eq!(expand("id"), ["id"]);
    }

    #[test]
    fn upper_case_segments_match_any_word() {
        for (path, member, expected) in [
            ("a.b", "a.b", true),
            ("a.NAME.c", "a.x.c", true),
            ("a.NAME", "a.x.c", false),
            ("a", "b", false),
        ] {
            assert_eq!(is_same(path, member), expected, "{path} {member}");
        }
    }
}
