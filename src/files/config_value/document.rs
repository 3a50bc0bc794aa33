//! What a format's parser finds in a text: every value with its path and its bytes.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use crate::domain::Segment;

#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) leaves: Vec<Leaf>,
    pub(super) containers: Vec<Container>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Text,
    Null,
    /// A number, a boolean, a date or an alias.
    Other,
    /// A table or a list without members.
    Empty,
}

#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) path: Vec<Segment>,
    pub(super) kind: Kind,
    pub(super) value: String,
    /// The bytes that another value replaces.
    pub(super) span: Range<usize>,
    /// Why it cannot be replaced.
    pub(super) obstacle: Option<&'static str>,
}

/// A table or a list.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) path: Vec<Segment>,
    /// With its braces, if it has any.
    pub(super) span: Range<usize>,
    /// Why no key can be added.
    pub(super) obstacle: Option<&'static str>,
}

/// A value that is set or added.
#[derive(Clone, Copy)]
pub(super) struct NewValue<'a> {
    pub(super) path: &'a [Segment],
    pub(super) value: &'a str,
}

/// Returns the names of `path`; `None` if it has an index.
pub(super) fn names_of(path: &[Segment]) -> Option<Vec<&str>> {
    let names = path.iter().map(|segment| match segment {
        Segment::Name(name) => Some(name.as_str()),
        Segment::Index(_) => None,
    });
    names.collect()
}

impl Document {
    /// Returns the last value whose path is `parent` and one name. An empty table may be a header.
    pub(super) fn last_child(&self, parent: &[Segment]) -> Option<&Leaf> {
        let is_child =
            |leaf: &&Leaf| leaf.path.len() == parent.len() + 1 && leaf.path.starts_with(parent);
        let values = self.leaves.iter().filter(|leaf| leaf.kind != Kind::Empty);
        let children = values.filter(is_child);
        children.max_by_key(|leaf| leaf.span.end)
    }

    /// Marks the values whose path, as `key_of` compares paths, occurs more than once.
    pub(super) fn mark_repeated<K: Eq + Hash>(&mut self, key_of: impl Fn(&[Segment]) -> K) {
        let mut counts: HashMap<K, usize> = HashMap::new();
        for leaf in &self.leaves {
            *counts.entry(key_of(&leaf.path)).or_default() += 1;
        }
        for leaf in &mut self.leaves {
            if counts
                .get(&key_of(&leaf.path))
                .is_some_and(|count| *count > 1)
            {
                leaf.obstacle = Some("a key that occurs twice");
            }
        }
    }
}

/// Returns `true` if the documents have the same values except at the path of `new`, where `after` has its value.
pub(super) fn differ_only_in(before: &Document, after: &Document, new: NewValue<'_>) -> bool {
    let NewValue { path, value } = new;
    let of = |document: &Document, is_kept: &dyn Fn(&Leaf) -> bool| {
        let kept = document.leaves.iter().filter(|leaf| is_kept(leaf));
        let mut kept: Vec<_> = kept
            .map(|leaf| (leaf.path.clone(), leaf.kind, leaf.value.clone()))
            .collect();
        kept.sort();
        kept
    };
    let is_other = |leaf: &Leaf| leaf.path != path;
    // A key may be added to an empty table.
    let is_kept_before =
        |leaf: &Leaf| is_other(leaf) && !(leaf.kind == Kind::Empty && path.starts_with(&leaf.path));
    let mut found = after.leaves.iter().filter(|leaf| leaf.path == path);
    let is_set = found
        .next()
        .is_some_and(|leaf| leaf.kind == Kind::Text && leaf.value == value);
    is_set && found.next().is_none() && of(before, &is_kept_before) == of(after, &is_other)
}

/// Returns the line of the byte at `at`, counted from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}
